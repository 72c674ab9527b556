"""With a DAW's clock the answer enters on its beat or bar, stays there, and stops with it."""

import bisect
from typing import Any

import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.message import CLOCK, CONTINUE, START, STOP, song_position
from tests.scenarios.rig import Rig, Script, clock, message, played, scale, single

BEAT = 0.5
"""Seconds of a beat at 120 BPM."""


def started(end: float, bpm: float = 120, jitter: float = 0.0) -> Script:
    """A DAW that starts its song at 0 s and goes on to `end`."""
    return [single(0.0, START), *clock(bpm, 0.0, end, jitter)]


def off_beat(seconds: float, unit: float = BEAT) -> float:
    """How far `seconds` lies from the nearest multiple of `unit`."""
    return abs((seconds + unit / 2) % unit - unit / 2)


@pytest.mark.parametrize(
    ("settings", "unit"),
    [
        ({"entry": "beat"}, BEAT),
        ({"entry": "bar"}, 4 * BEAT),
        ({"entry": "bar", "entry_bars": 2}, 8 * BEAT),
        ({"entry": "bar", "beats_per_bar": 3}, 3 * BEAT),
        ({"entry": "bar", "entry_bars": 4, "beats_per_bar": 3}, 12 * BEAT),
    ],
)
@pytest.mark.parametrize("late", [0.0, 0.31])
def test_the_answer_enters_on_the_next_beat_or_bar(settings: dict[str, Any], unit: float, late: float) -> None:
    rig = Rig(**settings)
    rig.run(started(40.0), scale(2.0 + late), until=40)
    assert off_beat(rig.entry(), unit) < 1e-3
    # The next one, not the one after: the phrase is over 0.3 s after its last key at the earliest.
    assert rig.entry() <= 2.0 + late + 1.95 + 0.6 + unit
    assert all(off_beat(note.on, BEAT / 12) < 2e-3 for note in rig.heard)
    rig.assert_silent()


def test_the_answer_enters_at_once_where_it_shall_be_free() -> None:
    rig = Rig(entry="free", grid="off")
    rig.run(started(20.0), scale(2.03), until=20)
    assert rig.entry() - (2.03 + 1.95) < 0.7


@pytest.mark.parametrize("jitter", [0.001, 0.005])
def test_it_stays_on_the_beat_through_jitter(jitter: float) -> None:
    rig = Rig(length="endless", grid="1/16")
    rig.run(started(40.0, jitter=jitter), scale(2.0), until=40)
    errors = sorted(off_beat(note.on, BEAT / 4) for note in rig.heard)
    assert len(errors) > 100
    assert errors[int(0.99 * len(errors))] <= 0.003


def test_it_stays_on_the_beat_through_a_tempo_ramp() -> None:
    """90 to 130 BPM within 40 s: the moment of each sixteenth is known from the clocks themselves."""
    moments, at_seconds = [], 0.0
    while at_seconds < 40.0:
        moments.append(at_seconds)
        at_seconds += 60.0 / (90 + at_seconds) / 24
    rig = Rig(length="endless", grid="1/16")
    ticking = [message(moment, bytes((CLOCK,))) for moment in moments]
    rig.run([single(0.0, START), *ticking], scale(3.0), until=40)
    sixteenths = moments[::6]
    errors = []
    for note in rig.heard:
        place = bisect.bisect_left(sixteenths, note.on)
        errors.append(min(abs(note.on - near) for near in sixteenths[max(0, place - 1) : place + 1]))
    assert len(errors) > 100
    assert sorted(errors)[int(0.99 * len(errors))] <= 0.004


def test_it_stops_with_the_daw_at_once() -> None:
    rig = Rig(length="endless")
    rig.run(started(8.0), scale(2.0), [single(8.01, STOP)], until=12)
    assert rig.heard and max(at for at, _ in rig.sent) <= 8.011
    rig.assert_silent()
    assert rig.mode() is Mode.LISTENING and rig.takes[-1].cut_short


def test_it_stops_when_the_clock_is_lost() -> None:
    rig = Rig(length="endless")
    rig.run(started(8.0), scale(2.0), until=14)
    assert rig.heard and max(at for at, _ in rig.sent) <= 9.0
    rig.assert_silent()


def test_an_armed_answer_does_not_enter_once_the_daw_has_stopped() -> None:
    rig = Rig(entry="bar", entry_bars=4)
    rig.run(started(5.0), scale(2.0), [single(5.01, STOP)], until=20)
    assert Mode.ARMED in rig.modes and not rig.heard and rig.mode() is Mode.LISTENING


def test_a_note_just_before_start_is_part_of_the_phrase() -> None:
    rig = Rig(entry="bar")
    begin = 3.0
    song = [message(begin, song_position(0)), single(begin, START), *clock(120, begin, 20.0)]
    rig.run(song, played((begin - 0.01, 60, 0.4)), scale(begin + 0.5, count=3, gap=0.5, length=0.4, low=61), until=20)
    assert [note.pitch for note in rig.takes[0].phrase] == [60, 61, 62, 63]
    assert off_beat(rig.entry() - begin, 4 * BEAT) < 1e-3
    assert all(note.onset_tick % 48 <= 1 or note.onset_tick % 48 >= 47 for note in rig.takes[0].phrase)


def test_song_position_and_continue_move_the_bar_line() -> None:
    """The song goes on from its third beat: the bar line lies two beats later."""
    rig = Rig(entry="bar")
    rig.run([message(0.0, song_position(8)), single(0.0, CONTINUE), *clock(120, 0.0, 20.0)], scale(2.0), until=20)
    assert off_beat(rig.entry() - 2 * BEAT, 4 * BEAT) < 1e-3


def test_after_stop_and_start_again_the_next_answer_is_on_the_new_beat() -> None:
    rig = Rig(entry="bar")
    again = [single(9.13, START), *clock(100, 9.13, 30.0)]
    rig.run(started(7.0), scale(2.0), [single(7.01, STOP)], again, scale(10.0), until=30)
    second = [note for note in rig.heard if note.on > 9.2]
    assert off_beat(second[0].on - 9.13, 4 * 0.6) < 2e-3
    rig.assert_silent()


def test_without_a_daw_the_beat_is_tapped() -> None:
    rig = Rig(entry="beat")
    rig.run([(number * 0.6, inputs.Tap(number * 0.6)) for number in range(5)], scale(3.0), until=20)
    assert off_beat(rig.entry(), 0.6) < 1e-3


def test_a_set_tempo_gives_the_beat() -> None:
    rig = Rig(entry="beat")
    rig.run([(1.07, inputs.Change({"tempo": 150}))], scale(2.0), until=20)
    grid = rig.jam.grid(rig.now)
    assert grid.bpm == pytest.approx(150)
    assert off_beat(grid.tick_at(rig.entry()), 48) < 1e-3


def test_the_daw_comes_before_a_set_tempo() -> None:
    rig = Rig(entry="beat", tempo=93)
    rig.run(started(20.0), scale(2.0), until=20)
    assert off_beat(rig.entry()) < 1e-3


def test_phrases_of_whole_bars_trade_with_the_daw() -> None:
    """Trading twos: two bars are played, two are answered on the line, again and again."""
    rig = Rig(entry="bar", phrase_bars=2, length="bars", length_bars=2)
    calls = [event for begin in (0.0, 8.0, 16.0) for event in scale(begin, count=15)]
    rig.run(started(26.0), calls, until=24)
    assert len(rig.takes) == 3
    for take, line in zip(rig.takes, (4.0, 12.0, 20.0), strict=True):
        assert len(take.phrase) == 15
        first = next(note for note in rig.heard if note.on >= line - 0.01)
        assert first.on == pytest.approx(line, abs=1e-3)

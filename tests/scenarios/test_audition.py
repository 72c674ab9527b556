"""Auditions: heard once, in time, beside the jam, and gone without a trace."""

from typing import Any

import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import AuditionBegan, AuditionEnded, Mode, Preview
from cocomposer.music.message import START, STOP, control_change
from cocomposer.music.note import Note, Pedal
from tests.scenarios.rig import Rig, clock, message, scale, single

TUNE = tuple(Note(480 + 24 * number, 60 + number, 20, 80 + number, 3) for number in range(8))


def audition(at_seconds: float, notes: tuple[Note, ...] = TUNE, bpm: float = 60, name: str = "tune") -> Any:
    return at_seconds, inputs.Audition(name, notes, bpm)


def test_without_a_beat_it_begins_at_once_at_its_own_pace_and_leaves_no_trace() -> None:
    rig = Rig()
    rig.run([audition(1.0)], until=8)
    assert [note.on for note in rig.heard] == pytest.approx([1.0 + 0.5 * number for number in range(8)])
    assert [(note.pitch, note.velocity, note.channel) for note in rig.heard] == [(60 + n, 80 + n, 0) for n in range(8)]
    (began,) = rig.told(AuditionBegan)
    assert (began.name, began.at_seconds, began.tick, began.seconds_per_tick) == ("tune", 1.0, 480, 1 / 48)
    assert began.ends_at_seconds == pytest.approx(1.0 + 188 / 48)
    (ended,) = rig.told(AuditionEnded)
    assert ended.name == "tune" and 1.0 + 188 / 48 <= ended.at_seconds <= 1.0 + 188 / 48 + 0.05
    assert not rig.plays and not rig.takes and rig.jam.history == () and rig.modes == []
    assert rig.offline.player.dropped == 0
    rig.assert_silent()


@pytest.mark.parametrize(
    ("entry", "first_tick", "begins"),
    [("free", 480, 1.1), ("beat", 480, 1.5), ("bar", 480, 2.0), ("beat", 492, 1.625), ("bar", 492, 2.125)],
)
def test_with_a_beat_it_enters_on_it_and_keeps_its_pace(entry: str, first_tick: int, begins: float) -> None:
    rig = Rig(tempo=120, entry=entry)
    notes = tuple(Note(note.onset_tick + first_tick - 480, note.pitch, 20, 80) for note in TUNE)
    rig.run([audition(1.1, notes)], until=8)
    assert rig.entry() == pytest.approx(begins, abs=0.012)
    assert rig.heard[-1].on - rig.entry() == pytest.approx(7 * 0.25)
    assert rig.told(AuditionBegan)[0].at_seconds == pytest.approx(rig.entry())


def test_it_follows_a_daw_and_outlives_its_stop() -> None:
    rig = Rig()
    daw = [single(0.0, START), *clock(150, 0.0, 3.0), single(3.01, STOP)]
    rig.run(daw, [audition(1.0, tuple(Note(24 * n, 60, 10, 80) for n in range(20)))], until=9)
    gaps = [later.on - note.on for note, later in zip(rig.heard, rig.heard[1:], strict=False)]
    assert len(rig.heard) == 20 and gaps == [pytest.approx(0.2, abs=0.002)] * 19


def test_a_new_one_ends_the_one_before_and_no_notes_only_end_it() -> None:
    rig = Rig()
    rig.run([audition(0.0), audition(1.2, name="other"), audition(2.0, (), name="")], until=6)
    told = [
        (type(one).__name__, one.name) for one in rig.offline.told if isinstance(one, AuditionBegan | AuditionEnded)
    ]
    assert told == [("AuditionBegan", "tune"), ("AuditionEnded", "tune"), ("AuditionBegan", "other"),
        ("AuditionEnded", "other")]  # fmt: skip
    assert [note.pitch for note in rig.heard] == [60, 61, 62, 60, 61]
    assert rig.heard[-1].off == pytest.approx(2.0)
    rig.assert_silent()


@pytest.mark.parametrize(
    "command",
    [inputs.Rest(), inputs.Panic(), inputs.StopAnswer(), inputs.Reset(), inputs.PortLost(False, "It is gone.")],
)
def test_these_end_it_at_once(command: inputs.Input) -> None:
    rig = Rig()
    rig.run([audition(0.0), (1.2, command)], until=6)
    assert max(at for at, _ in rig.sent) == pytest.approx(1.2) and len(rig.told(AuditionEnded)) == 1
    rig.assert_silent()


def test_the_player_may_play_along_and_the_answer_that_enters_ends_it() -> None:
    rig = Rig(tempo=120)
    tune = tuple(Note(24 * number, 40, 48, 80) for number in range(100))
    rig.run([audition(0.1, tune)], scale(1.0), until=3.2)
    assert rig.mode() is not Mode.LISTENING and not rig.told(AuditionEnded)
    rig.run(until=10)
    (ended,) = rig.told(AuditionEnded)
    assert ended.at_seconds == pytest.approx(rig.plays[0].on_seconds - 0.01, abs=1e-3)
    assert rig.takes and len(rig.takes[0].phrase) == 8
    rig.assert_silent()


def test_an_answer_that_sounds_is_stopped_by_it() -> None:
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), [audition(5.0)], until=5.01)
    assert rig.mode() is Mode.LISTENING and rig.takes[0].cut_short
    rig.run(until=10)
    assert len(rig.told(AuditionEnded)) == 1


def test_its_echoes_are_no_phrase() -> None:
    rig = Rig()
    rig.run([audition(0.0)], until=0.0)
    fed = 0
    while rig.now < 6.0:
        rig.run(until=rig.now + 0.01)
        while fed < len(rig.sent) and rig.sent[fed][0] + 0.03 <= rig.now:
            rig.run([message(rig.now, rig.sent[fed][1])], until=rig.now)
            fed += 1
    assert rig.jam.echoes == 8 and rig.jam.history == () and rig.modes == []


def test_thousands_of_notes_do_not_come_in_one_step() -> None:
    rig = Rig()
    most, step = 0, rig.jam.step

    def counted(event: inputs.Input, now: float) -> list[Any]:
        nonlocal most
        said = step(event, now)
        most = max(most, sum(isinstance(one, Preview) for one in said))
        return said

    rig.jam.step = counted  # type: ignore[method-assign]
    tune = tuple(Note(6 * number, 30 + number % 60, 6, 80) for number in range(5000))
    rig.run([audition(0.0, tune, bpm=120)], until=5000 * 6 / 96 + 1)
    assert most <= 4 and len(rig.heard) == 5000 and rig.offline.player.dropped == 0
    assert len(rig.told(AuditionEnded)) == 1


def test_the_pedal_is_pressed_and_comes_up() -> None:
    pedals = (Pedal.UP, Pedal.FRESH, Pedal.DOWN, Pedal.UP, Pedal.FRESH)
    rig = Rig()
    rig.run([audition(0.0, tuple(Note(48 * n, 60, 10, 80, 0, foot) for n, foot in enumerate(pedals)))], until=8)
    feet = [(round(at, 2), data) for at, data in rig.sent if data[0] == 0xB0]
    down, up = control_change(0, 64, 127), control_change(0, 64, 0)
    assert feet[:3] == [(1.03, down), (3.0, up), (4.03, down)] and [data for _, data in feet[3:]] == [up]
    rig.assert_silent()


CHORD = tuple(Note(0, pitch, 96, 72) for pitch in (48, 64, 67))


def chord(at_seconds: float, notes: tuple[Note, ...] = CHORD, channel: int = 2) -> Any:
    return at_seconds, inputs.Audition("chord C", notes, 120.0, channel, at_once=True, beside=True)


def test_a_chord_that_is_tried_sounds_at_once_on_its_own_channel_also_on_the_beat() -> None:
    rig = Rig(tempo=77, channel=5)
    rig.run([chord(1.1), chord(1.4, tuple(Note(0, 60 + n, 96, 72) for n in (0, 4))), chord(3.0, (), 2)], until=4)
    assert [note.on for note in rig.heard] == pytest.approx([1.1] * 3 + [1.4] * 2, abs=0.012)
    assert [note.off for note in rig.heard] == pytest.approx([1.4] * 3 + [2.4] * 2, abs=0.012)
    assert {note.channel for note in rig.heard} == {1}
    assert len(rig.told(AuditionBegan)) == len(rig.told(AuditionEnded)) == 2
    rig.assert_silent()


@pytest.mark.parametrize("channel", [1, 2])
def test_a_chord_that_is_tried_sounds_beside_an_answer_which_goes_on(channel: int) -> None:
    alone, rig = Rig(tempo=120, length="bars", length_bars=2), Rig(tempo=120, length="bars", length_bars=2)
    alone.run(scale(), until=12)
    rig.run(scale(), [chord(2.1 + 0.5 * n, channel=channel) for n in range(8)], until=12)
    assert alone.plays and [play.note for play in rig.plays] == [play.note for play in alone.plays]
    assert not rig.takes[0].cut_short and len(rig.told(AuditionEnded)) == 8
    began, entry = [one.at_seconds for one in rig.told(AuditionBegan)], rig.plays[0].on_seconds
    assert began == pytest.approx([2.1 + 0.5 * n for n in range(8)]) and began[0] < entry < began[-1]
    rig.assert_silent()


@pytest.mark.parametrize(("channel", "sent"), [(0, 4), (-3, 0), (16, 15), (99, 15)])
def test_a_channel_that_is_none_does_no_harm(channel: int, sent: int) -> None:
    rig = Rig(channel=5)
    rig.run([chord(1.0, channel=channel)], until=3)
    assert {note.channel for note in rig.heard} == {sent}
    rig.assert_silent()


@pytest.mark.parametrize("bpm", [0.0, -5.0, float("nan"), float("inf")])
def test_notes_and_tempos_that_are_none_do_no_harm(bpm: float) -> None:
    rig = Rig()
    strange = (
        Note(0, 200, 10, 80),
        Note(0, 60, 0, 80),
        Note(0, 60, 10, 0),
        Note(0, 61, 10, 80, 77),
        Note(9, 62, 10, 80),
    )
    rig.run([audition(0.0, strange, bpm)], until=3)
    assert [note.pitch for note in rig.heard] == [62]
    rig.assert_silent()

"""When something fails: no composer, a late one, a broken model, lost ports, our own notes coming back."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from cocomposer.generation.request import Ask, ComposerLost, ComposerReady, Hear
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.message import CC_SUSTAIN, NOTE_ON, kind_of
from tests.fakes.note_model import FakeNoteModel, spare
from tests.scenarios.rig import Late, Rig, message, pedal, played, scale

BEAT = 0.5


def beats_with_a_note(rig: Rig, begin: float, end: float) -> float:
    """The share of beats (0.5 s from `begin` on) in which a note begins."""
    count = round((end - begin) / BEAT)
    full = {int((note.on - begin + 1e-6) / BEAT) for note in rig.heard if begin - 1e-6 <= note.on < end - 1e-6}
    return len(full & set(range(count))) / count


def test_without_a_composer_the_last_bar_keeps_the_beat() -> None:
    rig = Rig(composer=False, tempo=120, entry="beat", length="bars", length_bars=4)
    rig.run(scale(), until=20)
    entry = rig.entry()
    assert abs(entry % BEAT) < 1e-6
    assert all(play.fallback for play in rig.plays)
    assert beats_with_a_note(rig, entry, entry + 8.0) == 1.0
    rig.assert_silent()


def test_without_a_composer_an_endless_answer_stops_by_itself_and_says_why() -> None:
    rig = Rig(composer=False, tempo=120, length="endless")
    rig.run(scale(), until=60)
    assert rig.mode() is Mode.LISTENING and "has not answered for a while" in rig.notices[-1]
    rig.assert_silent()


def test_without_a_composer_free_time_is_answered_too() -> None:
    rig = Rig(composer=False, entry="free")
    rig.run(scale(count=3, gap=0.33), until=20)
    assert rig.heard and all(play.fallback for play in rig.plays)
    rig.assert_silent()


def late_rig(busy: Callable[[float], bool], **changes: Any) -> tuple[Rig, Late]:
    """A rig whose composer rests while `busy(now)`."""
    worker = Late(busy)
    rig = Rig(worker=worker, **changes)
    worker.now = lambda: rig.now
    return rig, worker


def test_a_late_model_is_stood_in_for_and_takes_over_when_it_is_there() -> None:
    rig, worker = late_rig(lambda now: 2.0 <= now < 5.0, tempo=120, length="bars", length_bars=8)
    rig.run(scale(), until=25)
    entry = rig.entry()
    stand_ins = [play.on_seconds for play in rig.plays if play.fallback]
    assert stand_ins and max(stand_ins) < 5.0 + 1.0
    assert min(play.on_seconds for play in rig.plays if not play.fallback) < 6.5
    assert beats_with_a_note(rig, entry, entry + 3.5) == 1.0
    asked = [request.attempt for request in worker.requests if isinstance(request, Ask)]
    assert asked == sorted(set(asked)) and len(asked) > 1
    rig.assert_silent()


def test_a_model_late_in_mid_answer_does_not_break_the_beat() -> None:
    rig, _ = late_rig(lambda now: 6.0 <= now < 9.0, tempo=120, length="endless", grid="1/16")
    rig.run(scale(), until=20)
    assert any(play.fallback for play in rig.plays) and not rig.takes
    last_fallback = max(play.on_seconds for play in rig.plays if play.fallback)
    assert 7.0 < last_fallback < 10.0
    # While the model is away every beat has something; how dense the model itself plays is its own affair.
    begin = min(play.on_seconds for play in rig.plays if play.fallback) // BEAT * BEAT
    assert beats_with_a_note(rig, begin, 9.0) >= 0.8
    assert max(b.on - a.on for a, b in pairwise(rig.heard)) <= 2.0


def test_a_hesitating_model_in_free_time_only_moves_the_answer() -> None:
    rig, _ = late_rig(lambda now: now < 2.45, entry="free", grid="off")
    rig.run(scale(), until=20)
    assert 2.45 <= rig.entry() <= 2.75
    assert not [play for play in rig.plays if play.fallback]


def test_a_lost_composer_is_asked_again_when_it_is_back() -> None:
    rig, worker = late_rig(lambda now: 4.0 <= now < 9.0, tempo=120, length="bars", length_bars=8)
    rig.run(scale(), until=4.0)
    rig.run([(4.0, ComposerLost("The composer has ended."))], until=4.0)
    worker.requests.clear()
    rig.run(until=9.0)
    assert not worker.requests
    assert any(play.fallback for play in rig.plays)
    rig.run([(9.0, ComposerReady("cpu", "fake", "It is back."))], until=30)
    assert isinstance(worker.requests[0], Ask)
    back = [play for play in rig.plays if play.on_seconds > 10.0]
    assert back and not any(play.fallback for play in back)
    rig.assert_silent()


def test_a_composer_that_comes_back_hears_what_was_played_meanwhile() -> None:
    rig, worker = late_rig(lambda _: False)
    rig.run([(0.0, ComposerLost("gone"))], scale(count=4), until=0.9)
    assert not [request for request in worker.requests if isinstance(request, Hear) and request.hearing.notes]
    rig.run([(0.9, ComposerReady("cpu", "fake", "back"))], until=0.95)
    hear = worker.requests[-1]
    assert isinstance(hear, Hear) and len(hear.hearing.notes) == 4


@pytest.mark.parametrize("breaks_after", [1, 12, 60, 200])
def test_a_model_that_breaks_in_mid_answer_is_replaced_and_no_note_hangs(breaks_after: int) -> None:
    worker = Worker(FakeNoteModel(breaks_after=breaks_after), spare())
    rig = Rig(worker=worker, tempo=120, length="bars", length_bars=8)
    rig.run(scale(), until=30)
    assert "The model goes on on cpu." in rig.notices
    onsets = [note.on for note in rig.heard]
    assert max(b - a for a, b in pairwise(onsets)) <= 2.0
    assert len(rig.takes) == 1 and not rig.takes[0].cut_short
    rig.assert_silent()


@pytest.mark.parametrize("delay", [0.0, 0.005, 0.03, 0.2])
@pytest.mark.parametrize("channel", [0, 3])
def test_our_own_notes_coming_back_are_no_phrase(delay: float, channel: int) -> None:
    rig = Rig(tempo=120, length="bars", length_bars=4)
    rig.run(scale(), until=2.0)
    fed = 0
    while rig.now < 14.0:
        rig.run(until=rig.now + 0.01)
        while fed < len(rig.sent) and rig.sent[fed][0] + delay <= rig.now:
            data = rig.sent[fed][1]
            rig.run([message(rig.now, bytes((data[0] | channel, *data[1:])))], until=rig.now)
            fed += 1
    assert len(rig.takes) == 1 and not rig.takes[0].cut_short
    begun = [data for _, data in rig.sent if kind_of(data) == NOTE_ON]
    assert rig.jam.echoes == len(begun) > 16
    assert [notice for notice in rig.notices if "come back on the input" in notice]
    rig.assert_silent()


def test_the_player_is_heard_through_the_echoes() -> None:
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), until=4.0)
    data = next(data for _, data in reversed(rig.sent) if kind_of(data) == NOTE_ON)
    for _ in range(sum(1 for at, sent in rig.sent if sent == data and at > 3.5)):
        rig.run([message(4.0, data)], until=4.0)
        assert rig.mode() is Mode.ANSWERING
    rig.run([message(4.0, data)], until=4.01)
    assert rig.mode() is Mode.HEARING, "the same key once more is the player's"


def test_a_lost_input_releases_the_keys() -> None:
    rig = Rig()
    held = [event for event in scale(count=4) if event[0] < 0.9]
    rig.run(held, [pedal(0.1, CC_SUSTAIN), (1.0, inputs.PortLost(True, "The input is gone."))], until=15)
    assert "The input is gone." in rig.notices and rig.takes
    assert max(note.duration_ticks for note in rig.takes[0].phrase) <= 96
    rig.assert_silent()


def test_a_lost_input_ends_what_was_passed_on() -> None:
    rig = Rig(thru=True, answer=False)
    lost = (1.0, inputs.PortLost(True, "The input is gone."))
    rig.run(played((0.0, 60, 9.0)), [pedal(0.1, CC_SUSTAIN), lost], until=1.5)
    assert rig.offline.player.silent


def test_a_lost_output_ends_the_answer_and_the_next_one_works() -> None:
    rig = Rig(length="endless", tempo=120)
    rig.run(scale(), [(4.0, inputs.PortLost(False, "The output is gone."))], until=5.0)
    assert rig.mode() is Mode.LISTENING
    rig.assert_silent()
    rig.run([(5.0, inputs.PortOpened(False, "It is back."))], scale(6.0), until=10)
    assert rig.mode() is Mode.ANSWERING


def test_with_thru_a_pad_struck_again_and_a_quick_foot_are_no_echoes() -> None:
    rig = Rig(thru=True, answer=False)
    strokes = played(*((0.15 * number, 60, 0.1) for number in range(8)))
    feet = [pedal(0.13 * number, CC_SUSTAIN, 127 * (number % 2)) for number in range(8)]
    rig.run(strokes, feet, played((2.0, 40, 0.2)), played((2.001, 40, 0.2), channel=1), until=3.0)
    assert len(rig.sent) == len(strokes) + len(feet) + 4
    assert rig.jam.echoes == 0 and [note.pitch for note in rig.jam.history].count(60) == 8


@pytest.mark.parametrize("channel", [0, 2])
def test_with_thru_into_a_daw_that_echoes_nothing_goes_round_for_ever(channel: int) -> None:
    rig = Rig(thru=True, answer=False)
    fed = 0
    script = scale(count=4)
    while rig.now < 4.0:
        now = rig.now + 0.01
        rig.run([event for event in script if rig.now <= event[0] < now], until=now)
        while fed < len(rig.sent) and rig.sent[fed][0] + 0.03 <= rig.now:
            data = rig.sent[fed][1]
            rig.run([message(rig.now, bytes((data[0] | channel, *data[1:])))], until=rig.now)
            fed += 1
    assert len(rig.sent) <= 2 * len(script)
    rig.assert_silent()

"""The player comes first: interrupting, taking over, resetting, learning a trigger, panic."""

from typing import Any

import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Trigger, TriggerKind
from cocomposer.music.message import NOTE_ON, note_on
from tests.scenarios.rig import Rig, message, pedal, played, pressed, scale


def answering(**changes: Any) -> Rig:
    """A rig in the middle of an answer that sounds."""
    rig = Rig(**{"length": "endless", "tempo": 120, **changes})
    rig.run(scale(), until=5)
    while not rig.offline.player.sounding:
        rig.run(until=rig.now + 0.01)
    return rig


@pytest.mark.parametrize("after", [0.0, 0.03, 0.333, 1.05])
def test_a_key_stops_the_machine_at_once_and_it_listens_again(after: float) -> None:
    rig = answering()
    rig.run(until=rig.now + after)
    struck = rig.now
    rig.run(played((struck, 72, 0.2)), until=struck + 0.3)
    late = [(at, data) for at, data in rig.sent if at > struck + 0.010]
    assert not late, "something went out more than 10 ms after the interruption"
    rig.assert_silent()
    assert rig.takes[-1].cut_short and rig.mode() is Mode.HEARING
    for note in rig.takes[-1].answer:
        assert rig.jam.grid(struck).seconds_at(note.onset_tick) <= struck + 1e-3
    rig.run(until=struck + 8)
    assert rig.mode() is Mode.ANSWERING and len(rig.takes) == 1
    assert [note.pitch for note in rig.jam.turn.phrase] == [72] if rig.jam.turn else False


def test_a_key_while_the_answer_waits_reopens_the_phrase() -> None:
    rig = Rig(entry="bar", entry_bars=2, tempo=120)
    rig.run(scale(), until=2.6)
    assert rig.mode() is Mode.ARMED
    rig.run(scale(2.7, count=4, low=50), until=3.6)
    assert rig.mode() is Mode.HEARING and not rig.heard
    rig.run(until=30)
    assert [note.pitch for note in rig.takes[0].phrase] == [*range(60, 68), *range(50, 54)]


def test_a_key_between_commitment_and_first_note_reopens_the_phrase_too() -> None:
    rig = Rig(entry="bar", tempo=120)
    rig.run(scale(), until=3.95)
    assert rig.mode() is Mode.ANSWERING and not rig.heard
    rig.run(scale(3.97, count=2, low=50), until=30)
    assert [note.pitch for note in rig.takes[0].phrase] == [*range(60, 68), 50, 51]
    assert rig.entry() > 4.2


def test_the_left_pedal_takes_over_at_once() -> None:
    rig = Rig()
    rig.run(scale(), pressed(1.97, 67), until=10)
    assert 1.97 <= rig.entry() <= 2.0


def test_a_pedal_pressed_with_keys_down_takes_them_along() -> None:
    rig = Rig()
    rig.run(played((0.0, 60, 5.0), (0.5, 64, 5.0)), pressed(1.0, 67), until=4)
    assert [(note.pitch, note.duration_ticks) for note in rig.takes[0].phrase] == [(60, 96), (64, 48)]
    assert 1.0 <= rig.entry() <= 1.05


def test_the_middle_pedal_forgets_all() -> None:
    rig = answering()
    rig.run(pressed(rig.now, 66), until=rig.now + 5)
    rig.assert_silent()
    assert rig.jam.history == () and rig.mode() is Mode.LISTENING
    fresh, again = Rig(seed=4), Rig(seed=4)
    fresh.run(scale(20.0), until=40)
    again.run(scale(), pressed(3.0, 66), scale(20.0), until=40)
    assert [note.pitch for note in again.takes[-1].phrase] == [note.pitch for note in fresh.takes[-1].phrase]


def test_only_the_switch_going_down_works_a_command() -> None:
    rig = Rig()
    rig.run(scale(count=4), [pedal(0.9, 67, 63), pedal(0.92, 67, 0)], until=1.1)
    assert rig.mode() is Mode.HEARING


def test_another_pedal_is_learnt() -> None:
    rig = Rig()
    rig.run([(0.0, inputs.Learn("take_over"))], [pedal(0.1, 64), pedal(0.2, 64, 0), *pressed(0.4, 20)], until=0.6)
    assert rig.jam.settings.bindings["take_over"] == Trigger(TriggerKind.CONTROL, 20)
    rig.run(scale(1.0), pressed(2.96, 67), until=3.0)
    assert rig.mode() is Mode.HEARING
    rig.run(pressed(3.0, 20), until=10)
    # The tempo of the phrase was estimated, so the answer begins on its grid.
    assert 3.0 <= rig.entry() <= 3.13


def test_a_key_is_learnt_and_no_longer_belongs_to_the_phrase() -> None:
    rig = Rig(thru=True)
    rig.run([(0.0, inputs.Learn("reset"))], played((0.2, 21, 0.1)), until=0.5)
    assert rig.jam.settings.bindings["reset"] == Trigger(TriggerKind.NOTE, 21)
    rig.run(scale(1.0, count=3), played((1.72, 21, 0.1)), until=10)
    assert not rig.takes and rig.jam.history == ()
    assert "forgotten" in rig.notices[-1]


def test_panic_silences_everything_and_nothing_begins_by_itself() -> None:
    rig = answering()
    rig.run([(rig.now, inputs.Panic())], until=rig.now + 10)
    rig.assert_silent()
    assert {bytes((0xB0, 123, 0)), bytes((0xB0, 120, 0))} <= {data for _, data in rig.sent}
    quiet = Rig()
    quiet.run(scale(), [(1.96, inputs.Panic())], until=10)
    assert not quiet.heard and quiet.mode() is Mode.LISTENING
    quiet.run([(10.0, inputs.TakeOver())], until=20)
    assert len(quiet.takes[0].phrase) == 8


def test_stop_ends_the_answer_and_listens() -> None:
    rig = answering()
    rig.run([(rig.now, inputs.StopAnswer())], until=rig.now + 5)
    rig.assert_silent()
    assert rig.mode() is Mode.LISTENING and rig.takes[-1].cut_short


def test_phrases_end_on_every_other_bar_and_the_answer_enters_on_the_line() -> None:
    rig = Rig(phrase_bars=2, tempo=120, entry="bar", length="bars", length_bars=2)
    # Played without a pause up to the second bar line (4 s), keys held across it.
    rig.run(scale(0.0, count=15), played((3.8, 72, 1.0)), until=7.9)
    assert rig.entry() == pytest.approx(4.0, abs=1e-6)
    assert len(rig.takes) == 0 and rig.mode() is Mode.ANSWERING
    rig.run(until=12)
    assert len(rig.takes[0].phrase) == 16
    rig.assert_silent()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"creativity": 9}, "creativity"),
        ({"lowest_pitch": 90, "highest_pitch": 30}, "lowest pitch (90)"),
        ({"style": "polka"}, "style cannot be 'polka'"),
        ({"nothing": 1}, "nothing"),
        ({"channel": 17}, "channel"),
        ({"tempo": 5}, "tempo"),
        ({"tempo": "fast"}, "tempo"),
        ({"seed": -1}, "seed"),
        ({"bindings": {"take_over": {"kind": "cc", "number": 128}}}, "bindings"),
    ],
)
def test_a_setting_out_of_range_is_refused_in_one_sentence(changes: dict[str, object], says: str) -> None:
    rig = Rig()
    before = rig.jam.settings
    rig.run([(0.5, inputs.Change(changes))], until=1)
    assert rig.jam.settings == before
    assert says in rig.notices[-1] and rig.notices[-1].endswith(".") and "\n" not in rig.notices[-1]


def test_a_change_acts_on_the_next_note() -> None:
    rig = answering(lowest_pitch=40, highest_pitch=90)
    changed_at = rig.now
    rig.run([(changed_at, inputs.Change({"lowest_pitch": 70, "highest_pitch": 72}))], until=changed_at + 6)
    after = [note for note in rig.heard if note.on > changed_at + 0.08]
    assert after and {note.pitch for note in after} <= {70, 71, 72}
    assert not [play for play in rig.plays if play.fallback]
    assert len(rig.takes) == 0


def test_active_keys_of_another_channel_interrupt_too() -> None:
    rig = answering()
    rig.run([message(rig.now, note_on(9, 36, 100))], until=rig.now + 0.02)
    assert not rig.offline.player.sounding


def test_a_pedal_that_sends_its_whole_way_down_is_pressed_once() -> None:
    rig = Rig(answer=False)
    rig.run(
        scale(), [pedal(2.0 + n / 100, 67, value) for n, value in enumerate((20, 70, 90, 110, 127, 90, 30))], until=9
    )
    assert len(rig.takes) == 1
    rig.run([pedal(9.0, 67, 127)], until=15)
    assert len(rig.takes) == 2


def test_notes_around_the_line_belong_to_the_bars_behind_it() -> None:
    """A first note 30 ms early does not end the phrase there, and a last one 50 ms early does not undo the answer."""
    rig = Rig(phrase_bars=2, tempo=120, entry="bar", length="bars", length_bars=2)
    rig.run(scale(3.97, count=12, gap=0.3), played((7.95, 60, 0.03)), until=13)
    assert rig.entry() == pytest.approx(8.0)
    assert len(rig.takes) == 1


def test_a_phrase_without_end_stays_cheap_and_is_answered_whole() -> None:
    rig = Rig(length="bars", length_bars=1)
    rig.run(scale(0.0, count=1500, gap=0.1, length=0.05), until=160)
    assert len(rig.takes) == 1 and rig.entry() > 149.9
    assert len(rig.takes[0].phrase) == 1280, "as much as a jam remembers"
    onsets = [note.onset_tick for note in rig.takes[0].phrase]
    assert onsets == sorted(onsets)


def test_playing_along_does_not_pull_the_machine_out_of_its_tempo() -> None:
    """Where nobody gives the beat, the tempo of what is played is only asked for while the machine is silent."""
    rig = Rig(length="endless", interruptible=False)
    rig.run(scale(gap=0.5), until=8)
    rig.run(scale(8.1, count=60, gap=0.31), until=28)
    plays = [play for play in rig.plays if not play.fallback]
    assert plays[-1].on_seconds > 27
    first = plays[0]
    second = next(play for play in plays if play.note.onset_tick > first.note.onset_tick)
    pace = (second.on_seconds - first.on_seconds) / (second.note.onset_tick - first.note.onset_tick)
    for play in plays:
        straight = first.on_seconds + (play.note.onset_tick - first.note.onset_tick) * pace
        assert play.on_seconds == pytest.approx(straight, abs=1e-6)
    begun = {at_seconds for at_seconds, data in rig.sent if data[0] & 0xF0 == NOTE_ON}
    assert all(min(abs(play.on_seconds - at) for at in begun) < 1e-6 for play in plays if play.on_seconds < 27)

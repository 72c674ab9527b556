"""Parts that are muted, let in on the beat and let go, in virtual time; by commands, keys, pedals and latching pads."""

from typing import Any

import msgspec
import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import Play
from cocomposer.jam.settings import Trigger, TriggerKind
from cocomposer.jam.targets import PARTS, is_target, mute_of, words_for
from cocomposer.music.message import control_change, note_off, note_on
from cocomposer.music.note import Note
from tests.scenarios.rig import HeardNote, Rig, Script, message, scale
from tests.scenarios.test_accompaniment import TWO_FIVE_ONE, accompanied, blocks

BEAT, BAR = 0.5, 2.0
"""Seconds at 120 BPM."""
PAD = 36


def punch(at_seconds: float, part: str, down: bool, on_bar: bool = False) -> tuple[float, inputs.Input]:
    return at_seconds, inputs.Punch(part, down, on_bar)


def bass(rig: Rig) -> list[HeardNote]:
    return [note for note in rig.heard if note.channel == 2]


def jam(script: Script, **changes: Any) -> Rig:
    """Chords for 12 seconds; the bass, which plays on every other beat, is muted and works by `script`."""
    rig = accompanied("chords+bass", mute_bass=True, **changes)
    rig.run(blocks(TWO_FIVE_ONE + TWO_FIVE_ONE[:2]), script, until=14)
    rig.assert_silent()
    return rig


def bound(trigger: Trigger) -> dict[str, Any]:
    return {"bindings": {"punch:bass": msgspec.to_builtins(trigger)}}


@pytest.mark.parametrize("at", [4.55, 4.7, 4.88])
def test_held_it_sounds_from_the_next_beat_on_and_let_go_it_ends_at_once(at: float) -> None:
    rig = jam([punch(at, "bass", True), punch(8.3, "bass", False)])
    heard = bass(rig)
    assert heard[0].on == pytest.approx(5.0, abs=0.01)
    ends = [note.off for note in heard if note.off is not None]
    assert max(ends) == pytest.approx(8.3, abs=0.03)
    assert rig.jam.settings.mute_bass


def test_too_near_to_a_beat_it_waits_for_the_one_after() -> None:
    assert bass(jam([punch(4.96, "bass", True)]))[0].on == pytest.approx(6.0, abs=0.01)


def test_let_go_before_the_beat_it_never_sounds() -> None:
    assert not bass(jam([punch(4.55, "bass", True), punch(4.7, "bass", False)]))


def test_on_the_bar_it_waits_for_the_bar_line_both_ways() -> None:
    heard = bass(jam([punch(4.3, "bass", True, on_bar=True), punch(8.3, "bass", False, on_bar=True)]))
    assert heard[0].on == pytest.approx(6.0, abs=0.01)
    assert max(note.on for note in heard) < 10.0 - 0.01
    assert max(note.on for note in heard) >= 9.0, "it goes on to the bar line"


@pytest.mark.parametrize("command", [inputs.Rest(), inputs.Panic()])
def test_what_waits_is_forgotten_when_all_is_stopped(command: inputs.Input) -> None:
    rig = jam([punch(4.3, "bass", True, on_bar=True), (4.6, command)])
    assert rig.jam.settings.mute_bass


PADS: list[tuple[Trigger, bytes, bytes]] = [
    (Trigger(TriggerKind.NOTE, PAD), note_on(0, PAD, 100), note_off(0, PAD)),
    (Trigger(TriggerKind.CONTROL, 20), control_change(0, 20, 127), control_change(0, 20, 0)),
    (Trigger(TriggerKind.CONTROL, 20, inverted=True), control_change(0, 20, 0), control_change(0, 20, 127)),
]


@pytest.mark.parametrize(("trigger", "down", "up"), PADS, ids=["key", "pedal", "inverted"])
def test_a_pad_holds_it_in(trigger: Trigger, down: bytes, up: bytes) -> None:
    rig = jam([message(4.6, down), message(6.3, up)], **bound(trigger))
    heard = bass(rig)
    assert heard[0].on == pytest.approx(5.0, abs=0.01)
    assert max(note.off or 99 for note in heard) == pytest.approx(6.3, abs=0.03)
    if trigger.kind is TriggerKind.NOTE:
        assert [data for _, data in rig.offline.lights] == [note_on(0, PAD, value) for value in (0, 127, 0)]
    assert PAD not in {note.pitch for note in rig.jam.history}


def test_a_latching_pad_lets_it_in_and_out_on_bar_lines() -> None:
    latching = Trigger(TriggerKind.NOTE, PAD, latch=True)
    strokes = [message(at, data) for at in (4.3, 8.3) for data in (note_on(0, PAD, 100),)]
    ups = [message(at, note_off(0, PAD)) for at in (4.5, 8.5)]
    heard = bass(jam([*strokes, *ups], **bound(latching)))
    assert heard[0].on == pytest.approx(6.0, abs=0.01)
    assert 9.0 <= max(note.on for note in heard) < 9.99


def test_muted_answers_go_on_in_silence_and_takes_have_them() -> None:
    rig = Rig(tempo=120, mute_answers=True)
    rig.run(scale(count=8), until=12)
    assert not rig.heard and rig.plays and all(play.muted for play in rig.plays)
    assert rig.takes and len(rig.takes[0].answer) == len(rig.plays)
    rig.assert_silent()


def test_answers_are_let_in_on_a_beat_and_cut_when_let_go() -> None:
    rig = Rig(tempo=120, mute_answers=True, length="bars", length_bars=4)
    rig.run(scale(count=8), [punch(4.6, "answers", True), punch(6.2, "answers", False)], until=16)
    told: list[Play] = rig.plays
    assert rig.heard[0].on >= 5.0 - 0.01
    assert all(note.off is not None and note.off <= 6.25 for note in rig.heard)
    assert len(rig.heard) < len(told) == len(rig.takes[0].answer)
    rig.assert_silent()


def test_without_a_beat_it_happens_at_once() -> None:
    rig = Rig(mute_answers=True)
    rig.run([punch(1.0, "answers", True)], until=1.1)
    assert not rig.jam.settings.mute_answers


@pytest.mark.parametrize("muted", [False, True])
def test_drums_under_a_take_keep_their_channel_and_can_be_muted(muted: bool) -> None:
    rig = Rig(mute_drums=muted, channel=3)
    notes, drums = (Note(0, 60, 48, 80), Note(48, 62, 48, 80)), (Note(0, 36, 12, 90, 9), Note(48, 38, 12, 90, 9))
    rig.run([(0.5, inputs.Audition("t", notes, 120, along=drums))], until=4)
    assert [note.pitch for note in rig.heard if note.channel == 9] == ([] if muted else [36, 38])
    assert [note.pitch for note in rig.heard if note.channel == 2] == [60, 62]
    rig.assert_silent()


def test_targets_of_parts() -> None:
    for part in PARTS:
        assert is_target(f"punch:{part}") and is_target(f"set:{mute_of(part)}")
        assert part in words_for(f"punch:{part}")
    assert not is_target("punch:") and not is_target("punch:tuba")
    rig = Rig()
    before = rig.jam.settings
    rig.run([punch(0.5, "tuba", True)], until=1)
    assert rig.jam.settings == before

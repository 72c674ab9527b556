"""Answers drawn beside the jam: the same whatever goes on meanwhile, and told once each, whatever fails."""

from typing import Any

import msgspec
import pytest

from cocomposer.generation.request import ComposerLost, ComposerReady, Sketch
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.outputs import Alternative, ChordsChanged
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, no_spare
from tests.scenarios.rig import Late, Rig, scale

PHRASE = tuple(Note(24 * number, 60 + number, 20, 80) for number in range(16))


def imagine(request: int = 1, seed: int = 5, **changes: Any) -> inputs.Imagine:
    asked = inputs.Imagine(request, PHRASE, 8, 384, 384 + 4 * 192, True, 0, 4, seed)
    return msgspec.structs.replace(asked, **changes)


def drawn(rig: Rig) -> dict[int, Alternative]:
    told = rig.told(Alternative)
    assert len({one.request for one in told}) == len(told), "each is told once"
    return {one.request: one for one in told}


def test_it_is_an_answer_of_so_many_bars_on_the_axis_of_what_was_heard() -> None:
    rig = Rig()
    rig.run([(1.0, imagine())], until=1.0)
    (one,) = drawn(rig).values()
    assert (one.seed, one.failure) == (5, None) and one.notes[0].onset_tick == 384
    assert 384 + 3 * 192 < one.notes[-1].onset_tick < 384 + 4 * 192
    assert not rig.heard and rig.jam.history == () and rig.modes == []


def test_the_same_gives_the_same_and_another_seed_or_setting_something_else() -> None:
    rig = Rig()
    others = [imagine(3, seed=6), imagine(4, changes={"creativity": 1.9}), imagine(5, heard=PHRASE[:15])]
    rig.run([(1.0, imagine(1)), (1.0, others[0]), (1.0, others[1]), (1.0, others[2]), (2.0, imagine(2))], until=3)
    told = drawn(rig)
    assert told[1].notes == told[2].notes
    assert len({told[number].notes for number in (1, 3, 4, 5)}) == 4
    busy = Rig(length="endless", tempo=120)
    busy.run(scale(), [(4.0, imagine(1)), (4.1, imagine(3, seed=6))], until=6)
    assert drawn(busy)[1].notes == told[1].notes


def test_settings_shape_it() -> None:
    rig = Rig(channel=3, register_reach=2)
    rig.run([(0.0, imagine(1)), (0.0, imagine(2, changes={"highest_pitch": 70, "grid": "1/16"}))], until=1)
    told = drawn(rig)
    assert {note.channel for note in told[1].notes} == {2}
    assert {note.pitch for note in told[1].notes} <= set(range(66, 78)), "two around the last eight notes"
    assert {note.pitch for note in told[2].notes} <= set(range(66, 71))
    assert all(note.onset_tick % 12 == 0 for note in told[2].notes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"heard": ()}, "nothing to answer"),
        ({"changes": {"creativity": 77}}, "creativity"),
        ({"seed": -1}, "seed"),
        ({"end_tick": 0}, "wrote nothing"),
    ],
)
def test_what_cannot_be_drawn_says_why(changes: dict[str, Any], says: str) -> None:
    rig = Rig()
    rig.run([(0.0, imagine(1, **changes))], until=1)
    failure = drawn(rig)[1].failure
    assert failure is not None and says in failure and failure.endswith(".")


@pytest.mark.parametrize("moved", [0, 960])
def test_it_goes_by_the_chords_that_answers_are_locked_to(moved: int) -> None:
    rig = Rig(tempo=120)
    slots = (inputs.ChordSlot("Cm", 4.0), inputs.ChordSlot("F#", 4.0))
    here = imagine(1, moved_ticks=moved, first_tick=384 + moved, end_tick=384 + moved + 4 * 192)
    rig.run([(0.5, inputs.PlayChords(slots, sound=False, lock=True, strict=True)), (1.0, here)], until=3)
    (first,) = {told.first_tick for told in rig.told(ChordsChanged)}
    (told,) = drawn(rig).values()
    tones = ({0, 3, 7}, {6, 10, 1})
    chosen = [tones[(note.onset_tick - moved - first) // 192 % 2] for note in told.notes]
    assert len({frozenset(one) for one in chosen}) == 2, "notes under both chords"
    assert all(note.pitch % 12 in one for note, one in zip(told.notes, chosen, strict=True))
    drums = Rig(tempo=120)
    drums.run([(0.5, inputs.PlayChords(slots, sound=False, lock=True, strict=True)),
               (1.0, msgspec.structs.replace(here, changes={"style": "drums"}))], until=3)  # fmt: skip
    assert any(note.pitch % 12 not in {0, 3, 7, 6, 10, 1} for note in drawn(drums)[1].notes)


def test_odd_numbers_do_no_harm_and_its_length_is_bounded() -> None:
    rig = Rig()
    dense = msgspec.structs.replace(imagine(2, end_tick=10**9), changes={"density": 1.0})
    rig.run([(0.0, imagine(1, phrase_notes=-3, beats_per_bar=0)), (0.0, dense)], until=1)
    told = drawn(rig)
    assert told[1].notes and len(told[2].notes) == 1024


def test_a_lost_composer_fails_all_that_wait_and_what_is_asked_then() -> None:
    worker = Late(lambda now: now < 9.0)
    rig = Rig(worker)
    worker.now = lambda: rig.now
    lost = (1.0, ComposerLost("It has ended."))
    rig.run([(0.0, imagine(1)), (0.5, imagine(2, seed=9)), lost, (2.0, imagine(3))], until=3)
    told = drawn(rig)
    assert set(told) == {1, 2, 3}
    assert all(one.failure and "model" in one.failure and not one.notes for one in told.values())
    assert told[2].seed == 9
    rig.run([(9.0, ComposerReady("cpu", "fake", "It is back."))], until=10)
    assert len(rig.told(Alternative)) == 3, "what the lost one drew is no news"


def test_a_failing_model_says_so() -> None:
    rig = Rig(Worker(FakeNoteModel(breaks_after=0), no_spare))
    rig.run([(0.0, imagine(1)), (0.1, imagine(2))], until=1)
    assert all(one.failure and "failed" in one.failure for one in drawn(rig).values()) and len(drawn(rig)) == 2


def test_what_was_given_up_is_not_told() -> None:
    worker = Late(lambda now: now < 0.5)
    rig = Rig(worker)
    worker.now = lambda: rig.now
    rig.run([(0.0, imagine(1)), (0.1, inputs.GiveUp()), (0.2, imagine(1, seed=8))], until=2)
    assert [(one.request, one.seed) for one in rig.told(Alternative)] == [(1, 8)]
    assert len([request for request in worker.requests if isinstance(request, Sketch)]) == 2

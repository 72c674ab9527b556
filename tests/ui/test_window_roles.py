"""Roles in the whole window: asked for takes and for what was just played, and what is played along in takes."""

from pathlib import Path

import pytest

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.document.edits import AddTake
from cocomposer.jam import inputs, outputs
from cocomposer.jam.roles import Role
from cocomposer.music.note import Note
from tests.ui.scripted_engine import PHRASE, answered
from tests.ui.takes_jam import take
from tests.ui.window_desk import Desk, do, sentences
from ui.dialogs.role_questions import Question


@pytest.fixture
def agreeing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered as it stands."""

    def agreed(self: Question) -> bool:
        self.deleteLater()
        return True

    monkeypatch.setattr(Question, "agreed", agreed)


def asked(desk: Desk) -> list[inputs.Imagine]:
    return [one for one in desk.engine.said if isinstance(one, inputs.Imagine)]


@pytest.mark.parametrize(
    ("action", "role"), [("vary", Role.VARY), ("drums", Role.DRUMS), ("harmonise", Role.HARMONISE)]
)
def test_a_role_for_the_take_that_is_selected(desk: Desk, agreeing: None, action: str, role: Role) -> None:
    one = desk.started(answered(1))
    do(one, action)
    assert [(ask.role, ask.amount) for ask in asked(desk)] == [(role, 0.4)] * 4
    assert one.window.alternatives.isVisible()
    one.window.alternatives.more.click()
    assert [ask.role for ask in asked(desk)] == [role] * 8


@pytest.mark.parametrize(
    "action", ["vary", "drums", "harmonise", "vary_played", "drums_played", "harmonise_played", "fill"]
)
def test_nothing_to_do_it_with_is_a_sentence(desk: Desk, agreeing: None, action: str) -> None:
    one = desk.start()
    do(one, action)
    assert not asked(desk) and sentences(one)[-1].endswith(".")


@pytest.mark.parametrize("action", ["vary_played", "drums_played", "harmonise_played"])
def test_what_was_just_played_becomes_a_take_once(desk: Desk, agreeing: None, action: str) -> None:
    heard = [
        told
        for note in PHRASE
        for told in (
            outputs.Heard(1.0, note.pitch, note.velocity, 0, float(note.onset_tick)),
            outputs.Released(1.1, note.pitch, 0, float(note.end_tick)),
        )
    ]
    one = desk.started(*heard)
    do(one, action)
    (kept,) = one.session.document.takes
    assert [note.pitch for note in kept.phrase] == [note.pitch for note in PHRASE]
    do(one, action)
    assert len(one.session.document.takes) == 1 and len(asked(desk)) == 8


def test_a_gap_between_two_takes_is_filled(desk: Desk, agreeing: None) -> None:
    one = desk.started()
    for number in (1, 3):
        one.conductor.edit(AddTake(take(number)))
    one.window.frame()
    do(one, "fill")
    assert sentences(one)[-1].startswith("Select the two takes")
    one.window.takes.list.selectAll()
    do(one, "fill")
    assert [ask.role for ask in asked(desk)] == [Role.INFILL] * 4
    assert len(asked(desk)[0].right) == len(take(3).notes)


def test_what_is_played_along_is_in_the_take_and_in_its_file(desk: Desk, chosen: list[Path | None]) -> None:
    first = PHRASE[0].onset_tick
    along = Note(first, 43, 48, 60, 2)
    one = desk.started(outputs.Accompany(-12, 5, along, 1.0, 1.5), outputs.EndMoved(5, 1.25, 0.5), answered(1))
    (kept,) = one.session.document.takes
    assert [(note.pitch, note.duration_ticks, note.channel) for note in kept.along] == [(43, 24, 2)]
    path = desk.folder / "along.mid"
    chosen.append(path)
    do(one, "export_take")
    assert any(name.endswith("channel 3") for name in read_midi_file(path).track_names)
    do(one, "play_take")
    audition = next(said for said in desk.engine.said if isinstance(said, inputs.Audition))
    assert audition.along == kept.along

"""The whole window and files: save, open, import, export, recent, and what cannot be read or written."""

from pathlib import Path

import mido
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cocomposer.adapters.jam_files import open_jam, save_jam
from cocomposer.adapters.midi_takes import read_take
from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake, RenameTake
from cocomposer.jam import inputs
from tests.ui.scripted_engine import ANSWER, PHRASE, answered
from tests.ui.takes_jam import take
from tests.ui.window_desk import Desk, answering, do, sentences, words
from ui.application import Application
from ui.presenters.progression import sheet_of

# -- files -------------------------------------------------------------------------------------------------------------


def test_save_new_open(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    path = desk.folder / "evening.cocojam"
    chosen.append(path)
    do(one, "save")
    assert not one.window.isWindowModified() and one.window.windowTitle().startswith("evening")
    do(one, "star")
    do(one, "save")
    assert open_jam(path).takes[0].starred
    do(one, "new")
    assert not one.session.document.takes and one.session.path is None
    assert one.window.windowTitle().startswith("New jam")
    chosen.append(path)
    do(one, "open")
    assert one.session.document.takes[0].starred
    assert one.window.windowTitle().startswith("evening") and not one.window.isWindowModified()
    assert desk.preferences.recent == (str(path),)


def test_a_jam_that_is_named_at_the_start_is_open(desk: Desk) -> None:
    path = desk.folder / "given.cocojam"
    document = Document()
    document.edit(AddTake(take(3)))
    save_jam(path, document)
    one = desk.start(path=path)
    assert [kept.id for kept in one.session.document.takes] == ["t3"]
    assert one.window.windowTitle().startswith("given")


@pytest.mark.parametrize(("answer", "left"), [("Discard", 0), ("Cancel", 1), ("Save", 0)])
def test_a_jam_that_is_not_saved_is_asked_about(desk: Desk, chosen: list[Path | None], answer: str, left: int) -> None:
    one = desk.started(answered(1))
    path = desk.folder / "asked.cocojam"
    chosen.append(path)
    with answering(answer) as asked:
        do(one, "new")
    assert asked == ["Save this jam first?"]
    assert len(one.session.document.takes) == left
    assert path.exists() == (answer == "Save")


def test_save_that_is_cancelled_saves_nothing_and_stays(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    with answering("Save"):
        do(one, "new")
    assert len(one.session.document.takes) == 1
    assert one.window.isWindowModified()


def test_export_and_import(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    path = desk.folder / "out.mid"
    chosen.append(path)
    do(one, "export_take")
    assert mido.MidiFile(path).tracks[0].name == "Take 1", "as it is called when it is dragged out"
    written = read_take(path, Document()).take
    assert sorted(note.pitch for note in written.phrase) == sorted(note.pitch for note in (*PHRASE, *ANSWER))
    for action, offered in (
        ("import_phrase", []),
        ("import_seed", [(False, True)]),
        ("import_reference", [(True, False)]),
    ):
        said = len(desk.engine.said)
        chosen.append(path)
        do(one, action)
        offers = [one for one in desk.engine.said[said:] if isinstance(one, inputs.Offer)]
        assert [(offer.reference, offer.answer) for offer in offers] == offered
    assert len(one.session.document.takes) == 4


@pytest.mark.parametrize(
    ("action", "name"), [("open", "a.cocojam"), ("import_phrase", "a.mid"), ("open", "gone.cocojam"), ("open", "")]
)
def test_files_that_cannot_be_used_are_a_sentence(
    desk: Desk, chosen: list[Path | None], action: str, name: str
) -> None:
    one = desk.start()
    (desk.folder / "a.cocojam").write_bytes(b"\x00 no jam")
    (desk.folder / "a.mid").write_bytes(b"MThd no music")
    said = len(sentences(one))
    chosen.append(desk.folder / name)
    do(one, action)
    (sentence,) = sentences(one)[said:]
    assert sentence.endswith(".") and "Traceback" not in sentence and "Error" not in sentence
    assert sentence in words(one.window.status)


@pytest.mark.parametrize("action", ["save", "export_take"])
def test_a_place_that_cannot_be_written_to_is_a_sentence(desk: Desk, chosen: list[Path | None], action: str) -> None:
    one = desk.started(answered(1))
    said = len(sentences(one))
    (desk.folder / "file").write_bytes(b"")
    chosen.append(desk.folder / "file" / "inside.cocojam")
    do(one, action)
    (sentence,) = sentences(one)[said:]
    assert sentence.endswith(".")
    assert one.session.path is None and one.window.isWindowModified()


def recent(one: Application) -> list[QAction]:
    menu = next(menu for menu in one.window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.aboutToShow.emit()
    return menu.actions()


def test_names_in_menus_are_not_read_for_keys(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    chosen.append(desk.folder / "salt & pepper.cocojam")
    do(one, "save_as")
    assert [action.text() for action in recent(one)] == ["salt && pepper.cocojam"]
    assert sheet_of(one.session).title == "salt & pepper", "a lead sheet is called as the jam is"
    one.conductor.edit(RenameTake(one.session.document.takes[0].id, "R&B"))
    one.window.frame()
    assert one.window.actions_by_id["undo"].text() == "Undo rename R&&B"
    do(one, "undo")
    assert one.window.actions_by_id["redo"].text().startswith("Redo rename ")
    one.conductor.progression.write("[R&B] Am F")
    one.conductor.progression.begin_section(1, "Q&A")
    one.window.frame()
    assert one.window.actions_by_id["undo"].text() == "Undo begin Q&&A with F"


def test_recent_jams_are_offered_latest_first(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    assert [action.isEnabled() for action in recent(one)] == [False]
    for name in ("first", "second"):
        chosen.append(desk.folder / f"{name}.cocojam")
        do(one, "save_as")
    assert [action.text() for action in recent(one)] == ["second.cocojam", "first.cocojam"]
    recent(one)[1].trigger()
    assert one.window.windowTitle().startswith("first")
    (desk.folder / "second.cocojam").unlink()
    recent(one)[1].trigger()
    assert "does not exist" in sentences(one)[-1]
    assert [action.text() for action in recent(one)] == ["first.cocojam"]

"""The whole window with an engine that follows a script: news in, actions out, files, endings, what went wrong before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.adapters.jam_files import open_jam, save_jam
from cocomposer.adapters.journal import Journal, left_behind
from cocomposer.adapters.midi_takes import read_take
from cocomposer.adapters.preferences import Closing, Preferences, PreferencesStore
from cocomposer.adapters.presets import PresetStore
from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake, StarTake
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource
from cocomposer.runtime import news as told
from tests.ui.scripted_engine import ANSWER, PHRASE, ScriptedEngines, ScriptedLink, answered
from tests.ui.takes_jam import take
from ui.application import Application
from ui.presenters.actions import ACTIONS
from ui.presenters.session import Link


class Desk:
    """A musician's folders; starts windows on them."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.engine = ScriptedLink("one")
        self._started: list[Application] = []
        self.prefer(guide_seen=True, folder=str(folder))

    @property
    def journals(self) -> Path:
        return self.folder / "state" / "journals"

    @property
    def preferences(self) -> Preferences:
        return PreferencesStore(self.folder).read()

    def prefer(self, **changes: object) -> None:
        store = PreferencesStore(self.folder)
        store.write(msgspec.structs.replace(store.read(), **changes))

    def start(self, *engines: ScriptedLink | str, path: Path | None = None) -> Application:
        """A window, with the engine joined if there is one."""
        chosen = engines or (self.engine,)
        scripted = ScriptedEngines(*chosen)
        store = PreferencesStore(self.folder)
        one = Application(self.folder / "state", store, PresetStore(self.folder), scripted.join)
        self._started.append(one)
        one.begin(path)
        if isinstance(chosen[0], ScriptedLink):
            self.qtbot.waitUntil(lambda: one.session.ready is not None)
        return one

    def started(self, *news: told.News) -> Application:
        """The same, and the engine has told these."""
        one = self.start()
        self.tell(one, *news)
        return one

    def tell(self, one: Application, *news: told.News) -> None:
        """The engine tells, and the window has shown it."""
        last = told.Status(float(id(news)), Mode.LISTENING, 0.0, "free", False, 0.0, True, {}, 0, 0, "none", 0.0)
        self.engine.tell(*news, last)
        self.qtbot.waitUntil(lambda: one.session.status is last)

    def end(self) -> None:
        """Close what is still open."""
        for one in self._started:
            with answering("Stop the music"):
                one.window.quit()
            one.window.deleteLater()
            one.deleteLater()
        QApplication.processEvents()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    desk = Desk(qtbot, tmp_path)
    yield desk
    desk.end()


@contextmanager
def answering(*buttons: str) -> Iterator[list[str]]:
    """Answers each question that comes up meanwhile by the first of these buttons that it has; the questions' texts.

    Any other dialog that waits for an answer is cancelled.
    """
    asked: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return
        if isinstance(dialog, QMessageBox):
            asked.append(dialog.text())
            for button in dialog.buttons():
                if button.text().replace("&", "") in buttons:
                    button.click()
                    return
        dialog.close()

    timer = QTimer()
    timer.timeout.connect(answer)
    timer.start(5)
    try:
        yield asked
    finally:
        timer.stop()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What is chosen in the next file dialogs, in order; nothing is left: cancelled."""
    coming: list[Path | None] = []

    def choose(*_: object, **__: object) -> tuple[str, str]:
        path = coming.pop(0) if coming else None
        return ("" if path is None else str(path)), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return coming


def do(one: Application, action: str) -> None:
    """As the menu does it."""
    one.window.actions_by_id[action].trigger()


def words(widget: QWidget) -> str:
    """All that is to be read, or read out, in it."""
    parts = [widget, *widget.findChildren(QWidget)]
    shown = [part.text() for part in parts if isinstance(part, QLabel) and part.isVisibleTo(widget)]
    return " | ".join([*shown, *(part.accessibleName() + " " + part.accessibleDescription() for part in parts)])


def sentences(one: Application) -> list[str]:
    return [said.sentence for said in one.session.notices]


# -- news --------------------------------------------------------------------------------------------------------------


def test_what_the_engine_tells_is_seen(desk: Desk) -> None:
    one = desk.started(
        outputs.BeatChanged(0.0, 0.0, 0.5 / 48, BeatSource.SET, True, 0, 4),
        outputs.Heard(1.0, 60, 80, 0, 96.0),
        outputs.ModeChanged(Mode.HEARING, 1.0),
        outputs.Released(1.2, 60, 0, 115.0),
        answered(1),
        outputs.ModeChanged(Mode.ANSWERING, 2.0),
        outputs.Notice("A string broke; tune it again."),
    )
    window = one.window
    assert [row.take.phrase for row in window.takes.list.takes.rows] == [PHRASE]
    assert "A string broke" in words(window.status)
    assert "playing" in words(window.transport_bar.big["answer"]).lower()
    assert window.isWindowModified()
    assert one.session.document.timeline.count == 1


def test_alternatives_are_there_while_they_are_wanted(desk: Desk) -> None:
    one = desk.started(answered(1))
    assert not one.window.alternatives.isVisible()
    do(one, "again")
    assert one.window.alternatives.isVisible()
    requests = [said for said in desk.engine.said if isinstance(said, inputs.Imagine)]
    desk.tell(one, *(outputs.Alternative(asked.request, asked.seed, ANSWER[:2]) for asked in requests))
    assert len([card for card in one.window.alternatives.cards if card.isVisible()]) == 4
    do(one, "close_alternatives")
    assert not one.window.alternatives.isVisible()


def test_a_controller_works_the_window(desk: Desk) -> None:
    one = desk.started(answered(1), outputs.Triggered("window:star", 1.0))
    assert one.session.document.takes[0].starred
    assert one.window.actions_by_id["star"].isChecked()


def test_what_a_newer_engine_triggers_is_no_trouble(desk: Desk) -> None:
    one = desk.started(outputs.Triggered("window:dance", 1.0))
    assert one.session.link is Link.JOINED


# -- actions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [action.id for action in ACTIONS])
@pytest.mark.parametrize("takes", [0, 2])
def test_every_action_can_be_done(desk: Desk, chosen: list[Path | None], action: str, takes: int) -> None:
    one = desk.started(*(answered(number, number) for number in range(1, takes + 1)))
    with answering("Discard"):
        do(one, action)
        do(one, action)
    assert one.window.isVisible() == (action != "quit")


@pytest.mark.parametrize("action", ["side_panel", "piano", "computer_keys", "follow"])
def test_what_is_shown_or_not_is_ticked(desk: Desk, action: str) -> None:
    one = desk.start()
    states = []
    for _ in range(3):
        one.window.frame()
        states.append(one.window.actions_by_id[action].isChecked())
        do(one, action)
    assert states[0] == states[2] != states[1]


def test_keys_work_actions_and_as_the_musician_chose(desk: Desk) -> None:
    desk.prefer(shortcuts={"answer": "Ctrl+J", "stop": "", "gone": "F11"})
    one = desk.start()
    desk.qtbot.keyClick(one.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.said[-1] == inputs.TakeOver()
    said = len(desk.engine.said)
    desk.qtbot.keyClick(one.window, Qt.Key.Key_F6)
    desk.qtbot.keyClick(one.window, Qt.Key.Key_Return)
    assert desk.engine.said[said:] == []
    desk.qtbot.keyClick(one.window, Qt.Key.Key_F5)
    assert desk.engine.said[said:] == [inputs.Listen()]


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_Return, "gold"), (Qt.Key.Key_Escape, "Take 1")])
def test_return_and_escape_end_a_name_and_not_the_silence(desk: Desk, key: Qt.Key, name: str) -> None:
    one = desk.started(answered(1))
    said = len(desk.engine.said)
    do(one, "rename")
    desk.qtbot.keyClicks(QApplication.focusWidget(), "gold")
    desk.qtbot.keyClick(QApplication.focusWidget(), key)
    (row,) = one.window.takes.list.takes.rows
    assert row.title == name
    assert desk.engine.said[said:] == []


# -- the engine goes and comes -----------------------------------------------------------------------------------------


def test_a_lost_engine_is_told_of_and_the_next_one_joined(desk: Desk) -> None:
    second = ScriptedLink("two")
    one = desk.start(desk.engine, second)
    desk.tell(one, answered(1))
    desk.engine.die()
    desk.qtbot.waitUntil(lambda: one.session.link is Link.LOST)
    assert "The engine has ended" in words(one.window.status)
    assert desk.engine.closed
    desk.qtbot.waitUntil(lambda: one.session.link is Link.JOINED)
    desk.engine = second
    desk.tell(one, answered(1, 12))
    assert len(one.session.document.takes) == 2
    do(one, "panic")
    assert second.said[-1] == inputs.Panic()


def test_no_engine_is_told_of_and_tried_again(desk: Desk) -> None:
    one = desk.start("The engine cannot be started; run cocomposer doctor.", desk.engine)
    desk.qtbot.waitUntil(lambda: one.session.link is Link.LOST)
    do(one, "answer")
    assert "cannot be started" in sentences(one)[0]
    assert "try again" in sentences(one)[-1]
    desk.qtbot.waitUntil(lambda: one.session.link is Link.JOINED)


# -- the end -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("closing", "ended"), [(Closing.KEEP, False), (Closing.STOP, True)])
def test_closing_does_with_the_music_as_preferred(desk: Desk, closing: Closing, ended: bool) -> None:
    desk.prefer(closing=closing)
    one = desk.started(outputs.ModeChanged(Mode.ANSWERING, 1.0))
    one.window.close()
    assert not one.window.isVisible()
    assert (desk.engine.closed, desk.engine.ended) == (True, ended)


@pytest.mark.parametrize(
    ("answer", "open_still", "ended"),
    [("Play on", False, False), ("Stop the music", False, True), ("Cancel", True, False)],
)
def test_closing_asks_while_music_plays(desk: Desk, answer: str, open_still: bool, ended: bool) -> None:
    one = desk.started(outputs.ModeChanged(Mode.ANSWERING, 1.0))
    with answering(answer) as asked:
        one.window.close()
    assert len(asked) == 1
    assert (one.window.isVisible(), desk.engine.closed, desk.engine.ended) == (open_still, not open_still, ended)


def test_closing_a_quiet_window_asks_nothing(desk: Desk) -> None:
    one = desk.start()
    with answering("Play on") as asked:
        one.window.close()
    assert not asked and desk.engine.ended


def test_what_was_not_saved_is_there_at_the_next_start(desk: Desk) -> None:
    first = desk.started(answered(1))
    do(first, "star")
    first.window.quit()
    again = desk.start(ScriptedLink("two"))
    (back,) = again.session.document.takes
    assert back.starred and back.answer == ANSWER
    assert "Your last jam is back, with 1 take." in sentences(again)
    do(again, "undo")
    assert not again.session.document.takes[0].starred


def test_what_was_saved_leaves_nothing_behind(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    chosen.append(desk.folder / "mine")
    do(one, "save")
    one.window.quit()
    assert left_behind(desk.journals) == []
    assert len(open_jam(desk.folder / "mine.cocojam").takes) == 1


def test_the_jam_of_a_window_that_crashed_is_back(desk: Desk) -> None:
    document = Document()
    journal = Journal.begin(desk.journals, document)
    for edit in (AddTake(take(1)), AddTake(take(2)), StarTake("t2", True)):
        document.edit(edit)
        journal.edited(edit)
    journal.leave()
    one = desk.start()
    assert [(kept.id, kept.starred) for kept in one.session.document.takes] == [("t1", False), ("t2", True)]
    assert [row.take.id for row in one.window.takes.list.takes.rows] == ["t2", "t1"]
    assert one.window.isWindowModified()


def test_a_journal_that_cannot_be_read_is_no_reason_not_to_start(desk: Desk) -> None:
    folder = desk.journals / "20260301-200000-1"
    folder.mkdir(parents=True)
    (folder / "journal").write_bytes(b"\xff\x00 nothing that one could read")
    one = desk.started(answered(1))
    assert len(one.session.document.takes) == 1
    assert sentences(one)


def test_the_window_is_as_it_was_left(desk: Desk) -> None:
    one = desk.start()
    do(one, "light_theme")
    one.window.resize(1300, 800)
    one.window.quit()
    again = desk.start(ScriptedLink("two"))
    assert again.window.size() == one.window.size()
    assert desk.preferences.theme == "light"
    do(again, "light_theme")


def test_the_guide_comes_once(desk: Desk) -> None:
    desk.prefer(guide_seen=False)
    one = desk.start()
    guides = [window for window in QApplication.topLevelWidgets() if window.windowTitle() == "First steps"]
    assert len(guides) == 1 and guides[0].isVisible()
    guides[0].close()
    assert desk.preferences.guide_seen
    assert one.window.isVisible()


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


# -- presets -----------------------------------------------------------------------------------------------------------


def test_a_preset_is_recalled_as_one_edit(desk: Desk) -> None:
    one = desk.start()
    side = one.window.side
    side.preset_saved.emit("calm")
    now = one.session.settings
    desk.tell(one, outputs.SettingsChanged(msgspec.structs.replace(now, creativity=1.5)))
    side.preset_chosen.emit("calm")
    assert desk.engine.said[-1] == inputs.Change({"creativity": now.creativity})
    do(one, "undo")
    assert desk.engine.said[-1] == inputs.Change({"creativity": 1.5})
    side.preset_deleted.emit("calm")
    assert PresetStore(desk.folder).names() == []

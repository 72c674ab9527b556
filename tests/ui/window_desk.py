"""A musician's desk for tests of the whole window: folders, an engine that follows a script, answers to questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.adapters.preferences import Preferences, PreferencesStore
from cocomposer.adapters.presets import PresetStore
from cocomposer.jam.outputs import Mode
from cocomposer.runtime import news as told
from tests.ui.scripted_engine import ScriptedEngines, ScriptedLink
from ui.application import Application


class Desk:
    """A musician's folders; starts windows on them."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.engine = ScriptedLink("one", folder)
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
        # pytest keeps what a fixture gave.
        self._started.clear()


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

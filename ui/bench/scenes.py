"""The real window and its dialogs, showing a made-up session, for pictures and for tests that look at them.

Nothing is joined and nothing moves: the clock stands at the moment that is shown.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTableWidget, QTabWidget, QWidget

from cocomposer.jam.targets import COMMANDS
from ui import theme
from ui.bench.session_states import STATES
from ui.conductor import Conductor
from ui.dialogs.controllers import Controllers
from ui.dialogs.guide import Guide
from ui.dialogs.settings import SettingsDialog
from ui.dialogs.shortcuts import Shortcuts
from ui.engine_bridge import EngineBridge
from ui.main_window import MainWindow
from ui.presenters.guide import NO_DAW
from ui.presenters.shortcuts import keys_of

BUNDLES = (Path("models") / "live",)

Part = TypeVar("Part", bound=QWidget)


def _never() -> NoReturn:
    raise ConnectionError("No engine is joined here.")


def main_window(state: str, width: int, height: int) -> MainWindow:
    """The window in one of the session states, shown and laid out."""
    session, now = STATES[state]()
    bridge = EngineBridge(_never)
    conductor = Conductor(session, bridge.send, lambda: now, lambda *_: ())
    window = MainWindow(session, conductor, bridge, lambda: now)
    window.transport_bar.name_keys({name: keys[0] for name, keys in keys_of({}).items() if keys})
    window.side.show_presets(("Quiet evening", "Wild"), {})
    window.side.show_bundles([(str(bundle), bundle.name) for bundle in BUNDLES])
    if state == "composing":
        window.chords_wanted = window.progression_wanted = True
    window.resize(width, height)
    window.show()
    settle(window)
    return window


def settle(window: MainWindow) -> None:
    """Let the layout come to rest and show the session in it."""
    for _ in range(3):
        QApplication.processEvents()
        window.frame()
    QApplication.processEvents()


def dialogs() -> Iterator[tuple[str, QDialog]]:
    """Name and dialog, one after the other, each made when it is asked for."""
    for name, daw, state in (
        ("guide-first-run", NO_DAW, "empty"),
        ("guide-daw", "Ableton Live", "listening"),
        ("guide-joining", "Another DAW", "joining"),
    ):
        guide = Guide(daw)
        guide.refresh(STATES[state]()[0])
        yield name, guide
    yield "controllers", _controllers()
    yield "shortcuts", Shortcuts({"star": "F3"})
    yield "shortcuts-taken", _taken()
    for place, page in enumerate(("ports", "sound", "model", "window")):
        yield f"settings-{page}", _settings("listening", place)
    yield "settings-joining", _settings("joining", 0)


def _controllers() -> QDialog:
    dialog, (session, _) = Controllers(), STATES["listening"]()
    session.learning = COMMANDS[1]
    dialog.refresh(session)
    _part(dialog, QTableWidget).selectRow(1)
    return dialog


def _taken() -> QDialog:
    """Keys were typed that are another action's."""
    dialog = Shortcuts({})
    _part(dialog, QLineEdit).setText("take")
    dialog.type_keys("Ctrl+S")
    return dialog


def _settings(state: str, page: int) -> QDialog:
    dialog = SettingsDialog(list(BUNDLES), theme.worn().name, "ask")
    dialog.refresh(STATES[state]()[0])
    _part(dialog, QTabWidget).setCurrentIndex(page)
    return dialog


def _part(dialog: QDialog, kind: type[Part]) -> Part:
    found = dialog.findChild(kind)
    assert isinstance(found, kind)
    return found

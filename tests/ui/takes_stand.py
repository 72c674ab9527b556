"""A takes panel in a window, with a session that takes its edits and selections, for tests."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QRect
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import AddTake, DeleteTake, RenameTake, StarTake
from cocomposer.document.takes import KeptTake
from tests.ui.takes_jam import jam
from ui.presenters.session import Session
from ui.widgets.drag_out import DragFolder
from ui.widgets.takes_panel import TakesPanel

Told = list[tuple[str, object]]


class Stand:
    """A panel in a window with its session, and all that it told."""

    def __init__(self, qtbot: QtBot, folder: Path, *takes: KeptTake) -> None:
        self.session: Session = jam(*takes)
        self.told: Told = []
        self.panel = TakesPanel(DragFolder(folder))
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        qtbot.addWidget(self.window)
        self.window.resize(300, 700)
        self.panel.acted.connect(lambda action: self.told.append(("acted", action)))
        self.panel.commanded.connect(lambda command: self.told.append(("commanded", command)))
        self.panel.edited.connect(self._edit)
        self.panel.selected.connect(self._select)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.frame()

    def _edit(self, edit: object) -> None:
        self.told.append(("edited", edit))
        assert isinstance(edit, AddTake | DeleteTake | RenameTake | StarTake)
        self.session.document.edit(edit)
        self.frame()

    def _select(self, take_id: str) -> None:
        self.session.selected = take_id
        self.frame()

    def frame(self, now: float = 0.0) -> None:
        self.panel.refresh(self.session, now)

    def heard(self, kind: str) -> list[object]:
        return [what for told, what in self.told if told == kind]

    def row(self, place: int) -> QRect:
        panel_list = self.panel.list
        panel_list.scrollTo(panel_list.takes.index(place))
        return panel_list.visualRect(panel_list.takes.index(place))

    def choose(self, *places: int) -> None:
        model = self.panel.list.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        for number, place in enumerate(places):
            model.setCurrentIndex(self.panel.list.takes.index(place), flag.Select if number else flag.ClearAndSelect)


def focused() -> QWidget:
    """What has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def trigger(stand: Stand, action: str) -> None:
    """Choose it in the panel's menu."""
    menu = stand.panel.menu()
    next(one for one in menu.actions() if one.objectName() == action).trigger()
    menu.deleteLater()

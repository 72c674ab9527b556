"""Presets: recall one, save the settings under a name, delete one. Knows names only; where they lie others know."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.fields import ChoiceField
from ui.widgets.press_button import PressButton, claims

NONE_YET = "no presets yet"
RECALL = "recall a preset …"
NAME_MOST = 60


class NameField(QLineEdit):
    """A name to be typed; Return takes it, Escape gives it up."""

    taken = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Name of the preset")
        self.setAccessibleName("Name of the preset")
        self.setMaxLength(NAME_MOST)

    def event(self, event: QEvent) -> bool:
        return claims(event, Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.text().strip())
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class PresetBox(QWidget):
    """A list to pick from, and two buttons."""

    saved = Signal(str)
    chosen = Signal(str)
    deleted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._unusable: Mapping[str, str] = {}
        self.list = ChoiceField(())
        self.list.setAccessibleName("Presets")
        self.list.chosen.connect(self._pick)
        self.save = PressButton("Save as …", "Keep these settings under a name")
        self.save.clicked.connect(lambda: self._ask(True))
        self.delete = PressButton("Delete", "Delete the preset that was recalled last")
        self.delete.clicked.connect(lambda: self.deleted.emit(str(self.list.currentData())))
        self.name = NameField()
        self.name.taken.connect(self._take)
        self.name.given_up.connect(lambda: self._ask(False))
        self.name.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP // 2)
        buttons.addWidget(self.save)
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.list)
        column.addWidget(self.name)
        column.addLayout(buttons)
        self.show_presets((), {})

    def show_presets(self, names: Sequence[str], unusable: Mapping[str, str]) -> None:
        """These can be picked; the unusable ones are listed with why, and cannot."""
        before = self.list.currentData()
        self._unusable = dict(unusable)
        self.list.clear()
        self.list.addItem(RECALL if names else NONE_YET, None)
        model = self.list.model()
        assert isinstance(model, QStandardItemModel)
        for place, name in enumerate(names, 1):
            why = unusable.get(name)
            self.list.addItem(name if why is None else f"{name} (unusable)", name)
            if why is not None:
                model.item(place).setEnabled(False)
                model.item(place).setToolTip(why)
        self.list.setEnabled(bool(names))
        self.list.show_value(before if before in names else None)
        self._show_delete()

    def _pick(self, name: str | None) -> None:
        self._show_delete()
        if name is not None and name not in self._unusable:
            self.chosen.emit(name)

    def _show_delete(self) -> None:
        self.delete.setEnabled(self.list.currentData() is not None)

    def _ask(self, on: bool) -> None:
        self.name.clear()
        self.name.setVisible(on)
        if on:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, name: str) -> None:
        if name:
            self._ask(False)
            self.saved.emit(name)

"""A line to describe the answers in words: what is understood and what is not stands below it before it is applied.

Decides nothing: what words mean is `cocomposer.jam.describing`'s.
"""

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cocomposer.jam.describing import Description, describe
from cocomposer.jam.settings import Settings
from ui import theme
from ui.presenters.describing import unclear_lines, understood_lines
from ui.widgets.press_button import PressButton, claims

LONGEST = 300
EXAMPLE = "slow waltz in D minor, sparse …"


class WordsField(QLineEdit):
    """A line of words; Return applies it, Escape clears it."""

    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(EXAMPLE)
        self.setAccessibleName("Describe the answers")
        self.setToolTip("Say in words how answers shall be; nothing happens before you apply it")
        self.setMaxLength(LONGEST)

    def event(self, event: QEvent) -> bool:
        return claims(event, Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class DescribeBox(QWidget):
    """The line, the two lists, and a button."""

    described = Signal(object)
    """The changes (dict) of a description that is applied."""

    def __init__(self) -> None:
        super().__init__()
        self._settings = Settings()
        self._description = Description()
        self.line = WordsField()
        self.line.textChanged.connect(self._read)
        self.line.taken.connect(self._apply)
        self.understood, self.unclear = QLabel(), QLabel()
        for label, role in ((self.understood, "faint"), (self.unclear, "warning")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", role)
        self.understood.setAccessibleName("What was understood")
        self.unclear.setAccessibleName("What was not understood")
        self.apply = PressButton("Apply", "Set what was understood")
        self.apply.clicked.connect(self._apply)
        foot = QHBoxLayout()
        foot.addWidget(self.apply)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        for widget in (self.line, self.understood, self.unclear):
            column.addWidget(widget)
        column.addLayout(foot)
        self._read()

    def show_settings(self, settings: Settings) -> None:
        """The settings that "less" and "more" start from."""
        self._settings = settings
        self._read()

    def _read(self) -> None:
        text = self.line.text()
        self._description = describe(text, self._settings) if text.strip() else Description()
        known = understood_lines(self._description, msgspec.to_builtins(self._settings))
        unknown = unclear_lines(self._description)
        self.understood.setText("\n".join(known))
        self.unclear.setText("\n".join(("Not understood:", *unknown)) if unknown else "")
        self.understood.setVisible(bool(known))
        self.unclear.setVisible(bool(unknown))
        self.apply.setVisible(bool(text.strip()))
        self.apply.setEnabled(bool(self._description.changes))

    def _apply(self) -> None:
        changes = dict(self._description.changes)
        if changes:
            self.line.clear()
            self.described.emit(changes)

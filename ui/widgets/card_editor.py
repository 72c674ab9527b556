"""Fields in which chords are typed: one over its card, and one for the whole row as a chart."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.press_button import claims

LEAST_WIDTH: Final = 110
_RETURN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChartField(QLineEdit):
    """All chords as text; Return is its own, not the transport's."""

    def event(self, event: QEvent) -> bool:
        return claims(event) or super().event(event)


class CardEditor(QLineEdit):
    """One card's symbol, selected as a whole. Return takes what was typed, Escape or another place leaves it."""

    taken = Signal(str)
    left = Signal()

    def __init__(self, symbol: str, name: str, row: QWidget) -> None:
        super().__init__(symbol, row)
        self._row = row
        self.setAccessibleName(name)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def stand_on(self, card: QRect) -> None:
        """Show itself over the card, and be typed into."""
        width = max(card.width(), LEAST_WIDTH)
        left = max(0, min(card.left(), self._row.width() - width))
        self.setGeometry(left, card.top() + 4, width, self.sizeHint().height())
        self.selectAll()
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """All keys are letters of the chord here, also those that mean something to the window."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _RETURN:
            self.taken.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

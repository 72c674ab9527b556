"""Fields that hold still: the wheel turns only what has the focus, Space stays the transport's, Return gives back.

Qt's own would change a setting when somebody scrolls past it, and swallow Space while a number has the focus.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QSlider

from ui.theme import NUMBER_MARGIN


class NumberField(QDoubleSpinBox):
    """A number. `chosen` tells each new value: every step, and typed ones when they are complete."""

    chosen = Signal(float)

    def __init__(self, low: float, high: float, step: float = 1.0, decimals: int = 0) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(NUMBER_MARGIN, 0, NUMBER_MARGIN, 0)
        self.lineEdit().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.valueChanged.connect(self.chosen)

    @property
    def typing(self) -> bool:
        """Something was typed and is not taken yet."""
        return self.hasFocus() and self.lineEdit().isModified()

    def show_value(self, value: float) -> None:
        """Show it without telling; not while somebody types."""
        if self.typing or self.value() == value:
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                event.ignore()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if _has_focus(self, event):
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.lineEdit().setModified(False)


class ChoiceField(QComboBox):
    """One of a few. `chosen` tells the value that somebody picked."""

    chosen = Signal(object)

    def __init__(self, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        for value, text in choices:
            self.addItem(text, value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_value(self, value: object) -> None:
        """Show it without telling."""
        index = self.findData(value)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if _has_focus(self, event):
            super().wheelEvent(event)


class CalmSlider(QSlider):
    """A lying slider with a tenth of its range as page step."""

    def __init__(self, steps: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, steps)
        self.setSingleStep(1)
        self.setPageStep(max(1, round(steps / 10)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if _has_focus(self, event):
            super().wheelEvent(event)


def _has_focus(field: QAbstractSpinBox | QComboBox | QSlider, event: QWheelEvent) -> bool:
    """Whether the field has the focus; if not, the wheel is left to what lies around it."""
    if not field.hasFocus():
        event.ignore()
        return False
    return True

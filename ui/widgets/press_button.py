"""A plain button beside an instrument: a click leaves the focus where it is, Tab reaches it, and then Space and Return
press it, although the window has given both keys to the transport.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton

_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def claims(event: QEvent, *others: Qt.Key) -> bool:
    """Whether this asks who wants a key that presses a focused button (or one of these others); the answer is given to
    the event.
    """
    if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
        pressing = event.key() in (*_PRESS, *others) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if pressing:
            event.accept()
            return True
    return False


def pressed_by(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press it if this is Return (Space it knows itself)."""
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        button.click()
        return True
    return False


class PressButton(QPushButton):
    """One of them."""

    def __init__(self, text: str, tip: str = "", *, checkable: bool = False) -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setCheckable(checkable)
        if tip:
            self.setToolTip(tip)
            self.setAccessibleDescription(tip)

    def event(self, event: QEvent) -> bool:
        return claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by(self, event):
            super().keyPressEvent(event)

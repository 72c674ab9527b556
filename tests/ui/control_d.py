"""Ctrl+D as Qt hands it over under X11, where it matches Delete as well; on the tests' own screen it does not."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class ControlD(QKeyEvent):
    """One of them."""

    def __init__(self, kind: QEvent.Type = QEvent.Type.KeyPress) -> None:
        super().__init__(kind, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    def matches(self, key: QKeySequence.StandardKey) -> bool:
        return key is QKeySequence.StandardKey.Delete

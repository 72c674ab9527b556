"""Which key deletes. Knows no widget.

Under X11 and on macOS Qt takes Ctrl+D for Delete as well, as text editors there do; here that key has another meaning.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


def deletes(event: QKeyEvent) -> bool:
    """Whether it is the system's key to delete what is selected."""
    return event.matches(QKeySequence.StandardKey.Delete) and event.key() != Qt.Key.Key_D

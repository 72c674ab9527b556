"""What all dialogs beside the main window have in common: nothing happens that was not meant, nothing is cut off.

Knows nothing of what a dialog is about.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog


class BesideDialog(QDialog):
    """Return works the button that has the focus, and no other; wrapped text always has the room it needs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A button takes its own Return; what arrives here came from a field, a list or nothing, and QDialog would
        # give it to whichever button stands first.
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Grow to what the text needs: wrapped text asks for its height only once its width is known."""
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        needed = layout.minimumHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
        if needed > self.height():
            self.resize(self.width(), needed)

"""Words in too little room: facts are left out whole, from the last on, before anything is cut off in the middle.

And words that somebody chose, in menus.
"""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

BETWEEN: Final = " · "


def fitted(text: str, metrics: QFontMetrics, width: int) -> str:
    """As many of the facts (parted by " · ") as fit into `width` pixels; the first one elided if even that does not."""
    parts = text.split(BETWEEN)
    while len(parts) > 1 and metrics.horizontalAdvance(BETWEEN.join(parts)) > width:
        parts.pop()
    return metrics.elidedText(BETWEEN.join(parts), Qt.TextElideMode.ElideRight, width)


def in_menu(name: str) -> str:
    """A name as a menu shows it: Qt takes a single "&" in an action's text for the mark of a key."""
    return name.replace("&", "&&")


class ElidedLabel(QLabel):
    """A label that never asks for more room than there is."""

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        said = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        painter.end()
        self.setToolTip(self.text() if said != self.text() else "")

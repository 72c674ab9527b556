"""Pictures of takes as pixmaps, painted once and kept: a list of hundreds scrolls without painting a note.

Knows how a take is painted only through `take_picture`.
"""

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from cocomposer.document.takes import KeptTake
from ui.theme import worn
from ui.widgets.take_picture import paint_take

KEPT: Final = 64
"""More than fit on any screen at once; each takes some 20 kB, four times that at 200 %."""


class TakePixmaps:
    """The last pictures asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, float, str], tuple[KeptTake, QPixmap]] = OrderedDict()
        self.painted = 0
        """How many were painted so far."""

    def pixmap(self, take: KeptTake, size: QSize, ratio: float) -> QPixmap:
        """The take in the theme worn now; `size` in device-independent pixels, `ratio` device pixels to one."""
        key = (take.id, size.width(), size.height(), ratio, worn().name)
        found = self._kept.get(key)
        if found is not None and _same_notes(found[0], take):
            self._kept.move_to_end(key)
            return found[1]
        pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_take(painter, QRectF(0, 0, size.width(), size.height()), take)
        painter.end()
        self.painted += 1
        self._kept[key] = (take, pixmap)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return pixmap


def _same_notes(a: KeptTake, b: KeptTake) -> bool:
    """Edits of the name or star keep the very same notes."""
    return a is b or (a.phrase is b.phrase and a.answer is b.answer and a.along is b.along)

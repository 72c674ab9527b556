"""A tiny histogram of how late notes went out. Painted by hand; it is given counts and knows nothing else."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cocomposer.runtime.news import LATENESS_EDGES_MS
from ui import theme
from ui.presenters.standing import LATE_MS, TOO_LATE_MS

BAR_WIDTH: Final = 4
BINS: Final = len(LATENESS_EDGES_MS) + 1
LEAST_PIXELS: Final = 2.0
"""What happened at all is seen, be it once in thousands."""


class Histogram(QWidget):
    """One bar a bin, the fullest as high as the widget; amber: a musician may notice, red: anyone does."""

    def __init__(self) -> None:
        super().__init__()
        self.bins: tuple[int, ...] = ()
        self.setFixedSize(BINS * BAR_WIDTH + 2, 18)
        self.setAccessibleName("How late notes went out lately")

    def sizeHint(self) -> QSize:
        return self.size()

    def show_bins(self, bins: tuple[int, ...]) -> None:
        """Counts by how late, in the bins of LATENESS_EDGES_MS; empty while unknown."""
        if bins != self.bins:
            self.bins = bins
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = theme.worn()
        painter = QPainter(self)
        ground = self.height() - 1.0
        painter.fillRect(QRectF(0, ground, self.width(), 1.0), QColor(worn.line))
        most = max(self.bins, default=0)
        for place, count in enumerate(self.bins):
            if count:
                high = max(LEAST_PIXELS, (ground - 1.0) * count / most)
                bar = QRectF(1 + place * BAR_WIDTH, ground - high, BAR_WIDTH - 1, high)
                painter.fillRect(bar, QColor(_colour(place, worn)))
        painter.end()


def _colour(place: int, worn: theme.Theme) -> str:
    edge = LATENESS_EDGES_MS[place] if place < len(LATENESS_EDGES_MS) else float("inf")
    return worn.good if edge <= LATE_MS else worn.warning if edge <= TOO_LATE_MS else worn.bad

"""Small shapes that are painted the same everywhere: play, stop, star. Paths only; whoever paints gives the colour."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath


def play_glyph(middle: QPointF, size: float) -> QPainterPath:
    """A triangle to the right, `size` high."""
    path = QPainterPath()
    left, half = middle.x() - size * 0.36, size / 2
    path.moveTo(left, middle.y() - half)
    path.lineTo(left + size * 0.86, middle.y())
    path.lineTo(left, middle.y() + half)
    path.closeSubpath()
    return path


def stop_glyph(middle: QPointF, size: float) -> QPainterPath:
    """A square."""
    path = QPainterPath()
    path.addRect(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size))
    return path


def star_path(middle: QPointF, radius: float) -> QPainterPath:
    """Five points."""
    path = QPainterPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.44
        angle = math.pi * (corner / 5 - 0.5)
        point = middle + QPointF(math.cos(angle), math.sin(angle)) * reach
        if corner:
            path.lineTo(point)
        else:
            path.moveTo(point)
    path.closeSubpath()
    return path

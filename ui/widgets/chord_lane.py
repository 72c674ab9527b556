"""The lane of chord names above the roll, with the key at its left. Paints what it is given; knows no harmony."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ui.presenters.roll_harmony import ChordStretch
from ui.presenters.roll_viewport import Viewport
from ui.theme import Theme

NAMES_FROM: Final = 14
"""A chord is named if it is so wide (pixels at ratio 1)."""
_MIDDLE_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def paint_chords(
    painter: QPainter, lane: QRect, chords: Sequence[ChordStretch], viewport: Viewport, font: QFont, theme: Theme
) -> None:
    """Each chord as a field as wide as it lasts, its name at its left edge; names too long for it are cut off.

    Those of a progression that is given are underlined.
    """
    ratio = viewport.ratio
    line, room = max(1, round(ratio)), round(5 * ratio)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    end_tick, first_tick = viewport.end_tick, viewport.first_tick
    seen = [chord for chord in chords if chord.tick < end_tick and chord.end_tick > first_tick]
    fields = []
    for chord in seen:
        left, right = viewport.x_of(chord.tick), viewport.x_of(chord.end_tick)
        fields.append(
            QRect(lane.left() + left, lane.top() + line, max(line, right - left - line), lane.height() - 2 * line)
        )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.raised))
    painter.drawRects(fields)
    given = [box for chord, box in zip(seen, fields, strict=True) if chord.given]
    if given:
        painter.setBrush(QColor(theme.accent))
        painter.drawRects([QRect(box.left(), box.bottom() + 1 - 2 * line, box.width(), 2 * line) for box in given])
    painter.setPen(QColor(theme.text))
    for chord, box in zip(seen, fields, strict=True):
        # The name of a chord that began further left stays in sight.
        left = max(box.left(), lane.left()) + room
        width = box.right() - left - line
        if box.width() < NAMES_FROM * ratio or width < NAMES_FROM * ratio / 2:
            continue
        text = metrics.elidedText(chord.name, Qt.TextElideMode.ElideRight, width)
        if text != "…":
            painter.drawText(QRect(left, box.top(), width + room, box.height()), _MIDDLE_LEFT, text)


def paint_key(painter: QPainter, box: QRect, name: str, font: QFont, ratio: float, theme: Theme) -> None:
    """The key, such as "D minor"; a dash while it is unclear."""
    painter.setFont(font)
    painter.setPen(QColor(theme.text if name else theme.faint_text))
    inside = box.adjusted(round(6 * ratio), 0, -round(2 * ratio), 0)
    painter.drawText(inside, _MIDDLE_LEFT, name or "Key –")

"""The chord cards as they are painted, one beside the other under a ruler of bars. Knows views and places, no mouse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPainterPath, QPen

from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.progression import CardView
from ui.theme import RADIUS, Theme

LEAST_CARD: Final = 72
"""So wide the shortest card wants to be …"""
LEAST_PER_BEAT, MOST_PER_BEAT = 40, 64
"""… but a beat takes no more than the first of these from others for it; nor do cards grow beyond the second without
need."""
_GAP: Final = 2
_INSIDE: Final = 6
_BESIDE: Final = 4
"""Between a bar line and what stands at it on the ruler, and between that and what comes next."""
SHARES: Final = (1.0, 0.88, 0.77, 0.68)
"""Of the size of letters: what has no room in one is written in the next."""
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Measures:
    """Where cards lie, for so many pixels a beat and a font."""

    per_beat: float
    ruler: int
    """Height of the bar numbers."""
    card: int
    """Height of a card."""

    def x_of(self, tick: float) -> float:
        """Left edge of what begins then."""
        return tick / TICKS_PER_BEAT * self.per_beat

    def ticks_of(self, pixels: float) -> float:
        """How long that is."""
        return pixels / self.per_beat * TICKS_PER_BEAT

    def box(self, start: int, ticks: int) -> QRectF:
        """A card's place."""
        left = self.x_of(start)
        return QRectF(left, self.ruler, self.x_of(start + ticks) - left - _GAP, self.card)


def small_of(font: QFont) -> QFont:
    """The font of facts and bar numbers."""
    small = QFont(font)
    small.setPixelSize(max(9, round(QFontInfo(font).pixelSize() * 0.85)))
    return small


def large_of(font: QFont) -> QFont:
    """The font of chord names."""
    large = QFont(font)
    large.setPixelSize(round(QFontInfo(font).pixelSize() * 1.3))
    large.setWeight(QFont.Weight.DemiBold)
    return large


def section_font_of(font: QFont) -> QFont:
    """The font of the names of sections."""
    found = small_of(font)
    found.setWeight(QFont.Weight.DemiBold)
    return found


def measures_of(font: QFont, per_beat: float, height: int = 0) -> Measures:
    """Heights that the font needs; cards as high as there is room in `height`, within reason."""
    small, large = QFontMetrics(small_of(font)).height(), QFontMetrics(large_of(font)).height()
    least = small + large + 2 * _INSIDE
    return Measures(per_beat, small + 2, max(least, min(round(1.6 * least), height - small - 4)))


@dataclass(frozen=True, slots=True)
class SectionBox:
    """The name of a section on the ruler."""

    box: QRectF
    text: str
    """As much of the name as there is room for."""


def section_boxes(
    marks: Sequence[tuple[int, str]], measures: Measures, font: QFont, end: int, bar: int
) -> list[SectionBox]:
    """Where names stand, of (tick, name): each has the room up to the next, or to the tick `end`; none if that is none.

    Behind the number of its bar where there is room for both, else in its place.
    """
    metrics, small = QFontMetrics(section_font_of(font)), QFontMetrics(small_of(font))
    found = []
    for (tick, name), (until, _) in zip(marks, [*marks[1:], (end, "")], strict=False):
        left, right = measures.x_of(tick) + _BESIDE, measures.x_of(until) - _GAP
        wide = metrics.horizontalAdvance(name) + 2 * _BESIDE
        number = 0 if tick % bar else small.horizontalAdvance(str(tick // bar + 1)) + _BESIDE
        left += number if left + number + wide <= right else 0
        room = int(right - left) - 2 * _BESIDE
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        # Qt leaves a text whole that has less than no room.
        if room > 0 and text:
            found.append(SectionBox(QRectF(left, 0, min(wide, right - left), measures.ruler - 1), text))
    return found


def paint_section(painter: QPainter, section: SectionBox, font: QFont, theme: Theme) -> None:
    """One name, in a box as rehearsal marks are."""
    painter.setBrush(QColor(theme.raised))
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawRoundedRect(section.box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(section_font_of(font))
    painter.setPen(QColor(theme.text))
    painter.drawText(section.box, Qt.AlignmentFlag.AlignCenter, section.text)


def paint_ruler(
    painter: QPainter,
    measures: Measures,
    font: QFont,
    end: int,
    bar: int,
    theme: Theme,
    taken: Sequence[QRectF] = (),
) -> None:
    """Bar numbers, and a line for each bar and beat up to the tick at which the last card ends.

    No number stands where the place is `taken`.
    """
    painter.setFont(small_of(font))
    metrics = QFontMetrics(small_of(font))
    for beat in range(math.ceil(end / TICKS_PER_BEAT)):
        x = measures.x_of(beat * TICKS_PER_BEAT)
        is_bar = beat * TICKS_PER_BEAT % bar == 0
        painter.setPen(QColor(theme.bar_line if is_bar else theme.beat_line))
        top = 0 if is_bar else measures.ruler - 4
        bottom = measures.ruler + measures.card if is_bar else measures.ruler - 1
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        if is_bar and measures.per_beat * bar / TICKS_PER_BEAT > 24:
            painter.setPen(QColor(theme.faint_text))
            number = str(beat * TICKS_PER_BEAT // bar + 1)
            place = QRectF(x + _BESIDE, 0, metrics.horizontalAdvance(number) + 1, measures.ruler - 2)
            if not any(place.intersects(box) for box in taken):
                painter.drawText(place, _LEFT, number)


def paint_card(painter: QPainter, box: QRectF, card: CardView, font: QFont, sounding: bool, theme: Theme) -> None:
    """One card: name, numeral below, length at the right; a padlock where it is locked."""
    ground = theme.line if sounding else theme.raised
    edge = theme.accent if card.selected else theme.machine if sounding else theme.line
    painter.setBrush(QColor(ground))
    painter.setPen(QPen(QColor(edge), 2 if card.selected or sounding else 1))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    if sounding:
        painter.fillRect(
            QRectF(box.left() + RADIUS, box.bottom() - 5, box.width() - 2 * RADIUS, 3), QColor(theme.machine)
        )
    inside = box.adjusted(_INSIDE, _INSIDE - 1, -_INSIDE, -_INSIDE + 1).toRect()
    small = small_of(font)
    name = QRect(inside.left(), inside.top(), inside.width(), QFontMetrics(large_of(font)).height())
    if card.locked:
        lock = QRectF(inside.right() - 8, inside.top() + 3, 9, 11)
        name.setWidth(max(0, name.width() - 12))
        _paint_lock(painter, lock, theme)
    large = fitting(card.name, font, name.width() + 2)
    painter.setFont(large)
    painter.setPen(QColor(theme.text))
    painter.drawText(
        name, _LEFT, QFontMetrics(large).elidedText(card.name, Qt.TextElideMode.ElideRight, name.width() + 2)
    )
    metrics = QFontMetrics(small)
    facts = QRect(inside.left(), inside.bottom() - metrics.height(), inside.width(), metrics.height() + 1)
    painter.setFont(small)
    painter.setPen(QColor(theme.faint_text))
    both = metrics.horizontalAdvance(f"{card.numeral}  {card.beats}") <= facts.width()
    if both:
        painter.drawText(facts, _RIGHT, card.beats)
    painter.drawText(facts, _LEFT, metrics.elidedText(card.numeral, Qt.TextElideMode.ElideRight, facts.width()))


def fitting(name: str, font: QFont, width: int) -> QFont:
    """The largest font in which a name has room (pixels), as it would be cut; else the smallest."""
    found = large_of(font)
    full = QFontInfo(found).pixelSize()
    for share in SHARES:
        found.setPixelSize(max(9, round(full * share)))
        if QFontMetrics(found).elidedText(name, Qt.TextElideMode.ElideRight, width) == name:
            break
    return found


def _paint_lock(painter: QPainter, box: QRectF, theme: Theme) -> None:
    body = QRectF(box.left(), box.top() + box.height() * 0.45, box.width(), box.height() * 0.55)
    bow = QPainterPath()
    arch = QRectF(box.left() + 1.5, box.top(), box.width() - 3, box.height() * 0.9)
    bow.arcMoveTo(arch, 0)
    bow.arcTo(arch, 0, 180)
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(bow)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    painter.drawRect(body)


def paint_place(painter: QPainter, x: float, measures: Measures, theme: Theme) -> None:
    """Where what is dragged would come to stand."""
    painter.setPen(QPen(QColor(theme.accent), 3))
    painter.drawLine(QPointF(x, 2), QPointF(x, measures.ruler + measures.card))

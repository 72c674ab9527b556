"""What lies under and around the roll's notes: rows with the scale, lines of time, the ruler with its takes, the keys.

Paints on whole device pixels what it is given and knows no session.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QPolygon

from cocomposer.document.timeline import PLAYER
from cocomposer.harmony.key import Key
from ui.presenters.roll_time import Lines, TakeSpan
from ui.presenters.roll_viewport import PITCHES, Viewport
from ui.theme import Theme
from ui.widgets.glyphs import star_path
from ui.widgets.roll_ink import mixed

BLACK: Final = frozenset({1, 3, 6, 8, 10})
BLACK_KEY_WIDTH: Final = 0.6
NAMES_FROM: Final = 8.0
"""Rows as high (pixels at ratio 1) have room for the name of their C."""
TITLES_FROM: Final = 36
_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def paint_rows(painter: QPainter, field: QRect, viewport: Viewport, key: Key | None, theme: Theme) -> None:
    """A row for each pitch; those of the key's scale are tinted, its tonic's most."""
    scale = key.scale if key is not None else frozenset()
    rows: dict[str, list[QRect]] = {"black": [], "scale": [], "tonic": []}
    edges: list[QRect] = []
    line = max(1, round(viewport.ratio))
    for pitch in range(viewport.lowest, viewport.highest + 1):
        top, end = viewport.y_of(pitch), viewport.y_of(pitch - 1)
        box = QRect(field.left(), field.top() + top, field.width(), end - top)
        pitch_class = pitch % 12
        if key is not None and pitch_class == key.tonic:
            rows["tonic"].append(box)
        elif pitch_class in scale:
            rows["scale"].append(box)
        elif pitch_class in BLACK:
            rows["black"].append(box)
        if pitch_class == 0:
            edges.append(QRect(field.left(), field.top() + end - line, field.width(), line))
    painter.fillRect(field, QColor(theme.white_row))
    painter.setPen(Qt.PenStyle.NoPen)
    colours = {"black": QColor(theme.black_row), "scale": QColor(theme.scale_row)}
    colours["tonic"] = mixed(theme.scale_row, theme.accent, 0.12)
    for name, boxes in rows.items():
        painter.setBrush(colours[name])
        painter.drawRects(boxes)
    painter.setBrush(QColor(theme.beat_line))
    painter.drawRects(edges)


def paint_lines(painter: QPainter, field: QRect, lines: Lines, ratio: float, theme: Theme) -> None:
    """Bar and beat lines through the field."""
    line = max(1, round(ratio))
    painter.setPen(Qt.PenStyle.NoPen)
    for places, colour in ((lines.beats, theme.beat_line), (lines.bars, theme.bar_line)):
        painter.setBrush(QColor(colour))
        painter.drawRects([QRect(field.left() + x, field.top(), line, field.height()) for x in places])


def paint_ruler(painter: QPainter, ruler: QRect, lines: Lines, font: QFont, ratio: float, theme: Theme) -> None:
    """The numbers of bars, or minutes and seconds where no beat is known."""
    line, room = max(1, round(ratio)), round(5 * ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.bar_line))
    high = round(6 * ratio)
    painter.drawRects([QRect(ruler.left() + x, ruler.bottom() + 1 - high, line, high) for x in lines.bars])
    painter.setFont(font)
    for x, text, is_bar in lines.labels:
        painter.setPen(QColor(theme.text if is_bar else theme.faint_text))
        painter.drawText(QRect(ruler.left() + x + room, ruler.top(), round(60 * ratio), ruler.height()), _LEFT, text)


def paint_takes(
    painter: QPainter,
    strip: QRect,
    lane_height: int,
    spans: Sequence[TakeSpan],
    selected: str | None,
    viewport: Viewport,
    font: QFont,
    theme: Theme,
) -> None:
    """Each take as a bracket over its stretch, its parts in the colours of who played them."""
    ratio = viewport.ratio
    line, thick, room = max(1, round(ratio)), max(2, round(2 * ratio)), round(6 * ratio)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    for span in spans:
        left, split, right = (viewport.x_of(tick) for tick in (span.first_tick, span.split_tick, span.end_tick))
        if right <= 0 or left >= viewport.width:
            continue
        left, split, right = (strip.left() + x for x in (left, split, right))
        top = strip.top() + span.lane * lane_height
        box = QRect(left, top, max(thick, right - left - line), lane_height)
        chosen = span.take_id == selected
        if chosen:
            painter.fillRect(box.adjusted(0, line, 0, -line), QColor(theme.accent))
        ends = top + lane_height - line - thick
        for part_left, part_right, colour in ((left, split, theme.player), (split, box.right() + 1, theme.machine)):
            if part_right > part_left:
                painter.fillRect(QRect(part_left, ends, part_right - part_left, thick), QColor(colour))
        if not chosen:
            tall = round(7 * ratio)
            painter.fillRect(QRect(left, ends + thick - tall, line, tall), QColor(theme.player))
            painter.fillRect(QRect(box.right() + 1 - line, ends + thick - tall, line, tall), QColor(theme.machine))
        words = QRect(max(left, strip.left()) + room, top, 0, lane_height - thick)
        words.setRight(box.right() - room)
        if words.width() < TITLES_FROM * ratio:
            continue
        painter.setPen(QColor(theme.window if chosen else theme.faint_text))
        if span.starred:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = QPointF(words.left() + 4 * ratio, words.center().y() + 0.5)
            painter.fillPath(star_path(middle, 5 * ratio), QColor(theme.window if chosen else theme.warning))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            words.setLeft(words.left() + round(13 * ratio))
        painter.drawText(words, _LEFT, metrics.elidedText(span.name, Qt.TextElideMode.ElideRight, words.width()))


class SideKeys:
    """The keyboard at the side, painted once for each size and colour, and what sounds on it."""

    def __init__(self) -> None:
        self._painted: tuple[object, QPixmap] | None = None

    def paint(
        self, painter: QPainter, box: QRect, viewport: Viewport, lit: dict[int, int], font: QFont, theme: Theme
    ) -> None:
        """`lit`: pitch → who of what sounds now."""
        looks = (box.size().toTuple(), viewport.row, viewport.top, viewport.ratio, theme.name)
        if self._painted is None or self._painted[0] != looks:
            pixmap = QPixmap(box.size())
            inside = QPainter(pixmap)
            self._paint_keys(inside, QRect(QPoint(0, 0), box.size()), viewport, {}, font, theme)
            inside.end()
            self._painted = looks, pixmap
        painter.drawPixmap(box, self._painted[1], self._painted[1].rect())
        if lit:
            self._paint_keys(painter, box, viewport, lit, font, theme)

    @staticmethod
    def _paint_keys(
        painter: QPainter, box: QRect, viewport: Viewport, lit: dict[int, int], font: QFont, theme: Theme
    ) -> None:
        ratio = viewport.ratio
        line = max(1, round(ratio))
        if not lit:
            painter.fillRect(box, QColor(theme.white_key))
        pitches = sorted(lit) if lit else range(max(0, viewport.lowest - 1), min(PITCHES, viewport.highest + 2))
        painter.setFont(font)
        player, machine, heart = (
            QColor(theme.player),
            QColor(theme.machine),
            mixed(theme.machine, theme.white_key, 0.55),
        )
        named = viewport.row >= NAMES_FROM * ratio
        for pitch in pitches:
            top, end = box.top() + viewport.y_of(pitch), box.top() + viewport.y_of(pitch - 1)
            pitch_class = pitch % 12
            black = pitch_class in BLACK
            width = round(box.width() * BLACK_KEY_WIDTH) if black else box.width() - line
            key = QRect(box.left(), top, width, end - top - (0 if black else line))
            if lit:
                painter.fillRect(key, player if lit[pitch] == PLAYER else machine)
                if lit[pitch] != PLAYER and key.height() > 4 * line:
                    # The machine's keys have a light heart, so that nobody needs to tell colours.
                    inner = key.adjusted(2 * line, 2 * line, -2 * line, -2 * line)
                    painter.fillRect(inner, heart)
            elif black:
                painter.fillRect(key, QColor(theme.black_key))
                painter.fillRect(
                    QRect(key.right() + 1, key.center().y(), box.width() - width, line), QColor(theme.line)
                )
            elif pitch_class in (0, 5):
                painter.fillRect(QRect(box.left(), end - line, box.width(), line), QColor(theme.line))
            if pitch_class == 0 and named:
                painter.setPen(QColor(theme.black_key))
                words = QRect(box.left(), top, box.width() - round(5 * ratio), end - top - line)
                right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(words, int(right | Qt.TextFlag.TextDontClip), f"C{pitch // 12 - 1}")
        if not lit:
            painter.fillRect(QRect(box.right() + 1 - line, box.top(), line, box.height()), QColor(theme.line))


def paint_flag(painter: QPainter, x: int, top: int, size: int, colour: QColor) -> None:
    """A small triangle that points down, its tip at (x, top + size)."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygon([QPoint(x - size, top), QPoint(x + size, top), QPoint(x, top + size)]))

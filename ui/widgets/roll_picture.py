"""The whole picture of the roll, put together from its layers, and where each of its parts lies.

Paints on whole device pixels, at fractional scaling too. Knows no session and no events.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ui.presenters.chords import eye
from ui.presenters.roll import RollView
from ui.presenters.roll_time import lines_of
from ui.theme import RADIUS, Theme
from ui.widgets.chord_lane import paint_chords, paint_key
from ui.widgets.roll_ground import SideKeys, paint_flag, paint_ruler, paint_takes
from ui.widgets.roll_ink import NoteInk, SoundingInk, paint_drafts
from ui.widgets.roll_page import RollPage

KEYS_WIDTH: Final = 76
CHORDS_HEIGHT: Final = 26
RULER_HEIGHT: Final = 20
TAKES_HEIGHT: Final = 20
"""Of one lane of takes."""
MARGIN: Final = 12
FOLLOW_TEXT: Final = "Follow the playhead"
HINT: Final = ("Play something", "on your keyboard, or on the keys below")
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class RollPlaces:
    """Where what lies, in device pixels of the widget; given its size in device-independent ones."""

    wide: float
    high: float
    ratio: float
    lanes: int

    def px(self, length: float) -> int:
        """A length in device pixels."""
        return round(length * self.ratio)

    @property
    def line(self) -> int:
        """The thinnest line."""
        return max(1, round(self.ratio))

    @property
    def lane(self) -> int:
        """Height of one lane of takes."""
        return self.px(TAKES_HEIGHT)

    @property
    def whole(self) -> QRect:
        """The widget."""
        return QRect(0, 0, self.px(self.wide), self.px(self.high))

    @property
    def chords(self) -> QRect:
        """The chord lane."""
        return self._band(0, self.px(CHORDS_HEIGHT))

    @property
    def ruler(self) -> QRect:
        """The numbers of bars."""
        return self._band(self.px(CHORDS_HEIGHT), self.px(RULER_HEIGHT))

    @property
    def takes(self) -> QRect:
        """The brackets of takes."""
        return self._band(self.px(CHORDS_HEIGHT) + self.px(RULER_HEIGHT), self.lanes * self.lane)

    @property
    def field(self) -> QRect:
        """The notes."""
        top = self.takes.bottom() + 1
        return self._band(top, max(1, self.whole.height() - top))

    @property
    def keys(self) -> QRect:
        """The keyboard at the side."""
        field = self.field
        return QRect(0, field.top(), field.left(), field.height())

    def follow(self, font: QFont) -> QRect:
        """The button that offers to follow the playhead."""
        sized = self.font(font, 12, True)
        width = QFontMetrics(sized).horizontalAdvance(FOLLOW_TEXT) + self.px(28)
        high, margin, whole = self.px(30), self.px(MARGIN), self.whole
        return QRect(whole.width() - margin - width, whole.height() - margin - high, width, high)

    def font(self, font: QFont, size: int, bold: bool = False) -> QFont:
        """The widget's font in another size."""
        made = QFont(font)
        made.setPixelSize(self.px(size))
        made.setBold(bold)
        return made

    def _band(self, top: int, height: int) -> QRect:
        left = self.px(KEYS_WIDTH)
        return QRect(left, top, max(1, self.whole.width() - left), height)


class RollPicture:
    """Keeps what can be kept from one painting to the next."""

    def __init__(self) -> None:
        self.ink = NoteInk()
        self.page = RollPage()
        self._sounding = SoundingInk()
        self._keys = SideKeys()

    def paint(
        self, painter: QPainter, view: RollView, places: RollPlaces, font: QFont, theme: Theme, focused: bool
    ) -> None:
        """All of it, on a painter that was just begun."""
        lay_on_device_pixels(painter, places.ratio)
        viewport, field = view.viewport, places.field
        lines = lines_of(view.metres, viewport)
        if view.timeline is not None:
            self.ink.take_in(view.timeline, viewport)
        self.page.paint(painter, field, view, lines, self.ink, theme)
        self._paint_notes(painter, view, field, theme)
        if view.empty:
            _paint_hint(painter, places, font, theme)
        painter.fillRect(QRect(0, 0, places.whole.width(), field.top()), QColor(theme.panel))
        paint_chords(painter, places.chords, view.chords, viewport, places.font(font, 12, True), theme)
        paint_ruler(painter, places.ruler, lines, places.font(font, 11), places.ratio, theme)
        title_font = places.font(font, 11)
        paint_takes(painter, places.takes, places.lane, view.spans, view.selected, viewport, title_font, theme)
        _paint_heads(painter, view, places, theme)
        self._paint_side(painter, view, places, font, theme)
        if view.follow_offered:
            _paint_follow(painter, places, font, theme)
        if focused:
            painter.setBrush(QColor(theme.accent))
            painter.drawRects(frame(places.whole, places.line))

    def _paint_notes(self, painter: QPainter, view: RollView, field: QRect, theme: Theme) -> None:
        viewport, timeline = view.viewport, view.timeline
        origin = QPoint(field.left() - viewport.left, field.top() - viewport.top)
        painter.translate(origin)
        self.ink.paint_fresh(painter, viewport.left, viewport.left + viewport.width, theme)
        paint_drafts(painter, view.drafts, viewport, theme)
        if timeline is not None and view.sounding:
            now_tick = (view.playhead or 0) / viewport.pixels_per_tick
            self._sounding.paint(painter, timeline, view.sounding, viewport, now_tick, theme)
        painter.translate(-origin)
        if view.cursor is not None:
            _paint_cursor(painter, view, field, view.cursor, theme)

    def _paint_side(self, painter: QPainter, view: RollView, places: RollPlaces, font: QFont, theme: Theme) -> None:
        timeline, keys = view.timeline, places.keys
        lit: dict[int, int] = {}
        if timeline is not None:
            lit = {int(timeline.pitch[row]): int(timeline.who[row]) for row in view.sounding}
        corner = QRect(0, 0, keys.width(), keys.top())
        painter.fillRect(corner, QColor(theme.panel))
        key_box = QRect(0, 0, keys.width(), places.chords.height())
        key = eye(view.key) if view.key is not None else ""
        paint_key(painter, key_box, key, places.font(font, 12), places.ratio, theme)
        painter.setClipRect(keys)
        self._keys.paint(painter, keys, view.viewport, lit, places.font(font, 10), theme)
        painter.setClipping(False)
        painter.fillRect(QRect(0, keys.top() - places.line, places.whole.width(), places.line), QColor(theme.line))


def lay_on_device_pixels(painter: QPainter, ratio: float) -> None:
    """Let one unit of the painter be one device pixel, and the origin lie on one."""
    painter.scale(1 / ratio, 1 / ratio)
    placed = painter.deviceTransform()
    painter.translate(round(placed.dx()) - placed.dx(), round(placed.dy()) - placed.dy())


def frame(box: QRect, line: int) -> list[QRect]:
    """The four sides of a box, inside of it."""
    left, top, w, h = box.left(), box.top(), box.width(), box.height()
    return [
        QRect(left, top, w, line), QRect(left, top + h - line, w, line),
        QRect(left, top + line, line, h - 2 * line), QRect(left + w - line, top + line, line, h - 2 * line),
    ]  # fmt: skip


def _paint_cursor(painter: QPainter, view: RollView, field: QRect, row: int, theme: Theme) -> None:
    timeline, viewport = view.timeline, view.viewport
    if timeline is None or row >= timeline.count:
        return
    onset, end, pitch = float(timeline.onset[row]), float(timeline.end[row]), int(timeline.pitch[row])
    if np.isinf(end):
        end = max(onset, (view.playhead or 0) / viewport.pixels_per_tick)
    line = max(2, round(2 * viewport.ratio))
    x, y = field.left() + viewport.x_of(onset), field.top() + viewport.y_of(pitch)
    wide, high = max(line, viewport.x_of(end) - viewport.x_of(onset)), viewport.y_of(pitch - 1) - viewport.y_of(pitch)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    painter.drawRects(frame(QRect(x - line, y - line, wide + 2 * line, high + 2 * line), line))


def _paint_heads(painter: QPainter, view: RollView, places: RollPlaces, theme: Theme) -> None:
    """The playhead, where an answer enters, where an audition is, and what is being recorded."""
    viewport, field, ruler = view.viewport, places.field, places.ruler
    thick, flag = max(2, places.px(2)), places.px(6)
    painter.setPen(Qt.PenStyle.NoPen)
    if view.recorded_from is not None and view.playhead is not None:
        first = max(0, view.recorded_from - viewport.left)
        end = min(field.width(), view.playhead - viewport.left)
        box = QRect(ruler.left() + first, ruler.bottom() + 1 - thick, max(0, end - first), thick)
        painter.fillRect(box, QColor(theme.bad))
    if view.entry is not None and 0 <= view.entry - viewport.left < viewport.width:
        x = field.left() + view.entry - viewport.left
        dash = places.px(6)
        painter.setBrush(QColor(theme.machine))
        painter.drawRects([QRect(x, y, thick, dash) for y in range(field.top(), field.bottom(), 2 * dash)])
        paint_flag(painter, x + thick // 2, ruler.top() + places.px(2), flag, QColor(theme.machine))
    for world, colour in ((view.auditioned, theme.accent), (view.playhead, theme.playhead)):
        if world is not None and -flag <= world - viewport.left < viewport.width + flag:
            x = field.left() + world - viewport.left
            top = ruler.bottom() + 1 - flag
            painter.fillRect(QRect(x, top, thick, places.whole.height() - top), QColor(colour))
            paint_flag(painter, x + thick // 2, top - places.px(2), flag, QColor(colour))


def _paint_hint(painter: QPainter, places: RollPlaces, font: QFont, theme: Theme) -> None:
    field, high = places.field, places.px(30)
    middle = field.center().y()
    for text, size, bold, colour, top in (
        (HINT[0], 22, True, theme.text, middle - high),
        (HINT[1], 14, False, theme.faint_text, middle + places.px(4)),
    ):
        painter.setFont(places.font(font, size, bold))
        painter.setPen(QColor(colour))
        painter.drawText(QRect(field.left(), top, field.width(), high), _CENTRE, text)


def _paint_follow(painter: QPainter, places: RollPlaces, font: QFont, theme: Theme) -> None:
    box = places.follow(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(box, places.px(RADIUS), places.px(RADIUS))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(places.font(font, 12, True))
    painter.setPen(QColor(theme.window))
    painter.drawText(box, _CENTRE, FOLLOW_TEXT)

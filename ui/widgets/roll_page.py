"""The part of the roll that stays as it is while it scrolls: rows, lines of time and the notes that are long settled.

Kept as one pixmap. Going sideways moves its pixels and paints only the strip that comes into sight; anything else that
changes paints it anew. What it shows is the same as if it had been painted at once.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui.presenters.roll import RollView
from ui.presenters.roll_time import Lines, TakeSpan
from ui.theme import Theme
from ui.widgets.roll_ground import paint_lines, paint_rows
from ui.widgets.roll_ink import NoteInk

SELECTED_TINT = 0.10


class RollPage:
    """One pixmap of the field's size."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._looks: object = None
        self._left = 0
        self.painted_whole = 0
        """How often it was painted anew so far."""

    def paint(self, painter: QPainter, field: QRect, view: RollView, lines: Lines, ink: NoteInk, theme: Theme) -> None:
        """Draw it into the field; `ink` has taken in the view's timeline."""
        viewport = view.viewport
        span = next((span for span in view.spans if span.take_id == view.selected), None)
        tinted = None if span is None else (span.first_tick, span.end_tick)
        looks = (
            field.size(), viewport.pixels_per_tick, viewport.row, viewport.ratio, viewport.top, view.key, view.metres,
            tinted, theme, ink.settled,
        )  # fmt: skip
        whole = QRect(0, 0, field.width(), field.height())
        moved = viewport.left - self._left
        if looks != self._looks or abs(moved) >= whole.width():
            if self._pixmap.size() != field.size():
                self._pixmap = QPixmap(field.size())
            self._paint(whole, whole, view, span, lines, ink, theme)
            self.painted_whole += 1
        elif moved:
            self._pixmap.scroll(-moved, 0, whole)
            strip = QRect(whole.width() - moved if moved > 0 else 0, 0, abs(moved), whole.height())
            self._paint(whole, strip, view, span, lines, ink, theme)
        self._looks, self._left = looks, viewport.left
        painter.drawPixmap(field.topLeft(), self._pixmap)

    def _paint(
        self,
        whole: QRect,
        strip: QRect,
        view: RollView,
        span: TakeSpan | None,
        lines: Lines,
        ink: NoteInk,
        theme: Theme,
    ) -> None:
        viewport = view.viewport
        painter = QPainter(self._pixmap)
        painter.setClipRect(strip)
        paint_rows(painter, whole, viewport, view.key, theme)
        paint_lines(painter, whole, lines, viewport.ratio, theme)
        if span is not None:
            colour = QColor(theme.accent)
            colour.setAlphaF(SELECTED_TINT)
            left, right = viewport.x_of(span.first_tick), viewport.x_of(span.end_tick)
            painter.fillRect(QRect(left, 0, right - left, whole.height()) & strip, colour)
        painter.translate(-viewport.left, -viewport.top)
        ink.paint_settled(painter, viewport.left + strip.left(), viewport.left + strip.right() + 1, theme)
        painter.end()

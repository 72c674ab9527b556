"""The piano roll: one widget painted by hand. It shows what its presenter says, and turns wheel, pointer and keys into
moves of the view; which take is selected and what is played is others' to decide.

Everything lies on whole device pixels, at fractional scaling too, so edges are sharp and do not shimmer when it scrolls.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ui.presenters.roll import Roll, RollView
from ui.presenters.roll_time import lines_of
from ui.presenters.session import Session
from ui.theme import RADIUS, Theme, worn
from ui.widgets.chord_lane import paint_chords, paint_key
from ui.widgets.panel import Panel
from ui.widgets.roll_ground import SideKeys, paint_flag, paint_lines, paint_rows, paint_ruler, paint_takes
from ui.widgets.roll_ink import NoteInk, paint_drafts, paint_sounding

KEYS_WIDTH: Final = 72
CHORDS_HEIGHT: Final = 26
RULER_HEIGHT: Final = 20
TAKES_HEIGHT: Final = 20
"""Of one lane of takes."""
ZOOM_STEP: Final = 1.25
NOTCH: Final = 120
"""Eighths of a degree that one notch of a wheel turns."""
SCROLL_PIXELS: Final = 72
"""Device-independent pixels a notch scrolls."""
FOLLOW_TEXT: Final = "Follow the playhead"
HINT: Final = ("Play something", "on your keyboard, or on the keys below")


class RollPanel(Panel):
    """What was and is being played, on the beat."""

    selected = Signal(str)
    """A take was chosen, by its id."""
    followed = Signal(bool)
    """Whether it follows the playhead has changed, by the pointer or wheel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("roll")
        self.setAccessibleName("Piano roll")
        self.setAccessibleDescription("Arrow keys go from note to note.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        self.roll = Roll()
        self.view: RollView = self.roll.view
        self.paints = 0
        """How often it was painted so far."""
        self.ink = NoteInk()
        self._keys = SideKeys()
        self._lanes = 1
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None
        self._wheel = QPointF()

    def sizeHint(self) -> QSize:
        return QSize(840, 520)

    # -- session -------------------------------------------------------------------------------

    def refresh(self, session: Session, now: float) -> None:
        self._measure()
        view = self.roll.look(session, now)
        if view == self.view:
            return
        self.view = view
        lanes = 1 + max((span.lane for span in view.spans), default=0)
        if lanes != self._lanes:
            self._lanes = lanes
            self._measure()
        self.update()

    @property
    def following(self) -> bool:
        """Whether the view goes with the playhead."""
        return self.roll.following

    def set_follow(self, follow: bool) -> None:
        """Go with the playhead, or let the view be."""
        if follow != self.roll.following:
            self.roll.set_following(follow)
            self.followed.emit(follow)

    def zoom_in(self) -> None:
        """Show less, larger."""
        self.roll.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        self.roll.zoom(1 / ZOOM_STEP)

    def zoom_fit(self) -> None:
        """Show all that was played."""
        self.roll.zoom_fit()

    # -- places, in device pixels --------------------------------------------------------------

    def _px(self, length: float) -> int:
        return round(length * self.devicePixelRatioF())

    def _measure(self) -> None:
        field = self.field()
        self.roll.resize(field.width(), field.height(), self.devicePixelRatioF())

    def field(self) -> QRect:
        """Where notes are, in device pixels of this widget."""
        left, top = self._px(KEYS_WIDTH), self._strip_top() + self._lanes * self._px(TAKES_HEIGHT)
        return QRect(left, top, max(1, self._px(self.width()) - left), max(1, self._px(self.height()) - top))

    def _strip_top(self) -> int:
        return self._px(CHORDS_HEIGHT) + self._px(RULER_HEIGHT)

    def _in_field(self, position: QPointF) -> tuple[float, float]:
        ratio, field = self.devicePixelRatioF(), self.field()
        return position.x() * ratio - field.left(), position.y() * ratio - field.top()

    def _lane_at(self, y: float) -> int | None:
        """The lane of takes at a pixel above (below zero) the field."""
        strip = self._strip_top() - self.field().top()
        return int((y - strip) // self._px(TAKES_HEIGHT)) if strip <= y < 0 else None

    # -- pointer -------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        keys = event.modifiers()
        x, y = self._in_field(event.position())
        ratio = self.devicePixelRatioF()
        pixels, angle = event.pixelDelta(), event.angleDelta()
        # With Alt, and with Shift on some systems, a wheel is told as turning sideways.
        turned = angle.y() or angle.x()
        if keys & Qt.KeyboardModifier.ControlModifier:
            factor = ZOOM_STEP ** (turned / NOTCH)
            if keys & Qt.KeyboardModifier.ShiftModifier:
                self.roll.zoom_rows(factor, y)
            else:
                self._user_zooms(factor, x)
        else:
            if not pixels.isNull():
                moved = QPointF(pixels) * ratio
            else:
                moved = QPointF(angle) * (SCROLL_PIXELS / NOTCH * ratio)
            if keys & Qt.KeyboardModifier.ShiftModifier and not moved.x():
                moved = QPointF(moved.y(), 0)
            self._wheel += moved
            whole = QPoint(int(self._wheel.x()), int(self._wheel.y()))
            self._wheel -= QPointF(whole)
            self._user_scrolls(-whole.x(), -whole.y())
        event.accept()

    def _user_zooms(self, factor: float, x: float) -> None:
        self.roll.zoom(factor, x)

    def _user_scrolls(self, dx: int, dy: int) -> None:
        was = self.roll.following
        self.roll.scroll(dx, dy)
        if was != self.roll.following:
            self.followed.emit(self.roll.following)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = self._dragged = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        if self._pressed is None or self._dragged is None:
            x, y = self._in_field(event.position())
            lane = self._lane_at(y)
            over = self._over_follow(position) or (lane is not None and self.roll.take_at(x, lane) is not None)
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            return
        panning = self.cursor().shape() == Qt.CursorShape.ClosedHandCursor
        if panning or (position - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            moved = QPointF(self._dragged - position) * self.devicePixelRatioF()
            self._user_scrolls(round(moved.x()), round(moved.y()))
            self._dragged = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed, self._dragged = self._pressed, None, None
        if self.cursor().shape() == Qt.CursorShape.ClosedHandCursor:
            self.unsetCursor()
        elif pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())

    def _click(self, position: QPointF) -> None:
        if self._over_follow(position.toPoint()):
            self.set_follow(True)
            return
        x, y = self._in_field(position)
        if x < 0:
            return
        if y < 0:
            span = self.roll.take_at(x, self._lane_at(y)) if self._lane_at(y) is not None else None
        else:
            row = self.roll.note_at(x, y)
            if row is None:
                return
            self._say(self.roll.put_cursor(row))
            span = self.roll.take_at(x)
        if span is not None:
            self.selected.emit(span.take_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        x, y = self._in_field(event.position())
        lane = self._lane_at(y)
        span = self.roll.take_at(x, lane) if y >= 0 or lane is not None else None
        if span is not None and x >= 0:
            self.selected.emit(span.take_id)
            self.acted.emit("play_take")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x, y = self._in_field(QPointF(event.pos()))
            row = self.roll.note_at(x, y) if x >= 0 and y >= 0 else None
            QToolTip.showText(event.globalPos(), "" if row is None else self.roll.words_of(row), self)
            return True
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    # -- keys ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, page = event.key(), int(self.roll.viewport.width * 0.8)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._say(self.roll.step_cursor(1 if key == Qt.Key.Key_Right else -1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._say(self.roll.step_cursor_up(1 if key == Qt.Key.Key_Up else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._say(self.roll.cursor_to_end(key == Qt.Key.Key_End))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._user_scrolls(page if key == Qt.Key.Key_PageDown else -page, 0)
        else:
            super().keyPressEvent(event)

    def _say(self, words: str | None) -> None:
        """Let a screen reader say it, or that there is nothing."""
        self.setAccessibleDescription(words or "There are no notes yet.")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # -- paint ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paints += 1
        theme, view, ratio = worn(), self.view, self.devicePixelRatioF()
        painter = QPainter(self)
        _lay_on_device_pixels(painter, ratio)
        field = self.field()
        whole = QRect(0, 0, self._px(self.width()), self._px(self.height()))
        lines = lines_of(view.metres, view.viewport)
        paint_rows(painter, field, view.viewport, view.key, theme)
        paint_lines(painter, field, lines, ratio, theme)
        self._paint_selected(painter, field, theme)
        self._paint_notes(painter, field, theme)
        if view.empty:
            self._paint_hint(painter, field, theme)
        self._paint_top(painter, field, lines, theme)
        lit = {int(view.timeline.pitch[row]): int(view.timeline.who[row]) for row in view.sounding} if view.timeline else {}
        side = QRect(0, field.top(), field.left(), whole.height() - field.top())
        self._keys.paint(painter, side, view.viewport, lit, self._font(10), theme)
        self._paint_heads(painter, field, theme)
        if view.follow_offered:
            self._paint_follow(painter, theme)
        if self.hasFocus():
            line = max(1, round(ratio))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            w, h = whole.width(), whole.height()
            painter.drawRects([
                QRect(0, 0, w, line), QRect(0, h - line, w, line), QRect(0, 0, line, h), QRect(w - line, 0, line, h),
            ])  # fmt: skip
        painter.end()

    def _font(self, size: int, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._px(size))
        font.setBold(bold)
        return font

    def _paint_notes(self, painter: QPainter, field: QRect, theme: Theme) -> None:
        view, viewport = self.view, self.view.viewport
        origin = QPoint(field.left() - viewport.left, field.top() - viewport.top)
        painter.translate(origin)
        if view.timeline is not None:
            self.ink.paint(painter, view.timeline, viewport, theme)
            if view.sounding:
                tick = viewport.tick_of((view.playhead or 0) - viewport.left)
                paint_sounding(painter, view.timeline, view.sounding, viewport, tick, theme)
        paint_drafts(painter, view.drafts, viewport, theme)
        painter.translate(-origin)
        if view.cursor is not None and view.timeline is not None:
            self._paint_cursor(painter, field, view.cursor, theme)

    def _paint_cursor(self, painter: QPainter, field: QRect, row: int, theme: Theme) -> None:
        timeline, viewport = self.view.timeline, self.view.viewport
        if timeline is None or row >= timeline.count:
            return
        onset = float(timeline.onset[row])
        end = min(float(timeline.end[row]), viewport.tick_of((self.view.playhead or 0) - viewport.left))
        end = float(timeline.end[row]) if timeline.end[row] < float("inf") else max(end, onset)
        pitch = int(timeline.pitch[row])
        line = max(2, self._px(2))
        x, y = field.left() + viewport.x_of(onset), field.top() + viewport.y_of(pitch)
        right, low = field.left() + viewport.x_of(end), field.top() + viewport.y_of(pitch - 1)
        box = QRect(x - line, y - line, max(self._px(3), right - x) + 2 * line, low - y + 2 * line)
        painter.setBrush(QColor(theme.accent))
        painter.drawRects([
            QRect(box.left(), box.top(), box.width(), line), QRect(box.left(), box.bottom() + 1 - line, box.width(), line),
            QRect(box.left(), box.top(), line, box.height()), QRect(box.right() + 1 - line, box.top(), line, box.height()),
        ])  # fmt: skip

    def _paint_selected(self, painter: QPainter, field: QRect, theme: Theme) -> None:
        view = self.view
        span = next((span for span in view.spans if span.take_id == view.selected), None)
        if span is None:
            return
        left = max(0, view.viewport.x_of(span.first_tick))
        right = min(field.width(), view.viewport.x_of(span.end_tick))
        if right > left:
            colour = QColor(theme.accent)
            colour.setAlphaF(0.09)
            painter.fillRect(QRect(field.left() + left, field.top(), right - left, field.height()), colour)

    def _paint_top(self, painter: QPainter, field: QRect, lines: object, theme: Theme) -> None:
        view, ratio = self.view, self.devicePixelRatioF()
        chords, strip, line = self._px(CHORDS_HEIGHT), self._strip_top(), max(1, round(ratio))
        wide = field.left() + field.width()
        painter.fillRect(QRect(0, 0, wide, field.top()), QColor(theme.panel))
        paint_chords(painter, QRect(field.left(), 0, field.width(), chords), view.chords, view.viewport,
                     self._font(12, True), theme)  # fmt: skip
        assert_lines = lines_of(view.metres, view.viewport) if lines is None else lines
        del assert_lines

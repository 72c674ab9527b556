"""The piano roll: one widget painted by hand. It shows what its presenter says, and turns wheel, pointer and keys into
moves of the view; which take is selected and what is played is others' to decide.

Everything lies on whole device pixels, at fractional scaling too, so edges are sharp and do not shimmer while it
scrolls.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
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
from ui.presenters.session import Session
from ui.theme import worn
from ui.widgets.panel import Panel
from ui.widgets.roll_picture import RollPicture, RollPlaces

ZOOM_STEP: Final = 1.25
NOTCH: Final = 120
"""Eighths of a degree that one notch of a wheel turns."""
SCROLL_PIXELS: Final = 72
"""Device-independent pixels a notch scrolls."""


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
        self.setMinimumSize(320, 128)
        self.roll = Roll()
        self.view: RollView = self.roll.view
        self.paints = 0
        """How often it was painted so far."""
        self.picture = RollPicture()
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

    # -- places --------------------------------------------------------------------------------

    def _places(self) -> RollPlaces:
        return RollPlaces(self.width(), self.height(), self.devicePixelRatioF(), self._lanes)

    def _measure(self) -> None:
        field = self._places().field
        self.roll.resize(field.width(), field.height(), self.devicePixelRatioF())

    def field(self) -> QRect:
        """Where notes are, in device pixels of this widget."""
        return self._places().field

    def _in_field(self, position: QPointF) -> tuple[float, float]:
        ratio, field = self.devicePixelRatioF(), self.field()
        return position.x() * ratio - field.left(), position.y() * ratio - field.top()

    def _lane_at(self, y: float) -> int | None:
        """The lane of takes at a pixel above (below zero) the field."""
        places = self._places()
        strip = places.takes.top() - places.field.top()
        return int((y - strip) // places.lane) if strip <= y < 0 else None

    def _over_follow(self, position: QPointF) -> bool:
        ratio = self.devicePixelRatioF()
        places = self._places()
        return self.view.follow_offered and places.follow(self.font()).contains((position * ratio).toPoint())

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
                self.roll.zoom(factor, x)
        else:
            notches = QPointF(angle) * (SCROLL_PIXELS / NOTCH * ratio)
            moved = notches if pixels.isNull() else QPointF(pixels) * ratio
            if keys & Qt.KeyboardModifier.ShiftModifier and not moved.x():
                moved = QPointF(moved.y(), 0)
            self._wheel += moved
            whole = QPoint(int(self._wheel.x()), int(self._wheel.y()))
            self._wheel -= QPointF(whole)
            self._user_scrolls(-whole.x(), -whole.y())
        event.accept()

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
            over = self._over_follow(event.position()) or (lane is not None and self.roll.take_at(x, lane) is not None)
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
        if self._over_follow(position):
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
        painter = QPainter(self)
        self.picture.paint(painter, self.view, self._places(), self.font(), worn(), self.hasFocus())
        painter.end()

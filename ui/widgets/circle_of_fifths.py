"""The circle of fifths: major keys outside, minor ones inside. A click chooses the key; a double click or a drag to the
cards gives the segment's chord. With keys: arrows go round and between the rings, Return chooses, + places.

Painted by hand; it is given a `CircleView` and knows nothing else.
"""

import math
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QDrag,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from cocomposer.harmony.key import Mode
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from ui.presenters.circle import CircleView, Segment
from ui.theme import worn

OUTER, MIDDLE, INNER = 1.0, 0.69, 0.40
"""Radii of the rings' edges, as shares of the whole."""
LEAST: Final = 128
_MARGIN: Final = 3
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_KEYS: Final = (*_STEPS, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Plus)


class CircleOfFifths(QWidget):
    """Shows and tells; the key changes when the session says so."""

    chosen = Signal(str)
    """This key is meant, by name."""
    placed = Signal(str)
    """This chord is meant to be placed, as a symbol."""

    def __init__(self) -> None:
        super().__init__()
        self.view = CircleView()
        self.current = 0
        """The segment that keys are at: its place among all."""
        self._pressed: int | None = None
        self._pressed_at = QPoint()
        self._click = QTimer(self, singleShot=True)
        self._click.timeout.connect(self._choose_pressed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST, LEAST)
        self.setAccessibleName("Circle of fifths")

    def sizeHint(self) -> QSize:
        return QSize(LEAST + 12, LEAST + 12)

    def show_view(self, view: CircleView) -> None:
        """Show it; nothing is painted where nothing changed."""
        if view == self.view:
            return
        moved = view.key != self.view.key
        self.view = view
        if moved and not self.hasFocus():
            self.current = next((n for n, one in enumerate(view.segments) if one.lit), self.current)
        self._describe()
        self.update()

    def segment_at(self, point: QPointF) -> int | None:
        """Which segment lies there; None between and around the rings."""
        offset = point - self._middle
        distance = math.hypot(offset.x(), offset.y()) / self._radius
        if not self.view.segments or not INNER <= distance <= OUTER:
            return None
        turn = math.degrees(math.atan2(offset.x(), -offset.y())) / 360 * PITCH_CLASSES
        return round(turn) % PITCH_CLASSES + (0 if distance >= MIDDLE else PITCH_CLASSES)

    def middle_of(self, number: int) -> QPointF:
        """The middle of a segment."""
        segment = self.view.segments[number]
        low, high = (MIDDLE, OUTER) if segment.mode is Mode.MAJOR else (INNER, MIDDLE)
        angle = math.radians(segment.place * 360 / PITCH_CLASSES)
        return self._middle + QPointF(math.sin(angle), -math.cos(angle)) * self._radius * (low + high) / 2

    # -- mouse -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._pressed_at = self.segment_at(event.position()), event.position().toPoint()
            if self._pressed is not None:
                self.current = self._pressed
                self._describe()
                self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._pressed is not None and far and event.buttons() & Qt.MouseButton.LeftButton:
            drag = self.drag_of(self._pressed)
            self._pressed = None
            drag.exec(Qt.DropAction.CopyAction)

    def drag_of(self, number: int) -> QDrag:
        """A drag of the segment's chord, as the text of a chart."""
        mime = QMimeData()
        mime.setText(self.view.segments[number].symbol)
        drag = QDrag(self)
        drag.setMimeData(mime)
        return drag

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._pressed is not None:
            if self.segment_at(event.position()) == self._pressed:
                # A second click would make it a chord that is placed, which must not change the key.
                self._click.start(QApplication.doubleClickInterval())
            else:
                self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._click.stop()
        self._pressed = None
        number = self.segment_at(event.position())
        if number is not None:
            self.placed.emit(self.view.segments[number].symbol)

    def _choose_pressed(self) -> None:
        if self._pressed is not None:
            self.chosen.emit(self.view.segments[self._pressed].key)
        self._pressed = None

    # -- keys --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.segment_at(QPointF(event.pos()))
            if number is not None:
                segment = self.view.segments[number]
                tip = f"{segment.spoken}\nClick: choose the key\nDouble click or drag: place {segment.symbol}"
                QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self.view.segments:
            super().keyPressEvent(event)
            return
        ring, place = divmod(self.current, PITCH_CLASSES)
        if key in _STEPS:
            self._go(ring * PITCH_CLASSES + (place + _STEPS[key]) % PITCH_CLASSES)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(place + (PITCH_CLASSES if key is Qt.Key.Key_Down else 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.view.segments[self.current].key)
        elif key is Qt.Key.Key_Plus:
            self.placed.emit(self.view.segments[self.current].symbol)
        else:
            super().keyPressEvent(event)

    def _go(self, number: int) -> None:
        self.current = number
        self._describe()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        """The segment that keys are at, for who cannot see it."""
        if not self.view.segments:
            return
        segment = self.view.segments[self.current]
        said = f"{segment.spoken}. Return chooses the key, plus places {segment.symbol}."
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            if self.hasFocus():
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # -- paint -------------------------------------------------------------------------------------

    @property
    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    @property
    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - _MARGIN

    def _path(self, segment: Segment) -> QPainterPath:
        """Its outline."""
        low, high = (MIDDLE, OUTER) if segment.mode is Mode.MAJOR else (INNER, MIDDLE)
        width = 360 / PITCH_CLASSES
        start = 90 - segment.place * width - width / 2
        path = QPainterPath()
        path.arcMoveTo(self._ring(high), start)
        path.arcTo(self._ring(high), start, width)
        path.arcTo(self._ring(low), start + width, -width)
        path.closeSubpath()
        return path

    def _ring(self, share: float) -> QRectF:
        reach = self._radius * share
        return QRectF(self._middle.x() - reach, self._middle.y() - reach, 2 * reach, 2 * reach)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for segment in self.view.segments:
            ground = theme.accent if segment.lit else theme.scale_row if segment.numeral else theme.panel
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(ground))
            painter.drawPath(self._path(segment))
        for number, segment in enumerate(self.view.segments):
            self._paint_words(painter, number, segment)
        # Rings come last, over the lines of neighbours.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for segment in self.view.segments:
            if segment.now:
                painter.setPen(QPen(QColor(theme.machine), 2.5))
                painter.drawPath(self._path(segment))
        if self.hasFocus() and self.view.segments:
            painter.setPen(QPen(QColor(theme.text), 2, Qt.PenStyle.DashLine))
            painter.drawPath(self._path(self.view.segments[self.current]))
        self._paint_key(painter)
        painter.end()

    def _paint_words(self, painter: QPainter, number: int, segment: Segment) -> None:
        theme = worn()
        major = segment.mode is Mode.MAJOR
        font = self._font(0.165 if major else 0.125, bold=bool(segment.numeral))
        painter.setFont(font)
        colour = theme.window if segment.lit else theme.text if segment.numeral else theme.faint_text
        painter.setPen(QColor(colour))
        middle = self.middle_of(number)
        box = QRectF(middle.x() - 40, middle.y() - 20, 80, 40)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, segment.label)

    def _paint_key(self, painter: QPainter) -> None:
        """In the middle, what the key is."""
        theme = worn()
        painter.setPen(QColor(theme.text if self.view.key else theme.faint_text))
        name, _, mode = self.view.key.partition(" ")
        font = self._font(0.2, bold=True)
        painter.setFont(font)
        box = self._ring(INNER)
        height = QFontMetricsF(font).height()
        upper = QRectF(box.left(), self._middle.y() - height * 0.95, box.width(), height)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, name.replace("b", "♭").replace("#", "♯") or "–")
        painter.setFont(self._font(0.125))
        painter.setPen(QColor(theme.faint_text))
        lower = QRectF(box.left(), self._middle.y() + height * 0.0, box.width(), height * 0.8)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, mode or "no key")

    def _font(self, share: float, bold: bool = False) -> QFont:
        """A font so high, as a share of the radius: it grows with the circle, not with the text around it."""
        font = QFont(self.font())
        font.setPixelSize(max(8, round(self._radius * share)))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

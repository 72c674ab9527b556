"""The piano keys on the screen: played with mouse or fingers, lit with what sounds. Painted by hand.

Knows no ports: what is played is told as messages that arrived.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QFont,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy

from cocomposer.jam.inputs import Arrived
from ui import theme
from ui.presenters.piano import Fingers, Key, Keyboard, lit
from ui.presenters.session import Session
from ui.widgets.panel import Panel

HEIGHT: Final = 84
MOUSE: Final = -1
"""The mouse's number among the fingers."""
LETTER_PIXELS: Final = 10


class PianoKeys(Panel):
    """Keys from left to right, as many as there is room for."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._clock = clock
        self._fingers = Fingers()
        self._keys = Keyboard(600.0, HEIGHT)
        self._lit: tuple[tuple[int, bool, bool], ...] = ()
        self._letters: Mapping[int, str] = {}
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(330)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Piano keys")
        self.setAccessibleDescription("Play with the mouse or with touch; lower on a key is louder")

    def sizeHint(self) -> QSize:
        return QSize(840, HEIGHT)

    def refresh(self, session: Session, now: float) -> None:
        timeline = session.document.timeline
        sounding = timeline.sounding(session.tick_at(now)) if timeline.count else []
        shown = lit(sounding, self._fingers.pitches)
        if shown != self._lit:
            self._lit = shown
            self.update()

    def show_letters(self, letters: Mapping[int, str]) -> None:
        """Pitch → the key of the computer keyboard that plays it; none while it does not play."""
        if letters != self._letters:
            self._letters = dict(letters)
            self.update()

    def silence(self) -> None:
        """Nothing is held any more."""
        self._tell(self._fingers.silence())

    # -- play ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._place(MOUSE, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._place(MOUSE, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._tell(self._fingers.lift(MOUSE))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # the second of two quick strokes

    def event(self, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.TouchBegin | QEvent.Type.TouchUpdate | QEvent.Type.TouchEnd if isinstance(
                event, QTouchEvent
            ):
                for point in event.points():
                    if point.state() == QEventPoint.State.Released:
                        self._tell(self._fingers.lift(point.id()))
                    else:
                        self._place(point.id(), point.position())
                event.accept()
                return True
            case QEvent.Type.TouchCancel | QEvent.Type.WindowDeactivate:
                self.silence()
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.silence()
        super().hideEvent(event)

    def _place(self, finger: int, place: QPointF) -> None:
        self._tell(self._fingers.place(finger, self._keys.key_at(place.x(), place.y()), place.y()))

    def _tell(self, messages: Iterable[bytes]) -> None:
        at = self._clock()
        for data in messages:
            self.commanded.emit(Arrived(at, data))

    # -- paint ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.silence()
        self._keys = Keyboard(self.width(), self.height())
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = theme.worn()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(LETTER_PIXELS)
        painter.setFont(font)
        lights = {pitch: (player, machine) for pitch, player, machine in self._lit}
        for key in (*self._keys.whites, *self._keys.blacks):
            self._paint_key(painter, key, lights.get(key.pitch, (False, False)), worn)
        painter.end()

    def _paint_key(self, painter: QPainter, key: Key, light: tuple[bool, bool], worn: theme.Theme) -> None:
        player, machine = light
        box = QRectF(key.x + 0.5, -4.0, key.width - 1.0, key.height + 3.0)
        painter.setPen(QColor(worn.window if key.black else worn.line))
        painter.setBrush(QColor(worn.black_key if key.black else worn.white_key))
        painter.drawRoundedRect(box, 3.0, 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        glow = box.adjusted(1.0, 0.0, -1.0, -1.0)
        if machine:
            painter.setBrush(QColor(worn.machine))
            painter.drawRoundedRect(glow, 3.0, 3.0)
        if player:
            # The player's light fills the key; where both play, its near half.
            painter.setBrush(QColor(worn.player))
            near = QRectF(glow.x(), glow.center().y(), glow.width(), glow.height() / 2)
            painter.drawRoundedRect(near if machine else glow, 3.0, 3.0)
        if machine:
            # A ring too, for who does not see the colours apart.
            painter.setPen(QColor(worn.black_key if worn is theme.DARK else worn.white_key))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(box.center().x(), 10.0), 3.0, 3.0)
        letter = self._letters.get(key.pitch) or (f"C{key.pitch // 12 - 1}" if key.pitch % 12 == 0 else "")
        if letter:
            dark = not key.black or player or machine
            named = key.pitch in self._letters
            ground = worn.white_key if not key.black else worn.black_key
            painter.setPen(_legible(ground if not (player or machine) else worn.machine, named, dark))
            place = QRectF(key.x - 4.0, key.height - 20.0, key.width + 8.0, 16.0)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def _legible(ground: str, named: bool, dark: bool) -> QColor:
    """Black or white, whichever stands out from the ground; the names of octaves fainter than letters to be played."""
    colour = QColor(Qt.GlobalColor.black if dark and QColor(ground).lightnessF() > 0.3 else Qt.GlobalColor.white)
    colour.setAlphaF(1.0 if named else 0.55)
    return colour

"""A big button of the transport: what it does, how it stands by colour and shape, and the wait as a filling bar.

Painted by hand. Knows no session; it is given a `BigView`.
"""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui import theme
from ui.presenters.transport import BigView, Look
from ui.widgets.press_button import claims, pressed_by

ICON: Final = 14.0
ICON_GAP: Final = 6.0
LEAST_WIDTH: Final = 92
NAME_PIXELS: Final = (15, 20)
"""Of the name, on a narrow and on a wide button."""
WIDE: Final = 124
STATE_PIXELS: Final = 12
GROUND_SHARE: Final = 0.22
"""How much of a state's colour is mixed into the ground where it does not fill it."""


@dataclass(frozen=True, slots=True)
class _Paints:
    ground: QColor
    border: QColor
    text: QColor
    state: QColor
    fill: QColor
    solid: bool
    """The shape is filled, not hollow."""


def mixed(one: str, other: str, share: float) -> QColor:
    """`share` (0–1) of one colour laid over another."""
    a, b = QColor(one), QColor(other)
    pairs = ((a.redF(), b.redF()), (a.greenF(), b.greenF()), (a.blueF(), b.blueF()))
    return QColor.fromRgbF(*(share * x + (1 - share) * y for x, y in pairs))


class BigButton(QAbstractButton):
    """Shows a view; `clicked` as any button. A click leaves the focus where it is, Tab reaches it."""

    def __init__(self, name: str, shape: str, colour: str) -> None:
        """`shape`: ring, triangle, square or cross. `colour`: the field of the theme that its lit state wears."""
        super().__init__()
        self._shape = shape
        self._colour = colour
        self._key = ""
        self.view = BigView()
        self.setText(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(LEAST_WIDTH, theme.BIG_BUTTON_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(2 * LEAST_WIDTH)

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH + 28, theme.BIG_BUTTON_HEIGHT)

    def name_key(self, key: str, tip: str) -> None:
        """The key that works it, shown while there is nothing else to say."""
        self._key = key
        self.setToolTip(f"{tip} ({key})" if key else tip)
        self.update()

    def show_view(self, view: BigView) -> None:
        """Stand like this."""
        if view == self.view:
            return
        if view.state != self.view.state:
            self.setAccessibleDescription(view.state)
        self.view = view
        self.setEnabled(view.enabled)
        self.update()

    def event(self, event: QEvent) -> bool:
        return claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paints = self._paints(theme.worn())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        width = 2.0 if focused or paints.solid or self.view.look is Look.ALARM else 1.0
        inside = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        outline = QPainterPath()
        outline.addRoundedRect(inside, theme.RADIUS, theme.RADIUS)
        painter.fillPath(outline, paints.ground)
        if self.view.fill is not None:
            painter.save()
            painter.setClipPath(outline)
            painter.fillRect(QRectF(0, 0, self.width() * self.view.fill, self.height()), paints.fill)
            painter.restore()
        painter.setPen(QPen(QColor(theme.worn().accent) if focused else paints.border, width))
        painter.drawPath(outline)
        self._paint_words(painter, paints)
        painter.end()

    def _paint_words(self, painter: QPainter, paints: _Paints) -> None:
        name = _font(self.font(), NAME_PIXELS[self.width() >= WIDE], QFont.Weight.DemiBold)
        state = _font(self.font(), STATE_PIXELS, QFont.Weight.Normal)
        words = QFontMetricsF(name).horizontalAdvance(self.text())
        whole = ICON + ICON_GAP + words
        left = max(5.0, (self.width() - whole) / 2)
        middle = self.height() / 2 - 10.0
        self._paint_shape(painter, QRectF(left, middle - ICON / 2, ICON, ICON), paints)
        painter.setFont(name)
        painter.setPen(paints.text)
        place = QRectF(left + ICON + ICON_GAP, middle - 14.0, self.width() - left - ICON - ICON_GAP, 28.0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(state)
        painter.setPen(paints.state)
        under = self.view.state or self._key
        place = QRectF(4.0, self.height() / 2 + 5.0, self.width() - 8.0, 20.0)
        under = QFontMetricsF(state).elidedText(under, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, under)

    def _paint_shape(self, painter: QPainter, box: QRectF, paints: _Paints) -> None:
        path = QPainterPath()
        inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
        match self._shape:
            case "ring":
                path.addEllipse(inner)
            case "triangle":
                path.moveTo(inner.topLeft() + QPointF(1.0, -0.5))
                path.lineTo(QPointF(inner.right() + 1.0, inner.center().y()))
                path.lineTo(inner.bottomLeft() + QPointF(1.0, 0.5))
                path.closeSubpath()
            case "square":
                path.addRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
            case _:
                for corner in range(8):
                    angle = math.pi * (2 * corner + 1) / 8
                    point = inner.center() + QPointF(math.cos(angle), math.sin(angle)) * (inner.width() / 2 + 0.5)
                    path.lineTo(point) if corner else path.moveTo(point)
                path.closeSubpath()
        painter.setPen(
            QPen(paints.text, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.setBrush(paints.text if paints.solid else Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paints(self, worn: theme.Theme) -> _Paints:
        colour = getattr(worn, self._colour)
        text, faint, raised = QColor(worn.text), QColor(worn.faint_text), QColor(worn.raised)
        if self.isDown():
            raised = QColor(worn.line)
        if not self.isEnabled():
            return _Paints(QColor(worn.panel), QColor(worn.line), faint, faint, raised, False)
        match self.view.look:
            case Look.LIT:
                on = QColor(worn.window)
                return _Paints(QColor(colour), QColor(colour), on, on, raised, True)
            case Look.HEARING:
                on = QColor(worn.window)
                return _Paints(QColor(worn.player), QColor(worn.player), on, on, raised, True)
            case Look.ARMED:
                ground, fill = mixed(colour, worn.panel, GROUND_SHARE), mixed(colour, worn.panel, 2 * GROUND_SHARE)
                return _Paints(ground, QColor(colour), text, text, fill, True)
            case Look.ON:
                return _Paints(mixed(colour, worn.panel, GROUND_SHARE), QColor(colour), text, faint, raised, False)
            case Look.ALARM:
                return _Paints(raised, QColor(worn.bad), QColor(worn.bad), faint, raised, False)
            case Look.IDLE:
                return _Paints(raised, QColor(worn.line), text, faint, raised, False)


def _font(of: QFont, pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(of)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font

"""One fact of the status bar: a lamp and a text. The lamp's shape tells its level too, not its colour alone.

Painted by hand; it is given a `Fact` and knows nothing else.
"""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.presenters.standing import Fact, Level

LAMP: Final = 9.0
LAMP_GAP: Final = 5.0


class FactLabel(QWidget):
    """Disc: good; ring: not known or nothing to say; triangle: look here; diamond: wrong. Lit: a halo around it."""

    def __init__(self, name: str, widest: str = "") -> None:
        """`widest`: a text for which there is always room, so that neighbours do not jump."""
        super().__init__()
        self.fact = Fact("")
        self._name = name
        self._widest = widest
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_fact(self, fact: Fact) -> None:
        """Say this."""
        if fact == self.fact:
            return
        before, self.fact = self.fact, fact
        if (before.text, before.tip) != (fact.text, fact.tip):
            self.setToolTip(fact.tip)
            self.setAccessibleDescription(fact.tip or fact.text)
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        wide = max(metrics.horizontalAdvance(self.fact.text), metrics.horizontalAdvance(self._widest))
        return QSize(round(LAMP + LAMP_GAP) + wide + 3, 22)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = theme.worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(
            {
                Level.NEUTRAL: worn.faint_text, Level.GOOD: worn.good, Level.WARNING: worn.warning, Level.BAD: worn.bad,
            }[self.fact.level]
        )  # fmt: skip
        centre = QPointF(LAMP / 2 + 1.0, self.height() / 2)
        if self.fact.lit:
            painter.setPen(QPen(QColor(worn.text), 1.5))
            painter.setBrush(QColor(worn.text))
            painter.drawEllipse(centre, LAMP / 2, LAMP / 2)
        else:
            _paint_lamp(painter, centre, self.fact.level, colour)
        plain = self.fact.level in (Level.NEUTRAL, Level.GOOD)
        painter.setPen(QColor(worn.faint_text) if plain else colour)
        text = QRectF(LAMP + LAMP_GAP, 0, self.width() - LAMP - LAMP_GAP, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.fact.text)
        painter.end()


def _paint_lamp(painter: QPainter, centre: QPointF, level: Level, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour)
    match level:
        case Level.NEUTRAL:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 3.0, 3.0)
        case Level.GOOD:
            painter.drawEllipse(centre, 3.0, 3.0)
        case Level.WARNING:
            painter.drawPolygon(_around(centre, (0, -4), (4, 3), (-4, 3)))
        case Level.BAD:
            painter.drawPolygon(_around(centre, (0, -4), (4, 0), (0, 4), (-4, 0)))


def _around(centre: QPointF, *corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([centre + QPointF(x, y) for x, y in corners])

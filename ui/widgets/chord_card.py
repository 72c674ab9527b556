"""One suggested chord as a card: pressed, it is placed; rested on, it is heard. Knows a `ChordCard` only."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontInfo,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.presenters.chords import ChordCard, share_words
from ui.theme import GAP, RADIUS, worn
from ui.widgets.press_button import claims, pressed_by
from ui.widgets.words import BETWEEN, fitted

SYMBOL_SIZE, SMALL_SIZE = 1.35, 0.92
"""Of the font's own size."""
LEAST_LETTERS: Final = "0 F♯m7 88 %"
"""There is room for about so much."""
ROOMY: Final = "F♯m7♭5"
"""Where this does not fit beside the probability, that moves a line down."""
WIDEST_SHARE: Final = "88 %"
INSIDE: Final = 6
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}
_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def sized(font: QFont, factor: float, bold: bool = False) -> QFont:
    """A font in another size."""
    made = QFont(font)
    made.setPixelSize(max(1, round(QFontInfo(font).pixelSize() * factor)))
    made.setBold(bold)
    return made


class SuggestionCard(QAbstractButton):
    """Shown while there is a suggestion of its number; else an empty place."""

    rested = Signal()
    """The pointer, or the focus by a key, has come."""
    left = Signal()
    """It has gone."""
    stepped = Signal(int)
    """An arrow key: so many cards further; two are a row."""
    substituted = Signal(QPoint)
    """What could stand for it is wanted, at this place of the screen."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self.card: ChordCard | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(f"Press to place it (Alt+{number}); the menu key shows what could stand for it.")
        self._show_empty()

    def show_card(self, card: ChordCard | None) -> None:
        """Show it; nothing is painted where nothing changed."""
        if card == self.card:
            return
        self.card = card
        if card is None:
            self._show_empty()
        else:
            self.setEnabled(True)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAccessibleName(f"Suggestion {card.spoken}")
            self.setToolTip(
                f"{card.name}  {card.numeral}  {share_words(card.probability)}\n{card.function}: {card.reason}\n"
                f"Place it: Alt+{card.number}. Right click: what could stand for it"
            )
        self.update()

    def _show_empty(self) -> None:
        self.setEnabled(False)
        self.unsetCursor()
        self.setToolTip("")
        self.setAccessibleName(f"Suggestion {self.number}: none yet")

    # -- size --------------------------------------------------------------------------------------

    def _lines(self) -> tuple[int, int]:
        """Heights of the line of the symbol and of a small one."""
        small = QFontMetrics(sized(self.font(), SMALL_SIZE)).height()
        return QFontMetrics(sized(self.font(), SYMBOL_SIZE, True)).height(), small

    def sizeHint(self) -> QSize:
        symbol, small = self._lines()
        wide = QFontMetrics(self.font()).horizontalAdvance(LEAST_LETTERS)
        return QSize(wide + 2 * INSIDE, symbol + 2 * small + INSIDE + GAP // 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # -- what is done with it ------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        return claims(event, *_STEPS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif not pressed_by(self, event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        self.substituted.emit(self.mapToGlobal(self.rect().bottomLeft()) if by_key else event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.rested.emit()
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
                              Qt.FocusReason.OtherFocusReason):  # fmt: skip
            self.rested.emit()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.left.emit()
        super().focusOutEvent(event)

    # -- paint ---------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, card = worn(), self.card
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if card is None:
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            painter.end()
            return
        pointed = self.underMouse() or self.isDown()
        painter.setPen(QPen(QColor(theme.faint_text if pointed else theme.line), 1))
        painter.setBrush(QColor(theme.line if self.isDown() else theme.raised))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        self._paint_words(painter, card)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.end()

    def _paint_words(self, painter: QPainter, card: ChordCard) -> None:
        theme = worn()
        high, low = self._lines()
        inside = self.rect().adjusted(INSIDE, INSIDE // 2, -INSIDE, -INSIDE // 2)
        large, small = sized(self.font(), SYMBOL_SIZE, True), sized(self.font(), SMALL_SIZE)
        names, metrics = QFontMetrics(large), QFontMetrics(small)
        first = QRect(inside.left(), inside.top(), inside.width(), high)
        second = QRect(inside.left(), first.bottom() + 1, inside.width(), low)
        third = QRect(inside.left(), second.bottom() + 1, inside.width(), low)
        share = share_words(card.probability)
        wide_number = metrics.horizontalAdvance("0") + GAP // 2
        wide_share = metrics.horizontalAdvance(WIDEST_SHARE) + GAP // 2
        narrow = inside.width() < wide_number + names.horizontalAdvance(ROOMY) + wide_share
        name = first.adjusted(wide_number, 0, 0 if narrow else -wide_share, 0)
        does = card.numeral if narrow else f"{card.numeral}{BETWEEN}{card.function}"
        why = f"{card.short_function}{BETWEEN}{card.reason}" if narrow else card.reason
        painter.setFont(small)
        painter.setPen(QColor(theme.faint_text))
        painter.drawText(first, _LEFT, str(card.number))
        painter.drawText(third, _LEFT, fitted(why, metrics, third.width()))
        painter.setPen(QColor(theme.text))
        painter.drawText(second if narrow else first, _RIGHT, share)
        painter.drawText(second, _LEFT, fitted(does, metrics, second.width() - (wide_share if narrow else 0)))
        painter.setFont(large)
        painter.drawText(name, _LEFT, names.elidedText(card.name, Qt.TextElideMode.ElideRight, name.width()))
        foot = QRectF(inside.left(), self.height() - 4, inside.width(), 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        foot.setWidth(foot.width() * card.probability)
        painter.drawRect(foot)

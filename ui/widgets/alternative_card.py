"""One alternative as a card: its picture plays it when pressed; it can be kept, or answered. Knows a `Card` only."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from ui.presenters.alternative_cards import Card, State
from ui.theme import GAP, RADIUS, worn
from ui.widgets.glyphs import play_glyph, stop_glyph
from ui.widgets.press_button import PressButton, claims, pressed_by
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.words import fitted

PICTURE: Final = 64
FACTS_PIXELS: Final = 12
LEAST_WIDTH: Final = 164


class PictureButton(QAbstractButton):
    """Number, facts and picture; pressed, it plays or stops."""

    def __init__(self, pixmaps: TakePixmaps) -> None:
        super().__init__()
        self._pixmaps = pixmaps
        self.card: Card | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, self._line() + GAP // 2 + PICTURE)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def show_card(self, card: Card) -> None:
        """Show it; nothing is painted where nothing changed."""
        if card == self.card:
            return
        self.card = card
        ready = card.state is State.READY
        self.setEnabled(ready)
        if self.accessibleName() != card.spoken:
            self.setAccessibleName(card.spoken)
            self.setAccessibleDescription(f"Press to hear it (Ctrl+{card.number})" if ready else "")
            self.setToolTip(f"{card.facts}\nHear it: Ctrl+{card.number}" if ready else card.facts)
        self.update()

    def event(self, event: QEvent) -> bool:
        return claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def _line(self) -> int:
        return QFontMetrics(self.font()).height() + 4

    def paintEvent(self, _event: QPaintEvent) -> None:
        card = self.card
        if card is None:
            return
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._line()
        picture = QRect(0, line + GAP // 2, self.width(), self.height() - line - GAP // 2)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.Bold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRect(0, 0, 20, line), Qt.AlignmentFlag.AlignVCenter, str(card.number))
        small = QFont(self.font())
        small.setPixelSize(FACTS_PIXELS)
        painter.setFont(small)
        painter.setPen(QColor(theme.faint_text))
        words = QRect(16, 0, self.width() - 16, line)
        said = card.facts if card.state is State.READY else ""
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, fitted(said, QFontMetrics(small), words.width()))
        if card.take is not None:
            self._paint_take(painter, picture, card)
        else:
            self._paint_state(painter, picture, card)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(picture).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()

    def _paint_take(self, painter: QPainter, picture: QRect, card: Card) -> None:
        theme = worn()
        assert card.picture is not None
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(picture.topLeft(), self._pixmaps.pixmap(card.picture, picture.size(), ratio))
        if self.underMouse() or card.share is not None:
            middle = QRectF(picture).center()
            disc = QColor(theme.window)
            disc.setAlphaF(0.85)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(disc)
            painter.drawEllipse(QPointF(middle), 16, 16)
            painter.setBrush(QColor(theme.text))
            painter.drawPath(play_glyph(middle, 14) if card.share is None else stop_glyph(middle, 12))
        if card.share is not None:
            painter.setPen(QPen(QColor(theme.machine), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(picture).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.playhead))
            painter.drawRect(QRectF(picture.left(), picture.bottom() - 3, picture.width() * card.share, 4))

    def _paint_state(self, painter: QPainter, picture: QRect, card: Card) -> None:
        theme = worn()
        painter.setFont(self.font())
        failed = card.state is State.FAILED
        painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.SolidLine if failed else Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(picture).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(QColor(theme.bad if failed else theme.faint_text))
        said = "Drawing …" if card.state is State.DRAWING else card.facts
        wrapped = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(picture.adjusted(GAP, 4, -GAP, -4), wrapped, said)


class AlternativeCard(QFrame):
    """The button and what can be done with it."""

    heard = Signal(int)
    """Its number."""
    kept = Signal(int)
    used = Signal(int)

    def __init__(self, pixmaps: TakePixmaps) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.picture = PictureButton(pixmaps)
        self.keep = PressButton("Keep", "Keep this answer as a take of its own")
        self.use = PressButton("Answer this", "Take it as the next phrase and answer it")
        self.picture.clicked.connect(self._tell(self.heard))
        self.keep.clicked.connect(self._tell(self.kept))
        self.use.clicked.connect(self._tell(self.used))
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP // 2)
        buttons.addWidget(self.keep, 1)
        buttons.addWidget(self.use, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP // 2, GAP, GAP)
        column.setSpacing(GAP // 2)
        column.addWidget(self.picture)
        column.addLayout(buttons)

    def show_card(self, card: Card) -> None:
        """Show it."""
        if card == self.picture.card:
            return
        before = self.picture.card
        self.picture.show_card(card)
        if before is None or (before.state, before.kept, before.number) != (card.state, card.kept, card.number):
            ready = card.state is State.READY
            self.keep.setText("Kept" if card.kept else "Keep")
            self.keep.setEnabled(ready and not card.kept)
            self.use.setEnabled(ready and card.answerable)
            self.keep.setAccessibleName(f"{self.keep.text()} alternative {card.number}")
            self.use.setAccessibleName(f"Answer alternative {card.number}")

    def _tell(self, signal: SignalInstance) -> Callable[[], None]:
        def tell() -> None:
            if self.picture.card is not None:
                signal.emit(self.picture.card.number)

        return tell

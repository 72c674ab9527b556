"""A and B above each other on one time scale, with one button that hears the other. Knows a comparison, no session."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cocomposer.document.takes import KeptTake
from ui.presenters.takes import Comparison, Sounding, along, length_ticks
from ui.theme import GAP, worn
from ui.widgets.press_button import PressButton
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.take_rows import paint_badge

PICTURE: Final = 44
_LETTER: Final = 18


class CompareView(QWidget):
    """Shown while two takes are compared."""

    toggled = Signal()
    """Hear the one that is not heard."""
    stopped = Signal()
    ended = Signal()
    """Compare no more."""

    def __init__(self, pixmaps: TakePixmaps) -> None:
        super().__init__()
        self.setAccessibleName("Compare A and B")
        self._rows = (_Row("A", pixmaps), _Row("B", pixmaps))
        self.toggle = PressButton("Hear A", "Hear the one of the two that is not heard now")
        self.stop = PressButton("Stop", "Stop what is heard")
        self.end = PressButton("Done", "Compare no more")
        self.toggle.clicked.connect(self.toggled)
        self.stop.clicked.connect(self.stopped)
        self.end.clicked.connect(self.ended)
        title = QLabel("Compare")
        title.setProperty("role", "faint")
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP // 2)
        buttons.addWidget(title)
        buttons.addStretch(1)
        for button in (self.toggle, self.stop, self.end):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, 0)
        column.setSpacing(GAP // 2)
        column.addLayout(buttons)
        for row in self._rows:
            column.addWidget(row)

    def show_view(self, view: Comparison, sounding: Sounding | None) -> None:
        """Show these two, and which of them is heard."""
        a, b = self._rows
        a.show_take(view.a, view.a_title, view.ticks, sounding)
        b.show_take(view.b, view.b_title, view.ticks, sounding)
        heard = sounding.name if sounding is not None else ""
        text = "Hear B" if heard == view.a.id else "Hear A"
        if self.toggle.text() != text:
            self.toggle.setText(text)
        self.stop.setEnabled(heard in (view.a.id, view.b.id))


class _Row(QWidget):
    """One of the two."""

    def __init__(self, letter: str, pixmaps: TakePixmaps) -> None:
        super().__init__()
        self._letter, self._pixmaps = letter, pixmaps
        self._shown: tuple[KeptTake, str, int, float | None] | None = None

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self.font()).height() + 2 + PICTURE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_take(self, take: KeptTake, title: str, ticks: int, sounding: Sounding | None) -> None:
        share = along(take, sounding)
        if self._shown is not None and self._shown[0] is take and self._shown[1:] == (title, ticks, share):
            return
        self._shown = (take, title, ticks, share)
        self.setAccessibleName(f"{self._letter}: {title}" + (", heard now" if share is not None else ""))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown is None:
            return
        take, title, ticks, share = self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.height() - PICTURE
        paint_badge(painter, QRect(0, (line - _LETTER) // 2, _LETTER, _LETTER), self._letter)
        left = _LETTER + GAP
        words = QRect(left, 0, self.width() - left, line)
        painter.setFont(self.font())
        painter.setPen(QColor(worn().text))
        fitting = QFontMetrics(self.font()).elidedText(title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, fitting)
        width = max(8, round(self.width() * length_ticks(take) / max(1, ticks)))
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, line, self._pixmaps.pixmap(take, QSize(width, PICTURE), ratio))
        if share is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn().playhead))
            painter.drawRect(QRectF(0, self.height() - 3, width * share, 3))
        painter.end()

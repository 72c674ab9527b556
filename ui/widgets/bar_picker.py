"""Choosing the bars of an answer that stay while the others are drawn anew: each is a button with its notes on it."""

from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cocomposer.document.capture import answer_bars
from cocomposer.document.takes import KeptTake
from ui.presenters.takes import title_of
from ui.theme import GAP, RADIUS, worn
from ui.widgets.press_button import PressButton
from ui.widgets.take_pixmaps import TakePixmaps

BAR_WIDTH: Final = 96
LEAST_BAR_WIDTH: Final = 44
BAR_HEIGHT: Final = 104
_WORD: Final = 20
PREFERRED_WIDTH: Final = 640


class BarButton(QAbstractButton):
    """One bar; checked while it stays."""

    walked = Signal(int)
    """Go so many bars further, from this one."""

    def __init__(self, number: int, word: str, notes: KeptTake, pixmaps: TakePixmaps) -> None:
        super().__init__()
        self._number, self._notes, self._pixmaps = number, notes, pixmaps
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(LEAST_BAR_WIDTH, BAR_HEIGHT)
        self._word = word
        self.toggled.connect(self._name)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._word} {self._number}, {'kept' if self.isChecked() else 'drawn anew'}")

    def sizeHint(self) -> QSize:
        return QSize(BAR_WIDTH, BAR_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from bar to bar, Home and End to the first and last."""
        far = 1 << 16
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -far, Qt.Key.Key_End: far}
        if event.key() in step:
            self.walked.emit(step[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kept = self.isChecked()
        whole = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(theme.machine if kept else theme.line), 2 if kept else 1))
        painter.setBrush(QColor(theme.raised if kept else theme.panel))
        painter.drawRoundedRect(whole, RADIUS, RADIUS)
        picture = QRect(5, 5 + _WORD, self.width() - 10, self.height() - 10 - 2 * _WORD)
        painter.setOpacity(1.0 if kept else 0.35)
        painter.drawPixmap(
            picture.topLeft(), self._pixmaps.pixmap(self._notes, picture.size(), self.devicePixelRatioF())
        )
        painter.setOpacity(1.0)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRect(0, 4, self.width(), _WORD), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(QColor(theme.text if kept else theme.faint_text))
        below = QRect(0, self.height() - _WORD - 4, self.width(), _WORD)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "keep" if kept else "new")
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(whole.adjusted(2, 2, -2, -2), RADIUS - 2, RADIUS - 2)
        painter.end()


class BarPicker(QDialog):
    """A dialog; accepted, `kept_bars` says what was chosen."""

    def __init__(self, take: KeptTake, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keep some bars")
        pixmaps = TakePixmaps()
        # Where no beat is known a stretch of the answer is no bar.
        word = "Bar" if take.beat_known else "Part"
        plural = "bars" if take.beat_known else "parts"
        title = QLabel(title_of(take))
        title.setProperty("role", "title")
        title.setTextFormat(Qt.TextFormat.PlainText)
        said = QLabel(f"Choose the {plural} that stay; the others are drawn anew.")
        said.setProperty("role", "faint")
        said.setWordWrap(True)
        self.bars = [
            BarButton(place + 1, word, _only(take, place, span), pixmaps)
            for place, span in enumerate(answer_bars(take))
        ]
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        for bar in self.bars:
            row.addWidget(bar, 1)
            bar.toggled.connect(self._changed)
            bar.walked.connect(self._walk)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(strip)
        area.setFixedHeight(BAR_HEIGHT + area.horizontalScrollBar().sizeHint().height())
        self._area = area
        count, half = len(self.bars), (len(self.bars) + 1) // 2
        quick = QHBoxLayout()
        quick.setSpacing(GAP // 2)
        self.quick: dict[str, PressButton] = {}
        for text, chosen in (
            ("All", range(count)),
            ("None", range(0)),
            ("First half", range(half)),
            ("Last half", range(count // 2, count)),
        ):
            button = PressButton(text, f"Keep {text.lower()}")
            button.clicked.connect(self._choosing(frozenset(chosen)))
            quick.addWidget(button)
            self.quick[text] = button
        quick.addStretch(1)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self.box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.draw = self.box.addButton("Draw the rest", QDialogButtonBox.ButtonRole.AcceptRole)
        self.draw.setDefault(True)
        self.box.accepted.connect(self.accept)
        self.box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        for widget in (title, said, area):
            column.addWidget(widget)
        column.addLayout(quick)
        column.addWidget(self._hint)
        column.addWidget(self.box)
        self._plural = plural
        self.choose(frozenset(range(count // 2)))
        if self.bars:
            self.bars[0].setFocus(Qt.FocusReason.TabFocusReason)
        self.resize(PREFERRED_WIDTH, self.sizeHint().height())

    @property
    def kept_bars(self) -> frozenset[int]:
        """The bars that stay, counted from 0 at the answer's first."""
        return frozenset(place for place, bar in enumerate(self.bars) if bar.isChecked())

    def choose(self, kept: frozenset[int]) -> None:
        """Keep just these."""
        for place, bar in enumerate(self.bars):
            bar.setChecked(place in kept)
        self._changed()

    def _choosing(self, kept: frozenset[int]) -> Callable[[], None]:
        return lambda: self.choose(kept)

    def _changed(self) -> None:
        left = len(self.bars) - len(self.kept_bars)
        self.draw.setEnabled(left > 0)
        noun = self._plural[:-1] if left == 1 else self._plural
        said = (
            f"{left} {noun} will be drawn anew." if left else f"Leave at least one of the {self._plural} to be drawn."
        )
        self._hint.setText(said)

    def _walk(self, by: int) -> None:
        place = next((place for place, bar in enumerate(self.bars) if bar is self.focusWidget()), 0) + by
        bar = self.bars[min(len(self.bars) - 1, max(0, place))]
        bar.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(bar)

    @staticmethod
    def ask(take: KeptTake, parent: QWidget | None = None) -> frozenset[int] | None:
        """Ask the musician; None if it was cancelled."""
        picker = BarPicker(take, parent)
        accepted = picker.exec() == QDialog.DialogCode.Accepted
        kept = picker.kept_bars
        picker.deleteLater()
        return kept if accepted else None


def _only(take: KeptTake, place: int, span: tuple[int, int]) -> KeptTake:
    """The answer's notes that begin within a bar."""
    first, end = span
    notes = tuple(note for note in take.answer if first <= note.onset_tick < end)
    return msgspec.structs.replace(take, id=f"{take.id} bar {place}", phrase=(), answer=notes)

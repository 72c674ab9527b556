"""The chord that sounds, large, with how sure that is and what else it may be; and the chords before it.

Painted by hand, and only when what is shown has changed. Knows a `ChordsView` only.
"""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.presenters.chords import ChordsView, Named, share_words
from ui.theme import GAP, RADIUS, worn
from ui.widgets.chord_card import SMALL_SIZE, sized
from ui.widgets.press_button import claims, pressed_by
from ui.widgets.words import fitted

NOW_SIZE: Final = 2.0
"""Of the font's own size."""
WIDEST: Final = "F♯m7♭5/C♯"
"""There is room for this at least."""
BAR: Final = 4
BETWEEN: Final = 12
NO_CHORD: Final = "–"
NOTHING: Final = "What sounds now, with how sure that is"
_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class NowChord(QAbstractButton):
    """Pressed, it shows what could stand for the chord."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, float, tuple[tuple[str, float], ...], bool] = ("", 0.0, (), False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setEnabled(False)
        self.setAccessibleName("Chord now: none")
        self.setToolTip(NOTHING)

    def show_view(self, view: ChordsView) -> None:
        """Show what sounds."""
        shown = view.now, view.confidence, view.alternatives, view.given
        if shown == self._shown:
            return
        self._shown = shown
        self.setEnabled(bool(view.now))
        sure = "from the progression" if view.given else share_words(view.confidence)
        others = ", ".join(f"{name} {share_words(share)}" for name, share in view.alternatives)
        self.setAccessibleName(f"Chord now: {view.now}, {sure}" if view.now else "Chord now: none")
        self.setAccessibleDescription(f"It may also be {others}." if others else "")
        lines = (f"{view.now}: {sure}", f"Or {others}" if others else "", "Press: what could stand for it")
        self.setToolTip("\n".join(filter(None, lines)) if view.now else NOTHING)
        self.update()

    def event(self, event: QEvent) -> bool:
        return claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by(self, event):
            super().keyPressEvent(event)

    def _heights(self) -> tuple[int, int]:
        return (
            QFontMetrics(sized(self.font(), NOW_SIZE, True)).height(),
            QFontMetrics(sized(self.font(), SMALL_SIZE)).height(),
        )

    def sizeHint(self) -> QSize:
        large, small = self._heights()
        wide = QFontMetrics(sized(self.font(), NOW_SIZE, True)).horizontalAdvance(WIDEST)
        return QSize(wide + GAP, large + BAR + GAP // 2 + small)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        name, confidence, alternatives, given = self._shown
        theme, (high, low) = worn(), self._heights()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        large, small = sized(self.font(), NOW_SIZE, True), sized(self.font(), SMALL_SIZE)
        inside = QRect(GAP // 2, 0, self.width() - GAP, high)
        painter.setFont(large)
        painter.setPen(QColor(theme.text if name else theme.faint_text))
        said = QFontMetrics(large).elidedText(name or NO_CHORD, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, _LEFT, said)
        groove = QRectF(inside.left(), high, inside.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
        if name and not given:
            groove.setWidth(max(BAR, groove.width() * confidence))
            painter.setBrush(QColor(theme.faint_text))
            painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
        painter.setFont(small)
        painter.setPen(QColor(theme.faint_text))
        words = (
            "given by the progression"
            if given
            else " · ".join(f"{other} {share_words(share)}" for other, share in alternatives)
        )
        below = QRect(inside.left(), high + BAR + GAP // 2, inside.width(), low)
        painter.drawText(below, _LEFT, fitted(words, QFontMetrics(small), below.width()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()


class ChordsSoFar(QWidget):
    """The last chords with their numerals, the newest at the right; what has no room is left out from the oldest on."""

    def __init__(self) -> None:
        super().__init__()
        self._chords: tuple[Named, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Chords so far")
        self.setAccessibleDescription("none")

    def show_chords(self, chords: tuple[Named, ...]) -> None:
        """Show these."""
        if chords == self._chords:
            return
        self._chords = chords
        spoken = ", ".join(f"{one.name} {one.numeral}".strip() for one in chords)
        self.setAccessibleDescription(spoken or "none")
        self.setToolTip(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, QFontMetrics(self.font()).height() + QFontMetrics(sized(self.font(), SMALL_SIZE)).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        bold, small = sized(self.font(), 1.0, True), sized(self.font(), SMALL_SIZE)
        names, numerals = QFontMetrics(bold), QFontMetrics(small)
        fields: list[tuple[Named, int]] = []
        room = self.width()
        for one in reversed(self._chords):
            wide = max(names.horizontalAdvance(one.name), numerals.horizontalAdvance(one.numeral))
            if wide > room:
                break
            fields.append((one, wide))
            room -= wide + BETWEEN
        x = 0
        for place, (one, wide) in enumerate(reversed(fields)):
            is_last = place == len(fields) - 1
            painter.setFont(bold if is_last else self.font())
            painter.setPen(QColor(theme.text if is_last else theme.faint_text))
            painter.drawText(QRect(x, 0, wide + BETWEEN, names.height()), _LEFT, one.name)
            painter.setFont(small)
            painter.setPen(QColor(theme.faint_text))
            painter.drawText(QRect(x, names.height(), wide + BETWEEN, numerals.height()), _LEFT, one.numeral)
            x += wide + BETWEEN
        painter.end()

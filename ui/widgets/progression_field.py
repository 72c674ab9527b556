"""The row of chord cards as it lies there: the view it shows, where each card is, and how all of it is painted.

What the hand does with it is `progression_row`'s.
"""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.progression import CardView, ProgressionView, beats_words
from ui.theme import GAP, RADIUS, worn
from ui.widgets.progression_cards import (
    LEAST_CARD,
    LEAST_PER_BEAT,
    MOST_PER_BEAT,
    Measures,
    measures_of,
    paint_card,
    paint_place,
    paint_ruler,
    paint_section,
    section_boxes,
)

EDGE: Final = 6
"""So near its right edge a card is lengthened rather than moved."""
EMPTY: Final = "Type chords below, press a suggestion, or drag a key of the circle here."


class CardField(QWidget):
    """Shows the cards of a view."""

    reached = Signal(QRect)
    """This part of it should be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.view = ProgressionView()
        self.sounding: int | None = None
        self._resizing: tuple[int, int] | None = None
        """Number and length of the card whose edge is dragged."""
        self._place: int | None = None
        """Where what is dragged would come to stand."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Progression, no chords yet")

    def show_view(self, view: ProgressionView) -> None:
        """Become this row; nothing is painted where nothing changed."""
        if (view.cards, view.ticks_per_bar) == (self.view.cards, self.view.ticks_per_bar):
            self.view = view
            return
        before, self.view = self.view.cards, view
        if [card.ticks for card in before] != [card.ticks for card in view.cards]:
            self.setMinimumWidth(self._least_width())
            self.updateGeometry()
        self._describe()
        self.update()

    def show_sounding(self, number: int | None) -> None:
        """Light the card that sounds."""
        if number != self.sounding:
            self.sounding = number
            self.update()
            if number is not None and number < len(self.view.cards):
                self.reached.emit(self.box_of(number))

    def box_of(self, number: int) -> QRect:
        """A card's place."""
        card = self.view.cards[number]
        return self._measures().box(card.start, card.ticks).toRect()

    # -- places -------------------------------------------------------------------------------------

    def _ticks(self) -> int:
        return self.view.cards[-1].start + self.view.cards[-1].ticks if self.view.cards else 0

    def _least_width(self) -> int:
        if not self.view.cards:
            return 0
        per_beat = min(LEAST_PER_BEAT, self._wanted_per_beat())
        return round(self._ticks() / TICKS_PER_BEAT * per_beat) + GAP

    def _wanted_per_beat(self) -> float:
        """So many pixels a beat give the shortest card the room that it wants."""
        return LEAST_CARD / (min(card.ticks for card in self.view.cards) / TICKS_PER_BEAT) if self.view.cards else 0.0

    def _measures(self) -> Measures:
        beats = max(1.0, self._ticks() / TICKS_PER_BEAT)
        most = max(MOST_PER_BEAT, self._wanted_per_beat())
        return measures_of(self.font(), min(most, (self.width() - GAP) / beats), self.height())

    def sizeHint(self) -> QSize:
        measures = measures_of(self.font(), LEAST_PER_BEAT)
        return QSize(max(240, self._least_width()), measures.ruler + measures.card + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least_width(), self.sizeHint().height())

    def _card_at(self, point: QPointF) -> int | None:
        return next(
            (card.number for card in self.view.cards if self.box_of(card.number).contains(point.toPoint())), None
        )

    def _edge_at(self, point: QPointF) -> int | None:
        """The card whose right edge is there."""
        for card in reversed(self.view.cards):
            if self._measures().ruler <= point.y() and abs(self.box_of(card.number).right() - point.x()) <= EDGE:
                return card.number
        return None

    def _place_at(self, point: QPointF) -> int:
        """Before which card something dropped there comes."""
        return sum(self.box_of(card.number).center().x() < point.x() for card in self.view.cards)

    def _selected(self) -> tuple[int, ...]:
        return tuple(card.number for card in self.view.cards if card.selected)

    def _describe(self) -> None:
        """What is selected, for who cannot see it."""
        chosen = [card.spoken for card in self.view.cards if card.selected]
        count = len(self.view.cards)
        self.setAccessibleName(
            f"Progression, {count or 'no'} chord{'' if count == 1 else 's'}{'' if count else ' yet'}"
        )
        if "; ".join(chosen) != self.accessibleDescription():
            self.setAccessibleDescription("; ".join(chosen))
            if self.hasFocus():
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # -- paint -------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, measures = worn(), self._measures()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.view.cards:
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.muted), 1, Qt.PenStyle.DashLine))
            field = self.rect().adjusted(1, 1, -2, -2)
            painter.drawRoundedRect(field, RADIUS, RADIUS)
            painter.setPen(QColor(theme.faint_text))
            words = field.adjusted(GAP, 4, -GAP, -4)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), EMPTY)
        else:
            laid_out = self._laid_out()
            end = laid_out[-1][1] + laid_out[-1][2]
            font, bar = self.font(), self.view.ticks_per_bar
            marks = [(start, card.section) for card, start, _ in laid_out if card.section]
            sections = section_boxes(marks, measures, font, end, bar)
            paint_ruler(painter, measures, font, end, bar, theme, [section.box for section in sections])
            for card, start, ticks in laid_out:
                box = measures.box(start, ticks)
                paint_card(painter, box, card, font, card.number == self.sounding, theme)
            for section in sections:
                paint_section(painter, section, font, theme)
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._place is not None:
            ends = [0.0, *(measures.x_of(card.start + card.ticks) for card in self.view.cards)]
            paint_place(painter, max(1.5, ends[self._place] - 1), measures, theme)
        painter.end()

    def _laid_out(self) -> list[tuple[CardView, int, int]]:
        """Each card with start and length, as it will be if the edge that is dragged is let go."""
        found, start = [], 0
        for before in self.view.cards:
            card = before
            if self._resizing is not None and self._resizing[0] == card.number:
                card = replace(card, ticks=self._resizing[1], beats=beats_words(self._resizing[1]))
            found.append((card, start, card.ticks))
            start += card.ticks
        return found

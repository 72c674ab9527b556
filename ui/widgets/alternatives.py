"""Four other answers side by side: hear each, keep what is good, or ask for four more."""

from datetime import UTC, datetime
from typing import Final

import msgspec
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from cocomposer.document.edits import AddTake
from cocomposer.document.takes import TakeKind
from cocomposer.jam.inputs import Offer
from ui.presenters.alternative_cards import Card, CardsPresenter, CardsView, lettered
from ui.presenters.session import Session
from ui.theme import GAP
from ui.widgets.alternative_card import LEAST_WIDTH, AlternativeCard
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.words import ElidedLabel

WIDEST_CARD: Final = 420


class AlternativesPanel(Panel):
    """Shown while there are alternatives."""

    selected = Signal(str)
    """What follows concerns this take."""

    def __init__(self) -> None:
        super().__init__()
        self._presenter = CardsPresenter()
        self._pixmaps = TakePixmaps()
        self._session: Session | None = None
        self._view: CardsView | None = None
        self._columns = 0
        self.cards: list[AlternativeCard] = []
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        self._waiting = QLabel()
        self._waiting.setProperty("role", "faint")
        self.more = PressButton("Four more", "Draw four more of them")
        self.close_button = PressButton("Close", "Close; what you kept stays among the takes")
        self.more.clicked.connect(self._ask_more)
        self.close_button.clicked.connect(lambda: self.acted.emit("close_alternatives"))
        self.setAccessibleName("Alternatives")
        top = QHBoxLayout()
        top.setSpacing(GAP // 2)
        top.addWidget(self.title)
        top.addWidget(self._waiting, 1)
        top.addWidget(self.more)
        top.addWidget(self.close_button)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addLayout(self._grid)

    def refresh(self, session: Session, now: float) -> None:
        self._session = session
        view = self._presenter.view(session, now)
        if view is None or view == self._view:
            return
        before, self._view = self._view, view
        if before is None or (before.title, before.waiting, before.only_gaps) != (
            view.title, view.waiting, view.only_gaps
        ):  # fmt: skip
            self.title.setText(view.title)
            self._waiting.setText(f"{view.waiting} to come" if view.waiting else "")
            self.more.setText("Other bars …" if view.only_gaps else "Four more")
            self.more.setToolTip("Choose the bars to keep" if view.only_gaps else "Draw four more of them")
        if len(view.cards) != len(self.cards):
            self._make_cards(len(view.cards))
        for card, shown in zip(self.cards, view.cards, strict=True):
            card.show_card(shown)

    # -- parts -------------------------------------------------------------------------------------

    def _make_cards(self, count: int) -> None:
        while len(self.cards) > count:
            card = self.cards.pop()
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < count:
            card = AlternativeCard(self._pixmaps)
            card.setMaximumWidth(WIDEST_CARD)
            card.heard.connect(lambda number: self.acted.emit(f"audition_{number}"))
            card.kept.connect(self._keep)
            card.used.connect(self._use)
            self.cards.append(card)
        self._columns = 0
        self._place_cards()

    def _place_cards(self) -> None:
        room = (self.width() - GAP) // (LEAST_WIDTH + 3 * GAP)
        columns = 4 if room >= 4 else 2
        if columns == self._columns:
            return
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < min(columns, len(self.cards)) else 0)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the cards stand now: they move below each other then."""
        return QSize(2 * (LEAST_WIDTH + 4 * GAP), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_cards()
        super().resizeEvent(event)

    # -- meanings ----------------------------------------------------------------------------------

    def _shown(self, number: int) -> Card | None:
        return None if self._view is None else self._view.cards[number - 1]

    def _ask_more(self) -> None:
        if self._view is not None:
            self.selected.emit(self._view.take_id)
            self.acted.emit("regenerate" if self._view.only_gaps else "more_alternatives")

    def _keep(self, number: int) -> None:
        card, session = self._shown(number), self._session
        source = None if session is None or self._view is None else session.document.take(self._view.take_id)
        if session is None or source is None or card is None or card.take is None:
            return
        document = session.document
        kept = msgspec.structs.replace(
            card.take,
            id=document.new_id(TakeKind.ALTERNATIVE),
            number=document.next_number(TakeKind.ALTERNATIVE),
            name=lettered(source, document.takes),
            created_at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        )
        self.edited.emit(AddTake(kept))

    def _use(self, number: int) -> None:
        card = self._shown(number)
        if card is not None and card.take is not None:
            self.commanded.emit(Offer(card.drawn, answer=True))

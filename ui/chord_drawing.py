"""Asks the engine's chord model for the row of cards: a gap, an ending, other chords; and places what came. Without Qt.

What is asked and what becomes of it is planned in `presenters.progression_asking`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from cocomposer.document.progression import Card, Progression
from cocomposer.jam import outputs
from cocomposer.jam.inputs import Suggest
from cocomposer.runtime.news import FromFront
from ui.presenters import progression_edits as edits
from ui.presenters.progression import row_key
from ui.presenters.progression_asking import ENDINGS, OtherChords, Setting, cadence, fill
from ui.presenters.progression_edits import Change, RowError
from ui.presenters.progression_state import Offers
from ui.presenters.session import Session

FIRST_REQUEST: Final = 1 << 20
"""Questions of the row are numbered from here: those of the chord panel stay below."""


class ChordDrawing:
    """What is asked for the row of one session."""

    def __init__(
        self, session: Session, send: Callable[[FromFront], bool], make: Callable[[Callable[[], Change]], None]
    ) -> None:
        """`send` tells whether there is an engine; `make` makes a change of the row, or says why it cannot be."""
        self._session, self._send, self._make = session, send, make
        self._request = FIRST_REQUEST
        self._asked: Offers | None = None
        self._others = OtherChords()
        self._drawing: Progression | None = None
        """What other chords are drawn for."""

    @property
    def _row(self) -> Progression:
        return self._session.document.progression

    @property
    def _selected(self) -> tuple[int, ...]:
        return self._session.row.selected_of(len(self._row.cards))

    @property
    def _setting(self) -> Setting:
        wish, key = self._session.chord_wish, row_key(self._session)
        return Setting(key, self._session.settings.beats_per_bar, wish.style, wish.surprise)

    def begin(self) -> None:
        """There is another document: nothing was asked yet."""
        self._asked = self._drawing = None
        self._others = OtherChords()

    def fill(self, count: int = 1) -> None:
        """Ask for chords between the outer two selected cards."""
        self._ask(lambda setting, request: fill(self._row, self._selected, count, setting, request))

    def cadence(self, ending: str = ENDINGS[0]) -> None:
        """Ask for an ending."""
        self._ask(lambda setting, request: cadence(self._row, ending, setting, request))

    def choose(self, number: int) -> None:
        """Place one of the lines that are offered."""
        offers = self._session.row.offers
        if offers is None or number >= len(offers.lines):
            return
        line = offers.lines[number]
        cards = [Card(symbol, ticks) for symbol, ticks in zip(line.symbols, offers.ticks, strict=True)]
        self._make(lambda: edits.exchanged(self._row, offers.first, offers.end, cards, offers.what))

    def drop_offers(self) -> None:
        """None of them."""
        self._session.row.offers = self._asked = None
        self._session.row.waiting = False

    def other_chords(self) -> None:
        """Other chords on the selected cards that are not locked, or on all of those."""
        self._request += 1
        self.drop_offers()
        try:
            self._others.begin(self._row, self._selected, self._setting, self._request)
        except RowError as error:
            self._session.say(str(error))
            return
        self._drawing = self._row
        self._ask_next()

    def take_in(self, news: outputs.Suggested) -> bool:
        """Note what came; whether it was asked for here."""
        if news.request < FIRST_REQUEST:
            return False
        row = self._session.row
        if self._others.take_in(news):
            self._ask_next()
        elif self._asked is not None and news.request == self._request:
            asked, self._asked, row.waiting = self._asked, None, False
            if news.failure is not None or not news.lines:
                self._session.say(news.failure or "Nothing was found; choose other chords.")
            elif asked.cards == self._row.cards:
                row.offers = replace(asked, lines=news.lines)
        return True

    def _ask(self, plan: Callable[[Setting, int], tuple[Suggest, Offers]]) -> None:
        self._request += 1
        self._drawing = None
        self.drop_offers()
        try:
            wanted, offers = plan(self._setting, self._request)
        except RowError as error:
            self._session.say(str(error))
            return
        if self._send(wanted):
            self._asked, self._session.row.waiting = offers, True

    def _ask_next(self) -> None:
        wanted, row = self._others.next_request(), self._session.row
        row.waiting = wanted is not None and self._drawing is self._row and self._send(wanted)
        if row.waiting or self._drawing is not self._row:
            return  # or the cards were changed meanwhile: nobody wants these any more
        self._drawing = None
        if self._others.failure is not None:
            self._session.say(self._others.failure)
        elif self._others.cards is not None:
            drawn = msgspec.structs.replace(self._row, cards=self._others.cards)
            self._make(lambda: Change(drawn, "draw other chords", self._selected))

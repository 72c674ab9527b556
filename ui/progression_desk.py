"""Carries out what is meant with the row of chord cards: edits of the document. Without Qt; part of the
conductor. What the chord model is asked is `chord_drawing`'s, what plays `chord_player`'s.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from cocomposer.document.edits import Edit, SetProgression
from cocomposer.document.progression import Card, Progression
from cocomposer.document.takes import KeptTake
from cocomposer.harmony.key import key_named
from cocomposer.harmony.names.symbols import UnknownChord, read_symbol
from cocomposer.harmony.voicing.rules import Style
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.runtime.news import FromFront
from ui.chord_drawing import ChordDrawing
from ui.chord_player import ChordPlayer
from ui.presenters import progression_edits as edits
from ui.presenters.progression import row_key
from ui.presenters.progression_edits import Change, RowError
from ui.presenters.progression_sources import Cards, Span, as_written, cards_of_spans, cards_of_text, spans_of_take
from ui.presenters.progression_state import RowState
from ui.presenters.session import Session

FIRST_REQUEST: Final = 1 << 20
"""Questions of the row are numbered from here: those of the chord panel stay below."""


class ProgressionDesk:
    """The row of one session."""

    def __init__(
        self,
        session: Session,
        send: Callable[[FromFront], bool],
        edit: Callable[[Edit], None],
        take: Callable[[], KeptTake | None],
    ) -> None:
        """`send` tells whether there is an engine; `edit` changes the document; `take`: the selected one."""
        self._session, self._edit, self._take = session, edit, take
        self._key = ""
        """The key that was last chosen for the cards."""
        self._chosen: dict[Progression, tuple[int, ...]] = {}
        """What was selected when a row was changed, and then; undo and redo come back to it."""
        self._seen = self.row
        self.drawing = ChordDrawing(session, send, self._do)
        self.player = ChordPlayer(session, send)
        self.acts: dict[str, Callable[[], object]] = {
            "play_chords": lambda: self.player.play(not session.chords.sound),
            "lock_chords": lambda: self.player.lock(not session.chords.lock),
            "fill_gap": self.drawing.fill,
            "end_cadence": self.drawing.cadence,
            "other_chords": self.drawing.other_chords,
            "chords_of_take": self.take_over,
            "chords_of_jam": self.take_over_heard,
            "chords_up": partial(self.transpose, 1),
            "chords_down": partial(self.transpose, -1),
        }
        """What an action of the window does here."""

    @property
    def session(self) -> Session:
        """What is shown."""
        return self._session

    @property
    def row(self) -> Progression:
        """The cards as they are."""
        return self._session.document.progression

    @property
    def selected(self) -> tuple[int, ...]:
        """Numbers of the selected cards."""
        return self._session.row.selected_of(len(self.row.cards))

    def begin(self) -> None:
        """There is another document; what plays belongs to the one before."""
        self._session.row = RowState()
        self._chosen, self._seen = {}, self.row
        self._pin()
        self.drawing.begin()
        self.player.end()

    # -- edits ---------------------------------------------------------------------------------

    def select(self, numbers: Collection[int]) -> None:
        """What follows concerns these cards."""
        self._session.row.selected = tuple(sorted(set(numbers)))

    def place(self, symbol: str) -> None:
        """A chord behind the selected card (behind the last if none is), or in its place where Replace is on and the
        card is not locked.
        """
        key = row_key(self._session)
        try:
            symbol = edits.spelt(read_symbol(symbol), key)
        except UnknownChord as error:
            self._say(str(error))
            return
        selected, cards = self.selected, self.row.cards
        last = selected[-1] if selected else len(cards) - 1
        if self._session.row.replace and selected and not cards[last].locked:
            self._do(lambda: edits.renamed(self.row, last, symbol))
        else:
            ticks = cards[last].ticks if cards else self._bar
            self._do(lambda: edits.inserted(self.row, last + 1, [Card(symbol, ticks)]))

    def type(self, number: int, text: str) -> None:
        """Somebody wrote on a card: one chord takes its place, several take it with their own lengths.

        What cannot be read is named, and the card stays.
        """
        if not text.strip() or number >= len(self.row.cards):
            return
        read = self._read(text)
        cards = read.cards
        if read.faults or not cards:
            return
        if len(cards) == 1:
            if cards[0].symbol != self.row.cards[number].symbol or cards[0].section:
                self._do(lambda: edits.renamed(self.row, number, cards[0].symbol, cards[0].section))
        else:
            what = f"change {self.row.cards[number].symbol} to {len(cards)} chords"
            self._do(lambda: edits.exchanged(self.row, number, number + 1, cards, what))

    def write(self, text: str) -> None:
        """The whole row as a chart. What cannot be read is named and stands there as X; the rest is kept."""
        read = self._read(text, anew=True)
        self._do(lambda: edits.rewritten(self.row, read.cards), said=read.faults)

    def insert(self, text: str, at: int | None = None) -> None:
        """A chart that is pasted or dropped: before a card, or behind the selected ones."""
        read = self._read(text, anew=not self.row.cards)
        place = at if at is not None else (self.selected[-1] + 1 if self.selected else len(self.row.cards))
        if read.cards:
            self._do(lambda: edits.inserted(self.row, place, read.cards), said=read.faults)

    def delete(self) -> None:
        """The selected cards."""
        self._on_selected(edits.removed)

    def repeat(self) -> None:
        """The selected cards once more."""
        self._on_selected(edits.repeated)

    def move(self, to: int) -> None:
        """The selected cards before the one numbered `to`."""
        self._on_selected(lambda row, numbers: edits.moved(row, numbers, to))

    def step(self, by: int) -> None:
        """The selected cards one place further left (-1) or right (1)."""
        if self.selected:
            self.move(max(0, self.selected[0] - 1) if by < 0 else self.selected[-1] + 2)

    def resize(self, ticks: int) -> None:
        """The selected cards with this length."""
        self._on_selected(lambda row, numbers: edits.resized(row, numbers, ticks))

    def lengthen(self, ticks: int) -> None:
        """The selected cards longer by so much than the last of them is (shorter, if negative)."""
        if self.selected:
            self.resize(self.row.cards[self.selected[-1]].ticks + ticks)

    def lock_cards(self) -> None:
        """Lock the selected cards; unlock them if all are locked."""
        on = not all(self.row.cards[number].locked for number in self.selected)
        self._on_selected(lambda row, numbers: edits.locked(row, numbers, on))

    def begin_section(self, number: int, name: str) -> None:
        """A section of this name begins with the card of this number; an empty name: none does."""
        if number < len(self.row.cards):
            self._do(lambda: edits.begun(self.row, number, name), select=False)

    def clear(self) -> None:
        """No cards any more."""
        if self.row.cards:
            self._do(lambda: edits.removed(self.row, range(len(self.row.cards))))

    def set_replace(self, on: bool) -> None:
        """Whether a chord that is placed takes the place of the selected card."""
        self._session.row.replace = on

    def set_also_locked(self, on: bool) -> None:
        """Whether locked cards are transposed too."""
        self._session.row.also_locked = on

    def transpose(self, semitones: int) -> None:
        """All cards; locked ones only if they are to be taken along."""
        also_locked = self._session.row.also_locked
        self._do(lambda: edits.transposed(self.row, semitones, row_key(self._session), also_locked), select=False)

    def transpose_to(self, name: str) -> None:
        """All cards into another key of the same mode."""
        key = row_key(self._session)
        if key is None:
            self._say("No key is known to transpose from; choose one in the circle of fifths first.")
            return
        aim, also_locked = key_named(name), self._session.row.also_locked
        self._do(lambda: edits.transposed_to(self.row, key, aim, also_locked), select=False)

    def choose_key(self, name: str | None) -> None:
        """The key in which the cards are named; None: the one that is found."""
        if name is None:
            self._session.chord_wish = replace(self._session.chord_wish, pinned_key=None)
        self._do(lambda: edits.in_key(self.row, None if name is None else key_named(name)), select=False)

    def play_as(
        self, style: Style | None = None, pattern: str | None = None, channel: int | None = None, *, held: bool = False
    ) -> None:
        """Voicing, rhythm (`held`: none), channel: those that are said."""
        row = self.row
        if style is not None:
            self._set(msgspec.structs.replace(row, style=style), f"voice the chords {style.value}")
        elif held or pattern is not None:
            self._set(msgspec.structs.replace(row, pattern=pattern), "change the rhythm of the chords")
        elif channel is not None:
            self._set(msgspec.structs.replace(row, channel=channel), "change the channel of the chords")

    def take_over(self, cards: Cards | None = None) -> None:
        """The chords of the selected take (or these) behind the cards that are there."""
        if cards is None:
            take = self._take()
            spans = [] if take is None else spans_of_take(take)
            bar = None if take is None or not take.beat_known else take.bar_tick
            ticks = self._bar if take is None else take.ticks_per_bar
            cards = cards_of_spans(spans, bar, ticks, row_key(self._session))
            nothing = "The selected take has no chords; choose another."
        else:
            nothing = "No chords were heard yet; play some."
        if not cards.cards:
            self._say(nothing)
            return
        found, end = cards.cards, len(self.row.cards)
        self._do(lambda: edits.inserted(self.row, end, found, f"take over {len(found)} chord{'s' * (len(found) > 1)}"))

    def take_over_heard(self) -> None:
        """The chords that were heard in the jam."""
        harmony, grid = self._session.harmony, self._session.grid()
        spans = [] if harmony is None else [Span(*span) for span in harmony.spans]
        bar = None if grid is None else grid.bar_tick
        self.take_over(cards_of_spans(spans, bar, self._bar, row_key(self._session)))

    def changed(self) -> None:
        """The document was changed, perhaps by undo: offers for cards that are gone go, what plays is told anew."""
        row, cards = self._session.row, self.row.cards
        if self.row.key != self._key:
            self._pin()
        if self.row != self._seen:
            self._seen = self.row
            row.selected = self._chosen.get(self.row, row.selected)
        row.selected = row.selected_of(len(cards))
        if row.offers is not None and row.offers.cards != cards:
            row.offers = None
        self.player.changed()

    # -- the rest ------------------------------------------------------------------------------

    @property
    def _bar(self) -> int:
        return self._session.settings.beats_per_bar * TICKS_PER_BEAT

    def _pin(self) -> None:
        """The key that was chosen for the cards is that of the suggestions too."""
        self._key = self.row.key
        self._session.chord_wish = replace(self._session.chord_wish, pinned_key=self._key or None)

    def _read(self, text: str, *, anew: bool = False) -> Cards:
        """A chart, and what cannot be read in it said. Where no other chords stay (`anew`) and no key was chosen, they
        are spelt in the key that fits themselves.
        """
        read = cards_of_text(text, row_key(self._session), self._session.settings.beats_per_bar)
        if anew:
            key = row_key(self._session, Progression(read.cards, self.row.key))
            key = key if key is None or self.row.key else as_written(key, text)
            read = replace(read, cards=tuple(edits.respelt(card, key) for card in read.cards))
        self._session.row.sentences = read.faults
        return read

    def _on_selected(self, change: Callable[[Progression, Collection[int]], Change]) -> None:
        if self.selected:
            self._do(lambda: change(self.row, self.selected))

    def _do(self, change: Callable[[], Change], *, select: bool = True, said: tuple[str, ...] = ()) -> None:
        """Make this change; a refusal is said."""
        try:
            changed = change()
        except RowError as error:
            self._say(str(error))
            return
        before = self._session.row.selected
        if select:
            self._session.row.selected = changed.selected
        self._session.row.sentences = said
        if changed.progression != self.row:
            self._chosen |= {self.row: before, changed.progression: self._session.row.selected}
        self._set(changed.progression, changed.what)

    def _set(self, progression: Progression, what: str) -> None:
        if progression != self.row:
            self._edit(SetProgression(progression, what))

    def _say(self, sentence: str) -> None:
        self._session.say(sentence)

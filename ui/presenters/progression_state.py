"""What the window knows of the row of chord cards beyond the document: selection, what was asked, what plays. No Qt."""

from dataclasses import dataclass

from cocomposer.document.progression import Card
from cocomposer.jam.outputs import SuggestedLine


@dataclass(frozen=True, slots=True)
class Offers:
    """Lines of chords to choose from, for one place of the row."""

    first: int
    """They come in place of the cards from this number on …"""
    end: int
    """… up to this one; the same number: before it."""
    ticks: tuple[int, ...]
    """Lengths of their cards."""
    lines: tuple[SuggestedLine, ...]
    what: str
    """What placing one does, for undo."""
    cards: tuple[Card, ...]
    """For which they were asked."""


@dataclass(slots=True)
class RowState:
    """It begins anew with each document."""

    selected: tuple[int, ...] = ()
    """Numbers of the selected cards, from 0, ascending."""
    replace: bool = False
    """A chord that is placed takes the place of the selected card; else it comes behind it."""
    also_locked: bool = True
    """Transposing takes locked cards along."""
    loop: bool = True
    strict: bool = False
    """A locked answer has no other tones than the chords'."""
    sentences: tuple[str, ...] = ()
    """What could not be read or done the last time."""
    waiting: bool = False
    """Something was asked and has not come yet."""
    offers: Offers | None = None

    def selected_of(self, count: int) -> tuple[int, ...]:
        """Those that are there, of so many cards."""
        return tuple(number for number in self.selected if number < count)

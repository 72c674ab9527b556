"""The progression of a jam: chord cards with lengths, in a key, with how they are to be played. Frozen values.

Bars are those of the jam's settings and its tempo is the jam's; cards know neither, and no model.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.names.chart import LONGEST_SECTION
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.voicing.rules import Style
from cocomposer.music.ticks import TICKS_PER_BEAT

SHORTEST_TICKS: Final = TICKS_PER_BEAT // 4
LONGEST_TICKS: Final = 1024 * TICKS_PER_BEAT
MOST_CARDS: Final = 512


class Card(msgspec.Struct, frozen=True):
    """One chord and how long it lasts."""

    symbol: Annotated[str, Meta(min_length=1, max_length=80)]
    """As `read_symbol` reads it; N.C. for silence, X for a chord that is not known."""
    ticks: Annotated[int, Meta(ge=1, le=LONGEST_TICKS)]
    locked: bool = False
    """It stays when chords are drawn anew, and where they are placed with Replace."""
    section: Annotated[str, Meta(max_length=LONGEST_SECTION)] = ""
    """Name of the section that begins with it, such as "Verse"; empty where none does."""

    @property
    def chord(self) -> Chord | NoChord:
        """What it says; UNKNOWN where that cannot be read."""
        try:
            return read_symbol(self.symbol)
        except UnknownChord:
            return NoChord.UNKNOWN

    @property
    def beats(self) -> float:
        """Its length in beats."""
        return self.ticks / TICKS_PER_BEAT


class Progression(msgspec.Struct, frozen=True):
    """A row of cards, one after the other, that begins again at its end."""

    cards: Annotated[tuple[Card, ...], Meta(max_length=MOST_CARDS)] = ()
    key: str = ""
    """By name, such as "D minor", where somebody chose it; empty where it is as it is found."""
    style: Style = Style.CLOSE
    """How the chords are voiced."""
    pattern: str | None = None
    """The rhythm they are played in, a name in `comping_patterns`; None: held as long as they last."""
    channel: Annotated[int, Meta(ge=1, le=16)] = 2
    """Of MIDI, from 1: not that of the answers, so that a DAW can give the chords a sound of their own."""

    @property
    def starts(self) -> tuple[int, ...]:
        """Tick on which each card begins, and at last the one on which the last ends."""
        return tuple(accumulate((card.ticks for card in self.cards), initial=0))

    @property
    def chosen_key(self) -> Key | None:
        """The key that somebody chose; None also where its name says none (a journal from elsewhere)."""
        try:
            return key_named(self.key)
        except ValueError:
            return None


def section_starts(cards: Sequence[Card]) -> tuple[int, ...]:
    """Numbers of the cards with which a section begins."""
    return tuple(number for number, card in enumerate(cards) if card.section)


def check_names(progression: Progression) -> None:
    """ValueError if it names a key or a rhythm that is none."""
    if progression.key:
        key_named(progression.key)
    if progression.pattern is not None and progression.pattern not in COMPING_PATTERNS:
        raise ValueError(f"{progression.pattern!r} is no rhythm")

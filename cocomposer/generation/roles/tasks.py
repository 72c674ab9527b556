"""What a sketch can be besides a continuation, as values that travel. Knows neither a model nor how each is done."""

from typing import Annotated

import msgspec
from msgspec import Meta

from cocomposer.music.note import Note


class Infill(msgspec.Struct, frozen=True, tag=True):
    """Fill the time between what was heard and the right side, which stay as they are."""

    right: tuple[Note, ...]
    """What comes after the gap, in order; not empty."""
    candidates: Annotated[int, Meta(ge=1, le=64)] = 8
    """So many middles are drawn, and the one that fits best is taken."""


class Vary(msgspec.Struct, frozen=True, tag=True):
    """Play a phrase again, differently."""

    phrase: tuple[Note, ...]
    """In order; it begins at the wish's first tick."""
    amount: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.4
    """0: the same notes; 1: only the rhythm is kept."""


class Drum(msgspec.Struct, frozen=True, tag=True):
    """Drums under a phrase."""

    phrase: tuple[Note, ...]
    """In order, from where it begins: its accents are what the drums lean on."""


class Harmonise(msgspec.Struct, frozen=True, tag=True):
    """Chords under a melody, where it stands."""

    melody: tuple[Note, ...]
    """In order."""
    rhythm: str = "half"
    """How they are played: a name of `harmony.comping_patterns.COMPING_PATTERNS` that is made for the metre."""
    velocity: Annotated[int, Meta(ge=1, le=127)] = 72


Task = Infill | Vary | Drum | Harmonise

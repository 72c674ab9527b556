"""The soft controls as values: one number each, with a neutral value that changes nothing. Knows not how they act."""

from typing import Final

import msgspec


class Controls(msgspec.Struct, frozen=True):
    """Each moves what is drawn, and forbids nothing; neutral is 0. From -1 to 1, where nothing else is said."""

    density: float = 0.0
    """Fewer notes a beat (below 0), or more."""
    register: float = 0.0
    """Lower or higher; 1 aims an octave above the notes heard."""
    length: float = 0.0
    """Shorter or longer notes."""
    loudness: float = 0.0
    """Softer or louder."""
    strictness: float = 0.0
    """Onsets freer of sixteenths and eighth triplets, or nearer to them. Nothing where no beat is known."""
    likeness: float = 0.0
    """Unlike or like the notes heard, in steps, pitches, lengths and dynamics."""
    rhythm: float = 0.0
    """0–1: how much the onsets keep to the rhythm of the phrase, laid over the answer again and again."""
    chord: float = 0.0
    """0–1: how much pitches lean towards the chord in force. Nothing where no chords are given."""


NEUTRAL: Final = Controls()
ONE_SIDED: Final = frozenset({"rhythm", "chord"})
"""Controls that have no opposite."""


def limits_of(control: str) -> tuple[float, float]:
    """Lowest and highest value of a control."""
    return (0.0 if control in ONE_SIDED else -1.0), 1.0

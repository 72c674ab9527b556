"""Chord templates as data: every quality that can be named, with its tones as degrees and how much each matters.

A quality's id is its Harte shorthand (Harte et al., ISMIR 2005), as the corpus writes it. Knows no root and no key.
"""

from dataclasses import dataclass
from typing import Final

DEGREES: Final[dict[str, tuple[int, int]]] = {
    "1": (0, 0),
    "b9": (1, -5),
    "2": (2, 2),
    "9": (2, 2),
    "#9": (3, 9),
    "b3": (3, -3),
    "3": (4, 4),
    "4": (5, -1),
    "11": (5, -1),
    "#11": (6, 6),
    "b5": (6, -6),
    "5": (7, 1),
    "#5": (8, 8),
    "b13": (8, -4),
    "6": (9, 3),
    "13": (9, 3),
    "bb7": (9, -9),
    "b7": (10, -2),
    "7": (11, 5),
}
"""Degree → semitones above the root, steps from it on the line of fifths (its spelling)."""

_IMPORTANCE: Final[dict[str, float]] = {"1": 0.7, "5": 0.2, "3": 0.6, "b3": 0.6}
_IMPORTANCE_OTHERWISE: Final = 0.55
"""What gives a quality its name: sevenths, suspensions, altered fifths and the highest extension."""
_IMPORTANCE_OPTIONAL: Final = 0.02
"""Tones in brackets, which players leave out."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One tone of a template."""

    degree: str
    semitones: int
    fifths: int
    """Steps from the root on the line of fifths."""
    importance: float
    """How much a chord is doubted if it lacks this tone, 0–1."""

    @property
    def is_optional(self) -> bool:
        """Whether players leave it out: a tone that the name of the chord only implies."""
        return self.importance == _IMPORTANCE_OPTIONAL


@dataclass(frozen=True, slots=True)
class Template:
    """One chord quality."""

    quality: str
    """Its Harte shorthand."""
    suffix: str
    """What is written after the root."""
    tones: tuple[Tone, ...]
    rarity: float
    """0 for a major triad; higher is rarer, so that plain chords are preferred where both fit."""

    @property
    def semitones(self) -> frozenset[int]:
        """Its pitch classes above the root."""
        return frozenset(tone.semitones for tone in self.tones)


def template(quality: str, suffix: str, degrees: str, rarity: float) -> Template:
    """A template of degrees that are parted by spaces, optional ones in brackets; KeyError for one not in DEGREES."""
    tones = []
    for word in degrees.split():
        degree = word.strip("()")
        semitones, fifths = DEGREES[degree]
        importance = _IMPORTANCE_OPTIONAL if degree != word else _IMPORTANCE.get(degree, _IMPORTANCE_OTHERWISE)
        tones.append(Tone(degree, semitones, fifths, importance))
    return Template(quality, suffix, tuple(tones), rarity)


_TABLE: Final = (
    # Rarities follow the order of the corpus' chord counts, coarsely.
    ("maj", "", "1 3 5", 0.0),
    ("min", "m", "1 b3 5", 0.2),
    ("7", "7", "1 3 5 b7", 0.4),
    ("min7", "m7", "1 b3 5 b7", 0.5),
    ("maj7", "maj7", "1 3 5 7", 0.7),
    ("5", "5", "1 5", 1.0),
    ("dim", "dim", "1 b3 b5", 0.9),
    ("aug", "aug", "1 3 #5", 1.2),
    ("sus4", "sus4", "1 4 5", 0.9),
    ("sus2", "sus2", "1 2 5", 1.2),
    ("maj6", "6", "1 3 5 6", 0.9),
    ("min6", "m6", "1 b3 5 6", 1.1),
    ("hdim7", "m7b5", "1 b3 b5 b7", 1.0),
    ("dim7", "dim7", "1 b3 b5 bb7", 1.0),
    ("minmaj7", "m(maj7)", "1 b3 5 7", 1.6),
    ("maj(9)", "add9", "1 3 5 9", 1.1),
    ("min(9)", "m(add9)", "1 b3 5 9", 1.5),
    ("sus4(b7)", "7sus4", "1 4 5 b7", 1.1),
    ("9", "9", "1 3 5 b7 9", 1.2),
    ("maj9", "maj9", "1 3 5 7 9", 1.3),
    ("min9", "m9", "1 b3 5 b7 9", 1.3),
    ("sus4(b7,9)", "9sus4", "1 4 5 b7 9", 1.4),
    ("maj6(9)", "6/9", "1 3 5 6 9", 1.5),
    ("min6(9)", "m6/9", "1 b3 5 6 9", 1.8),
    ("7(b9)", "7b9", "1 3 5 b7 b9", 1.4),
    ("7(#9)", "7#9", "1 3 5 b7 #9", 1.5),
    ("7(#11)", "7#11", "1 3 5 b7 #11", 1.8),
    ("maj7(#11)", "maj7#11", "1 3 5 7 #11", 1.8),
    ("aug(b7)", "7#5", "1 3 #5 b7", 1.5),
    ("7(b5)", "7b5", "1 3 b5 b7", 1.7),
    ("aug(7)", "maj7#5", "1 3 #5 7", 1.9),
    ("min11", "m11", "1 b3 5 b7 (9) 11", 1.6),
    ("13", "13", "1 3 5 b7 (9) 13", 1.6),
    ("maj13", "maj13", "1 3 5 7 (9) 13", 1.8),
    ("7(b13)", "7b13", "1 3 5 b7 b13", 1.9),
)

TEMPLATES: Final[dict[str, Template]] = {row[0]: template(*row) for row in _TABLE}
"""Quality → template."""

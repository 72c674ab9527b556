"""Pitch classes 0–11 (C = 0) and their names, spelt on the line of fifths: … Bb F C G D A E B F# …

A place on that line is a spelling: C is 0, each step up is a fifth higher, so F# (6) and Gb (-6) are two places of one
pitch class. A tonic has a place; what lies near it belongs to its key. Knows no mode, scale or chord.
"""

from typing import Final

PITCH_CLASSES: Final = 12
LETTERS: Final = "FCGDAEB"
_SEMITONES_PER_FIFTH: Final = 7
FLATTEST_STEP: Final = -5
"""From a tonic down to its b2, the flattest chromatic degree that is usual; its #4, six up, is the sharpest."""
_PLAIN_FIRST, _PLAIN_LAST = -8, 12
"""Fb … B#: one accidental at most."""


def pitch_class_at(place: int) -> int:
    """The pitch class of a place on the line of fifths."""
    return place * _SEMITONES_PER_FIFTH % PITCH_CLASSES


def name_at(place: int) -> str:
    """The name of a place on the line of fifths: 0 "C", -2 "Bb", 13 "F##"."""
    accidentals, letter = divmod(place + 1, len(LETTERS))
    return LETTERS[letter] + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


def place_of_name(name: str) -> int:
    """The place on the line of fifths of a name such as "Bb"; ValueError if it is none."""
    letter, accidentals = name[:1], name[1:]
    if not letter or letter not in LETTERS or (accidentals.strip("#") and accidentals.strip("b")):
        raise ValueError(f"{name!r} names no pitch class")
    steps = len(accidentals) if "#" in accidentals else -len(accidentals)
    return LETTERS.index(letter) - 1 + steps * len(LETTERS)


def place_within(pitch_class: int, flattest: int) -> int:
    """The one place of a pitch class among the twelve that begin at `flattest`."""
    # Seven fifths are one semitone up, and seven is its own inverse modulo twelve.
    place = pitch_class * _SEMITONES_PER_FIFTH
    return flattest + (place - flattest) % PITCH_CLASSES


def plain(place: int) -> int:
    """The same pitch class with one accidental at most: Bbb becomes A, which is what players write."""
    while place < _PLAIN_FIRST:
        place += PITCH_CLASSES
    while place > _PLAIN_LAST:
        place -= PITCH_CLASSES
    return place


def spelling(pitch_class: int, tonic_place: int, flattest_step: int = FLATTEST_STEP) -> int:
    """The place of a pitch class as a (chromatic) degree of the tonic at `tonic_place`, with one accidental at most."""
    return plain(place_within(pitch_class, tonic_place + flattest_step))

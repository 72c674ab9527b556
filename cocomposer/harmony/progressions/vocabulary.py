"""A chord as one of 96 tokens relative to the tonic: 12 roots times the eight classes of `names.folding`.

Relative, so what is learnt in one key holds in all. Knows no mode: minor songs are read from their own tonic too.
"""

from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.pitch_class import PITCH_CLASSES

CLASSES: Final = tuple(ChordClass)
TOKENS: Final = PITCH_CLASSES * len(CLASSES)
BEGINNING: Final = TOKENS
"""The token before the first chord."""
_QUALITIES: Final = {
    ChordClass.MAJ: "maj",
    ChordClass.MIN: "min",
    ChordClass.SEVENTH: "7",
    ChordClass.MIN7: "min7",
    ChordClass.MAJ7: "maj7",
    ChordClass.SUS: "sus4",
    ChordClass.DIM: "dim",
    ChordClass.AUG: "aug",
}
"""The chord that stands for its class where one is suggested."""


def token_of(chord: Chord, tonic: int) -> int:
    """The token 0–95 of a chord in a key on `tonic` (pitch class)."""
    return (chord.root - tonic) % PITCH_CLASSES * len(CLASSES) + CLASSES.index(fold(chord))


def chord_of(token: int, tonic: int) -> Chord:
    """The plainest chord of a token."""
    root, number = divmod(token, len(CLASSES))
    return Chord((root + tonic) % PITCH_CLASSES, _QUALITIES[CLASSES[number]])


def transposed(token: int, semitones: int) -> int:
    """The token of the same chord, so many semitones higher above the tonic."""
    root, number = divmod(token, len(CLASSES))
    return (root + semitones) % PITCH_CLASSES * len(CLASSES) + number

"""Every chord folded to one of eight classes, in which next-chord models are trained and compared.

The rule, in this order, by the tones above the root:

1. no third: "sus" with a fourth or second, else as if the third were major (a power chord is "maj", with b7 "7");
2. minor third: "dim" with a flat fifth and no natural one (dim, dim7, m7b5), else "m7" with b7, else "min" (also m6,
   m(maj7));
3. major third: "7" with b7, else "maj7" with a major seventh, else "aug" with a sharp fifth, else "maj" (also 6, add9).

So an altered dominant stays a dominant (7#5 is "7"), a third decides before a fourth (11 is "7"), and the bass and all
extensions are dropped.
"""

from enum import StrEnum

from cocomposer.harmony.chord import Chord


class ChordClass(StrEnum):
    """One of the eight."""

    MAJ = "maj"
    MIN = "min"
    SEVENTH = "7"
    MIN7 = "m7"
    MAJ7 = "maj7"
    SUS = "sus"
    DIM = "dim"
    AUG = "aug"


def fold(chord: Chord) -> ChordClass:
    """The class of a chord; its root stays."""
    tones = chord.template.semitones
    if not tones & {3, 4} and tones & {2, 5}:
        return ChordClass.SUS
    if 3 in tones and 4 not in tones:
        if 6 in tones and 7 not in tones:
            return ChordClass.DIM
        return ChordClass.MIN7 if 10 in tones else ChordClass.MIN
    if 10 in tones:
        return ChordClass.SEVENTH
    if 11 in tones:
        return ChordClass.MAJ7
    return ChordClass.AUG if 8 in tones and 7 not in tones else ChordClass.MAJ

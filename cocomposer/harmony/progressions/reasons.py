"""Why a chord works where it is suggested: its function in the key, and a few words. Knows no probabilities.

The first of these that holds: it makes a cadence with the chord before; its tones are the key's own; it is the dominant
of another degree, or stands a tritone from that dominant; it leads up a semitone; it is borrowed from a parallel scale;
it is a third away from the chord before; it is colour.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.names.numeral_writing import write_numeral
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.scales import pitch_classes_of


class Function(StrEnum):
    """What a chord does in its key."""

    TONIC = "tonic"
    SUBDOMINANT = "subdominant"
    DOMINANT = "dominant"
    APPLIED = "applied dominant"
    """The dominant of another degree than the tonic."""
    COLOUR = "colour"


class Device(StrEnum):
    """The idea behind a chord."""

    CADENCE = "cadence"
    DIATONIC = "diatonic"
    SECONDARY_DOMINANT = "secondary dominant"
    TRITONE_SUBSTITUTE = "tritone substitute"
    LEADING_DIMINISHED = "leading diminished"
    MODAL_INTERCHANGE = "modal interchange"
    CHROMATIC_MEDIANT = "chromatic mediant"
    BLUES = "blues"
    CHROMATIC = "chromatic colour"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a chord works."""

    function: Function
    device: Device
    text: str
    """A few words for the user."""


_FUNCTIONS: Final = {
    0: Function.TONIC, 1: Function.SUBDOMINANT, 2: Function.SUBDOMINANT, 3: Function.TONIC, 4: Function.TONIC,
    5: Function.SUBDOMINANT, 6: Function.DOMINANT, 7: Function.DOMINANT, 8: Function.SUBDOMINANT, 9: Function.TONIC,
    10: Function.SUBDOMINANT, 11: Function.DOMINANT,
}  # fmt: skip
"""Semitones above the tonic → function of a chord on them, where nothing else says more."""
_FOURTH, _FIFTH, _SIXTHS = 5, 7, {Mode.MAJOR: 9, Mode.MINOR: 8}
_DOMINANTS: Final = frozenset({ChordClass.MAJ, ChordClass.SEVENTH, ChordClass.SUS})
_SUBSTITUTES: Final = frozenset({1, 3, 6, 8})
"""Semitones above the tonic of dominant sevenths that are heard a semitone above their aim rather than as borrowed."""
_THIRDS: Final = frozenset({3, 4, 8, 9})
_TRIADS: Final = frozenset({ChordClass.MAJ, ChordClass.MIN, ChordClass.MAJ7, ChordClass.MIN7})
_ALSO_OWN: Final = {Mode.MAJOR: ("major",), Mode.MINOR: ("minor", "harmonic minor", "melodic minor")}
_PARALLEL: Final = {
    Mode.MAJOR: ("minor", "mixolydian", "lydian", "dorian", "phrygian"),
    Mode.MINOR: ("major", "dorian", "phrygian", "mixolydian"),
}


def is_diatonic(chord: Chord, key: Key) -> bool:
    """Whether all its tones are the key's; in minor those of the harmonic or melodic scale count."""
    return any(chord.pitch_classes <= pitch_classes_of(scale, key.tonic) for scale in _ALSO_OWN[key.mode])


def reason_of(chord: Chord, key: Key, before: Chord | None = None, following: Chord | None = None) -> Reason:
    """Why a chord works in a key after the chord `before`, and before `following` where that is known."""
    above = (chord.root - key.tonic) % PITCH_CLASSES
    function = _FUNCTIONS[above]
    cadence = _cadence(chord, key, before)
    if cadence is not None:
        return Reason(function, Device.CADENCE, cadence)
    if is_diatonic(chord, key):
        leads = function is Function.DOMINANT and fold(chord) in _DOMINANTS
        return Reason(function, Device.DIATONIC, "dominant of the key" if leads else f"diatonic in {key.name}")
    return _chromatic(chord, key, before, following, above)


def _cadence(chord: Chord, key: Key, before: Chord | None) -> str | None:
    if before is None:
        return None
    above, above_before = ((one.root - key.tonic) % PITCH_CLASSES for one in (chord, before))
    is_home = above == 0 and fold(chord) not in {ChordClass.DIM, ChordClass.AUG, ChordClass.SUS}
    dominant = above_before == _FIFTH and fold(before) in _DOMINANTS
    leading = above_before == PITCH_CLASSES - 1 and fold(before) is ChordClass.DIM
    if is_home and (dominant or leading):
        return "authentic cadence: the dominant comes home"
    if is_home and above_before == _FOURTH:
        return "plagal cadence: from IV home" if fold(before) is not ChordClass.MIN else "minor plagal cadence"
    if dominant and above == _SIXTHS[key.mode] and is_diatonic(chord, key):
        return "deceptive cadence: not home but the sixth degree"
    return None


def _chromatic(chord: Chord, key: Key, before: Chord | None, following: Chord | None, above: int) -> Reason:
    folded = fold(chord)
    numeral = write_numeral(chord, key, following)
    _, applied, degree = numeral.partition("/")
    if folded is ChordClass.SEVENTH and above in _SUBSTITUTES:
        aim = Chord((chord.root - 1) % PITCH_CLASSES).name(key)
        return Reason(Function.APPLIED if above != 1 else Function.DOMINANT, Device.TRITONE_SUBSTITUTE,
                      f"tritone substitute, falls a semitone to {aim}")  # fmt: skip
    mediant = _mediant(chord, key, before, above)
    if mediant is not None and before is not None and folded is fold(before) is ChordClass.MAJ and applied:
        return mediant
    if applied and not degree[:1].isdigit():
        if folded is ChordClass.DIM:
            return Reason(Function.APPLIED, Device.LEADING_DIMINISHED, f"diminished, leads up a semitone to {degree}")
        if folded in _DOMINANTS or folded is ChordClass.AUG:
            return Reason(Function.APPLIED, Device.SECONDARY_DOMINANT, f"secondary dominant, leads to {degree}")
        return Reason(Function.SUBDOMINANT, Device.SECONDARY_DOMINANT, f"prepares the dominant of {degree}")
    if folded is ChordClass.DIM:
        aim = Chord((chord.root + 1) % PITCH_CLASSES).name(key)
        return Reason(Function.APPLIED, Device.LEADING_DIMINISHED, f"diminished, leads up a semitone to {aim}")
    if folded is ChordClass.SEVENTH and above in {0, _FOURTH}:
        return Reason(_FUNCTIONS[above], Device.BLUES, "blues seventh")
    for scale in _PARALLEL[key.mode]:
        if chord.pitch_classes <= pitch_classes_of(scale, key.tonic):
            lender = f"{key.spell(key.tonic)} {scale}"
            return Reason(_FUNCTIONS[above], Device.MODAL_INTERCHANGE, f"modal interchange, borrowed from {lender}")
    if mediant is not None:
        return mediant
    if folded in _DOMINANTS:
        aim = Chord((chord.root + _FOURTH) % PITCH_CLASSES).name(key)
        return Reason(Function.APPLIED, Device.SECONDARY_DOMINANT, f"dominant of {aim}")
    return Reason(Function.COLOUR, Device.CHROMATIC, "chromatic colour")


def _mediant(chord: Chord, key: Key, before: Chord | None, above: int) -> Reason | None:
    if fold(chord) not in _TRIADS:
        return None
    if before is not None and (chord.root - before.root) % PITCH_CLASSES in _THIRDS:
        return Reason(Function.COLOUR, Device.CHROMATIC_MEDIANT, f"chromatic mediant, a third from {before.name(key)}")
    if above in _THIRDS:
        return Reason(Function.COLOUR, Device.CHROMATIC_MEDIANT, "chromatic mediant of the tonic")
    return None

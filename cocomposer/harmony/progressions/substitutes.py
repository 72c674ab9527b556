"""Chords that may stand for a given one, by the ideas that musicians use. Knows no song and no probabilities."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.names.numeral_writing import write_numeral
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.reasons import is_diatonic, reason_of
from cocomposer.harmony.scales import pitch_classes_of

_MINOR: Final = frozenset({ChordClass.MIN, ChordClass.MIN7})
_MAJOR: Final = frozenset({ChordClass.MAJ, ChordClass.MAJ7})
_TRITONE, _FIFTH, _SECOND, _LEADING, _MINOR_THIRD, _MAJOR_THIRD = 6, 7, 2, 11, 3, 4
_SEVENTHS: Final = {"maj": "maj7", "min": "min7"}
_TWO_TONES: Final = 2
_TRIADS: Final = ("maj", "min")


@dataclass(frozen=True, slots=True)
class Substitute:
    """A chord instead of another one."""

    chord: Chord
    symbol: str
    numeral: str
    reason: str
    shared: int
    """Tones that it has in common with the chord that it stands for."""


def substitutes(chord: Chord, key: Key) -> list[Substitute]:
    """Each chord once, with its first reason; those that share most tones first."""
    found: dict[Chord, str] = {}
    for other, reason in _ideas(chord, key):
        if (other.root, other.quality) != (chord.root, chord.quality):
            found.setdefault(other, reason)
    listed = [
        Substitute(other, other.name(key), write_numeral(other, key), reason, _shared(chord, other))
        for other, reason in found.items()
    ]
    return sorted(listed, key=lambda one: -one.shared)


def _ideas(chord: Chord, key: Key) -> Iterator[tuple[Chord, str]]:
    folded = fold(chord)
    if folded is ChordClass.SEVENTH:
        yield _above(chord, _TRITONE, "7"), "tritone substitute: the same third and seventh, its bass falls a semitone"
        yield _above(chord, _MAJOR_THIRD, "dim7"), "diminished on its third: the same chord with a flat ninth"
        yield _above(chord, _FIFTH, "min7"), "its own second degree, which prepares it"
        yield _above(chord, 0, "sus4(b7)"), "suspended: the third comes later"
    if folded in _MAJOR:
        yield _above(chord, 9, "min"), "its relative minor"
        yield _above(chord, _MAJOR_THIRD, "min"), "the minor chord on its third"
        yield _above(chord, 0, "min"), "its parallel minor"
    if folded in _MINOR:
        yield _above(chord, _MINOR_THIRD, "maj"), "its relative major"
        yield _above(chord, 8, "maj"), "the major chord a third below"
        yield _above(chord, 0, "maj"), "its parallel major"
    if chord.quality in _SEVENTHS:
        seventh = _above(chord, 0, _SEVENTHS[chord.quality])
        if is_diatonic(seventh, key) or not is_diatonic(chord, key):
            yield seventh, "with its seventh"
    for root in sorted(key.scale):
        for quality in (*_TRIADS, "dim"):
            other = Chord(root, quality)
            if is_diatonic(other, key) and other.pitch_classes <= key.scale and _shared(chord, other) >= _TWO_TONES:
                yield other, "diatonic, with two tones in common"
    borrowed = pitch_classes_of("minor" if key.mode is Mode.MAJOR else "major", key.tonic)
    for root in sorted(borrowed):
        for quality in _TRIADS:
            other = Chord(root, quality)
            if other.pitch_classes <= borrowed and not is_diatonic(other, key) and _shared(chord, other) >= 1:
                yield other, reason_of(other, key).text
    if folded in _MAJOR | _MINOR and chord.root != key.tonic:
        yield _above(chord, _FIFTH, "7"), "its dominant, which puts it off"


def _above(chord: Chord, semitones: int, quality: str) -> Chord:
    return Chord((chord.root + semitones) % PITCH_CLASSES, quality)


def _shared(chord: Chord, other: Chord) -> int:
    return len(chord.pitch_classes & other.pitch_classes)

"""Which chord pitch classes make: how well each template on each root explains what was heard, as arrays.

A chord is paid for the weight of tones that it has, and pays for weight that it has not, for tones that it misses, for
a bass that is not its root, and for being rare. Knows no time; `progression` lays these scores over stretches of music.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.templates import TEMPLATES

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Integers = NDArray[np.int64]

CHORDS: Final = tuple((root, quality) for quality in TEMPLATES for root in range(PITCH_CLASSES))
"""(root, quality) of each column of scores."""
NO_BASS: Final = PITCH_CLASSES
"""Stands for "no bass known" among bass pitch classes."""
_BASS_IS: Final[dict[str, float]] = {
    "1": 1.0,
    "3": 0.35,
    "b3": 0.35,
    "5": 0.3,
    "b5": 0.2,
    "#5": 0.2,
    "b7": 0.3,
    "7": 0.2,
}
_BASS_IS_OTHER_TONE: Final = 0.1
_BASS_IS_FOREIGN: Final = -0.6
_BASS_UNKNOWN: Final = 0.5
ALTERNATIVES: Final = 8
"""So many chords are given at most."""
ROWS_AT_ONCE: Final = 12
"""Small enough that no linear algebra library spreads a product over threads: waiting for a busy core took 50 ms."""
_SHARPNESS: Final = 8.0
"""Turns differences of scores into shares of one."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How much each fault of a chord counts. Weight is about 1 for a beat; the rest stands in the same unit."""

    fully_present: float
    """Share of all weight from which a tone counts as sounding, not as passing."""
    missing_once: float
    missing_per_weight: float
    rare_once: float
    rare_per_weight: float
    bass_per_weight: float


STRUCK: Final = Hearing(0.12, 0.35, 0.9, 0.03, 0.1, 0.3)
"""For tones that sound together: each is meant, and none that is missing will come."""
PASSAGE: Final = Hearing(0.15, 0.25, 0.2, 0.1, 0.3, 0.5)
"""For music over time, with passing notes and tones still to come. Fitted to OpenEWLD's melodies over its own chords,
accompanied in six ways, and to chorale-like progressions; train split."""


def _table(hearing: Hearing) -> Floats32:
    """[features, chords] what each feature of `chord_scores` adds to the score of each of CHORDS."""
    signs = -np.ones((PITCH_CLASSES, len(CHORDS)))
    importance = np.zeros((PITCH_CLASSES, len(CHORDS)))
    rarity = np.zeros(len(CHORDS))
    bass = np.full((PITCH_CLASSES + 1, len(CHORDS)), _BASS_IS_FOREIGN)
    bass[NO_BASS] = _BASS_UNKNOWN
    for number, (root, quality) in enumerate(CHORDS):
        template = TEMPLATES[quality]
        rarity[number] = template.rarity
        for tone in template.tones:
            pitch_class = (root + tone.semitones) % PITCH_CLASSES
            signs[pitch_class, number] = 1.0
            importance[pitch_class, number] = tone.importance
            bass[pitch_class, number] = _BASS_IS.get(tone.degree, _BASS_IS_OTHER_TONE)
    needed = importance.sum(axis=0)
    per_weight = -hearing.missing_per_weight * needed - hearing.rare_per_weight * rarity
    once = -hearing.missing_once * needed - hearing.rare_once * rarity
    rows = [signs, importance, hearing.bass_per_weight / 2 * bass, np.stack([per_weight, once])]
    return np.concatenate(rows).astype(np.float32)


_TABLES: Final = {hearing: _table(hearing) for hearing in (STRUCK, PASSAGE)}
_EVERY_BASS: Final = np.eye(PITCH_CLASSES + 1, dtype=np.float32)


def chord_scores(weights: Floats, first_bass: Integers, lowest: Integers, hearing: Hearing) -> Floats32:
    """[n, chords] score of each of CHORDS for n stretches of music, heard as STRUCK or as a PASSAGE.

    weights [n, 12]: how much each pitch class was heard, about 1 a beat in all; first_bass, lowest [n]: pitch class of
    the bass when the stretch begins and of its lowest pitch, or NO_BASS. Silence scores below zero.
    """
    heard = weights.astype(np.float32)
    total = heard.sum(axis=1, keepdims=True)
    present = np.minimum(heard / np.maximum(hearing.fully_present * total, 1e-9), 1.0)
    features = [
        heard,
        (hearing.missing_once + hearing.missing_per_weight * total) * present,
        total * (_EVERY_BASS[first_bass] + _EVERY_BASS[lowest]),
        total,
        np.ones_like(total),
    ]
    rows, table = np.concatenate(features, axis=1), _TABLES[hearing]
    scores = np.empty((len(rows), len(CHORDS)), np.float32)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        np.matmul(rows[start : start + ROWS_AT_ONCE], table, out=scores[start : start + ROWS_AT_ONCE])
    return scores


def recognise(weights: Floats, bass: int | None = None, most: int = ALTERNATIVES) -> list[tuple[Chord, float]]:
    """The chords that pitch-class weights [12] may be, best first, each with its share of one among all chords.

    `bass`: the lowest pitch class, where known. Empty if fewer than two pitch classes have weight.
    """
    if np.count_nonzero(weights > 0) < 2:
        return []
    lowest = np.array([NO_BASS if bass is None else bass])
    scores = chord_scores((weights / weights.sum())[None, :], lowest, lowest, STRUCK)[0]
    shares = np.exp(_SHARPNESS * (scores - scores.max()))
    shares /= shares.sum()
    best = np.argsort(-scores, kind="stable")[:most]
    return [(chord_at(int(number), bass), float(shares[number])) for number in best]


def recognise_pitches(pitches: Iterable[int], most: int = ALTERNATIVES) -> list[tuple[Chord, float]]:
    """The same for pitches that sound together; a pitch class counts once, in whichever octaves it is."""
    sounding = sorted(set(pitches))
    weights = np.zeros(PITCH_CLASSES)
    weights[[pitch % PITCH_CLASSES for pitch in sounding]] = 1.0
    return recognise(weights, sounding[0] % PITCH_CLASSES if sounding else None, most)


def struck_scores(pitches: Iterable[int], bass: int) -> Floats:
    """[chords] score of each of CHORDS for pitches that sound together over a lowest pitch."""
    weights = np.zeros(PITCH_CLASSES)
    weights[[pitch % PITCH_CLASSES for pitch in pitches]] = 1.0
    lowest = np.array([bass % PITCH_CLASSES])
    return np.asarray(chord_scores((weights / weights.sum())[None, :], lowest, lowest, STRUCK)[0], np.float64)


def chord_at(number: int, bass: int | None) -> Chord:
    """The chord of a column of scores over a bass."""
    root, quality = CHORDS[number]
    return Chord(root, quality, None if bass in {None, root} else bass)

"""Which key notes are in: how well the weight of each pitch class fits the profiles of all 24 keys.

Krumhansl's method with the profile and the weighting that measured best (`cocomposer.bench.keys`). Knows no order of
notes: a piece that modulates gives the key that fits it as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.key_profiles import PROFILES, Profile
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]

DRUM_CHANNEL: Final = 9
"""General MIDI's channel 10: its pitches are drums."""
PROFILE: Final = "Albrecht-Shanahan"
LONGEST_TICKS: Final = 2 * TICKS_PER_BEAT
"""A pedal point counts no more than this each time it is struck."""
SHARPNESS: Final = 15.0
"""Turns differences of correlation into probabilities; fitted to signatures of the corpus' train split."""
NOTES_FEWEST: Final = 5
PITCH_CLASSES_FEWEST: Final = 3
CONFIDENCE_LEAST: Final = 0.4
"""Below it no key is named."""
KEYS: Final = tuple(Key(tonic, mode) for mode in Mode for tonic in range(PITCH_CLASSES))


@dataclass(frozen=True, slots=True)
class KeyFound:
    """The key that fits best."""

    key: Key
    confidence: float
    """Estimated probability, 0–1."""
    others: tuple[tuple[Key, float], ...]
    """The next best, best first, with theirs."""


def weights_of(notes: Sequence[Note]) -> Floats:
    """[12] how much each pitch class is heard: root of the sum of durations times dynamics, without drums.

    The root keeps a single repeated or long note from outweighing a whole scale.
    """
    heard = [note for note in notes if note.channel != DRUM_CHANNEL]
    amounts = [min(note.duration_ticks, LONGEST_TICKS) * (note.velocity / 127) ** 0.5 for note in heard]
    classes = [note.pitch % PITCH_CLASSES for note in heard]
    return np.sqrt(np.bincount(classes, amounts, PITCH_CLASSES)) if heard else np.zeros(PITCH_CLASSES)


def correlations(weights: Floats, profile: Profile | None = None) -> Floats:
    """[24] Pearson's correlation of weights [12] with the profile in each of KEYS; zeros for even weights."""
    rows = _ROWS if profile is None else standard_rows(profile)
    centred = weights - weights.mean()
    size = float(np.linalg.norm(centred))
    return np.asarray(rows @ centred / size) if size > 0 else np.zeros(len(KEYS))


def standard_rows(profile: Profile) -> Floats:
    """[24, 12] the profile on every tonic, in the order of KEYS, with mean 0 and length 1."""
    rows = np.array(
        [np.roll(shape, tonic) for shape in (profile.major, profile.minor) for tonic in range(PITCH_CLASSES)]
    )
    rows -= rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


_ROWS: Final = standard_rows(PROFILES[PROFILE])


def key_probabilities(weights: Floats) -> Floats:
    """[24] estimated probability of each of KEYS given pitch-class weights [12]."""
    fits = correlations(weights)
    shares = np.exp(SHARPNESS * (fits - fits.max()))
    return np.asarray(shares / shares.sum())


def find_key(notes: Sequence[Note]) -> KeyFound | None:
    """The key of the notes; None if they are too few or fit no key better than others. Drums are not heard."""
    pitched = [note for note in notes if note.channel != DRUM_CHANNEL]
    if len(pitched) < NOTES_FEWEST or len({note.pitch % PITCH_CLASSES for note in pitched}) < PITCH_CLASSES_FEWEST:
        return None
    probabilities = key_probabilities(weights_of(pitched))
    best, *others = np.argsort(-probabilities, kind="stable")[:4].tolist()
    if probabilities[best] < CONFIDENCE_LEAST:
        return None
    return KeyFound(
        KEYS[best], float(probabilities[best]), tuple((KEYS[other], float(probabilities[other])) for other in others)
    )


def home_of(chord: Chord) -> Key:
    """The key in which a chord is at home where nothing else is known: its own."""
    tones = {(tone - chord.root) % PITCH_CLASSES for tone in chord.pitch_classes}
    return Key(chord.root, Mode.MINOR if 3 in tones and 4 not in tones else Mode.MAJOR)

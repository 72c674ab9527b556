"""Songs for the tests of progressions, and a network whose every probability is known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.names.chart import read_chart
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.progressions.inputs import Inputs
from cocomposer.harmony.progressions.song import COMMON_TIME, Metre, Song, Sounding, song_of
from cocomposer.harmony.progressions.suggesting import Context
from cocomposer.harmony.progressions.vocabulary import TOKENS


def soundings(text: str, key: Key, beat: float = 0.0) -> tuple[list[Sounding], float]:
    """The chords of a chart one after another from a beat on, and where the last one ends."""
    heard = []
    for step in read_chart(text, key).steps:
        chord = None if isinstance(step.chord, NoChord) else step.chord
        heard.append(Sounding(chord, beat, key.tonic))
        beat += float(step.beats)
    return heard, beat


def song(text: str, key: str = "C major", metres: Sequence[Metre] = COMMON_TIME) -> Song:
    """The song of a chart."""
    heard, end = soundings(text, key_named(key))
    return song_of(heard, end, metres, key_named(key).tonic)


def context(text: str, key: str = "C major") -> Context:
    """The context after a chart."""
    heard, end = soundings(text, key_named(key))
    return Context(tuple(heard), key_named(key), end)


class KnownNetwork:
    """A bigram: after each chord the others have the probabilities of a row; each match has the same strength."""

    def __init__(self, strength: float = -30.0, seed: int = 1) -> None:
        weights = np.random.default_rng(seed).gamma(0.3, size=(TOKENS + 1, TOKENS)) + 1e-6
        weights[np.arange(TOKENS), np.arange(TOKENS)] = 1e-12
        self.rows: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
        self.strength = strength

    def scores(self, inputs: Inputs) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        general = np.log(self.rows[inputs["before"]])[None]
        strengths = np.full((1, len(inputs["places"])), self.strength)
        return general.astype(np.float32), strengths.astype(np.float32)


C, F, G, AM = Chord(0), Chord(5), Chord(7), Chord(9, "min")

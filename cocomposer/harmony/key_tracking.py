"""The key as it goes along: a hidden Markov model whose states are the 24 keys, one step a beat.

A beat's pitch classes are likely or unlikely in each key by its profile; keys last, and mostly change to related ones.
Forwards only it is the key now, as it is shown live; forwards and backwards it is the key of each beat of a whole
piece. Temperley's Bayesian key finding (Music and Probability, 2007) on a chain of beats. Knows no clock: time is the
number of beats that were heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.evidence import evidence_of
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_finding import (
    DRUM_CHANNEL,
    KEYS,
    NOTES_FEWEST,
    PITCH_CLASSES_FEWEST,
    KeyFound,
)
from cocomposer.harmony.key_profiles import PROFILES
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note

Floats = NDArray[np.float64]

PROFILE: Final = "Albrecht-Shanahan"
FLOOR: Final = 0.02
"""Share of every pitch class in every key: one wrong note does not exclude a key."""
TRUST: Final = 1.0
"""How much a beat says: notes of one beat, and of neighbouring beats, are not independent."""
LEAVING: Final = 0.006
"""Probability that a key is left on a beat."""
NEARNESS: Final = 0.7
"""How much rarer each step further round the circle of fifths is as the next key."""
CAUTION: Final = 0.5
"""Power of the belief that is told as confidence: the beats of a phrase say the same thing several times."""
OTHERS: Final = 3
BEATS_FEWEST: Final = 4
"""So many beats must have sounded before a key is named."""
LEFT_FOR: Final = 0.7
"""The key that is shown is left for one that is so likely."""
EXCLUDED: Final = 0.1
"""One that has become less likely than this is left for one of LEFT_THEN_FOR already."""
LEFT_THEN_FOR: Final = 0.5


def _emissions() -> Floats:
    """[24, 12] logarithm of how likely each pitch class is in each of KEYS."""
    profile = PROFILES[PROFILE]
    shapes = [np.roll(shape, tonic) for shape in (profile.major, profile.minor) for tonic in range(PITCH_CLASSES)]
    rows = np.array(shapes)
    rows /= rows.sum(axis=1, keepdims=True)
    return np.asarray(np.log((1 - PITCH_CLASSES * FLOOR) * rows + FLOOR))


def _transitions() -> Floats:
    """[24, 24] probability of each of KEYS, given the key of the beat before."""
    fifths = np.array([key.fifths % PITCH_CLASSES for key in KEYS])
    apart = (fifths[:, None] - fifths[None, :]) % PITCH_CLASSES
    far = np.minimum(apart, PITCH_CLASSES - apart)
    moves = NEARNESS**far
    np.fill_diagonal(moves, 0.0)
    return np.asarray(LEAVING * moves / moves.sum(axis=1, keepdims=True) + (1 - LEAVING) * np.eye(len(KEYS)))


_EMISSIONS: Final = _emissions()
_TRANSITIONS: Final = _transitions()
_EVEN: Final = np.full(len(KEYS), 1 / len(KEYS))


def likelihoods(weights: Floats) -> Floats:
    """[n, 24] how likely pitch-class weights [n, 12] of n beats are in each key, the likeliest 1."""
    logs = TRUST * weights @ _EMISSIONS.T
    return np.asarray(np.exp(logs - logs.max(axis=-1, keepdims=True)))


def step(belief: Floats, weights: Floats) -> Floats:
    """[24] belief after one more beat of pitch-class weights [12]."""
    moved = belief @ _TRANSITIONS * likelihoods(weights)
    return np.asarray(moved / moved.sum())


def beliefs(weights: Floats) -> Floats:
    """[n, 24] probability of each key on each of n beats, given all of them (forward–backward)."""
    seen = likelihoods(weights)
    forward = np.empty_like(seen)
    belief = _EVEN
    for number, likely in enumerate(seen):
        belief = belief @ _TRANSITIONS * likely if number else belief * likely
        belief = forward[number] = belief / belief.sum()
    backward = np.ones(len(KEYS))
    for number in range(len(seen) - 2, -1, -1):
        backward = _TRANSITIONS @ (backward * seen[number + 1])
        backward /= backward.sum()
        forward[number] *= backward
    return np.asarray(forward / forward.sum(axis=1, keepdims=True))


def confidences(belief: Floats) -> Floats:
    """[..., 24] what a belief is worth as probabilities of the keys that a score would show."""
    worth = belief**CAUTION
    return np.asarray(worth / worth.sum(axis=-1, keepdims=True))


class KeyTracker:
    """The key now. Feed it whole beats; ask with what was heard of the beat that is not over."""

    def __init__(self) -> None:
        self._belief = _EVEN
        self._heard = np.zeros(PITCH_CLASSES)
        self._beats = 0
        self._shown: int | None = None

    def hear(self, weights: Floats) -> None:
        """One more beat, of pitch-class weights [12] as `evidence_of` gives them; a silent one changes nothing."""
        if not weights.any():
            return
        self._belief = step(self._belief, weights) if self._beats else _first(weights)
        self._heard = self._heard + weights
        self._beats += 1
        best = int(self._belief.argmax())
        if self._is_enough:
            shown = self._shown
            wanted = 0.0 if shown is None else LEFT_THEN_FOR if self._belief[shown] < EXCLUDED else LEFT_FOR
            self._shown = best if self._belief[best] >= wanted else shown

    @property
    def _is_enough(self) -> bool:
        return self._beats >= BEATS_FEWEST and int(np.count_nonzero(self._heard)) >= PITCH_CLASSES_FEWEST

    @property
    def belief(self) -> Floats:
        """[24] probability of each of KEYS, without caution."""
        return self._belief

    @property
    def found(self) -> KeyFound | None:
        """The key that is shown, which changes only for one that is much likelier; None before enough was heard."""
        return None if self._shown is None else _found(confidences(self._belief), self._shown)


@dataclass(frozen=True, slots=True)
class KeySpan:
    """One key and how long it lasts."""

    tick: int
    end_tick: int
    key: Key
    confidence: float
    """Mean estimated probability, 0–1."""


def keys_of(notes: Sequence[Note], metre: Metre | None = None) -> tuple[KeySpan, ...]:
    """The keys of a whole piece, in order and without gaps: the likeliest path through all beats (Viterbi).

    Drums are not heard. Empty where there are too few notes to tell.
    """
    pitched = [note for note in notes if note.channel != DRUM_CHANNEL]
    if len(pitched) < NOTES_FEWEST or len({note.pitch % PITCH_CLASSES for note in pitched}) < PITCH_CLASSES_FEWEST:
        return ()
    start, end = min(note.onset_tick for note in pitched), max(note.end_tick for note in pitched)
    known = metre or Metre()
    beats = Metre(known.beats_per_bar, known.bar_tick)  # free time is laid on nominal beats
    edges = beats.edges(start, end, ())
    weights = evidence_of(pitched, edges).weights
    path, shares = likeliest_path(weights), confidences(beliefs(weights))
    spans = []
    first = 0
    for last in range(1, len(path) + 1):
        if last == len(path) or path[last] != path[first]:
            confidence = float(shares[first:last, path[first]].mean())
            spans.append(KeySpan(edges[first], edges[last], KEYS[path[first]], confidence))
            first = last
    return tuple(spans)


def likeliest_path(weights: Floats) -> list[int]:
    """The number of the key of each beat that together are likeliest, given pitch-class weights [n, 12]."""
    seen = np.log(likelihoods(weights))
    moves = np.log(_TRANSITIONS)
    totals = seen[0]
    origins = []
    for likely in seen[1:]:
        reached = totals[:, None] + moves
        origin = reached.argmax(axis=0)
        origins.append(origin)
        totals = reached[origin, np.arange(len(KEYS))] + likely
    path = [int(totals.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _first(weights: Floats) -> Floats:
    likely = likelihoods(weights)
    return np.asarray(likely / likely.sum())


def _found(shares: Floats, shown: int) -> KeyFound:
    others = [number for number in np.argsort(-shares, kind="stable").tolist() if number != shown][:OTHERS]
    return KeyFound(KEYS[shown], float(shares[shown]), tuple((KEYS[other], float(shares[other])) for other in others))

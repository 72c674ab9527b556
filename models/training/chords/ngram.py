"""Counting models, to hold the network against: unigram, bigram, the best n-gram, and that with a memory of the song.

Each order is mixed with the next lower one by Witten and Bell's rule with a weight of its own: after a context seen N
times with D different continuations, the lower order has weight a·D / (N + a·D). The memory does the same with counts
of the song so far, on top of the n-gram. No chord follows itself, so the chord before has probability 0.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song
from cocomposer.harmony.progressions.vocabulary import BEGINNING, TOKENS

Floats = NDArray[np.float64]
Context = tuple[int, ...]
LEAST: Final = 1e-9


@dataclass(slots=True)
class Counts:
    """How often each chord came after each context of up to `order` chords."""

    order: int
    table: dict[Context, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, before: Sequence[int], token: int) -> None:
        """Count one chord after all chords `before` it, the last of them nearest."""
        for length in range(min(self.order, len(before)) + 1):
            self.table[tuple(before[len(before) - length :])][token] += 1

    def interpolated(self, before: Sequence[int], lower: Floats, weights: Sequence[float]) -> Floats:
        """Probabilities [TOKENS] after `before`; `lower` below all orders, a weight for each order."""
        result = lower
        for length in range(min(self.order, len(before)) + 1):
            found = self.table.get(tuple(before[len(before) - length :]))
            if found is None:
                break
            seen = np.zeros(TOKENS)
            seen[list(found)] = list(found.values())
            back_off = weights[length] * len(found)
            result = (seen + back_off * result) / (seen.sum() + back_off)
        return result


def counts_of(songs: Iterable[Song], order: int) -> Counts:
    """The counts of many songs."""
    counts = Counts(order)
    for song in songs:
        before = [BEGINNING, *song.seen.tolist()]
        for place, token in enumerate(song.expected.tolist()):
            counts.add(before[: place + 1], token)
    return counts


def ngram_predictions(counts: Counts, song: Song, weights: Sequence[float]) -> Floats:
    """[n, TOKENS] of one song."""
    before = [BEGINNING, *song.seen.tolist()]
    even = np.full(TOKENS, 1 / TOKENS)
    return np.stack([counts.interpolated(before[: place + 1], even, weights) for place in range(len(song))])


def memory_predictions(lower: Floats, song: Song, order: int, weights: Sequence[float]) -> Floats:
    """[n, TOKENS] of one song: counts of the song so far on top of the n-gram's predictions `lower`."""
    so_far = Counts(order)
    before = [BEGINNING, *song.seen.tolist()]
    rows = []
    for place, token in enumerate(song.expected.tolist()):
        known = before[: place + 1]
        rows.append(so_far.interpolated(known, lower[place], weights))
        so_far.add(known, token)
    return np.stack(rows)


def without_repeats(predictions: Floats, song: Song) -> Floats:
    """The same, where the chord before cannot come again."""
    result = np.maximum(predictions, LEAST)
    places = np.arange(1, len(song))
    result[places, song.seen[:-1]] = 0
    normalised: Floats = result / result.sum(axis=1, keepdims=True)
    return normalised

"""The weights of the counting models, tuned on the valid split.

Only the probability of what came matters to perplexity (and that of the chord before, which is ruled out), so each
place is first summed up by a few counts, and trying other weights costs no counting. Knows no network.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song
from cocomposer.harmony.progressions.vocabulary import BEGINNING, TOKENS
from models.training.chords.ngram import LEAST, Counts

Floats = NDArray[np.float64]
GRID: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
ROUNDS: Final = 3


def tallies(counts: Counts, song: Song, learn: bool) -> Floats:
    """[n, order + 1, 4]: times seen, distinct continuations, and counts of what came and of the chord before.

    With `learn` the counts take in each chord after its place.
    """
    before = [BEGINNING, *song.seen.tolist()]
    result = np.zeros((len(song), counts.order + 1, 4))
    for place, token in enumerate(song.expected.tolist()):
        for length in range(min(counts.order, place + 1) + 1):
            found = counts.table.get(tuple(before[place + 1 - length : place + 1]))
            if found is None:
                break
            result[place, length] = found.total(), len(found), found[token], found[before[place]]
        if learn:
            counts.add(before[: place + 1], token)
    return result


def probabilities(tally: Floats, weights: Sequence[float], lower: Floats) -> Floats:
    """[n, 2] of what came and of the chord before, over `lower` [n, 2] below all orders."""
    result = lower
    for length, weight in enumerate(weights):
        total, distinct, came, repeated = tally[:, length].T
        back_off = weight * distinct
        scale = np.where(total > 0, total + back_off, 1.0)
        mixed = (np.stack([came, repeated], axis=1) + back_off[:, None] * result) / scale[:, None]
        result = np.where((total > 0)[:, None], mixed, result)
    return result


def perplexity(pairs: Floats) -> float:
    """Of [n, 2]: what came, given that the chord before does not come again."""
    came, repeated = pairs.T
    return float(np.exp(-np.log(np.maximum(came, LEAST) / np.maximum(1 - repeated, LEAST)).mean()))


def evenly(song: Song) -> Floats:
    """[n, 2] where all chords are alike; the first has none before it that could come again."""
    result = np.full((len(song), 2), 1 / TOKENS)
    result[0, 1] = 0
    return result


def descend(cost: Callable[[Sequence[float]], float], start: Sequence[float]) -> tuple[list[float], float]:
    """The weights of GRID that cost least, changed one by one in some rounds; with their cost."""
    weights, least = list(start), cost(start)
    for _ in range(ROUNDS):
        for place in range(len(weights)):
            for value in GRID:
                tried = [*weights[:place], value, *weights[place + 1 :]]
                found = cost(tried)
                if found < least:
                    weights, least = tried, found
    return weights, least

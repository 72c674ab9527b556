"""What a network knows of all songs and what it remembers of this one, in one distribution.

The network gives every chord a probability from all songs, and every match a strength: the logarithm of its weight
beside the 1 that all songs have together. So the memory's share grows with the number of good matches, and it is known
how much of each probability is remembered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.vocabulary import TOKENS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Arrays [TOKENS]."""

    probabilities: Floats
    remembered: Floats
    """The part of each probability that comes from this song's memory; the rest comes from all songs."""

    @property
    def memory_share(self) -> float:
        """Of the whole, 0–1."""
        return float(self.remembered.sum())


def mixture_of(
    general: NDArray[np.floating], strengths: NDArray[np.floating], tokens: Integers, memory: float = 1.0
) -> Mixture:
    """Of log-probabilities [members, TOKENS] and strengths [members, m] of matches with tokens [m].

    Each member of a network is a distribution of its own, and the mixture is their mean. `memory` scales the weight of
    all matches: 0 forgets the song.
    """
    members = len(general)
    known = np.exp(np.asarray(general, np.float64))
    recalled = np.zeros((members, TOKENS))
    for row, strength in zip(recalled, np.asarray(strengths, np.float64), strict=True):
        np.add.at(row, tokens, memory * np.exp(strength))
    whole = (known + recalled).sum(axis=1, keepdims=True)
    return Mixture(((known + recalled) / whole).mean(axis=0), (recalled / whole).mean(axis=0))

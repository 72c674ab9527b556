"""How well predictions foretell songs: top-1, top-3 and perplexity over all chords of all songs together.

Every chord counts once, the first of a song too (foretold from nothing but the metre). A rank is the number of tokens
that are more probable; ties do not help, for they count as more probable.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song

Floats = NDArray[np.float64]
Places = Callable[[Song], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1, and perplexity."""

    top_1: float
    top_3: float
    perplexity: float
    chords: int

    def row(self) -> str:
        """Cells of a Markdown table."""
        return f"{self.top_1:.1%} | {self.top_3:.1%} | {self.perplexity:.2f}"


def figures(predictions: Sequence[Floats], songs: Sequence[Song], places: Places | None = None) -> Figures:
    """Of probabilities [n, TOKENS] for each song, over the `places` (a mask [n] of a song) or all."""
    first = third = count = 0
    nats = 0.0
    for probabilities, song in zip(predictions, songs, strict=True):
        counted = np.ones(len(song), np.bool_) if places is None else places(song)
        own = probabilities[np.arange(len(song)), song.expected][counted]
        ranks = (probabilities[counted] >= own[:, None]).sum(axis=1)
        first += int((ranks <= 1).sum())
        third += int((ranks <= 3).sum())
        count += len(ranks)
        with np.errstate(divide="ignore"):
            nats -= float(np.log(own).sum())
    return Figures(first / count, third / count, math.exp(nats / count), count) if count else Figures(0, 0, math.inf, 0)

"""How often each chord came after each other one in the training songs: what the networks are smoothed with.

A bigram foretells badly, but it never rules out what it has once seen. Knows no song so far.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song
from cocomposer.harmony.progressions.vocabulary import BEGINNING, TOKENS
from models.training.chords.ngram import counts_of

Floats = NDArray[np.float64]

SHARE: Final = 0.2
"""Of the networks' distribution, chosen on the valid split."""
WEIGHTS: Final = (64.0, 4.0)
"""Of the lower order below unigram and bigram (see `ngram`), as they were tuned on Billboard's valid split."""


def bigram_table(songs: Sequence[Song]) -> Floats:
    """[BEGINNING + 1, TOKENS] probabilities after each chord; no chord follows itself."""
    counts = counts_of(songs, 1)
    even = np.full(TOKENS, 1 / TOKENS)
    table = np.stack([counts.interpolated((before,), even, WEIGHTS) for before in range(BEGINNING + 1)])
    table[np.arange(TOKENS), np.arange(TOKENS)] = 0
    normalised: Floats = table / table.sum(axis=1, keepdims=True)
    return normalised

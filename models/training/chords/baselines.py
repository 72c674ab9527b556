"""The figures of the counting models on a split, tuned on the valid one.

    python -m models.training.chords.baselines --split valid

Order and weights of the n-gram and of the memory are those of the least perplexity on Billboard's valid split.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song
from models.training.chords.corpus import DEFAULT_CORPUS, new_places, read_sheets
from models.training.chords.figures import figures
from models.training.chords.ngram import Counts, counts_of, memory_predictions, ngram_predictions, without_repeats
from models.training.chords.tuning import descend, evenly, perplexity, probabilities, tallies

Floats = NDArray[np.float64]
LONGEST_NGRAM, LONGEST_MEMORY = 8, 12
"""Chords before; a 6-gram has five of them."""
_BEGIN_WITH: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class CountingModel:
    """Counts of the training songs, and the song's own if `memory` has weights."""

    name: str
    counts: Counts
    weights: tuple[float, ...]
    memory: tuple[float, ...] = ()

    def predictions(self, song: Song) -> Floats:
        """[n, TOKENS]"""
        found = ngram_predictions(self.counts, song, self.weights)
        if self.memory:
            found = memory_predictions(found, song, len(self.memory) - 1, self.memory)
        return without_repeats(found, song)


def counting_models(train: Sequence[Song], valid: Sequence[Song]) -> list[CountingModel]:
    """Unigram, bigram, the best n-gram, and the best with memory."""
    counts = counts_of(train, LONGEST_NGRAM)
    tally = np.concatenate([tallies(counts, song, learn=False) for song in valid])
    even = np.concatenate([evenly(song) for song in valid])
    tuned = []
    for order in range(LONGEST_NGRAM + 1):
        cost = _cost(tally, even)
        tuned.append(descend(cost, [_BEGIN_WITH] * (order + 1)))
    best = min(range(len(tuned)), key=lambda order: tuned[order][1])
    models = [
        CountingModel(name, Counts(order, counts.table), tuple(tuned[order][0]))
        for name, order in (("unigram in key", 0), ("bigram", 1), (f"best n-gram ({best + 1}-gram)", best))
    ]
    lower = probabilities(tally, tuned[best][0], even)
    own = np.concatenate([tallies(Counts(LONGEST_MEMORY), song, learn=True) for song in valid])
    remembered = [descend(_cost(own, lower), [_BEGIN_WITH] * (order + 1)) for order in range(2, LONGEST_MEMORY + 1, 2)]
    memory = min(remembered, key=lambda found: found[1])[0]
    name = f"{best + 1}-gram with memory of {len(memory) - 1}"
    return [*models, CountingModel(name, models[-1].counts, models[-1].weights, tuple(memory))]


def _cost(tally: Floats, lower: Floats) -> Callable[[Sequence[float]], float]:
    return lambda weights: perplexity(probabilities(tally, weights, lower))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    options = parser.parse_args()
    train = [sheet.song for sheet in read_sheets(options.corpus, "train")]
    models = counting_models(train, [sheet.song for sheet in read_sheets(options.corpus, "valid", ("billboard",))])
    for source in ("billboard", "openewld"):
        songs = [sheet.song for sheet in read_sheets(options.corpus, options.split, (source,))]
        for model in models:
            predictions = [model.predictions(song) for song in songs]
            every, new = figures(predictions, songs), figures(predictions, songs, new_places)
            print(f"| {source} | {model.name} | {every.row()} | {new.row()} | {every.chords} | {new.chords} |")
            print(f"    weights {model.weights} memory {model.memory}")


if __name__ == "__main__":
    main()

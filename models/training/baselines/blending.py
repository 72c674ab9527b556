"""From counts to probabilities: back-off along a ladder, and a blend of several ladders, with the weights for both.

Each step of a ladder is interpolated with the step before by discounts for what was seen once, twice and more often
(Chen and Goodman 1999) and a concentration (Teh 2006):

    p(symbol) = (count - discount + (concentration + sum of all discounts) p_before(symbol)) / (total + concentration)

The ladders are averaged with weights that depend on the kind of music and on how many steps of each ladder were met
before. Both say nothing of the symbol to come, so what is normalised stays so. Knows no columns and no notes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.baselines.counting import Counts

Probability = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LadderWeights:
    """How far each step of a ladder is trusted, and how far the ladder is among others."""

    discounts: tuple[tuple[float, float, float], ...]
    """For each step, of what was seen once (0–1), twice (0–2) and more often (0–3)."""
    concentration: tuple[float, ...]
    """For each step, above 0."""
    style: tuple[float, ...]
    """Logit of the ladder for each kind of music, as STYLES."""
    depth: tuple[float, ...]
    """Logit of the ladder for each number of its steps that were met before, 0 to all."""


Weights = dict[str, dict[str, tuple[LadderWeights, ...]]]
"""By what counts ("corpus", "memory") and by field, one for each ladder; a last one of "memory" is without steps."""


def read_weights(path: Path) -> Weights:
    """The table that `tune` wrote."""
    return {
        part: {field: tuple(_ladder(entry) for entry in ladders) for field, ladders in fields.items()}
        for part, fields in json.loads(path.read_text(encoding="utf-8"))["weights"].items()
    }


def _ladder(entry: dict[str, Any]) -> LadderWeights:
    discounts, concentration = tuple(tuple(step) for step in entry["discounts"]), tuple(entry["concentration"])
    return LadderWeights(discounts, concentration, tuple(entry["style"]), tuple(entry["depth"]))


def climb(counts: Sequence[Counts], base: Probability, weights: LadderWeights) -> tuple[Probability, NDArray[np.int64]]:
    """Probability [notes] of what came, by all steps of a ladder over `base`, and how many of them were met before."""
    probability, met = base, np.zeros(len(base), dtype=np.int64)
    for step, discounts, concentration in zip(counts, weights.discounts, weights.concentration, strict=True):
        mine = np.asarray((0.0, *discounts))[np.minimum(step.symbol, 3).astype(np.int64)]
        free = discounts[0] * step.once + discounts[1] * step.twice + discounts[2] * step.often
        probability = (step.symbol - mine + (concentration + free) * probability) / (step.total + concentration)
        met += step.total > 0
    return probability, met


def blend(
    climbed: Sequence[tuple[Probability, NDArray[np.int64]]],
    style: NDArray[np.int64],
    weights: Sequence[LadderWeights],
) -> Probability:
    """Average [notes] of what several ladders say (`climb`); `style` [notes] are indices of STYLES."""
    logits = np.stack(
        [
            np.asarray(ladder.style)[style] + np.asarray(ladder.depth)[met]
            for ladder, (_, met) in zip(weights, climbed, strict=True)
        ]
    )
    shares = np.exp(logits - logits.max(axis=0))
    shares /= shares.sum(axis=0)
    return np.asarray((shares * np.stack([probability for probability, _ in climbed])).sum(axis=0))

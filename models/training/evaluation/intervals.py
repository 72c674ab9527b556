"""Confidence intervals by piece: the percentile bootstrap (Efron and Tibshirani 1993), drawing whole pieces anew.

Notes of one piece are alike, so pieces are what is drawn. Each kind of music keeps its number of pieces (the bootstrap
is stratified), and every figure is a ratio of sums, so that long pieces weigh as much as they do in the figure itself.
All columns see the same draws: differences between them are paired. Knows no model and no music.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES: Final = 2000
LEVEL: Final = 0.95
SEED: Final = 1
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and the ends of its interval; None where all draws give the same, as those of one piece do."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, value: float, resampled: Floats) -> "Estimate":
        """From a figure and what the resamples made of it, [resamples]; nan ones had nothing to count."""
        held = resampled[np.isfinite(resampled)]
        if not np.isfinite(value) or len(held) < len(resampled) / 2 or np.ptp(held) == 0:
            return cls(float(value), None, None)
        low, high = np.quantile(held, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return cls(float(value), float(low), float(high))

    def as_json(self) -> dict[str, float | list[float]]:
        """{"value", "interval"}, the latter only where there is one."""
        if self.low is None or self.high is None:
            return {"value": self.value}
        return {"value": self.value, "interval": [self.low, self.high]}


class Resampling:
    """The draws of pieces of one set, the same for all that is asked about it."""

    def __init__(self, kinds: Sequence[str], resamples: int = RESAMPLES, seed: int = SEED) -> None:
        """`kinds` [pieces]: the stratum of each."""
        names = np.asarray(kinds)
        # First the pieces as they are, then the draws: how often each piece is in it.
        self.weights = np.ones((1 + resamples, len(names)))
        self.members: Mapping[str, NDArray[np.bool_]] = {
            ALL: np.ones(len(names), dtype=np.bool_), **{str(kind): names == kind for kind in np.unique(names)}
        }  # fmt: skip
        for number, kind in enumerate(np.unique(names)):
            rng = np.random.default_rng((seed, number))
            mine = names == kind
            count = int(mine.sum())
            self.weights[1:, mine] = rng.multinomial(count, np.full(count, 1 / count), size=resamples)

    def ratios(self, kind: str, above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
        """Sum over pieces of `above` by that of `below` (both [pieces]), of a kind or of ALL: [1 + resamples].

        The first is the figure itself; nan where there is nothing below.
        """
        mine = self.members[kind]
        weights = self.weights[:, mine]
        over, under = weights @ above[mine].astype(np.float64), weights @ below[mine].astype(np.float64)
        return np.asarray(np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0))

    def estimate(self, kind: str, above: NDArray[np.generic], below: NDArray[np.generic]) -> Estimate:
        """`ratios` with their interval."""
        return estimate(self.ratios(kind, above, below))


def estimate(figures: Floats) -> Estimate:
    """Of a figure and its resamples as `Resampling.ratios` gives them, or any function of such."""
    return Estimate.of(float(figures[0]), figures[1:])

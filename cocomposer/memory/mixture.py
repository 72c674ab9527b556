"""What a memory's votes come to, mixed into a model's own distribution. Pure arithmetic on weights.

Each vote counts exp(sum of its features' weights). Votes for one class add up; their shares are the memory's
distribution q, and a gate g says how far it is believed: the surer, the more votes there are and the longer their
matches (the logarithm of the total), the more they agree among themselves (of the largest share), and the less sure
the model is (of its largest probability).
The mixture (1 - g) p + g q is as normalised as p and forbids nothing that p allows.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.memory.recall import FEATURES, IN_FILES, Votes

Floats = NDArray[np.float64]

MOST_BELIEVED: Final = 0.99
"""The gate never opens further: what the model thinks possible stays possible."""
LEAST_BELIEVED: Final = 1e-12
"""Below this the memory is as good as not there."""
_AGE: Final = list(FEATURES).index("age")


@dataclass(frozen=True, slots=True)
class Gate:
    """Terms of the gate's logit: at rest, and for each nat of what the module names."""

    rest: float
    total: float
    share: float
    sure: float


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much the votes on one field count, and how far they are believed."""

    features: Mapping[str, tuple[float, ...]]
    """For each of FEATURES the weight of each of its classes, added up in the logarithm of a vote."""
    gate: Gate


class Mixture:
    """The mixture for one field."""

    def __init__(self, weights: FieldWeights) -> None:
        """ValueError unless every class of every feature has a weight."""
        if {name: len(table) for name, table in weights.features.items()} != FEATURES:
            raise ValueError("the weights are for other features than a memory has")
        starts = np.cumsum([0, *FEATURES.values()])[:-1]
        # All tables in one, and where each feature's begins.
        self._table = np.concatenate([np.asarray(weights.features[name]) for name in FEATURES])
        self._starts = starts[:, None]
        self._gate = weights.gate

    def counts(self, votes: Votes) -> Floats:
        """What each vote counts, [votes]."""
        return np.asarray(np.exp(self._table.take(votes.features + self._starts).sum(axis=0)))

    def mixed(self, logits: Floats, votes: Votes, jam: float = 1.0, files: float = 1.0) -> Floats:
        """Logits [classes] of the mixture: logarithms of its probabilities, finite where `logits` are.

        `jam` and `files` (>= 0) weigh what was played and what was read: 0 nothing, 1 what predicts best, more than
        that above 1. A gate g becomes 1 - (1 - g)^weight. Where nothing is to be mixed in, the very same array.
        """
        if not len(votes.classes) or (jam <= 0 and files <= 0):
            return logits
        counts = self.counts(votes)
        by_class = np.bincount(votes.classes, counts, len(logits))
        total = float(by_class.sum())
        top = logits.max()
        scaled = np.exp(logits - top)
        mass = float(scaled.sum())
        gate = self._gate
        logit = (
            gate.rest
            + gate.total * math.log(total)
            + gate.share * math.log(by_class.max() / total)
            - gate.sure * math.log(mass)
        )
        weight = jam
        if jam != files:
            from_files = votes.features[_AGE] == IN_FILES
            by_class = np.bincount(votes.classes, counts * np.where(from_files, files, jam), len(logits))
            weighed = float(by_class.sum())
            if weighed <= 0:
                return logits
            weight, total = weighed / total, weighed
        # -log(1 - sigmoid(x)) is the softplus of x.
        believed = min(MOST_BELIEVED, -math.expm1(-weight * _softplus(logit)))
        if believed < LEAST_BELIEVED:
            return logits
        result = logits - (float(top) + math.log(mass) - math.log1p(-believed))
        voted = by_class.nonzero()[0]
        result[voted] = np.logaddexp(result[voted], np.log(by_class[voted] * (believed / total)))
        return result


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

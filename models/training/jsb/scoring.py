"""Exact negative log-likelihood of chorales under one network or the mean of several, summed as papers do it.

Several networks are one model: each slot's probability is the mean of theirs, which sums to 1 as each of them does.
Knows no files.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.jsb.batches import whole
from models.training.jsb.chorales import Values
from models.training.jsb.network import ChoraleNetwork

RESAMPLES = 2000


@dataclass(frozen=True)
class Figure:
    """A likelihood over a split."""

    micro: float
    """Total over all counted units, divided by their number."""
    macro: float
    """Mean over pieces of the piece's own mean."""
    low: float
    """95 % interval of `micro` over resampled pieces."""
    high: float
    units: int
    pieces: int


def costs(networks: list[ChoraleNetwork], values: Values) -> NDArray[np.float64]:
    """Nats [networks + 1, steps, SLOTS] of a whole piece: under each network, then under their mean; float32 inside."""
    rows = whole(values, networks[0].grid)
    with torch.no_grad():
        single = torch.stack([network.eval()(rows) for network in networks]).double()
    mean = math.log(len(networks)) - torch.logsumexp(-single, 0)
    every: NDArray[np.float64] = torch.cat((single, mean[None])).numpy()
    return every


def per_frame(piece: NDArray[np.float64]) -> NDArray[np.float64]:
    """Joint nats [frames - 1] of the frames of a piece [frames, SLOTS]; the first frame is given, not scored."""
    nats: NDArray[np.float64] = piece[1:].sum(-1)
    return nats


def per_token(piece: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nats [steps · SLOTS] of every voice at every step of a piece [steps, SLOTS]."""
    return piece.reshape(-1)


UNITS = {"quarter": per_frame, "sixteenth": per_token}


def figure(pieces: list[NDArray[np.float64]]) -> Figure:
    """The figure of a split from the costs of the units of each of its pieces."""
    sums = np.array([units.sum() for units in pieces])
    counts = np.array([len(units) for units in pieces])
    drawn = np.random.default_rng(1).integers(0, len(pieces), (RESAMPLES, len(pieces)))
    low, high = np.percentile(sums[drawn].sum(1) / counts[drawn].sum(1), [2.5, 97.5])
    scored = counts > 0
    macro = float((sums[scored] / counts[scored]).mean())
    return Figure(
        float(sums.sum() / counts.sum()), macro, float(low), float(high), int(counts.sum()), int(scored.sum())
    )


def score(networks: list[ChoraleNetwork], split: list[Values]) -> list[Figure]:
    """Figures of a split: of each network, then of their mean."""
    all_costs = [costs(networks, values) for values in split]
    units = UNITS[networks[0].grid]
    return [figure([units(piece[number]) for piece in all_costs]) for number in range(len(networks) + 1)]

"""Batches of crops for training, whole pieces for scoring. Chance is a generator that the caller gives."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from models.training.jsb.chorales import NONE, TONIC, Rows, Values, room, rows_of, transposed
from models.training.jsb.network import Batch


def batch_of(crops: list[tuple[Rows, Values, slice]]) -> Batch:
    """Crops of pieces side by side, padded at the end to the longest."""
    steps = max(where.stop - where.start for _, _, where in crops)

    def padded(arrays: list[np.ndarray], fill: int) -> torch.Tensor:
        out = np.full((len(arrays), steps, *arrays[0].shape[1:]), fill, np.int64)
        for row, array in zip(out, arrays, strict=True):
            row[: len(array)] = array
        return torch.from_numpy(out)

    columns = {
        name: padded([getattr(rows, name)[where] for rows, _, where in crops], fill)
        for name, fill in (("before", NONE), ("distinct", NONE), ("held", 0), ("tonic", 0), ("index", 0))
    }
    target = padded([values[where] for _, values, where in crops], NONE)
    weight = padded([np.ones(where.stop - where.start, np.int64) for _, _, where in crops], 0).float()
    return Batch(**columns, target=target, weight=weight)


def whole(values: Values, grid: str) -> Batch:
    """A whole piece as a batch of one."""
    return batch_of([(rows_of(values, TONIC[grid]), values, slice(0, len(values)))])


def thinned(batch: Batch, share: float, chance: np.random.Generator) -> Batch:
    """The same, with only a share of its odd steps predicted, which then count for the others too.

    On the 16th grid hardly anything moves at odd steps: they are half of the work and a twentieth of the nats.
    """
    left_out = torch.from_numpy(chance.random(batch.index.shape) >= share) & (batch.index % 2 == 1)
    weight = torch.where(batch.index % 2 == 1, batch.weight / share, batch.weight)
    return replace(batch, weight=weight.masked_fill(left_out, 0.0))


def epoch(
    pieces: list[Values], grid: str, chance: np.random.Generator, batch: int, length: int, transpose: int
) -> Iterator[Batch]:
    """Every piece once, in any order, moved and cropped by chance; pieces of like length side by side."""
    moves = room(pieces)
    order = chance.permutation(len(pieces))
    # By length within a few batches' worth, so that little is padding and the company still changes.
    for start in range(0, len(order), 4 * batch):
        some = sorted(order[start : start + 4 * batch], key=lambda number: min(length, len(pieces[number])))
        groups = [some[k : k + batch] for k in range(0, len(some), batch)]
        for number in chance.permutation(len(groups)):
            crops = []
            for piece in groups[number]:
                low, high = moves[piece]
                by = int(chance.integers(max(low, -transpose), min(high, transpose) + 1))
                values = transposed(pieces[piece], by)
                begin = int(chance.integers(0, max(0, len(values) - length) + 1))
                key = TONIC[grid]
                rows = rows_of(values, None if key is None else key + by)
                crops.append((rows, values, slice(begin, min(len(values), begin + length))))
            yield batch_of(crops)

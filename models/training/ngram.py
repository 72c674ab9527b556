"""The baseline: interpolated n-grams on the very same fields, with back-off to shorter contexts (Witten and Bell 1991).

Pitch is counted as the interval from the note before, so the baseline too knows all keys at once. Each
field has a ladder of contexts, from none to the three notes before; every step of the ladder is mixed
with the shorter one by how often and how variously the context was followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN

Ladder = tuple[tuple[str, int], ...]
"""Names of columns with how many notes back they stand; each step of the ladder adds one."""

LADDERS: dict[str, Ladder] = {
    "onset": (("phase", 1), ("onset", 1), ("style", 0), ("onset", 2), ("onset", 3)),
    "pitch": (("together", 0), ("interval", 1), ("style", 0), ("interval", 2), ("interval", 3)),
    "duration": (("duration", 1), ("onset", 0), ("style", 0), ("duration", 2), ("phase", 0)),
    "velocity": (("velocity", 1), ("velocity", 2), ("style", 0), ("together", 0), ("velocity", 3)),
    "pedal": (("pedal", 1), ("together", 0), ("style", 0), ("onset", 0), ("pedal", 2)),
}
"""The kind of music joins after the first steps, so that a kind with few pieces still leans on all the others."""
INTERVALS = 255
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Notes:
    """Columns of many pieces in one long array each, and how deep each note lies in its piece."""

    columns: dict[str, NDArray[np.int64]]
    depth: NDArray[np.int64]

    @classmethod
    def of(cls, pieces: Sequence[Rows]) -> "Notes":
        """All rows of all pieces."""
        rows = np.concatenate(pieces)
        depth = np.concatenate([np.arange(len(piece)) for piece in pieces])
        columns = {name: rows[:, COLUMN[name]] for name in ("onset", "pitch", "duration", "velocity", "pedal")}
        columns |= {name: rows[:, COLUMN[name]] for name in ("phase", "style")}
        columns["together"] = (columns["onset"] == 0).astype(np.int64)
        columns["interval"] = np.diff(columns["pitch"], prepend=0) + 127
        return cls(columns, depth)

    def back(self, name: str, notes: int) -> NDArray[np.int64]:
        """A column as it stood `notes` before each note; -1 before the piece began."""
        if notes == 0:
            return self.columns[name]
        moved = np.roll(self.columns[name], notes)
        return np.where(self.depth >= notes, moved, -1)

    def target(self, field: str) -> NDArray[np.int64]:
        """What is predicted: the class, and for pitch the interval."""
        return self.columns["interval" if field == "pitch" else field]


def _hashes(notes: Notes, ladder: Ladder) -> list[NDArray[np.uint64]]:
    """One hash of the context for each step of the ladder, the empty context first."""
    running = np.zeros(len(notes.depth), dtype=np.uint64)
    steps = [running]
    for name, back in ladder:
        value = (notes.back(name, back) + 2).astype(np.uint64)
        running = (running ^ value) * _MIX
        running ^= running >> np.uint64(29)
        steps.append(running)
    return steps


def _paired(context: NDArray[np.uint64], symbol: NDArray[np.int64]) -> NDArray[np.uint64]:
    mixed = (context + (symbol + 1).astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _lookup(keys: NDArray[np.uint64], counts: NDArray[np.int64], wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, counts[place], 0).astype(np.float64)


def nats(train: Notes, test: Notes) -> dict[str, NDArray[np.float64]]:
    """Negative log-likelihood of each field of each note of `test`, learnt from `train`; arrays [notes]."""
    result = {}
    for field in DRAWN:
        classes = INTERVALS if field.name == "pitch" else field.classes - field.first_drawn
        learnable = (train.columns[field.name] >= field.first_drawn) & (train.depth > 0)
        wanted, seen = test.target(field.name), train.target(field.name)[learnable]
        probability = np.full(len(wanted), 1.0 / classes)
        # A field that the training music never knew stays a matter of chance.
        if not learnable.any():
            result[field.name] = -np.log(probability)
            continue
        ladder = LADDERS[field.name]
        for context, mine in zip(_hashes(train, ladder), _hashes(test, ladder), strict=True):
            known = context[learnable]
            pairs, first, pair_counts = np.unique(_paired(known, seen), return_index=True, return_counts=True)
            contexts, kinds = np.unique(known[first], return_counts=True)
            totals = np.unique(known, return_counts=True)[1]
            n_pair = _lookup(pairs, pair_counts, _paired(mine, wanted))
            n_context, n_kinds = _lookup(contexts, totals, mine), _lookup(contexts, kinds, mine)
            met = n_context > 0
            mixed = (n_pair + n_kinds * probability) / np.maximum(n_context + n_kinds, 1)
            probability = np.where(met, mixed, probability)
        result[field.name] = -np.log(probability)
    return result

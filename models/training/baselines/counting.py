"""How often did what follow which context? Counts over millions of notes for the contexts that are asked for.

A ladder names columns (see `features`) with how many notes back they stand; each step of the ladder adds one to the
context. Contexts are told apart by 56-bit hashes. Knows no probabilities.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.baselines.features import Notes

Hashes = NDArray[np.uint64]
Steps = tuple[tuple[str, int], ...]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SYMBOL_BITS = np.uint64(8)
_FILTER_BITS = np.uint64(24)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each asked note, [notes] each: its symbol after its context, all symbols there, kinds seen 1×, 2×, more."""

    symbol: NDArray[np.float32]
    total: NDArray[np.float32]
    once: NDArray[np.float32]
    twice: NDArray[np.float32]
    often: NDArray[np.float32]


def contexts(notes: Notes, steps: Steps, start: Hashes | None = None) -> Iterator[Hashes]:
    """A hash of each note's context, [notes], for each step of a ladder, the empty context (or `start`) first."""
    running = np.zeros(len(notes.depth), dtype=np.uint64) if start is None else start
    yield running
    for name, back in steps:
        # Negative values wrap around; they stay apart from all others.
        running = (running ^ (notes.back(name, back).astype(np.uint64) + np.uint64(1000))) * _MIX
        running ^= running >> np.uint64(29)
        yield running


def paired(context: Hashes, symbol: NDArray[np.int64]) -> Hashes:
    """A context and what followed it in one key; keys of one context lie together when sorted. 0 <= symbol < 256."""
    return np.asarray((context << _SYMBOL_BITS) | symbol.astype(np.uint64))


def _runs(ordered: Hashes) -> NDArray[np.int64]:
    """Where each run of equal keys begins; [runs + 1], the last entry being the length."""
    if not len(ordered):
        return np.zeros(1, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]))


def _found(keys: Hashes, wanted: Hashes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    place = np.searchsorted(keys, wanted)
    place[place == len(keys)] = 0
    return place, keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=np.bool_)


def counted(known: Hashes, seen: NDArray[np.int64], asked: Hashes, wanted: NDArray[np.int64]) -> Counts:
    """Counts for contexts `asked` and symbols `wanted` [notes], from contexts `known` and symbols `seen` [train]."""
    is_asked = np.zeros(1 << int(_FILTER_BITS), dtype=np.bool_)
    is_asked[(asked << _SYMBOL_BITS) >> (np.uint64(64) - _FILTER_BITS)] = True
    mine = is_asked[(known << _SYMBOL_BITS) >> (np.uint64(64) - _FILTER_BITS)]
    ordered = np.sort(paired(known[mine], seen[mine]))
    starts = _runs(ordered)
    pairs, times = ordered[starts[:-1]], np.diff(starts)
    of_context = _runs(pairs >> _SYMBOL_BITS)
    heads = (pairs >> _SYMBOL_BITS)[of_context[:-1]]
    sums = [starts[of_context]] + [
        np.concatenate(([0], np.cumsum(kind)))[of_context] for kind in (times == 1, times == 2, times > 2)
    ]
    keys = paired(asked, wanted)
    place, met = _found(pairs, keys)
    symbol = np.where(met, times[place], 0) if len(pairs) else np.zeros(len(keys))
    place, met = _found(heads, keys >> _SYMBOL_BITS)
    rest = [np.where(met, np.diff(total)[place], 0) if len(heads) else np.zeros(len(keys)) for total in sums]
    return Counts(*(column.astype(np.float32) for column in (symbol, *rest)))


def counted_before(context: Hashes, symbol: NDArray[np.int64], piece: NDArray[np.int64]) -> Counts:
    """Counts [notes] of what came before each note in its own piece; notes in order, 0 <= symbol < 256."""
    key = (context ^ (piece.astype(np.uint64) * _MIX)) * _MIX
    key ^= key >> np.uint64(31)
    order, begin, total = _ranks(key << _SYMBOL_BITS)
    # The n-th time that this symbol followed this context, from 0.
    time = _ranks(paired(key, symbol))[2]
    kinds = []
    for nth in range(3):
        is_nth = np.concatenate(([0], np.cumsum(time[order] == nth)))
        before = np.empty(len(order), dtype=np.int64)
        before[order] = is_nth[:-1] - is_nth[begin]
        kinds.append(before)
    columns = (time, total, kinds[0] - kinds[1], kinds[1] - kinds[2], kinds[2])
    return Counts(*(column.astype(np.float32) for column in columns))


def _ranks(keys: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """A stable order of the keys; in that order, where each one's run begins; for each key, its rank in its run."""
    order = np.argsort(keys, kind="stable")
    starts = _runs(keys[order])
    begin = np.repeat(starts[:-1], np.diff(starts))
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - begin
    return order, begin, rank

"""Which pieces are the same music, in whatever key and tempo, and which share so much that they are versions of it.

The same: one digest of pitches relative to the first and of rhythm relative to the usual step. Versions: shared n-grams
of ten intervals of the top line or the bass, by the thresholds of the corpus (its README); of a long piece only a
fixed share of its n-grams is kept, those with the smallest hashes (FracMinHash, Irber et al. 2022, doi
10.1101/2022.01.11.475838), so that time and memory grow with the number of files, not with its square.
Knows no files and no splits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiPiece

INTERVALS = 10
"""Intervals in an n-gram."""
LONGEST_PERIOD = 4
"""N-grams that repeat with such a period (trills, Alberti basses) or go one way only (scales) tell nothing."""
MOST_KEPT = 256
"""N-grams kept of one piece: 2 kB."""
NEIGHBOURS = 8
"""In how many pieces after its own an n-gram is looked for: what all music has makes no square of pairs."""
AT_ONCE = 20_000
"""Pieces whose pairs are counted at once: bounds the memory."""
LINKS = ((0.15, 6), (0.10, 9), (0.04, 40))
"""Versions of one piece share at least this much of the smaller one, and at least so many n-grams."""
LEAST_SEEN = 6
"""Shared n-grams that must be among those kept."""
SAME_SHARE = 0.9
"""What shares this much of all its n-grams with another is the same …"""
SAME_LENGTH = 0.1
"""… if their numbers of notes differ by no more than this share: an arrangement is not its melody."""
CHORD_SECONDS = 0.03
"""In a performance, notes closer than this are one chord."""

_STEPS_PER_USUAL = 12
_STEP_OFFSET = 0.37
"""Puts the borders of the steps where no simple ratio lies, so that rounding cannot cross one."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What is remembered of one piece."""

    digest: str
    """Equal for equal notes in any key and tempo."""
    notes: int
    grams: NDArray[np.uint64]
    """Hashes of n-grams, ascending, each once: those below 2^64 / scale."""
    scale: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two pieces that share n-grams; `first` comes before `second`."""

    first: int
    second: int
    shared: int
    """Estimated number of shared n-grams."""
    share: float
    """Of the n-grams of the smaller piece."""
    likeness: float
    """Of the n-grams of both (Jaccard)."""


def sketch(midi: MidiPiece, on_beats: bool, drums: bool = False) -> Sketch:
    """The sketch of a piece; drums have no key and no lines, so only their digest counts."""
    notes = np.unique(midi.notes[:, [0, 2]], axis=0)
    if drums:
        grams = np.zeros(0, dtype=np.uint64)
    else:
        steps = np.diff(notes[:, 0] if on_beats else midi.seconds_of(notes[:, 0]))
        chords = np.flatnonzero(np.r_[True, steps > (0 if on_beats else CHORD_SECONDS)])
        top, bass = (line.reduceat(notes[:, 1], chords) for line in (np.maximum, np.minimum))
        grams = np.unique(np.concatenate([_grams(top), _grams(bass)]))
    scale = 1
    kept = grams
    while len(kept) > MOST_KEPT:
        scale *= 2
        kept = kept[: np.searchsorted(kept, _limit(scale))]
    return Sketch(_digest(notes, drums), len(notes), kept.copy(), scale)


def _limit(scale: int) -> np.uint64:
    return np.uint64((1 << 64) // scale - (scale == 1))


def _digest(notes: NDArray[np.int64], drums: bool) -> str:
    onset, pitch = notes[:, 0], notes[:, 1]
    steps = np.diff(onset)
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    rhythm = np.minimum(np.floor(steps / usual * _STEPS_PER_USUAL + _STEP_OFFSET), 65535).astype("<u2")
    relative = (pitch if drums else pitch - pitch[0]).astype("<i2")
    return hashlib.blake2b(rhythm.tobytes() + relative.tobytes(), digest_size=16).hexdigest()


def _grams(line: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hashes of the n-grams of a line's intervals, repeated notes as one, without those that tell nothing."""
    intervals = np.diff(line)
    intervals = intervals[intervals != 0]
    if len(intervals) < INTERVALS:
        return np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(intervals, INTERVALS)
    telling = (windows > 0).any(axis=1) & (windows < 0).any(axis=1)
    for period in range(1, LONGEST_PERIOD + 1):
        telling &= (windows[:, period:] != windows[:, :-period]).any(axis=1)
    hashes = np.zeros(int(telling.sum()), dtype=np.uint64)
    for column in windows[telling].T:
        hashes = _mixed(hashes ^ (column + 128).astype(np.uint64))
    return hashes


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele et al. 2014): equal values stay equal, all bits count."""
    values = values + _MULTIPLIER
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def find_links(sketches: Sequence[Sketch]) -> list[Link]:
    """All pairs of versions, in order. Looks for each n-gram in the next `NEIGHBOURS` pieces that have it."""
    owner = np.repeat(np.arange(len(sketches), dtype=np.int32), [len(s.grams) for s in sketches])
    grams = np.concatenate([np.zeros(0, np.uint64), *(s.grams for s in sketches)])
    order = np.argsort(grams, kind="stable")
    grams, owner = grams[order], owner[order]
    several = np.zeros(len(grams), dtype=np.bool_)
    several[1:] = grams[1:] == grams[:-1]
    several[:-1] |= several[1:]
    grams, owner = grams[several], owner[several]
    links = []
    for begin in range(0, len(sketches), AT_ONCE):
        pairs = []
        for distance in range(1, NEIGHBOURS + 1):
            first, second = owner[:-distance], owner[distance:]
            same = (grams[distance:] == grams[:-distance]) & (first >= begin) & (first < begin + AT_ONCE)
            pairs.append(first[same].astype(np.int64) * len(sketches) + second[same])
        keys, seen = np.unique(np.concatenate(pairs), return_counts=True)
        often = seen >= LEAST_SEEN
        for key, count in zip(keys[often].tolist(), seen[often].tolist(), strict=True):
            first_one, second_one = divmod(key, len(sketches))
            link = _link(first_one, second_one, count, sketches)
            if any(link.share >= share and link.shared >= least for share, least in LINKS):
                links.append(link)
    return links


def _link(first: int, second: int, seen: int, sketches: Sequence[Sketch]) -> Link:
    """`seen` equal n-grams lie below both limits, so they are held against what both pieces keep there."""
    one, other = sketches[first], sketches[second]
    scale = max(one.scale, other.scale)
    counts = [int(np.searchsorted(each.grams, _limit(scale))) for each in (one, other)]
    return Link(first, second, seen * scale, seen / min(counts), seen / (sum(counts) - seen))


def same_music(sketches: Sequence[Sketch], links: Sequence[Link]) -> dict[int, int]:
    """Piece → the first piece that it repeats, in order of the sketches; what repeats nothing is not in it."""
    first_with: dict[str, int] = {}
    repeats: dict[int, int] = {}
    earlier: dict[int, list[int]] = {}
    for link in links:
        if link.likeness >= SAME_SHARE and _alike(sketches[link.first].notes, sketches[link.second].notes):
            earlier.setdefault(link.second, []).append(link.first)
    for number, each in enumerate(sketches):
        original = first_with.setdefault(each.digest, number)
        if original == number:
            kept = [other for other in earlier.get(number, ()) if other not in repeats]
            original = min(kept, default=number)
        if original != number:
            repeats[number] = repeats.get(original, original)
    return repeats


def _alike(one: int, other: int) -> bool:
    return abs(one - other) <= SAME_LENGTH * max(one, other)


def groups(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """For each of `count` pieces the first piece of its group, when each of `pairs` joins two (union-find)."""
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(number) for number in range(count)]

"""The memory of the song so far: earlier places that resemble the one asked about, and how far they do.

What came at an earlier place may come again here. The place is a match if the chord before it has the root of the chord
before this one, or if only that one differs and the two before it agree, or if it is a phrase ago to the beat. Each
match is described by small classes (how many chords and durations agree backwards, place in bar and phrase, how long
ago …), which a trained model weighs. Knows no probabilities.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.progressions.song import Song
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS

Integers = NDArray[np.int64]

_LENGTHS: Final = np.array([1, 2, 3, 4, 5, 7, 9, 13, 17])
_DISTANCES: Final = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96])
_COUNTS: Final = np.array([1, 2, 3, 5, 9])
_USES: Final = np.array([1, 2, 3, 5, 9, 17])
_BARS: Final = np.array([*range(1, 17), 17, 24, 25, 32, 33])
_SHORTER_MOST, _EARLY_MOST = 5, 4
_PHRASES: Final = np.array([2, 4, 8, 16])
_PHRASES_AGO: Final = (4, 8, 16, 24, 32)
"""Bars after which a phrase may come again."""
_BY_CHORD, _BY_ROOT = 0, 1
_AGREE_BEFORE: Final = 2
"""Roots that agree before the one that does not."""
_SAME_TIME: Final = 0.01
"""Beats by which two positions or durations may differ and still be called equal."""

FEATURES: Final = {
    "chords that agree": len(_LENGTHS) + 1,
    "roots that agree": len(_LENGTHS) + 1,
    "chords that agree with their durations": len(_LENGTHS) + 1,
    "place in bar and phrase": 2 * (len(_PHRASES) + 1),
    "chords ago": len(_DISTANCES) + 1,
    "shorter than the longest by": _SHORTER_MOST + 1,
    "newer ones as long": len(_COUNTS) + 1,
    "the chord before lasts as long": 2,
    "place in the song": _EARLY_MOST + 1,
    "bars ago": len(_BARS) + 1,
    "chords that agree before the last": len(_LENGTHS) + 1,
    "place in the section": 3,
}
"""Name → number of classes, in the order of the columns of `Matches.classes`."""
USE_CLASSES: Final = len(_USES) + 1
_USE_CLASS_OF: Final[Integers] = np.searchsorted(_USES, np.arange(_USES[-1] + 1), side="right")
"""The class of each number of uses up to the last edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Arrays [m] over matches, in ascending order of place."""

    places: Integers
    """Where something is asked."""
    earlier: Integers
    """The earlier place that resembles it."""
    tokens: Integers
    """The chord that came there."""
    classes: Integers
    """[m, len(FEATURES)]"""
    lengths: Integers
    """How many chords before both places agree."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """How many chords before the last place and before each place agree, counted backwards."""

    last: Integers
    """[3, n + 1] by chord, by root, by chord and duration."""
    before: Integers
    """[3, n] the same of the place before the last; [3, 1] where there is none."""


NO_RUNS: Final = Runs(np.zeros((3, 1), np.int64), np.zeros((3, 1), np.int64))


def runs_of(song: Song) -> Runs:
    """Of the last place of a song, at once: what `runs_after` finds place by place."""
    count = len(song)
    if not count:
        return NO_RUNS
    back = np.arange(count)
    others = np.arange(count + 1)[:, None] - 1 - back
    inside, others = others >= 0, np.maximum(others, 0)
    mine = count - 1 - back
    same_chord = inside & (song.seen[others] == song.seen[mine])
    roots, durations = song.seen // len(CLASSES), song.durations
    same_root = inside & (roots[others] == roots[mine])
    same_length = np.abs(durations[others] - durations[mine]) < _SAME_TIME
    agree = np.stack([same_chord, same_root, same_chord & same_length])
    return Runs(_unbroken(agree), _unbroken(agree[:, 1:, 1:]))


def _unbroken(agree: NDArray[np.bool_]) -> Integers:
    """[3, places] how many agree before the first that does not, of [3, places, chords back]."""
    ended = np.pad(~agree, ((0, 0), (0, 0), (0, 1)), constant_values=True)
    counts: Integers = ended.argmax(axis=2)
    return counts


def runs_after(song: Song, place: int, runs: Runs) -> Runs:
    """Of a place, given those of the place before it."""
    chord = place - 1
    seen, durations = song.seen[:place], song.durations[:place]
    same_chord = seen == seen[chord]
    same_root = seen // len(CLASSES) == seen[chord] // len(CLASSES)
    same_length = np.abs(durations - durations[chord]) < _SAME_TIME
    last = np.zeros((3, place + 1), np.int64)
    last[:, 1:] = (runs.last + 1) * np.stack([same_chord, same_root, same_chord & same_length])
    return Runs(last, runs.last)


def matches_of(song: Song) -> Matches:
    """All matches of all places."""
    runs = NO_RUNS
    found = [matches_at(song, 0, runs)]
    for place in range(1, len(song) + 1):
        runs = runs_after(song, place, runs)
        found.append(matches_at(song, place, runs))
    return Matches(
        np.concatenate([one.places for one in found]),
        np.concatenate([one.earlier for one in found]),
        np.concatenate([one.tokens for one in found]),
        np.concatenate([one.classes for one in found]),
        np.concatenate([one.lengths for one in found]),
    )


def matches_at(song: Song, place: int, runs: Runs) -> Matches:
    """The matches of one place, whose runs are given."""
    if place == 0:
        nothing = np.zeros(0, np.int64)
        return Matches(nothing, nothing, nothing, np.zeros((0, len(FEATURES)), np.int64), nothing)
    bars_ago = song.bars[place] - song.bars[:place]
    moved = np.abs(song.positions[place] - song.positions[:place]) >= _SAME_TIME
    matching = (runs.last[_BY_ROOT, :place] > 0) | (np.isin(bars_ago, _PHRASES_AGO) & ~moved)
    since = song.bars[: place + 1] - song.sections[: place + 1]
    here = (since[:place] == since[place]) & (song.sections[:place] < song.sections[place]) & ~moved
    matching |= here
    matching[1:] |= runs.before[_BY_ROOT, : place - 1] >= _AGREE_BEFORE
    earlier = np.flatnonzero(matching)
    bars_ago, moved, here = bars_ago[earlier], moved[earlier], here[earlier]
    at_start = since[place] == 0 and song.positions[place] < _SAME_TIME
    by_chord, by_root, by_both = runs.last[:, earlier]
    longest = by_chord.max(initial=0)
    newer = np.triu(by_chord[None, :] >= by_chord[:, None], 1).sum(axis=1)
    phrase = (bars_ago[:, None] % _PHRASES == 0).sum(axis=1)
    durations = song.durations
    lasts_alike = (earlier > 0) & (np.abs(durations[earlier - 1] - durations[place - 1]) < _SAME_TIME)
    before_last = np.where(by_chord == 0, runs.before[_BY_CHORD, np.maximum(earlier - 1, 0)], 0)
    classes = [
        np.searchsorted(_LENGTHS, by_chord, side="right"),
        np.searchsorted(_LENGTHS, by_root, side="right"),
        np.searchsorted(_LENGTHS, by_both, side="right"),
        moved * (len(_PHRASES) + 1) + phrase,
        np.searchsorted(_DISTANCES, place - earlier),
        np.minimum(longest - by_chord, _SHORTER_MOST),
        np.searchsorted(_COUNTS, newer, side="right"),
        lasts_alike,
        np.minimum(earlier, _EARLY_MOST),
        np.searchsorted(_BARS, bars_ago, side="right"),
        np.searchsorted(_LENGTHS, before_last, side="right"),
        here * (1 + at_start),
    ]
    table = np.stack(classes, axis=1).astype(np.int64)
    return Matches(np.full(len(earlier), place), earlier, song.expected[earlier], table, by_chord)


def uses_of(song: Song) -> Integers:
    """[n + 1, TOKENS] how often each chord has been used before each place, as a class."""
    used = np.zeros((len(song) + 1, TOKENS), np.int64)
    used[np.arange(1, len(song) + 1), song.expected] = 1
    classes: Integers = _USE_CLASS_OF[np.minimum(np.cumsum(used, axis=0), _USES[-1])]
    return classes

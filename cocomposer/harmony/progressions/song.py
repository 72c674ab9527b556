"""The song so far, as a next-chord model sees it: tokens, and where in bars and phrases each chord begins.

A song of n chords has n + 1 places: one where each chord begins, and the place that is asked about, where the last one
ends. Equal neighbours are one chord; where no chord sounds or none is known, the chord before goes on. A change of
key is known one chord late: a chord is predicted in the key of the chord before it, and remembered in its own.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.vocabulary import BEGINNING, CLASSES, token_of, transposed

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

BEATS_PER_BAR: Final = 4.0
_ALMOST: Final = 1e-6
PHRASE_BARS: Final = 16
PHRASE_CLASSES: Final = 2 * PHRASE_BARS
_POSITIONS_PER_BEAT, _POSITIONS = 2, 24
_DURATIONS: Final = np.array([0.6, 1.1, 1.6, 2.1, 3.1, 4.1, 6.1, 8.1, 12.1, 16.1])
"""Upper edges of duration classes, in beats."""
NO_DURATION: Final = len(_DURATIONS) + 1
"""Class of what lies before the first chord."""
_METRES: Final = (4.0, 3.0, 6.0, 2.0)
POSITION_CLASSES, DURATION_CLASSES, METRE_CLASSES = _POSITIONS, NO_DURATION + 1, len(_METRES) + 1


@dataclass(frozen=True, slots=True)
class Sounding:
    """One chord of a song and the key in which it is heard."""

    chord: Chord | None
    """None: no chord, or an unknown one."""
    beat: float
    """Quarter notes from the beginning of the song."""
    tonic: int
    """Pitch class of the key's tonic."""


@dataclass(frozen=True, slots=True)
class Metre:
    """A metre in force from a beat on; a bar begins there."""

    beats_per_bar: float = BEATS_PER_BAR
    from_beat: float = 0.0


COMMON_TIME: Final = (Metre(),)


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """Arrays [n] over chords and [n + 1] over places."""

    seen: Integers
    """[n] token of each chord in its own key."""
    expected: Integers
    """[n] token of each chord in the key of the chord before it: what was to be predicted."""
    beats: Floats
    """[n + 1] where each place is."""
    bars: Integers
    """[n + 1] number of its bar, from 0."""
    positions: Floats
    """[n + 1] beats since its bar line."""
    metres: Floats
    """[n + 1] beats in its bar."""
    sections: Integers
    """[n + 1] number of the bar in which its section began; 0 where no section is marked."""
    tonic: int
    """Of the last chord: the key of what is asked."""

    def __len__(self) -> int:
        """How many chords."""
        return len(self.seen)

    @property
    def before(self) -> Integers:
        """[n + 1] token of the chord before each place."""
        return np.concatenate([[BEGINNING], self.seen]).astype(np.int64)

    @property
    def durations(self) -> Floats:
        """[n] beats until the next place."""
        return np.diff(self.beats)

    @property
    def position_classes(self) -> Integers:
        """[n + 1] place in the bar, in half beats."""
        return np.minimum(np.round(self.positions * _POSITIONS_PER_BEAT), _POSITIONS - 1).astype(np.int64)

    @property
    def phrase_classes(self) -> Integers:
        """[n + 1] bar of the section; from its seventeenth on within sixteen bars."""
        since = self.bars - self.sections
        return np.where(since < PHRASE_BARS, since, PHRASE_BARS + since % PHRASE_BARS)

    @property
    def duration_classes(self) -> Integers:
        """[n + 1] how long the chord before lasted."""
        found = np.searchsorted(_DURATIONS, self.durations)
        return np.concatenate([[NO_DURATION], found]).astype(np.int64)

    @property
    def metre_classes(self) -> Integers:
        """[n + 1]"""
        classes = [_METRES.index(metre) if metre in _METRES else len(_METRES) for metre in self.metres.tolist()]
        return np.array(classes, np.int64)

    def with_a_bar_each(self) -> "Song":
        """The same chords where nothing is known of their lengths: each begins a bar of common time."""
        bars = np.arange(len(self) + 1)
        metres = np.full(len(bars), BEATS_PER_BAR)
        beats = (bars * BEATS_PER_BAR).astype(np.float64)
        return Song(self.seen, self.expected, beats, bars, np.zeros(len(bars)), metres, np.zeros_like(bars), self.tonic)

    def unmarked(self) -> "Song":
        """The same where no sections are marked."""
        return replace(self, sections=np.zeros_like(self.bars))

    def then(self, token: int, beats: float) -> "Song":
        """The song with one more chord, a token of its last key, that lasts so long."""
        since, metre = self.positions[-1] + beats, self.metres[-1]
        bars = math.floor(since / metre + _ALMOST)
        return Song(
            np.append(self.seen, token),
            np.append(self.expected, token),
            np.append(self.beats, self.beats[-1] + beats),
            np.append(self.bars, self.bars[-1] + bars),
            np.append(self.positions, max(since - bars * metre, 0.0)),
            np.append(self.metres, metre),
            np.append(self.sections, self.sections[-1]),
            self.tonic,
        )

    def last(self, chords: int) -> "Song":
        """The song as if it had begun with the last so many chords."""
        if len(self) <= chords:
            return self
        cut = len(self) - chords
        return Song(
            self.seen[cut:], self.expected[cut:], self.beats[cut:], self.bars[cut:], self.positions[cut:],
            self.metres[cut:], self.sections[cut:], self.tonic,
        )  # fmt: skip


def song_of(
    soundings: Iterable[Sounding],
    next_beat: float,
    metres: Sequence[Metre] = COMMON_TIME,
    tonic: int = 0,
    sections: Sequence[float] = (),
) -> Song:
    """The song of ascending soundings whose last one ends at `next_beat`; `tonic` is asked for where there are none.

    `sections`: beats on which one begins, in any order; the first begins with the song.
    """
    kept: list[Sounding] = []
    tokens: list[int] = []
    for sounding in soundings:
        if sounding.chord is None:
            continue
        token = token_of(sounding.chord, 0)
        if not tokens or tokens[-1] != token:
            kept.append(sounding)
            tokens.append(token)
    tonics = [sounding.tonic for sounding in kept] or [tonic]
    seen = np.array([transposed(t, -s.tonic) for t, s in zip(tokens, kept, strict=True)], np.int64)
    keys = np.array(tonics[: len(kept)], np.int64)
    keys_before = np.array(tonics[:1] + tonics[:-1], np.int64)[: len(kept)]
    roots, numbers = np.divmod(seen, len(CLASSES))
    expected = (roots + keys - keys_before) % PITCH_CLASSES * len(CLASSES) + numbers
    beats = np.array([sounding.beat for sounding in kept] + [next_beat])
    bars, positions, lengths = _bars(beats, metres)
    starts = np.array([0.0, *sorted(sections)])
    which = np.maximum(np.searchsorted(starts, beats + _ALMOST, side="right") - 1, 0)
    begun, _, _ = _bars(starts, metres)
    return Song(seen, expected, beats, bars, positions, lengths, begun[which], tonics[-1])


def _bars(beats: Floats, metres: Sequence[Metre]) -> tuple[Integers, Floats, Floats]:
    """(number of the bar, beats since its line, beats in it) of each beat."""
    starts = np.array([metre.from_beat for metre in metres])
    lengths = np.array([metre.beats_per_bar for metre in metres])
    earlier = np.concatenate([[0.0], np.cumsum(np.ceil(np.diff(starts) / lengths[:-1] - _ALMOST))])
    which = np.maximum(np.searchsorted(starts, beats + _ALMOST, side="right") - 1, 0)
    since, length = beats - starts[which], lengths[which]
    within = np.floor(since / length + _ALMOST)
    positions = np.maximum(since - within * length, 0.0)
    return (earlier[which] + within).astype(np.int64), positions, length

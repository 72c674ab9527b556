"""Leans of the onsets: towards the beat's fine grid, and towards the rhythm of the phrase. Knows ticks, no seconds."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.steps import STEPS
from cocomposer.generation.phrase import split
from cocomposer.generation.request import OnsetGrid
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

_STEPS: Final = np.asarray(STEPS, dtype=np.int64)
OFF_GRID: Final = 1.0
"""Logits a tick off the grid, with full strictness."""
NEAR: Final = 3
"""So many ticks beside an onset of the phrase (30 ms at 125 BPM) count as on it."""
_FAR: Final = 6
OFF_RHYTHM: Final = 6.0
"""Logits of an onset where the phrase has none near, kept fully."""
SKIPPED: Final = 3.0
"""Logits for each onset of the phrase that is passed over, for at most _MOST_SKIPPED."""
_MOST_SKIPPED: Final = 4


def _beside_grid() -> NDArray[np.int64]:
    """Ticks from each tick of a beat to the nearest sixteenth or eighth triplet."""
    places = np.asarray(
        [tick for tick in range(TICKS_PER_BEAT + 1) if OnsetGrid.TRIPLETS.allows(tick % TICKS_PER_BEAT)]
    )
    return np.asarray(np.abs(np.arange(TICKS_PER_BEAT)[:, None] - places).min(axis=1))


BESIDE_GRID: Final = _beside_grid()


class Strictness:
    """A shaper: onsets lean to the grid, or away from it. Only for a metre whose beat is known."""

    def __init__(self, value: float) -> None:
        """`value` from -1 (free) to 1 (strict), not 0."""
        self._lean = -value * OFF_GRID * BESIDE_GRID

    def begin(self, heard: Sequence[Note]) -> None:
        """The grid is the beat's, whatever was heard."""

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Onsets lean."""
        if field != "onset":
            return logits
        return logits + self._lean[(drawing.last_tick + _STEPS) % TICKS_PER_BEAT]

    def took(self, note: Note) -> None:
        """Nothing to learn."""


class Pattern:
    """Onsets that come again and again: ticks from an origin, within a length."""

    def __init__(self, onsets: Sequence[int], length: int) -> None:
        """`onsets` (not empty) from 0 to `length` - 1."""
        places = np.unique(np.asarray(onsets, dtype=np.int64))
        self.length = length
        ticks = np.arange(length)[:, None]
        apart = np.abs(ticks - places)
        self.beside = np.minimum(apart, length - apart).min(axis=1)
        """[length] ticks to the nearest onset."""
        self._before = np.searchsorted(places, np.arange(length))
        self._count = len(places)

    def before(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many onsets lie before each tick, counted from the origin; negative for ticks before it."""
        return np.asarray(ticks // self.length * self._count + self._before[ticks % self.length])


class Rhythm:
    """A shaper: onsets lean to the rhythm of the phrase, laid over the turn from where that begins.

    Where bars or beats are known it keeps its place in them.
    """

    def __init__(self, value: float, metre: Metre, phrase_ticks: tuple[int, int] | None, turn_tick: int) -> None:
        """`value` above 0, to 1; where the phrase lies (see `phrase.split`); the turn begins at `turn_tick`."""
        self._value, self._metre = value, metre
        self._phrase_ticks, self._turn_tick = phrase_ticks, turn_tick
        self._origin = turn_tick
        self._pattern: Pattern | None = None

    def begin(self, heard: Sequence[Note]) -> None:
        """Learn the rhythm of the phrase; none without notes. An answer that goes on began earlier than this turn."""
        phrase, answer = split(heard, self._phrase_ticks)
        if phrase:
            begin = answer[0].onset_tick if answer else self._turn_tick
            self._pattern, self._origin = pattern_of([note.onset_tick for note in phrase], self._metre, begin)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Onsets lean."""
        if field != "onset" or self._pattern is None:
            return logits
        pattern, last = self._pattern, drawing.last_tick - self._origin
        ticks = last + _STEPS
        beside = pattern.beside[ticks % pattern.length]
        skipped = pattern.before(ticks - NEAR) - pattern.before(np.asarray([last + NEAR + 1]))
        cost = OFF_RHYTHM * _within(beside - NEAR, _FAR) / _FAR + SKIPPED * _within(skipped, _MOST_SKIPPED)
        # Whether a further note sounds together with the last is no matter of rhythm.
        cost[0] = 0.0
        return np.asarray(logits - self._value * cost)

    def took(self, note: Note) -> None:
        """Nothing to learn."""


def _within(ticks: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """From 0 to `most`; np.clip takes several times as long."""
    return np.minimum(np.maximum(ticks, 0), most)


def pattern_of(onsets: Sequence[int], metre: Metre, turn_tick: int) -> tuple[Pattern, int]:
    """The rhythm of ascending onsets (not empty), and the tick from which it goes round for a turn at `turn_tick`.

    It lasts whole bars where they are known, else whole beats; without a beat as long as the onsets and one more
    distance between them.
    """
    first, last = onsets[0], onsets[-1]
    if not metre.beat_known:
        distances = np.diff(np.unique(onsets))
        usual = int(np.median(distances)) if len(distances) else TICKS_PER_BEAT
        return Pattern([onset - first for onset in onsets], last - first + max(1, usual)), turn_tick
    unit = TICKS_PER_BEAT if metre.bar_tick is None else metre.ticks_per_bar
    line = metre.bar_tick or 0
    start = first - (first - line) % unit
    length = -(-(last + 1 - start) // unit) * unit
    return Pattern([onset - start for onset in onsets], length), turn_tick - (turn_tick - line) % unit

"""Where chords are expected to change: beats and bar lines, as far as they are known. Pure value, no notes.

With a beat, chords change on beats; in free time anywhere that notes begin, so stretches are cut there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cocomposer.music.grid import Grid
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT, TICKS_PER_BEAT

FREE_STRETCH_TICKS: Final = TICKS_PER_BEAT // 2
"""In free time (nominally 120 BPM), chords last a quarter of a second at least."""
SAME_MOMENT_TICKS: Final = 6
"""Onsets so close to an edge belong to it: hands are not exact."""


@dataclass(frozen=True, slots=True)
class Metre:
    """The beat and the bar of a stretch of music, in ticks of 1/48 beat."""

    beats_per_bar: int = BEATS_PER_BAR_DEFAULT
    bar_tick: int | None = 0
    """A tick on which some bar begins; None where the bar is not known."""
    beat_known: bool = True
    """Whether multiples of a beat from `bar_tick` (or from 0) are beats; otherwise time is free."""

    @property
    def ticks_per_bar(self) -> int:
        """Length of a bar."""
        return self.beats_per_bar * TICKS_PER_BEAT

    def beat_at(self, tick: int) -> int:
        """The last beat at or before a tick."""
        origin = self.bar_tick or 0
        return origin + (tick - origin) // TICKS_PER_BEAT * TICKS_PER_BEAT

    def edges(self, start: int, end: int, onsets: Sequence[int]) -> list[int]:
        """Ticks between which music from `start` to `end` is judged, at least two, ascending; chords change on them.

        `onsets`, ascending, are where notes begin. With a beat the first edge is the beat at or before `start`.
        """
        if self.beat_known:
            first = self.beat_at(start)
            count = max(1, math.ceil((end - first) / TICKS_PER_BEAT))
            return [first + number * TICKS_PER_BEAT for number in range(count + 1)]
        edges = [start]
        for onset in onsets:
            if onset - edges[-1] >= FREE_STRETCH_TICKS:
                edges.append(onset)
        # A stretch without onsets is cut too, so that a long silence can be told from a long chord.
        edges.append(max(end, edges[-1] + 1))
        longest = 2 * TICKS_PER_BEAT
        return [
            tick
            for left, right in pairwise(edges)
            for tick in range(left, max(left + 1, right - longest // 2), longest)
        ] + [edges[-1]]

    def is_bar(self, tick: int) -> bool:
        """Whether a bar begins at a tick, as far as bars are known."""
        return self.beat_known and self.bar_tick is not None and (tick - self.bar_tick) % self.ticks_per_bar == 0

    def is_half_bar(self, tick: int) -> bool:
        """Whether a bar of an even number of beats has its middle at a tick."""
        if not self.beat_known or self.bar_tick is None or self.beats_per_bar % 2:
            return False
        return (tick - self.bar_tick) % self.ticks_per_bar == self.ticks_per_bar // 2


def metre_of(grid: Grid) -> Metre:
    """What a grid tells about beat and bar."""
    return Metre(grid.beats_per_bar, grid.bar_tick, grid.beat_known)

"""The bars of a scored MIDI file: sections of one metre, with upbeats and split bars put right.

A score writes an upbeat as a short bar, and parts a bar in two where a repeat begins. Times are the file's own ticks.
Knows no notes and no chords.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

Meter = tuple[int, int]
COMMON_TIME: Final[Meter] = (4, 4)
_EIGHTHS: Final = 8
"""Threes of these, or of shorter ones, are one beat."""
_PARTS_OF_A_BAR: Final = 3
"""A bar is split into no more."""


@dataclass(frozen=True, slots=True)
class Section:
    """Music in one metre."""

    start: int
    end: int
    bar: int
    """A bar line at or before its start: earlier where it begins with an upbeat."""
    meter: Meter
    ticks_per_quarter: int

    @property
    def beat(self) -> int:
        """Ticks of a beat: a quarter note; in eighths a dotted one where they go by threes; a half note in 2/1."""
        count, unit = self.meter
        if unit >= _EIGHTHS:
            return 4 * self.ticks_per_quarter * (3 if count % 3 == 0 else 1) // unit
        return self.ticks_per_quarter * (2 if unit == 1 else 1)

    @property
    def steps_per_beat(self) -> int:
        """Of so many steps in a beat an upbeat may begin on each."""
        return 3 if self.meter[1] >= _EIGHTHS and self.meter[0] % 3 == 0 else 2

    @property
    def bar_ticks(self) -> int:
        """Length of a bar."""
        return _bar_ticks(self.meter, self.ticks_per_quarter)

    @property
    def beats_per_bar(self) -> int:
        """How many beats a bar has."""
        return self.bar_ticks // self.beat

    def with_upbeat(self, ticks: int) -> "Section":
        """The same section if its first bar line is so many ticks after its start."""
        return replace(self, bar=self.start - -ticks % self.bar_ticks)


def sections_of(meters: Sequence[tuple[int, int, int]], end: int, ticks_per_quarter: int) -> tuple[Section, ...]:
    """The sections of a file with these metres (tick, numerator, denominator), from 0 to its end and without gaps."""
    changes = _without_split_bars(_changes(meters, end), ticks_per_quarter)
    ends = [*(tick for tick, _ in changes[1:]), end]
    sections = [
        Section(start, until, start, meter, ticks_per_quarter)
        for (start, meter), until in zip(changes, ends, strict=True)
    ]
    if len(sections) > 1 and sections[0].end <= sections[0].bar_ticks and sections[0].end < sections[1].bar_ticks:
        sections[:2] = [replace(sections[1], start=0).with_upbeat(sections[0].end)]
    return tuple(sections)


def _changes(meters: Sequence[tuple[int, int, int]], end: int) -> list[tuple[int, Meter]]:
    """Where each metre begins; common time where the file gives none."""
    given = {tick: (count, unit) for tick, count, unit in meters if tick < end and count > 0 and unit > 0}
    changes = sorted(({0: COMMON_TIME} | given).items())
    return [*changes[:1], *(later for before, later in pairwise(changes) if before[1] != later[1])]


def _without_split_bars(changes: Sequence[tuple[int, Meter]], ticks_per_quarter: int) -> list[tuple[int, Meter]]:
    """Without the metres that only part a bar of the metre around them."""
    kept = list(changes)
    place = 0
    while place < len(kept):
        start, meter = kept[place]
        bar = _bar_ticks(meter, ticks_per_quarter)
        for later in range(place + 2, min(place + 2 + _PARTS_OF_A_BAR, len(kept))):
            tick, again = kept[later]
            if again == meter and (tick - start) % bar == 0 and tick - kept[place + 1][0] <= bar:
                del kept[place + 1 : later + 1]
                break
        else:
            place += 1
    return kept


def _bar_ticks(meter: Meter, ticks_per_quarter: int) -> int:
    return 4 * ticks_per_quarter * meter[0] // meter[1]

"""Lays notes that were not played here (a take, a file) into what was heard, as if they had just been played.

Pure: history in, history out. Knows nobody who plays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cocomposer.jam.shaping import ceil_to
from cocomposer.music.grid import Grid
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Offered:
    """The history with the offer in it."""

    history: list[Note]
    unanswered: int
    """Notes at its end that are a phrase not answered yet."""


def lay(notes: Sequence[Note], reference: bool, history: Sequence[Note], unanswered: int, grid: Grid, now: float) -> (
    Offered
):  # fmt: skip
    """`notes` (in order, not empty) end on the last bar line or beat before `now`; what was played before moves back
    by whole bars where it would overlap them.

    A phrase becomes what is to be answered. A reference is only heard: it comes before a phrase that still waits
    for its answer.
    """
    kept = len(history) - (unanswered if reference else 0)
    older, phrase = history[:kept], history[kept:]
    until = float(phrase[0].onset_tick) if phrase else grid.tick_at(now)
    end = max(note.end_tick for note in notes)
    shift = _line(grid, until) - (ceil_to(end, TICKS_PER_BEAT) if grid.beat_known else end)
    offered = [replace(note, onset_tick=note.onset_tick + shift) for note in notes]
    overlap = max((note.end_tick for note in older), default=offered[0].onset_tick) - offered[0].onset_tick
    if overlap > 0:
        back = ceil_to(overlap, grid.ticks_per_bar)
        older = [replace(note, onset_tick=note.onset_tick - back) for note in older]
    return Offered([*older, *offered, *phrase], unanswered if reference else len(offered))


def _line(grid: Grid, tick: float) -> int:
    """The last bar line at or before a tick; where no bar is known the last beat, else the tick itself."""
    if grid.beat_known and grid.bar_tick is not None:
        bars = math.floor((tick - grid.bar_tick) / grid.ticks_per_bar + 1e-9)
        return grid.bar_tick + bars * grid.ticks_per_bar
    step = TICKS_PER_BEAT if grid.beat_known else 1
    return math.floor(tick / step + 1e-9) * step

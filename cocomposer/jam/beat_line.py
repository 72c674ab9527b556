"""When a front end has to be told anew where the beat is: it goes on along a straight line from what it was told last.

Knows what was told, and no source of beats.
"""

from typing import Final

from cocomposer.jam.outputs import BeatChanged
from cocomposer.music.grid import Grid

OFF_SECONDS: Final = 0.001
PACE_OFF: Final = 0.001
"""Relative."""
ANOTHER_PACE: Final = 0.05
"""A tempo that somebody set anew is told at once too, before the line has gone far off."""
FAR_OFF_SECONDS: Final = 0.0015
"""As far off as this it is told at once; smaller corrections, as a jittery clock gives all the time, now and then."""
CALM_SECONDS: Final = 0.1


class BeatLine:
    """The line that front ends go along."""

    def __init__(self) -> None:
        self.told: BeatChanged | None = None

    def tell(self, grid: Grid, now: float) -> BeatChanged | None:
        """The line of now if it has to be told."""
        told = self.told
        if told is not None and not self._differs(told, grid, now):
            return None
        self.told = BeatChanged(
            now,
            grid.tick_at(now),
            grid.seconds_per_tick,
            grid.source,
            grid.running,
            grid.bar_tick,
            grid.beats_per_bar,
        )
        return self.told

    def _differs(self, told: BeatChanged, grid: Grid, now: float) -> bool:
        if (told.source, told.running, told.bar_tick, told.beats_per_bar) != (
            grid.source, grid.running, grid.bar_tick, grid.beats_per_bar,
        ):  # fmt: skip
            return True
        tick = told.tick + (now - told.at_seconds) / told.seconds_per_tick
        off = abs(tick - grid.tick_at(now)) * grid.seconds_per_tick
        pace_off = abs(told.seconds_per_tick / grid.seconds_per_tick - 1.0)
        if off > FAR_OFF_SECONDS or pace_off > ANOTHER_PACE:
            return True
        return (off > OFF_SECONDS or pace_off > PACE_OFF) and now - told.at_seconds >= CALM_SECONDS

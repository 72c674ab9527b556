"""A grid: the straight line that lays seconds on ticks around one moment, and what is known of beat and bar.

Pure value. Who made it (a DAW's clock, a tapped or estimated tempo) is only a name here.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from cocomposer.music.ticks import (
    BEATS_PER_BAR_DEFAULT,
    NOMINAL_SECONDS_PER_TICK,
    TICKS_PER_BEAT,
    bpm_of,
)


class BeatSource(StrEnum):
    """Who gives the beat."""

    FREE = "free"
    """Nobody: ticks run at the nominal tempo and mean no beat."""
    ESTIMATE = "estimate"
    """Estimated from the playing: the beat is known, the bar is not."""
    TAP = "tap"
    SET = "set"
    CLOCK = "clock"
    """A DAW's MIDI clock."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`tick` lies at `seconds`; ticks go on evenly from there, `seconds_per_tick` apart."""

    seconds: float
    tick: float
    seconds_per_tick: float = NOMINAL_SECONDS_PER_TICK
    source: BeatSource = BeatSource.FREE
    bar_tick: int | None = None
    """A tick on which some bar begins; None where the bar is not known."""
    beats_per_bar: int = BEATS_PER_BAR_DEFAULT
    running: bool = True
    """False while the DAW that gives the beat is stopped."""

    @property
    def beat_known(self) -> bool:
        """Whether tick multiples of TICKS_PER_BEAT are beats."""
        return self.source is not BeatSource.FREE

    @property
    def bpm(self) -> float:
        """Quarter notes a minute."""
        return bpm_of(self.seconds_per_tick)

    @property
    def ticks_per_bar(self) -> int:
        """Length of a bar in ticks."""
        return self.beats_per_bar * TICKS_PER_BEAT

    def tick_at(self, seconds: float) -> float:
        """The (fractional) tick at a moment."""
        return self.tick + (seconds - self.seconds) / self.seconds_per_tick

    def seconds_at(self, tick: float) -> float:
        """The moment of a tick; inverse of `tick_at`."""
        return self.seconds + (tick - self.tick) * self.seconds_per_tick

    def next_beat(self, tick: float) -> int:
        """The first beat at or after `tick`. Beats are multiples of TICKS_PER_BEAT."""
        return math.ceil(tick / TICKS_PER_BEAT - 1e-9) * TICKS_PER_BEAT

    def next_bar(self, tick: float, every: int = 1) -> int:
        """The first bar line at or after `tick`, of those `every` bars apart; counted from 0 if no bar is known."""
        origin = self.bar_tick or 0
        step = self.ticks_per_bar * every
        return origin + math.ceil((tick - origin) / step - 1e-9) * step

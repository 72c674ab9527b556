"""A DAW's MIDI clock as a script, with jitter, and the true beat behind it. Pure; chance comes in as a seed."""

import math
from dataclasses import dataclass

import numpy as np

from cocomposer.music.message import CLOCK, START
from cocomposer.music.ticks import CLOCKS_PER_BEAT, TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Beat:
    """Beats that begin at `from_seconds`, at `from_bpm`, changing evenly to `to_bpm` within `seconds`."""

    from_seconds: float
    seconds: float
    from_bpm: float
    to_bpm: float

    @property
    def _growth(self) -> float:
        """BPM a second."""
        return (self.to_bpm - self.from_bpm) / self.seconds

    def beat_at(self, at_seconds: float) -> float:
        """The beat (from 0) at a moment; goes on in the same way after the end."""
        elapsed = at_seconds - self.from_seconds
        return (self.from_bpm + self._growth * elapsed / 2) * elapsed / 60

    def seconds_at(self, beat: float) -> float:
        """The moment of a beat; inverse of `beat_at`."""
        if self._growth == 0:
            return self.from_seconds + 60 * beat / self.from_bpm
        root = math.sqrt(max(0.0, self.from_bpm**2 + 120 * self._growth * beat))
        return self.from_seconds + 120 * beat / (self.from_bpm + root)

    def clocks(self, jitter_seconds: float, seed: int = 1) -> list[tuple[float, bytes]]:
        """Start, then all clocks of the stretch, each up to `jitter_seconds` early or late (evenly spread)."""
        chance = np.random.default_rng(seed)
        count = math.floor(self.beat_at(self.from_seconds + self.seconds) * CLOCKS_PER_BEAT) + 1
        moved = chance.uniform(-jitter_seconds, jitter_seconds, count)
        script = [(self.seconds_at(n / CLOCKS_PER_BEAT) + float(moved[n]), bytes((CLOCK,))) for n in range(count)]
        script.sort()
        return [(script[0][0] - 0.002, bytes((START,))), *script]


def axis_offset(onset_tick: int, on_seconds: float, beat: Beat) -> int:
    """Where the song's first tick lies on the jam's axis (whole beats), from a note planned there for then."""
    return round((onset_tick - beat.beat_at(on_seconds) * TICKS_PER_BEAT) / TICKS_PER_BEAT) * TICKS_PER_BEAT


def true_seconds(onset_tick: int, offset: int, beat: Beat) -> float:
    """When a note on this tick of the jam's axis truly should sound."""
    return beat.seconds_at((onset_tick - offset) / TICKS_PER_BEAT)

"""Follows a DAW: MIDI clock, Start, Stop, Continue and Song Position become a grid on one rising tick axis.

Each jump of the song (Start, Continue elsewhere, Song Position) begins a new stretch of the axis: at or after
the last tick that was reached, with the song's beats on beats, so that the axis never turns back. Nothing is
forgotten on Start: a note played a moment before lies just before the stretch. Knows nothing of other beats.
Source: MIDI 1.0 Detailed Specification, "System Real Time Messages" and "Song Position Pointer".
"""

import math
from dataclasses import dataclass
from typing import Final

from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.message import CLOCK, CONTINUE, SONG_POSITION, START, STOP, TimedMessage
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT, TICKS_PER_BEAT, TICKS_PER_CLOCK
from cocomposer.sync.clock_line import ClockLine

LOST_SECONDS: Final = 0.5
LOST_CLOCKS: Final = 12
"""The clock is lost after this much silence: half a second or twelve clocks, whichever is longer."""
NEAR_SECONDS: Final = 0.1
"""The grid's line is laid through this much of the near future, where the answer is planned."""
_TICKS_PER_SIXTEENTH: Final = TICKS_PER_BEAT // 4
_SAME_TICK: Final = 1.0
"""A grid may have run this far ahead of the clock without a new stretch having to leave a gap."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where a run of clocks lies on the tick axis and in the song."""

    clock: int
    tick: int
    song_tick: int
    song_known: bool


class ClockFollower:
    """Takes each message in; gives the grid of the DAW's beat."""

    def __init__(self, beats_per_bar: int = BEATS_PER_BAR_DEFAULT) -> None:
        self._beats_per_bar = beats_per_bar
        self.reset()

    def reset(self) -> None:
        """Forget the clock, the song and the axis."""
        self._line = ClockLine()
        self._heard = False
        self._stretch = _Stretch(0, 0, 0, False)
        self._pending_song_tick: int | None = None
        self._stopped_song_tick: int | None = None
        self._running = True
        self._reached = 0.0
        self._reached_seconds = -math.inf

    @property
    def running(self) -> bool:
        """False after Stop, until Start or Continue. A clock that never said either counts as running."""
        return self._running

    @property
    def jitter_seconds(self) -> float:
        """Standard deviation of the clock's arrivals around an even pulse."""
        return self._line.sigma

    def set_beats_per_bar(self, beats_per_bar: int) -> None:
        """The DAW's metre; MIDI clock does not tell it."""
        self._beats_per_bar = beats_per_bar

    def ticking(self, now: float) -> bool:
        """Whether a clock is being heard."""
        return self._heard and now - self._line.last_arrival <= self._patience()

    @property
    def lost_at(self) -> float:
        """From here on the clock counts as lost if no more of it is heard; infinity if none runs."""
        return self._line.last_arrival + self._patience() if self._heard and self._running else math.inf

    def arrive(self, message: TimedMessage) -> None:
        """Take in one message; what is none of the clock's is ignored."""
        status = message.data[0] if message.data else 0
        if status == CLOCK:
            self._clock(message.at_seconds)
        elif status == START:
            self._pending_song_tick = 0
            self._running = True
        elif status == CONTINUE:
            if self._pending_song_tick is None:
                self._pending_song_tick = self._stopped_song_tick
            self._running = True
        elif status == STOP:
            if self._running and self._stretch.song_known and self._pending_song_tick is None:
                self._stopped_song_tick = self._song_tick(self._line.count + 1)
            self._running = False
        elif status == SONG_POSITION and len(message.data) == 3:
            self._pending_song_tick = (message.data[1] | message.data[2] << 7) * _TICKS_PER_SIXTEENTH

    def grid(self, now: float) -> Grid | None:
        """The grid for now and the near future; None if no clock is heard, or none that can be judged yet.

        After Stop the last grid stays, with `running` False, also if the clock stops with it. `now` should not go back.
        """
        if not self._heard or not self._line.ready or (self._running and not self.ticking(now)):
            return None
        clock = self._line.clock_at(now)
        tick = self._tick(clock)
        ahead = self._line.clock_at(now + NEAR_SECONDS)
        if now >= self._reached_seconds:
            # The line may be corrected a little backwards; the axis waits until the line has caught up.
            tick = self._reached = max(tick, self._reached)
            self._reached_seconds = now
        return Grid(
            seconds=now,
            tick=tick,
            seconds_per_tick=NEAR_SECONDS / ((ahead - clock) * TICKS_PER_CLOCK),
            source=BeatSource.CLOCK,
            bar_tick=self._bar_tick(),
            beats_per_bar=self._beats_per_bar,
            running=self._running,
        )

    def _clock(self, at_seconds: float) -> None:
        if not self._heard:
            self._heard = True
            self._line.arrive(at_seconds)
            self._begin_stretch(0, 0 if self._pending_song_tick is None else self._pending_song_tick)
            return
        if at_seconds - self._line.last_arrival > self._patience():
            natural_tick = math.ceil(self._tick(self._line.count + 1))
            song_tick = self._song_tick(self._line.count + 1)
            self._line.restart(self._line.period if self._line.ready else None)
            self._line.arrive(at_seconds)
            self._begin_stretch(natural_tick, song_tick if self._pending_song_tick is None else self._pending_song_tick)
            return
        self._line.arrive(at_seconds)
        if self._pending_song_tick is not None and (self._running or not self._stretch.song_known):
            self._begin_stretch(math.ceil(self._tick(self._line.count)), self._pending_song_tick)

    def _begin_stretch(self, natural_tick: int, song_tick: int) -> None:
        """The latest clock is `song_tick` of the song: give it a tick not before what was reached, beat on beat."""
        earliest = max(natural_tick, math.ceil(self._reached - _SAME_TICK))
        known = self._pending_song_tick is not None or self._stretch.song_known
        tick = earliest + (song_tick - earliest) % TICKS_PER_BEAT
        self._stretch = _Stretch(self._line.count, tick, song_tick, known)
        self._pending_song_tick = None

    def _patience(self) -> float:
        return max(LOST_SECONDS, LOST_CLOCKS * self._line.period) if self._line.ready else LOST_SECONDS

    def _tick(self, clock: float) -> float:
        return self._stretch.tick + (clock - self._stretch.clock) * TICKS_PER_CLOCK

    def _song_tick(self, clock: int) -> int:
        return max(0, self._stretch.song_tick + (clock - self._stretch.clock) * TICKS_PER_CLOCK)

    def _bar_tick(self) -> int | None:
        if not self._stretch.song_known:
            return None
        return self._stretch.tick - self._stretch.song_tick % (self._beats_per_bar * TICKS_PER_BEAT)

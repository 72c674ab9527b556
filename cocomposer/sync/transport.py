"""Which beat counts now, and one tick axis under all of them for the whole jam.

A DAW's running clock comes before a tapped or set tempo (the later of the two), that before an estimate of the
playing, that before free time. Whenever the source or its tempo changes, the new line joins the axis at the
tick reached and moves forward to the new beat's phase, never back. Decides nothing about phrases or answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.message import TimedMessage
from cocomposer.music.note import PlayedNote
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT, NOMINAL_BPM, TICKS_PER_BEAT, seconds_per_tick
from cocomposer.sync.clock_follower import ClockFollower
from cocomposer.sync.tap import BPM_LEAST, BPM_MOST, TapTempo
from cocomposer.sync.tempo_estimate import Estimate, estimate

CONFIDENCE_LEAST: Final = 0.5
TEMPO_CHANGE_LEAST: Final = 0.03
"""A new estimate that differs less (relative) changes nothing: the grid stays calm."""
PHASE_CHANGE_LEAST: Final = 0.15
"""Likewise for the phase, in beats."""


@dataclass(frozen=True, slots=True)
class _Beat:
    """A beat that is not a clock's."""

    source: BeatSource
    bpm: float
    beat_seconds: float | None
    """The moment of some beat; None if the beat goes on from where the axis is."""
    beat_in_bar: int | None = None
    """Which beat of its bar that is (0 the first), or the next one if there is no such moment; None if unknown."""


_FREE: Final = _Beat(BeatSource.FREE, NOMINAL_BPM, None)


def _same_beat(held: _Beat, heard: Estimate) -> bool:
    """Whether an estimate says what is already believed; the double or half of a tempo is the same reading of it."""
    octaves = math.log2(heard.bpm / held.bpm)
    if abs(octaves - round(octaves)) > math.log2(1.0 + TEMPO_CHANGE_LEAST) or held.beat_seconds is None:
        return False
    beat = 60.0 / max(held.bpm, heard.bpm)
    off = math.remainder(heard.beat_seconds - held.beat_seconds, beat)
    return abs(off) <= PHASE_CHANGE_LEAST * beat


class Transport:
    """Told of messages, taps, settings and the playing, it gives the grid."""

    def __init__(self, beats_per_bar: int = BEATS_PER_BAR_DEFAULT, confidence_least: float = CONFIDENCE_LEAST) -> None:
        self._beats_per_bar = beats_per_bar
        self._confidence_least = confidence_least
        self._clock = ClockFollower(beats_per_bar)
        self._tap = TapTempo()
        self.reset()

    def reset(self) -> None:
        """As at the start of a jam: no beat, tick 0 at the first moment asked for."""
        self._clock.reset()
        self._tap.reset()
        self._chosen: _Beat | None = None
        self._estimated: _Beat | None = None
        self._line: Grid | None = None
        self._line_beat: _Beat = _FREE
        self._clock_offset: int | None = None
        self._reached = 0.0
        self._reached_seconds = -math.inf

    @property
    def clock(self) -> ClockFollower:
        """The follower of the DAW's clock, to ask whether it ticks and runs."""
        return self._clock

    def set_beats_per_bar(self, beats_per_bar: int) -> None:
        """The metre from now on."""
        self._beats_per_bar = beats_per_bar
        self._clock.set_beats_per_bar(beats_per_bar)

    def arrive(self, message: TimedMessage) -> None:
        """Take in a message; only those of a clock matter."""
        self._clock.arrive(message)

    def tap(self, at_seconds: float) -> float | None:
        """The player taps the beat: from the second tap on its tempo (BPM) counts, and the tap is a beat."""
        bpm = self._tap.tap(at_seconds)
        if bpm is not None:
            # The first tap of a series is taken as the first beat of a bar.
            in_bar = (self._tap.count - 1) % self._beats_per_bar
            self._chosen = _Beat(BeatSource.TAP, bpm, at_seconds, in_bar)
        return bpm

    def set_tempo(self, bpm: float | None, at_seconds: float) -> None:
        """The player sets a tempo from `at_seconds` on, instead of any tapped one; None gives up both.

        ValueError outside 20–300 BPM.
        """
        if bpm is not None and not BPM_LEAST <= bpm <= BPM_MOST:
            raise ValueError(f"set a tempo between {BPM_LEAST:g} and {BPM_MOST:g} BPM, not {bpm:g}")
        self.grid(at_seconds)
        self._tap.reset()
        self._chosen = None if bpm is None else _Beat(BeatSource.SET, bpm, None, 0)
        self.grid(at_seconds)

    def hear(self, played: Sequence[PlayedNote], now: float) -> None:
        """Listen to the phrase so far (in order of onset); its tempo counts if clear and nothing better is known."""
        if self._chosen is not None or (self._clock.running and self._clock.ticking(now)):
            return
        heard = estimate(played)
        if heard is None or heard.confidence < self._confidence_least:
            return
        if self._estimated is None or not _same_beat(self._estimated, heard):
            self._estimated = _Beat(BeatSource.ESTIMATE, heard.bpm, heard.beat_seconds)

    def forget_estimate(self) -> None:
        """The estimated tempo no longer counts, as when the player begins something else."""
        self._estimated = None

    def grid(self, now: float) -> Grid:
        """The grid for now and the near future. Its tick at `now` never falls from call to call.

        `now` should not go back; where it does, the grid is given and nothing is remembered.
        """
        clock_grid = self._clock.grid(now)
        if clock_grid is not None and clock_grid.running:
            grid = self._on_clock(clock_grid)
        else:
            self._clock_offset = None
            grid = self._on_line(self._chosen or self._estimated or _FREE, now)
        if now < self._reached_seconds:
            return grid
        tick = max(grid.tick_at(now), self._reached)
        self._reached, self._reached_seconds = tick, now
        # Anchored at now only where it had to wait: an unmoved line stays the very same value.
        return grid if tick == grid.tick_at(now) else replace(grid, seconds=now, tick=tick)

    def _on_clock(self, grid: Grid) -> Grid:
        """The clock's own axis, moved by whole beats to begin after what was reached before it was followed."""
        self._line = None
        if self._clock_offset is None:
            beats = math.ceil((self._reached - grid.tick) / TICKS_PER_BEAT)
            self._clock_offset = beats * TICKS_PER_BEAT
        offset = self._clock_offset
        bar_tick = None if grid.bar_tick is None else grid.bar_tick + offset
        return replace(grid, tick=grid.tick + offset, bar_tick=bar_tick)

    def _on_line(self, beat: _Beat, now: float) -> Grid:
        if self._line is not None and beat == self._line_beat and self._line.beats_per_bar == self._beats_per_bar:
            return self._line
        self._line = self._joined(beat, now)
        self._line_beat = beat
        return self._line

    def _joined(self, beat: _Beat, now: float) -> Grid:
        """A line for `beat` that passes `now` at the tick reached or, to be in phase, up to a beat later."""
        before = self._line
        reached = self._reached if before is None else max(self._reached, before.tick_at(now))
        a_tick = seconds_per_tick(beat.bpm)
        tick = reached
        if beat.beat_seconds is not None:
            phase = (now - beat.beat_seconds) / a_tick
            behind = (phase - reached) % TICKS_PER_BEAT
            tick = reached + (behind if behind < TICKS_PER_BEAT - 1e-6 else 0.0)
        return Grid(
            seconds=now,
            tick=tick,
            seconds_per_tick=a_tick,
            source=beat.source,
            bar_tick=self._bar_tick(beat, tick, now),
            beats_per_bar=self._beats_per_bar,
        )

    def _bar_tick(self, beat: _Beat, tick: float, now: float) -> int | None:
        """Where the bars of `beat` lie, whose line passes `now` at `tick`; None if that is not known."""
        if beat.beat_in_bar is None:
            return None
        match self._line:
            # Another tempo leaves the bars where they are, and their numbers.
            case Grid(bar_tick=int(counted), beats_per_bar=self._beats_per_bar) if beat.beat_seconds is None:
                return counted
        since = 0.0 if beat.beat_seconds is None else (now - beat.beat_seconds) / seconds_per_tick(beat.bpm)
        in_bar = (beat.beat_in_bar + math.ceil(since / TICKS_PER_BEAT - 1e-6)) % self._beats_per_bar
        return (math.ceil(tick / TICKS_PER_BEAT - 1e-6) - in_bar) * TICKS_PER_BEAT

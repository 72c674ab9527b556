"""Plays notes once, beside the jam: they are heard where the answers are, or on a channel that is told, and belong to
nothing.

Commits them as time passes, like an answer, under a turn number of their own, so that they can be cut. Knows no
phrase and no composer.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.jam import inputs, outputs
from cocomposer.jam.answering import COMMIT_SECONDS, END_SECONDS
from cocomposer.jam.settings import Entry
from cocomposer.jam.shaping import playable
from cocomposer.jam.state import State, beat_is_given
from cocomposer.jam.turn import Turn, pedal_moves
from cocomposer.music.grid import Grid
from cocomposer.music.message import CC_SUSTAIN, control_change
from cocomposer.music.note import Note
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT, seconds_per_tick
from cocomposer.playback.sounding import AUDITION_TURN

WAY_SECONDS: Final = 0.01
"""It ends so long before an answer enters, so that its end takes nothing of the answer's along."""
SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 400.0


@dataclass(slots=True)
class _Running:
    name: str
    notes: list[Note]
    line: Grid
    shift: int
    """Added to the ticks of the notes gives those of the line."""
    on_the_beat: bool
    """It follows the beat that somebody gives, as long as it is given."""
    channel: int
    beside: bool
    """Answers sound together with it."""
    committed: int = 0
    silent_from: float = 0.0
    pedal_down: bool = False
    pedal_at: float = 0.0


class Auditions:
    """At most one at a time."""

    def __init__(self, state: State, lead_seconds: float) -> None:
        self._state = state
        self._lead_seconds = lead_seconds
        self._running: _Running | None = None
        self.told: outputs.AuditionBegan | None = None
        """What was told of the running one."""

    def begin(self, event: inputs.Audition, grid: Grid, now: float) -> None:
        """Play these notes; the audition before ends."""
        self.end(now)
        channel = min(16, max(1, event.channel or self._state.settings.channel)) - 1
        told = (replace(note, channel=channel) for note in playable(event.notes))
        notes = playable((*told, *event.along))
        if not notes:
            return
        if beat_is_given(grid) and not event.at_once:
            shift = self._entry_shift(notes[0].onset_tick, grid, now)
            running = _Running(event.name, notes, grid, shift, True, channel, event.beside)
        else:
            bpm = event.bpm if SLOWEST_BPM <= event.bpm <= FASTEST_BPM else NOMINAL_BPM
            line = Grid(now, notes[0].onset_tick, seconds_per_tick(bpm))
            running = _Running(event.name, notes, line, 0, False, channel, event.beside)
        self._running = running
        first, end = notes[0].onset_tick, max(note.end_tick for note in notes)
        self.told = outputs.AuditionBegan(
            event.name,
            self._seconds_at(running, first),
            first,
            running.line.seconds_per_tick,
            self._seconds_at(running, end),
        )
        self._state.out.append(self.told)

    def end(self, now: float) -> None:
        """Silence it now."""
        if self._running is not None:
            self._state.out.append(outputs.Cut(AUDITION_TURN))
            self._over(now)

    def moments(self, turn: Turn | None, grid: Grid) -> list[float]:
        """When time alone makes a difference."""
        running = self._running
        if running is None:
            return []
        moments = [self._way_at(running, turn, grid)]
        if running.committed < len(running.notes):
            onset = running.notes[running.committed].onset_tick
            moments.append(self._seconds_at(running, onset) - COMMIT_SECONDS)
        else:
            moments.append(running.silent_from + END_SECONDS)
        return moments

    def advance(self, turn: Turn | None, grid: Grid, now: float) -> None:
        """Commit what must sound soon; make way for an answer that enters; end what is over."""
        running = self._running
        if running is None:
            return
        way = self._way_at(running, turn, grid)
        if way <= now:
            self.end(now)
            return
        running.on_the_beat = running.on_the_beat and beat_is_given(grid)
        if running.on_the_beat:
            running.line = grid
        while running.committed < len(running.notes):
            note = running.notes[running.committed]
            on = self._seconds_at(running, note.onset_tick)
            if on - COMMIT_SECONDS > now or on >= way:
                return
            running.committed += 1
            self._commit(running, note, on)
        if running.silent_from + END_SECONDS <= now:
            if running.pedal_down:
                up = control_change(running.channel, CC_SUSTAIN, 0)
                self._state.out.append(outputs.Send(AUDITION_TURN, now, up))
            self._over(now)

    def _entry_shift(self, first: int, grid: Grid, now: float) -> int:
        """Lays the first note on the entry, or as far behind it as it lies behind its own beat."""
        entry = self._state.settings.entry
        if entry is Entry.FREE:
            return math.ceil(grid.tick_at(now)) - first
        # What is to sound before its beat must be committed before it too.
        soonest = grid.tick_at(now + self._lead_seconds - min(0.0, self._state.nudge_seconds))
        beat = first // TICKS_PER_BEAT * TICKS_PER_BEAT
        if entry is Entry.BAR and grid.bar_tick is not None:
            return grid.next_bar(soonest) - beat
        return grid.next_beat(soonest) - beat

    def _seconds_at(self, running: _Running, tick: int) -> float:
        return running.line.seconds_at(tick + running.shift) + self._state.nudge_seconds

    def _way_at(self, running: _Running, turn: Turn | None, grid: Grid) -> float:
        """When it has to make way for the answer that is about to enter."""
        if running.beside or turn is None or not turn.begun:
            return math.inf
        return turn.seconds_at(turn.committed[0].onset_tick, grid) - WAY_SECONDS

    def _commit(self, running: _Running, note: Note, on: float) -> None:
        off = max(on + 0.01, self._seconds_at(running, note.end_tick))
        state, channel = self._state, running.channel
        is_drum = note.channel == state.settings.drums_channel - 1 != channel
        if is_drum and state.settings.mute_drums:
            return
        for due, value in pedal_moves(running, note.pedal, on):
            state.out.append(outputs.Send(AUDITION_TURN, due, control_change(channel, CC_SUSTAIN, value)))
            running.silent_from = max(running.silent_from, due)
        state.out.append(outputs.Preview(AUDITION_TURN, state.next_note_id(), note, on, off))
        running.silent_from = max(running.silent_from, off)

    def _over(self, now: float) -> None:
        assert self._running is not None
        self._state.out.append(outputs.AuditionEnded(self._running.name, now))
        self._running = self.told = None

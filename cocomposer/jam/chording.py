"""The jam's own chords: a progression that is played beside it in time with the beat, and that answers go by.

Its notes are committed late, as an answer's are, under turn numbers of their own, so that they can be cut; they are no
part of what was heard. A new progression takes over from the old one on a bar line. Knows no composer: what answers go
by is in the shared state.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec

from cocomposer.generation.given_chords import GivenChords
from cocomposer.harmony.chord import Chord
from cocomposer.jam import inputs, outputs
from cocomposer.jam.answering import COMMIT_SECONDS, END_SECONDS
from cocomposer.jam.given_progression import ChordsRefused, Given, understood
from cocomposer.jam.progression_playing import Laid, PlayedProgression
from cocomposer.jam.state import State, beat_is_given
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from cocomposer.playback.sounding import CHORD_TURNS
from cocomposer.sync.tap import BPM_LEAST, BPM_MOST

PREPARE_SECONDS: Final = 0.4
"""Bars are voiced so long before they sound."""
WAY_SECONDS: Final = 0.01
"""What is replaced ends so long before the bar line, so that its end takes nothing of the new along."""
LATE_SECONDS: Final = 0.05
"""A note that should have sounded so long ago is left out: the beat has jumped."""
LOST_SECONDS: Final = 2.0
"""So far behind, the progression begins anew."""

Change = Callable[[dict[str, Any], float], None]
"""Changes settings at a moment."""
_Frame = tuple[bool, int, int | None]
"""What the progression is laid on: whether a clock's beat, the beats of a bar, where its bars are."""


@dataclass(slots=True)
class _Voice:
    """What plays, or will from its first tick on."""

    turn: int
    given: Given
    music: PlayedProgression
    notes: deque[Note] = field(default_factory=deque)
    until_tick: int | None = None
    """Another one takes over there."""
    silent_from: float = 0.0


@dataclass(frozen=True, slots=True)
class KnownChord:
    """The chord that is given now."""

    chord: Chord | None
    symbol: str
    tick: int
    end_tick: int


class Chording:
    """At most one progression; while others take over, three."""

    def __init__(self, state: State, lead_seconds: float, change: Change) -> None:
        """`change` changes settings."""
        self._state = state
        self._change = change
        self._lead_seconds = lead_seconds
        self._given: Given | None = None
        self._laid: Laid | None = None
        self._since = 0
        """The progression is in force from this tick on."""
        self._frame: _Frame | None = None
        self._voices: list[_Voice] = []
        self.told = outputs.ChordsChanged()

    # -- commands ------------------------------------------------------------------------------

    def play(self, event: inputs.PlayChords, grid: Grid, now: float) -> None:
        """The progression from the next bar line on; no slots end it. What makes no sense is refused in a sentence."""
        if not event.slots:
            self.end()
            return
        try:
            given = understood(event, grid.beats_per_bar)
        except ChordsRefused as error:
            self._state.say(str(error))
            return
        if not beat_is_given(grid):
            self._change({"tempo": event.bpm or self._likely_bpm(grid, now)}, now)
            grid = self._state.transport.grid(now)
        before, self._given = self._given, given
        if self._laid is None or before is None or self._frame != _frame_of(grid):
            self._lay_anew(grid, now)
        elif before.sounds_like(given):
            self._tell()
        else:
            self._since = self._entry_tick(grid, now)
            self._laid = given.laid_after(self._laid, self._since)
            self._take_over(grid, now)
            self._tell()

    def _likely_bpm(self, grid: Grid, now: float) -> float:
        """Of a clock that ticks and stands still, else of the playing."""
        standing = self._state.transport.clock.grid(now)
        bpm = grid.bpm if standing is None else standing.bpm
        return min(BPM_MOST, max(BPM_LEAST, bpm))

    def silence(self) -> None:
        """It sounds no more; whether answers go by it stays as it is."""
        self._cut()
        given = self._given
        if given is not None and given.event.sound:
            if given.event.lock:
                self._given = replace(given, event=msgspec.structs.replace(given.event, sound=False))
                self._tell()
            else:
                self.end()

    def end(self) -> None:
        """There is no progression any more."""
        self._cut()
        self._given = self._laid = self._frame = None
        self._tell()

    # -- what time brings ----------------------------------------------------------------------

    def sounding(self, tick: float) -> KnownChord | None:
        """The chord that is played at a tick; None while none is."""
        at = int(tick // 1)
        for voice in self._voices:
            if voice.until_tick is not None and at >= voice.until_tick:
                continue
            laid = voice.music.laid
            here = laid.place(at) if at >= voice.music.begin_tick else None
            if here is not None:
                span = laid.span(here[0])
                symbol = voice.given.event.slots[here[0] % len(laid.chords)].symbol
                end = span.end_tick if voice.until_tick is None else min(span.end_tick, voice.until_tick)
                return KnownChord(span.chord, symbol, span.tick, end)
        return None

    @property
    def in_force(self) -> bool:
        """Whether there is a progression, heard or not."""
        return self._laid is not None

    def chord_at(self, tick: int) -> Chord | None:
        """Of the progression in force; None before and after it."""
        here = None if self._laid is None else self._laid.place(tick)
        return None if self._laid is None or here is None else self._laid.span(here[0]).chord

    def moments(self, grid: Grid) -> list[float]:
        """When time alone makes a difference."""
        moments = []
        for voice in self._voices:
            if voice.notes:
                moments.append(self._seconds_at(voice.notes[0].onset_tick, grid) - COMMIT_SECONDS)
            if voice.music.next_tick is not None:
                moments.append(self._seconds_at(voice.music.next_tick, grid) - PREPARE_SECONDS)
            elif not voice.notes:
                moments.append(voice.silent_from + END_SECONDS)
            if voice.until_tick is not None:
                moments.append(self._seconds_at(voice.until_tick, grid) - WAY_SECONDS)
        return moments

    def advance(self, grid: Grid, now: float) -> None:
        """Commit what must sound soon; begin anew where the beat became another one; end what is over."""
        if self._given is None:
            return
        if not beat_is_given(grid):
            self._frame = None
            self.silence()
            return
        if self._frame != _frame_of(grid) or any(self._is_lost(voice, grid, now) for voice in self._voices):
            self._lay_anew(grid, now)
        for voice in list(self._voices):
            self._commit_due(voice, grid, now)
            if voice.until_tick is not None and self._seconds_at(voice.until_tick, grid) - WAY_SECONDS <= now:
                self._state.out.append(outputs.Cut(voice.turn))
                self._voices.remove(voice)
        end = None if self._laid is None else self._laid.end_tick
        sounding_until = max((voice.silent_from for voice in self._voices), default=0.0) + END_SECONDS
        if end is not None and max(self._seconds_at(end, grid), sounding_until) <= now:
            self.end()

    def _commit_due(self, voice: _Voice, grid: Grid, now: float) -> None:
        music = voice.music
        while music.next_tick is not None and self._seconds_at(music.next_tick, grid) - PREPARE_SECONDS <= now:
            voice.notes.extend(music.more())
        until = voice.until_tick
        while voice.notes and (until is None or voice.notes[0].onset_tick < until):
            on = self._seconds_at(voice.notes[0].onset_tick, grid)
            if on - COMMIT_SECONDS > now:
                return
            note = voice.notes.popleft()
            if on < now - LATE_SECONDS:
                continue
            off = max(on + 0.01, self._seconds_at(note.end_tick, grid))
            self._state.out.append(outputs.Preview(voice.turn, self._state.next_note_id(), note, on, off))
            voice.silent_from = max(voice.silent_from, off)

    def _is_lost(self, voice: _Voice, grid: Grid, now: float) -> bool:
        tick = voice.music.next_tick
        return tick is not None and self._seconds_at(tick, grid) < now - LOST_SECONDS

    def _seconds_at(self, tick: int, grid: Grid) -> float:
        return grid.seconds_at(tick) + self._state.nudge_seconds

    # -- where it lies -------------------------------------------------------------------------

    def _entry_tick(self, grid: Grid, now: float) -> int:
        # What is to sound before its beat must be committed before it too.
        soonest = grid.tick_at(now + self._lead_seconds - min(0.0, self._state.nudge_seconds))
        return grid.next_beat(soonest) if grid.bar_tick is None else grid.next_bar(soonest)

    def _lay_anew(self, grid: Grid, now: float) -> None:
        """From its first chord, on the next bar line of a beat that is another one than before."""
        assert self._given is not None
        self._cut()
        pattern = self._given.manner.pattern
        if pattern is not None and not pattern.fits(grid.beats_per_bar):
            self._state.say(f"The rhythm {pattern.name} is not made for bars of {grid.beats_per_bar} beats; "
                            "the chords are held instead.")  # fmt: skip
            self._given = replace(self._given, manner=replace(self._given.manner, pattern=None))
        self._frame = _frame_of(grid)
        self._since = self._entry_tick(grid, now)
        self._laid = self._given.laid(self._since)
        self._take_over(grid, now)
        self._tell()

    def _take_over(self, grid: Grid, now: float) -> None:
        """What plays goes on to where the progression is in force, and then that is heard, if it is to be."""
        assert self._given is not None and self._laid is not None
        for voice in list(self._voices):
            if voice.music.begin_tick >= self._since:  # not begun yet: nothing of it will be missed
                self._state.out.append(outputs.Cut(voice.turn))
                self._voices.remove(voice)
            else:
                voice.until_tick = min(self._since, voice.until_tick or self._since)
        if not self._given.event.sound:
            return
        used = {voice.turn for voice in self._voices}
        bar = self._since if grid.bar_tick is None else grid.bar_tick
        music = PlayedProgression(self._laid, self._given.manner, grid.beats_per_bar, bar, self._since)
        voice = _Voice(next(turn for turn in CHORD_TURNS if turn not in used), self._given, music)
        self._voices.append(voice)
        self._commit_due(voice, grid, now)

    def _cut(self) -> None:
        self._state.out += [outputs.Cut(voice.turn) for voice in self._voices]
        self._voices.clear()

    # -- what is told --------------------------------------------------------------------------

    def _tell(self) -> None:
        """Let answers go by what is in force now, and tell it, if anything is another than it was."""
        given, laid = self._given, self._laid
        told, chords = outputs.ChordsChanged(), GivenChords()
        if given is not None and laid is not None:
            event = given.event
            pattern = given.manner.pattern
            told = outputs.ChordsChanged(
                event.slots,
                laid.first_tick,
                laid.length if laid.loop else None,
                event.sound,
                event.lock,
                event.lock and event.strict,
                event.style,
                None if pattern is None else pattern.name,
                event.channel,
            )
            if event.lock:
                chords = given.chords_from(laid, self._since)
        self._state.go_by(chords, told.strict)
        if told != self.told:
            self.told = told
            self._state.out.append(told)


def _frame_of(grid: Grid) -> _Frame | None:
    if not beat_is_given(grid):
        return None
    phase = None if grid.bar_tick is None else grid.bar_tick % grid.ticks_per_bar
    return grid.source is BeatSource.CLOCK, grid.beats_per_bar, phase

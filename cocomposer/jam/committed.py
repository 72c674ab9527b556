"""The notes of the accompaniment that were committed and have not ended: what is struck again ends, what clashes can.

Every one is known by its number until it has ended. Knows no plan.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.accompaniment.parts import Part
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.jam.state import State
from cocomposer.music.grid import Grid
from cocomposer.music.note import Note
from cocomposer.playback.sounding import ACCOMPANIMENT_TURNS

SHORTEST_SECONDS: Final = 0.01


@dataclass(slots=True)
class Sounding:
    """One note, from its commitment to its end."""

    part: Part
    note_id: int
    note: Note
    on: float
    off: float
    planned_off: float
    """As it was committed."""


class Committed:
    """All of them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._notes: list[Sounding] = []

    @property
    def notes(self) -> tuple[Sounding, ...]:
        """In the order in which they were committed."""
        return tuple(self._notes)

    def tidy(self, now: float) -> None:
        """Forget what has ended."""
        self._notes = [one for one in self._notes if one.off > now]

    def commit(self, part: Part, note: Note, on: float, grid: Grid) -> None:
        """It will sound then; what sounds on the same key, and the tone before in a part that is a line, ends then."""
        state = self._state
        note = replace(note, channel=channel_of(state.settings, part) - 1)
        off = max(on + SHORTEST_SECONDS, grid.seconds_at(note.end_tick) + state.nudge_seconds)
        for one in self._notes:
            # Chords end when it is time, also if the tempo has changed meanwhile.
            is_line = part is not Part.CHORDS and one.on < on
            is_over = one.part is part and (is_line or one.note.end_tick <= note.onset_tick)
            is_same = (one.note.channel, one.note.pitch) == (note.channel, note.pitch)
            if (is_over or is_same) and one.off > on:
                self._move_end(one, max(on, one.on))
        self._notes = [one for one in self._notes if one.off > one.on]
        number = state.next_note_id()
        state.out.append(outputs.Accompany(ACCOMPANIMENT_TURNS[part], number, note, on, off))
        self._notes.append(Sounding(part, number, note, on, off, off))

    def end(self, wanted: Callable[[Sounding], bool], now: float) -> None:
        """Let these end now; those that wait to begin never do."""
        for one in self._notes:
            if wanted(one):
                self._move_end(one, max(now, one.on))
        self._notes = [one for one in self._notes if one.off > max(now, one.on)]

    def cut(self, parts: Iterable[Part], now: float) -> None:
        """Silence whole parts."""
        for part in parts:
            cut = [one for one in self._notes if one.part is part]
            if cut:
                self._state.out.append(outputs.Cut(ACCOMPANIMENT_TURNS[part]))
                for one in cut:
                    self._move_end(one, min(one.off, max(now, one.on)))
                self._notes = [one for one in self._notes if one.part is not part]

    def _move_end(self, one: Sounding, off: float) -> None:
        one.off = off
        share = (off - one.on) / (one.planned_off - one.on)
        self._state.out.append(outputs.EndMoved(one.note_id, off, min(1.0, max(0.0, share))))


def channel_of(settings: Settings, part: Part) -> int:
    """Counted from 1."""
    match part:
        case Part.CHORDS:
            return settings.accompany_chords_channel
        case Part.BASS:
            return settings.accompany_bass_channel
        case Part.VOICE:
            return settings.accompany_voice_channel

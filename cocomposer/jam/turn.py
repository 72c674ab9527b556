"""One answer of the machine while it is played: what was drawn, what was committed, how far the plan reaches.

Bookkeeping only; when to commit and what to do when the model is late is the jam's business.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from cocomposer.generation.fallback import LastBar
from cocomposer.generation.request import Wish
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import Grid
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT


@dataclass(slots=True)
class Draft:
    """A note that is planned but may still be thrown away."""

    note: Note
    fallback: bool = False


@dataclass(slots=True)
class Turn:
    """The running answer. Ticks are those of the jam's axis."""

    wish: Wish
    entry_tick: int
    timed: bool
    """It enters on a beat that somebody gives; else it enters as soon as it can."""
    from_clock: bool
    """A DAW's clock gives its beat: it stops with the DAW."""
    phrase: tuple[Note, ...]
    settings: Settings = field(default_factory=Settings)
    """Those in force when it was asked for."""
    attempt: int = 1
    planned_tick: int = 0
    """All onsets before this are known (drawn, or filled in)."""
    owed_tick: int = 0
    """The first beat of which nothing is known yet: before it the model is not late."""
    until_tick: int = 0
    """The composer may draw up to here."""
    drafts: deque[Draft] = field(default_factory=deque)
    committed: list[Note] = field(default_factory=list)
    drawn_all: bool = False
    silent_from: float = 0.0
    """When the last committed note ends, in seconds."""
    delay_seconds: float = 0.0
    """Where nobody gives the beat the answer begins as soon as it can: all of it moves back by the time that its first
    note took, or forward by what was left until the next place on an estimated beat."""
    nudge_seconds: float = 0.0
    """What the musician asked for: all of it earlier (below 0) or later than the beat."""
    pedal_down: bool = False
    pedal_at: float = 0.0
    bar: LastBar | None = None
    """What stands in for a late model; None while it is in time."""
    filled_ticks: int = 0
    """How much was filled in since the model last drew something."""

    @property
    def number(self) -> int:
        """Its number in the jam, from 1."""
        return self.wish.turn

    @property
    def begun(self) -> bool:
        """Whether anything of it was committed."""
        return bool(self.committed)

    def plan(self, tick: int, known: bool) -> None:
        """All onsets before `tick` are known now, and, if `known`, one on it as well."""
        self.planned_tick = max(self.planned_tick, tick)
        begun = self.planned_tick + 1 if known else self.planned_tick
        self.owed_tick = -(-begun // TICKS_PER_BEAT) * TICKS_PER_BEAT

    def seconds_at(self, tick: float, grid: Grid) -> float:
        """When a tick of this answer sounds."""
        return grid.seconds_at(tick) + self.delay_seconds + self.nudge_seconds

    def tick_at(self, seconds: float, grid: Grid) -> float:
        """Which tick of this answer sounds at a moment; inverse of `seconds_at`."""
        return grid.tick_at(seconds - self.delay_seconds - self.nudge_seconds)

    def sounded(self, now_tick: float) -> list[Note]:
        """What was heard of it up to now: later notes left out, sounding ones cut."""
        heard = [note for note in self.committed if note.onset_tick <= now_tick]
        return [
            replace(note, duration_ticks=max(1, min(note.duration_ticks, round(now_tick) - note.onset_tick)))
            for note in heard
        ]

    def planned_notes(self) -> list[Note]:
        """All notes of the plan, committed and drafted, in order."""
        return [*self.committed, *(draft.note for draft in self.drafts)]

    def sounding_after(self, tick: int) -> tuple[int, ...]:
        """Ends of the planned notes that are not over at a tick."""
        return tuple(note.end_tick for note in self.planned_notes() if note.end_tick > tick)


PEDAL_LIFT_SECONDS: Final = 0.03
"""A fresh pedal goes down this long after the note that it belongs to began, as pianists' feet do."""


class Pedalled(Protocol):
    """Whatever holds the sustain pedal while it plays."""

    pedal_down: bool
    pedal_at: float
    """When it moved last, or will."""


def pedal_moves(player: Pedalled, pedal: Pedal, on_seconds: float) -> list[tuple[float, int]]:
    """(due_seconds, value) of the sustain messages that bring the pedal to where a note wants it.

    Never before those of earlier notes: a foot that is about to go down must not come up before.
    """
    soonest = max(on_seconds, player.pedal_at)
    match pedal:
        case Pedal.FRESH:
            moves = [(soonest, 0)] if player.pedal_down else []
            moves.append((max(soonest, on_seconds + PEDAL_LIFT_SECONDS), 127))
        case Pedal.DOWN if not player.pedal_down:
            moves = [(soonest, 127)]
        case Pedal.UP if player.pedal_down:
            moves = [(soonest, 0)]
        case _:
            return []
    player.pedal_at, last = moves[-1]
    player.pedal_down = last > 0
    return moves

"""Punch-in: a part that is muted is let in on a beat, and muted again when it is let go.

What comes of it are changes of the part's mute, a little before the beat, so that the first note on the beat is heard.
Knows no controller and no note.
"""

from collections.abc import Callable
from typing import Any, Final

from cocomposer.jam import inputs
from cocomposer.jam.accompanying import PLAN_SECONDS
from cocomposer.jam.state import State, beat_is_given
from cocomposer.jam.targets import PARTS, mute_of
from cocomposer.music.grid import Grid

AHEAD_SECONDS: Final = PLAN_SECONDS + 0.005
"""So long before a beat its notes are not decided yet."""


class Punching:
    """The parts of one jam."""

    def __init__(self, state: State, change: Callable[[dict[str, Any], float], None]) -> None:
        """`change(changes, now)` changes settings."""
        self._state, self._change = state, change
        self._waiting: dict[str, tuple[int, bool]] = {}
        """Mute → the tick on which it changes, and to what."""

    def punch(self, event: inputs.Punch, grid: Grid, now: float) -> None:
        """A part is let in or let go."""
        if event.part not in PARTS:
            return
        mute, silent = mute_of(event.part), not event.down
        self._waiting.pop(mute, None)
        if getattr(self._state.settings, mute) is silent:
            return
        if (silent and not event.on_bar) or not beat_is_given(grid):
            self._change({mute: silent}, now)
            return
        soonest = grid.tick_at(now + AHEAD_SECONDS - self._state.nudge_seconds)
        on_bar = event.on_bar and grid.bar_tick is not None
        self._waiting[mute] = (grid.next_bar(soonest) if on_bar else grid.next_beat(soonest)), silent

    def moments(self, grid: Grid) -> list[float]:
        """When time alone makes a difference."""
        return [grid.seconds_at(tick) + self._state.nudge_seconds - AHEAD_SECONDS for tick, _ in self._waiting.values()]

    def advance(self, grid: Grid, now: float) -> None:
        """Change what is to change by now."""
        until = grid.tick_at(now + AHEAD_SECONDS - self._state.nudge_seconds + 1e-6)
        due = {mute: silent for mute, (tick, silent) in self._waiting.items() if tick <= until}
        if due:
            self._waiting = {mute: wait for mute, wait in self._waiting.items() if mute not in due}
            self._change(due, now)

    def forget(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()

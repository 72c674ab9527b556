"""Seconds become ticks, here and nowhere else: played notes are laid on a grid.

Knows neither where the grid comes from nor when a phrase is over. `place` is a pure function of its arguments;
`Placing` remembers what it placed on a grid that moves (a DAW's clock), so that what was heard once keeps its tick.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note, Pedal, PlayedNote

PROVISIONAL_TICKS: Final = 12
"""A key still held counts at least as a sixteenth."""
SETTLED_SECONDS: Final = 0.05
"""A note this old keeps its tick; younger ones may still move, as a DAW's first note may come before its Start."""


def nearest(tick: float) -> int:
    """The nearest whole tick; halves go up, so that a phrase shifted by a tick is rounded alike."""
    return math.floor(tick + 0.5)


def place(
    played: Iterable[PlayedNote], grid: Grid, now: float, provisional_ticks: int = PROVISIONAL_TICKS
) -> tuple[Note, ...]:
    """Lay notes on `grid`, rounded to whole ticks, ordered by (onset_tick, pitch), at least one tick long.

    Held notes last at least until `now`: `provisional_ticks`, doubled as often as needed. Of two notes with the same
    onset and pitch the longer stays.
    """
    placed = []
    for note in played:
        onset = nearest(grid.tick_at(note.onset_seconds))
        placed.append(_note(note, onset, _end_tick(note, grid, now, onset, provisional_ticks)))
    return merge(placed)


def merge(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Order by (onset_tick, pitch); one note of each onset and pitch; in a chord only the first tells a fresh pedal."""
    merged: list[Note] = []
    fresh_at: set[int] = set()
    for note in sorted(notes):
        if note.pedal is Pedal.FRESH:
            fresh_at.add(note.onset_tick)
        if merged and (merged[-1].onset_tick, merged[-1].pitch) == (note.onset_tick, note.pitch):
            merged[-1] = note  # sorted: the later of the two is the longer
        else:
            merged.append(note)
    if fresh_at:
        _settle_pedal(merged, fresh_at)
    return tuple(merged)


def _settle_pedal(notes: list[Note], fresh_at: set[int]) -> None:
    """A chord's notes are struck in any order; ordered by pitch, its first one has the pedal's stroke in front."""
    previous_tick: int | None = None
    for index, note in enumerate(notes):
        if note.onset_tick in fresh_at:
            pedal = Pedal.DOWN if note.onset_tick == previous_tick else Pedal.FRESH
            if note.pedal is not pedal:
                notes[index] = replace(note, pedal=pedal)
        previous_tick = note.onset_tick


def _note(note: PlayedNote, onset_tick: int, end_tick: int) -> Note:
    return Note(onset_tick, note.pitch, max(1, end_tick - onset_tick), note.velocity, note.channel, note.pedal)


def _end_tick(note: PlayedNote, grid: Grid, now: float, onset_tick: int, provisional_ticks: int) -> int:
    if note.release_seconds is not None:
        return nearest(grid.tick_at(note.release_seconds))
    # Doubled until it reaches now: a length that grew with every look would change the note, and with it
    # all that a model concluded since, each time that another key is struck over a held one.
    length = provisional_ticks
    while onset_tick + length < grid.tick_at(now):
        length *= 2
    return onset_tick + length


class Placing:
    """Places a growing phrase again and again while the grid of a DAW's clock moves under it.

    On such a grid a note once settled keeps its ticks, so that earlier notes do not shift with each new clock.
    On any other grid it is `place`: a new tempo there is better knowledge and applies to the whole phrase.
    """

    def __init__(self, provisional_ticks: int = PROVISIONAL_TICKS, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._provisional_ticks = provisional_ticks
        self._settled_seconds = settled_seconds
        self._onsets: dict[tuple[float, int, int], int] = {}
        self._ends: dict[tuple[float, int, int], int] = {}

    def forget(self) -> None:
        """Forget what was placed; call it when a phrase is taken."""
        self._onsets.clear()
        self._ends.clear()

    def let_go(self, played: Iterable[PlayedNote]) -> None:
        """Forget these notes; they will not be arranged again."""
        for note in played:
            key = (note.onset_seconds, note.pitch, note.channel)
            self._onsets.pop(key, None)
            self._ends.pop(key, None)

    def arrange(self, played: Iterable[PlayedNote], grid: Grid, now: float) -> tuple[Note, ...]:
        """As `place`, with the ticks of settled notes kept while the source is a DAW's clock."""
        if grid.source is not BeatSource.CLOCK:
            self.forget()
            return place(played, grid, now, self._provisional_ticks)
        placed = []
        for note in played:
            key = (note.onset_seconds, note.pitch, note.channel)
            onset = self._onsets.get(key)
            if onset is None:
                onset = nearest(grid.tick_at(note.onset_seconds))
                if now - note.onset_seconds > self._settled_seconds:
                    self._onsets[key] = onset
            end = self._ends.get(key)
            if end is None:
                end = _end_tick(note, grid, now, onset, self._provisional_ticks)
                if note.release_seconds is not None and now - note.release_seconds > self._settled_seconds:
                    self._ends[key] = end
            placed.append(_note(note, onset, end))
        return merge(placed)

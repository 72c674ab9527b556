"""The hard constraints of a turn as masks over what may be drawn next, kept whatever the logits say.

Where all of them together leave nothing, they are given up in a fixed order, and the turn tells which:

- of pitches, the register always stays; of chord tones and scale both, else the scale alone, else chord tones alone,
  else neither;
- of onsets, the grid, the end of the turn and the number of notes that sound always stay; the longest rest is given up
  first, and the exact entry where too much still sounds at it.

`faults` tells before a jam what would never fit. Knows ticks and classes, no model and no chance.
"""

from bisect import insort
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import DRAWN, DRAWN_INDEX
from cocomposer.events.steps import STEPS
from cocomposer.generation.given_chords import GivenChord
from cocomposer.generation.request import GivenUp, OnsetGrid, Wish
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Mask = NDArray[np.bool_]

LAST_RING: Final = TICKS_PER_BEAT
"""How long the last notes of a turn may sound beyond its end."""
_LEAST_LENGTH: Final = TICKS_PER_BEAT // 4
_STEPS: Final = np.asarray(STEPS, dtype=np.int64)
_ON_GRID: Final = {grid: np.asarray([grid.allows(tick) for tick in range(TICKS_PER_BEAT)]) for grid in OnsetGrid}
_DRAWABLE: Final = {part.name: np.arange(part.classes) >= part.first_drawn for part in DRAWN}
_PITCHES: Final = np.arange(DRAWN[DRAWN_INDEX["pitch"]].classes)
_LONG_AGO: Final = -(1 << 62)


def on_pitch_classes(classes: tuple[int, ...]) -> Mask:
    """The pitches [128] of some pitch classes."""
    return np.isin(_PITCHES % 12, classes)


def pitch_mask(wish: Wish, chord: GivenChord | None) -> tuple[Mask, frozenset[GivenUp]]:
    """The pitches [128] that a note may have under a chord, and what was given up for there to be one."""
    register = np.zeros(len(_PITCHES), dtype=np.bool_)
    register[wish.lowest_pitch : wish.highest_pitch + 1] = True
    scale = on_pitch_classes(wish.scale) if wish.scale else None
    tones = on_pitch_classes(chord.tones) if chord is not None and wish.chord_tones_only else None
    both = register.copy()
    for mask in (scale, tones):
        if mask is not None:
            both &= mask
    if both.any():
        return both, frozenset()
    if scale is not None and (register & scale).any():
        return register & scale, frozenset({GivenUp.CHORD})
    if tones is not None and (register & tones).any():
        return register & tones, frozenset({GivenUp.SCALE})
    lost = {GivenUp.SCALE if scale is not None else None, GivenUp.CHORD if tones is not None else None}
    return register, frozenset(limit for limit in lost if limit is not None)


class Constraints:
    """What one turn may draw, given what it drew so far."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._ends = sorted(wish.sounding_until)
        self._masks: dict[GivenChord | None, tuple[Mask, frozenset[GivenUp]]] = {}
        self._grid = _ON_GRID[wish.grid] if wish.metre.beat_known and wish.grid is not OnsetGrid.OFF else None
        self._last: Note | None = None
        self._together = 0
        """How many notes of this turn began with the last one."""
        self.given_up: set[GivenUp] = set()

    # -- onsets ------------------------------------------------------------------------------

    def entry(self, last_tick: int) -> int | None:
        """Where the first note must begin; None if that is to be drawn (also after the first note)."""
        wish = self._wish
        if self._last is not None or wish.first_tick is None:
            return None
        onset = max(wish.first_tick, last_tick)
        if onset >= self._free_from():
            return onset
        self.given_up.add(GivenUp.ENTRY)
        return None

    def onsets(self, last_tick: int, before: Note | None) -> Mask:
        """Steps [STEP_COUNT] that the next onset may lie after `last_tick`, at which the note `before` began."""
        wish = self._wish
        from_tick = self._from_tick(last_tick)
        ticks = last_tick + _STEPS
        allowed = (ticks >= max(from_tick, self._free_from())) & (ticks <= from_tick + wish.longest_rest_ticks)
        if self._last is not None and not (self._together < wish.most_at_once and self._is_room_above(before)):
            allowed[0] = False
        if self._grid is not None:
            allowed &= self._grid[ticks % TICKS_PER_BEAT]
        return allowed

    def first_moment(self, last_tick: int) -> int:
        """Where `onsets` leaves nothing (no step leads there, or too much sounds): the first tick that will do."""
        from_tick = self._from_tick(last_tick)
        free = self._free_from()
        onset = max(free, from_tick if self._last is None else from_tick + 1)
        if free > from_tick + self._wish.longest_rest_ticks:
            self.given_up.add(GivenUp.REST)
        while self._grid is not None and not self._grid[onset % TICKS_PER_BEAT]:
            onset += 1
        return onset

    def _from_tick(self, last_tick: int) -> int:
        wish = self._wish
        earliest = wish.earliest_tick if wish.first_tick is None else max(wish.first_tick, wish.earliest_tick)
        return max(last_tick, earliest if self._last is None else wish.earliest_tick)

    def _free_from(self) -> int:
        """The first tick at which one more note may sound."""
        spare = self._wish.most_sounding - len(self._ends)
        return self._ends[-self._wish.most_sounding] if spare <= 0 else _LONG_AGO

    def _is_room_above(self, before: Note | None) -> bool:
        """Whether a further note may begin with `before`: together, notes come in order of pitch."""
        if before is None:
            return True
        allowed, _ = self._pitches_at(before.onset_tick)
        return bool(allowed[before.pitch + 1 :].any())

    # -- the other fields --------------------------------------------------------------------

    def pitches(self, onset_tick: int, before: Note | None) -> Mask:
        """Pitches [128] of a note at `onset_tick`; above `before`, if they begin together and there is room."""
        allowed, given_up = self._pitches_at(onset_tick)
        self.given_up |= given_up
        if before is None or before.onset_tick != onset_tick or not allowed[before.pitch + 1 :].any():
            return allowed
        allowed = allowed.copy()
        allowed[: before.pitch + 1] = False
        return allowed

    def _pitches_at(self, tick: int) -> tuple[Mask, frozenset[GivenUp]]:
        chord = self._wish.chords.at(tick) if self._wish.chord_tones_only else None
        found = self._masks.get(chord)
        if found is None:
            found = self._masks[chord] = pitch_mask(self._wish, chord)
        return found

    def durations(self, onset_tick: int) -> Mask:
        """Steps [STEP_COUNT] that a note at `onset_tick` may last."""
        wish = self._wish
        allowed = _DRAWABLE["duration"]
        if wish.end_tick is not None:
            allowed = allowed & (max(_LEAST_LENGTH, wish.end_tick + LAST_RING - onset_tick) >= _STEPS)
        sounding = sum(end > onset_tick for end in self._ends)
        if sounding + 1 >= wish.most_sounding:
            # The next note waits for this one or another to end: that must not take longer than the longest rest.
            allowed = allowed & (max(1, wish.longest_rest_ticks) >= _STEPS)
        return allowed

    def others(self, field: str) -> Mask:
        """Classes of a field that no wish bounds."""
        return _DRAWABLE[field]

    def took(self, note: Note) -> None:
        """This note is part of the turn now."""
        begins_with_last = self._last is not None and self._last.onset_tick == note.onset_tick
        self._together = self._together + 1 if begins_with_last else 1
        self._last = note
        if self._wish.most_sounding < len(_PITCHES):
            self._ends = [end for end in self._ends if end > note.onset_tick]
            insort(self._ends, note.end_tick)

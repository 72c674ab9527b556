"""The tune of what is played, as one small integer a step: what two passages must have in common to be the same.

A listener knows a piece again by its tune, in any key, at any tempo and over any accompaniment. So of all notes only
the top line is kept (the skyline of Uitdenbogerd and Zobel 1998): the highest note of each chord, unless a higher note
is still held; a note struck again is no new note of the tune. A *step* goes from one note of the line to the next: its
interval, and how the time since the last one compares with the time before, on a scale of ratios 3 : 2. Two steps are
the same if their intervals are equal and their rhythms are neighbours on that scale or equal: no player is exact.

Steps that anybody would play are not *telling*: those that go on in a scale, and those that repeat the last figure of
up to four intervals (trills, tremolos, broken chords, chains of thirds). Knows no training music and no model.
"""

import math
from typing import Final

BOUNDARY: Final = 0
"""No step: stands between two lines."""
STEP_VALUES: Final = 256
"""A step fits a byte."""
CHORD_TICKS: Final = 5
"""Notes that begin so close to the first one of a chord (about 50 ms) belong to it."""
LEGATO_TICKS: Final = 5
"""A note held no longer than this into the next one is merely tied to it, not held over it."""
WIDEST: Final = 17
"""Intervals of more semitones than this count as if they were octaves smaller."""
LONGEST_FIGURE: Final = 4
"""Intervals in a figure whose repetition tells nothing."""
SCALE_STEP: Final = 2
"""Widest interval, in semitones, of a scale."""

_SLOWEST: Final = 3
"""Rhythms go from -3 (a quarter as long as the last one, or less) by 0 (as long) to 3."""
_RHYTHMS: Final = 2 * _SLOWEST + 1
_RATIO: Final = math.log(1.5)


def step_between(interval: int, gap: int, gap_before: int | None) -> int:
    """The step (1–245) of an interval in semitones, `gap` ticks after the last note of the line (both gaps > 0).

    Without a gap before (the first step of a line) the rhythm counts as even.
    """
    if abs(interval) > WIDEST:
        octaves = -(-(abs(interval) - WIDEST) // 12)
        interval -= 12 * octaves if interval > 0 else -12 * octaves
    rhythm = 0 if gap_before is None else round(math.log(gap / gap_before) / _RATIO)
    return 1 + (interval + WIDEST) * _RHYTHMS + _SLOWEST + max(-_SLOWEST, min(rhythm, _SLOWEST))


def rhythm_of(step: int) -> int:
    """The rhythm of a step, longer upwards."""
    return (step - 1) % _RHYTHMS - _SLOWEST


def interval_of(step: int) -> int:
    """The interval of a step in semitones, upwards positive."""
    return (step - 1) // _RHYTHMS - WIDEST


def same_as(step: int) -> range:
    """All steps that are the same as this one."""
    rhythm = rhythm_of(step)
    return range(step - (rhythm > -_SLOWEST), step + (rhythm < _SLOWEST) + 1)


# Tables for `bytes.translate`, from a step to one side of it; a boundary has neither.
_STEPS: Final = range(1, 1 + (2 * WIDEST + 1) * _RHYTHMS)
_UNUSED: Final = bytes(STEP_VALUES - 1 - len(_STEPS))
INTERVALS: Final = bytes(1) + bytes(interval_of(step) + WIDEST + 1 for step in _STEPS) + _UNUSED
"""The interval, upwards from 1."""
RHYTHMS: Final = bytes(1) + bytes(1 << (rhythm_of(step) + _SLOWEST) for step in _STEPS) + _UNUSED
"""The rhythm as one bit of seven."""
OTHER_RHYTHMS: Final = (
    bytes(1) + bytes(0xFF ^ sum(RHYTHMS[same] for same in same_as(step)) for step in _STEPS) + _UNUSED
)
"""The bits of all rhythms that are not the same."""


def is_telling(steps: bytes | bytearray) -> bool:
    """Whether the last of these steps is more than a scale or a figure going on. Looks back on eight at most."""
    figure = bytes(steps[-2 * LONGEST_FIGURE :]).translate(INTERVALS)
    if len(figure) > 1:
        before, last = figure[-2] - WIDEST - 1, figure[-1] - WIDEST - 1
        if before * last > 0 and abs(before) <= SCALE_STEP and abs(last) <= SCALE_STEP:
            return False
    return not any(figure[-period:] == figure[-2 * period : -period] for period in range(1, len(figure) // 2 + 1))


class Line:
    """Reads notes in order of their onsets and keeps the steps of their tune.

    The highest note of a chord is known when the chord is over; until then its step is not among `steps`.
    """

    def __init__(self) -> None:
        self.steps = bytearray()
        """All steps so far, one byte each."""
        self._pitch: int | None = None
        """The last note of the line; None before the first."""
        self._onset = 0
        self._gap: int | None = None
        self._chord: int | None = None
        """Onset of the chord that is being heard."""
        self._top = -1
        self._cover = -1
        """The highest note held over from before the chord."""
        self._held: list[tuple[int, int]] = []

    def hear(self, onset: int, pitch: int, end: int) -> None:
        """One more note, from tick `onset` to tick `end`."""
        self.reach(onset)
        self._top = max(self._top, pitch)
        self._held.append((end, pitch))

    def reach(self, onset: int) -> None:
        """The next note begins at `onset`: if that is beyond the chord, the chord is over."""
        if self._chord is not None and onset - self._chord <= CHORD_TICKS:
            return
        self.close()
        self._chord = onset
        self._held = [held for held in self._held if held[0] > onset + LEGATO_TICKS]
        self._cover = max((pitch for _, pitch in self._held), default=-1)

    def close(self) -> None:
        """The chord is over: its highest note joins the line, if it is part of it."""
        if self._chord is None:
            return
        step = self._step(self._top)
        if step is not None:
            self.steps.append(step)
            self._gap = max(1, self._chord - self._onset)
        if step is not None or (self._pitch is None and self._top >= 0):
            self._pitch, self._onset = self._top, self._chord
        self._chord, self._top, self._cover = None, -1, -1

    def step_to(self, pitch: int) -> int | None:
        """The step to a further note of the chord begun by `reach`; None if such a note makes no step of the line."""
        return self._step(pitch) if pitch > self._top else None

    def _step(self, pitch: int) -> int | None:
        if self._pitch is None or self._chord is None or pitch < self._cover or pitch in (-1, self._pitch):
            return None
        return step_between(pitch - self._pitch, max(1, self._chord - self._onset), self._gap)

"""Leads an answer out of circles: the longer a passage goes round and round, the less likely it is to go on.

A network that draws from what it has drawn itself finds a circle sooner or later and then foretells it ever better.
People hardly do that: in a phrase of theirs and what follows, one note in a hundred goes on with what has gone round
three times just before. What the phrase itself repeats, its answer may repeat as often. Knows no bars, no chords and no
model; a drum groove is to go round, so drums have no such shaper.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.generation.phrase import split
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note

LONGEST: Final = 48
"""Notes of a round at most."""
FREE: Final = 2
"""Times that a passage comes again before it loses likelihood."""
LEAST: Final = 6
"""Notes that come again before anything does; a note that is struck a few times is no circle."""
STRENGTH: Final = 2.0
"""Logits that the next note of a circle loses, and as many more with each round."""

OFTEN: Final = 9
"""Of the latest `LATELY` notes so many may have one pitch, or what the phrase has and one. A trill has no end of its
own, and other voices keep it from being a round."""
LATELY: Final = 24
TIRES: Final = 1 / 6
"""With each note more, a pitch that comes too often loses so much of STRENGTH; so it recovers, too."""

_LAGS: Final = np.arange(1, LONGEST + 1)
_FREE: Final = np.maximum(float(LEAST), FREE * _LAGS)
_BROKEN: Final = np.maximum(2.0, _LAGS / 2)
"""What a note that differs takes off: a circle with one odd note in it is a circle still."""
_ROUNDS_COUNTED: Final = 4
"""Beyond those that are free: so soon a circle that is left is forgotten."""
_LEAST_ROUND: Final = 4
_PITCHES: Final = 128
_ALIKE_TICKS: Final = 6.0
_ALIKE: Final = 0.6


class _Rounds:
    """For each length of a round, 1 … LONGEST: how many notes have come again so far."""

    def __init__(self, most: NDArray[np.float64]) -> None:
        """`most`, [LONGEST]: where counting ends."""
        self.again: NDArray[np.float64] = np.zeros(LONGEST)
        self._most = most
        self._pitches = np.full(LONGEST, -1)
        """The latest first; -1: nothing yet."""
        self._gaps = np.zeros(LONGEST)
        """Ticks from the note before; NaN, of the first, is like any."""
        self._tick = math.nan
        self._count = 0

    def next_pitches(self, onset_tick: int) -> NDArray[np.int64]:
        """[LONGEST] The pitch with which each round would go on now; -1: with none at this moment."""
        apart = np.abs(self._gaps - (onset_tick - self._tick))
        return np.where(apart > np.maximum(_ALIKE_TICKS, _ALIKE * self._gaps), -1, self._pitches)

    def struck(self) -> NDArray[np.int64]:
        """[128] How often each pitch was, lately."""
        return np.bincount(self._pitches[: min(LATELY, self._count)], minlength=_PITCHES)

    def add(self, note: Note) -> None:
        self._count += 1
        came_again = self.next_pitches(note.onset_tick) == note.pitch
        self.again = np.where(came_again, np.minimum(self._most, self.again + 1), np.maximum(0.0, self.again - _BROKEN))
        self._pitches[1:] = self._pitches[:-1]
        self._gaps[1:] = self._gaps[:-1]
        self._pitches[0] = note.pitch
        self._gaps[0] = note.onset_tick - self._tick
        self._tick = note.onset_tick


class Circles:
    """A shaper for one turn."""

    def __init__(self, phrase_ticks: tuple[int, int] | None = None) -> None:
        """`phrase_ticks`: that of the wish."""
        self._phrase_ticks = phrase_ticks
        self._free = _FREE
        """[LONGEST] notes that may come again."""
        self._often = OFTEN
        self._tired: NDArray[np.float64] = np.zeros(_PITCHES)
        self._rounds = _Rounds(_FREE)

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing, or goes on."""
        phrase, turn = split(heard, self._phrase_ticks)
        theirs, self._free, self._often = _Rounds(np.full(LONGEST, np.inf)), _FREE, OFTEN
        for note in phrase:
            theirs.add(note)
            self._free = np.maximum(self._free, theirs.again)
            self._often = max(self._often, 1 + int(theirs.struck().max()))
        self._rounds, self._tired = _Rounds(self._free + _ROUNDS_COUNTED * _LAGS), np.zeros(_PITCHES)
        for note in turn:
            self.took(note)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Less of the pitches that would go on with circles or come too often; the same array where there is none."""
        if field != "pitch" or drawing.onset_tick is None:
            return logits
        over = self._rounds.again - self._free
        pitches = self._rounds.next_pitches(drawing.onset_tick)
        circling = (over >= 0) & (pitches >= 0)
        if not circling.any() and not self._tired.any():
            return logits
        less = STRENGTH * self._tired
        np.maximum.at(less, pitches[circling], STRENGTH * (1 + over / np.maximum(_LEAST_ROUND, _LAGS))[circling])
        return logits - less

    def took(self, note: Note) -> None:
        """This note was drawn, or forced."""
        self._rounds.add(note)
        too_often = self._rounds.struck() >= self._often
        self._tired = np.maximum(0.0, self._tired + np.where(too_often, TIRES, -TIRES))

"""Leans of drums: kick and snare keep to the places in the bar where the phrase has them, and no stick hits a cymbal
twice at once.

Left to itself a model that has learnt hardly anything but 4/4 goes on with a waltz by laying its backbeat across the
bars, and in 4/4 too loses a drummer's figure sooner than drummers do. Knows ticks, no seconds, and no tempo.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.generation.phrase import split
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.generation.timing_leans import NEAR
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

STYLE: Final = "drums"
_PITCHES: Final = np.arange(128)
KICKS: Final = (35, 36)
SNARES: Final = (37, 38, 40)
"""With the stick across it too."""
_KICK_AND_SNARE: Final = np.asarray([np.isin(_PITCHES, drums) for drums in (KICKS, SNARES)])
"""[2, 128]"""
PLACE: Final = TICKS_PER_BEAT // 2
"""Places in the bar are eighths."""
KEPT: Final = 4.0
"""Logits for kick or snare at a place where the phrase always has it and never the other; against the other as many."""
LEFT_OUT: Final = 0.5
"""The share of that against both where the phrase has neither."""
CYMBALS: Final = ((42, 46, 22, 26), (51, 53, 59))
"""What one stick hits of one cymbal: the hi-hat closed, open and on its edge; the ride, its bell and edge. The foot may
close the hi-hat meanwhile."""
AGAIN: Final = TICKS_PER_BEAT // 8
"""A stick comes back to a cymbal after a 32nd (31 ms at 240 BPM) at the soonest; of the Groove data set's strokes 0.2
and 0.04 % come sooner. A snare is left alone: drummers play flams and drags on it."""
_TOO_SOON: Final = 30.0
_HEARD: Final = 16
"""Notes heard last among which a stroke may be that is only just over."""


class Cymbals:
    """A shaper: no stick hits a cymbal twice at once."""

    def __init__(self) -> None:
        self._leans = [np.isin(_PITCHES, cymbal) * -_TOO_SOON for cymbal in CYMBALS]
        self._free_from: list[int | None] = [None] * len(CYMBALS)

    def begin(self, heard: Sequence[Note]) -> None:
        """The strokes heard last count too."""
        self._free_from = [None] * len(CYMBALS)
        for note in heard[-_HEARD:]:
            self.took(note)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean away from what was just hit."""
        if field != "pitch" or drawing.onset_tick is None:
            return logits
        for lean, free_from in zip(self._leans, self._free_from, strict=True):
            if free_from is not None and drawing.onset_tick < free_from:
                logits = logits + lean
        return logits

    def took(self, note: Note) -> None:
        """What this stroke hit."""
        for number, cymbal in enumerate(CYMBALS):
            if note.pitch in cymbal:
                self._free_from[number] = note.onset_tick + AGAIN


class Places:
    """A shaper: kick and snare keep to their places in the bar, those of the phrase or given ones. Bars are known."""

    def __init__(
        self, metre: Metre, phrase_ticks: tuple[int, int] | None = None, leans: NDArray[np.float64] | None = None
    ) -> None:
        """`phrase_ticks`: where the phrase lies to learn them from (see `phrase.split`); else `leans`, logits on kick
        and snare, [places of a bar, 2]."""
        self._line = metre.bar_tick or 0
        self._count = metre.ticks_per_bar // PLACE
        self._phrase_ticks = phrase_ticks
        self._leans = None if leans is None else leans @ _KICK_AND_SNARE
        """[places of a bar, 128]"""
        self._struck_at: list[int | None] = [None, None]
        """Where kick and snare were struck last."""

    def begin(self, heard: Sequence[Note]) -> None:
        """Learn the phrase's places; none without notes."""
        self._struck_at = [None, None]
        if self._phrase_ticks is not None:
            phrase, _ = split(heard, self._phrase_ticks)
            self._leans = self._learnt(phrase) @ _KICK_AND_SNARE if phrase else None

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean at the places, but towards no drum that was struck there already."""
        if field != "pitch" or drawing.onset_tick is None or self._leans is None:
            return logits
        place = self._place(drawing.onset_tick)
        if place is None:
            return logits
        lean = self._leans[place % self._count]
        for drum, struck_at in zip(_KICK_AND_SNARE, self._struck_at, strict=True):
            if struck_at == place:
                lean = np.where(drum, np.minimum(lean, 0.0), lean)
        return np.asarray(logits + lean)

    def took(self, note: Note) -> None:
        """Where it was struck."""
        place = self._place(note.onset_tick)
        if place is not None:
            for number, drum in enumerate(_KICK_AND_SNARE):
                if drum[note.pitch]:
                    self._struck_at[number] = place

    def _place(self, tick: int) -> int | None:
        """The place that a tick is at, counted from the bar line; None between two."""
        place, off = divmod(tick + NEAR - self._line, PLACE)
        return place if off <= 2 * NEAR else None

    def _learnt(self, phrase: Sequence[Note]) -> NDArray[np.float64]:
        """Logits on kick and snare, [places of a bar, 2]."""
        first, last = ((note.onset_tick + NEAR - self._line) // PLACE for note in (phrase[0], phrase[-1]))
        passed = np.bincount(np.arange(first, last + 1) % self._count, minlength=self._count)
        strokes = {
            (number, place)
            for note in phrase
            if (place := self._place(note.onset_tick)) is not None
            for number, drum in enumerate(_KICK_AND_SNARE)
            if drum[note.pitch]
        }
        struck = np.zeros((len(_KICK_AND_SNARE), self._count))
        for number, place in strokes:
            struck[number, place % self._count] += 1
        kick, snare = struck / np.maximum(passed, 1)
        neither = LEFT_OUT * (1.0 - np.maximum(kick, snare)) * (passed > 0)
        return KEPT * np.stack((kick - snare - neither, snare - kick - neither), axis=1)

"""A lean of the pitches towards the tones of the chord in force. Softer than `Wish.chord_tones_only`."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.generation.constraints import on_pitch_classes
from cocomposer.generation.given_chords import GivenChord, GivenChords
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note

OTHER_TONE: Final = 4.0
"""Logits that a pitch outside the chord loses with a control at 1."""


class ChordLean:
    """A shaper for given chords."""

    def __init__(self, value: float, chords: GivenChords) -> None:
        """`value` above 0, to 1."""
        self._value, self._chords = value, chords
        self._leans: dict[GivenChord, NDArray[np.float64]] = {}

    def begin(self, heard: Sequence[Note]) -> None:
        """The chords are given, not heard."""

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean."""
        if field != "pitch" or drawing.onset_tick is None:
            return logits
        chord = self._chords.at(drawing.onset_tick)
        if chord is None:
            return logits
        if chord not in self._leans:
            self._leans[chord] = np.where(on_pitch_classes(chord.tones), 0.0, -self._value * OTHER_TONE)
        return logits + self._leans[chord]

    def took(self, note: Note) -> None:
        """Nothing to learn."""

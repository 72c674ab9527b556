"""A lean towards the pitch classes that were heard: keeps an answer in the player's key without naming one.

A small model loses the key over some bars. Adding a share of the logarithm of what was heard to the
pitch logits draws it back softly: nothing is forbidden, chromatic notes stay possible. No harmony is known here.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

HEARD_NOTES: Final = 128
"""The key is where it was lately."""
_LONGEST: Final = 2 * TICKS_PER_BEAT
"""A long bass note must not count for the whole music over it."""
_UNHEARD: Final = 0.01
"""Share that a pitch class has though it was not heard."""


class KeyLean:
    """A shaper: the lean towards what was heard before the turn."""

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self._lean = np.zeros(128)

    def begin(self, heard: Sequence[Note]) -> None:
        """The key is that of the notes heard, not of those drawn."""
        self._lean = key_lean(heard, self._strength)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean."""
        del drawing
        return logits + self._lean if field == "pitch" else logits

    def took(self, note: Note) -> None:
        """What is drawn does not move the key."""


def key_lean(heard: Sequence[Note], strength: float) -> NDArray[np.float64]:
    """What to add to the pitch logits, [128]; `strength` 0: nothing, 1: the full logarithm. 0 if nothing was heard."""
    weights = np.zeros(12)
    for note in heard[-HEARD_NOTES:]:
        weights[note.pitch % 12] += min(note.duration_ticks, _LONGEST)
    if not weights.any() or strength == 0:
        return np.zeros(128)
    shares = weights / weights.sum() + _UNHEARD
    lean = strength * np.log(shares / shares.max())
    return np.asarray(lean[np.arange(128) % 12])

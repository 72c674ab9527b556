"""A lean towards the pitch classes that were heard: keeps an answer in the player's key without naming one.

A small model loses the key over some bars. Adding a share of the logarithm of what was heard to the
pitch logits draws it back softly: nothing is forbidden, chromatic notes stay possible. No harmony is known here.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

HEARD_NOTES: Final = 128
"""The key is where it was lately."""
_LONGEST: Final = 2 * TICKS_PER_BEAT
"""A long bass note must not count for the whole music over it."""
_UNHEARD: Final = 0.01
"""Share that a pitch class has though it was not heard."""


def key_lean(heard: Sequence[Note], strength: float) -> NDArray[np.float32]:
    """What to add to the pitch logits, [128]; `strength` 0: nothing, 1: the full logarithm. 0 if nothing was heard."""
    weights = np.zeros(12)
    for note in heard[-HEARD_NOTES:]:
        weights[note.pitch % 12] += min(note.duration_ticks, _LONGEST)
    if not weights.any() or strength == 0:
        return np.zeros(128, dtype=np.float32)
    shares = weights / weights.sum() + _UNHEARD
    lean = strength * np.log(shares / shares.max())
    return np.asarray(lean[np.arange(128) % 12], dtype=np.float32)

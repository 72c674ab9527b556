"""The step table: how a length of time in ticks becomes one class, fine where ears are fine.

Every tick up to a beat, every second one up to two beats, then coarser up to 16 beats. Used for the
distance between onsets (from step 0) and for durations (from step 1). Knows nothing of notes.
"""

from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

STEPS: Final[tuple[int, ...]] = tuple(
    chain(range(48), range(48, 96, 2), range(96, 192, 4), range(192, 384, 12), range(384, 769, 24))
)
"""Ticks of each class, ascending."""

_STEPS: Final = np.asarray(STEPS, dtype=np.int64)
_MIDPOINTS: Final = (_STEPS[1:] + _STEPS[:-1] + 1) // 2
STEP_COUNT: Final = len(STEPS)
LONGEST: Final = STEPS[-1]


def step_of(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class nearest to each length (ties go up); lengths outside the table take its ends."""
    return np.searchsorted(_MIDPOINTS, ticks, side="right").astype(np.int64)


def ticks_of(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """The length in ticks of each class; inverse of `step_of` on table values."""
    return _STEPS[steps]

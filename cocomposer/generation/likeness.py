"""Likeness: how closely an answer keeps to its phrase, field by field, or keeps away from it.

Each field leans on how often its classes stand in the phrase: steps, pitches, lengths and dynamics each by themselves,
blurred a little, so that what lies near counts too. Knows no order of notes; that is a memory's business.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import velocity_class
from cocomposer.events.layout import DRAWN, DRAWN_INDEX
from cocomposer.events.steps import step_of
from cocomposer.generation.phrase import split
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note

_BLUR: Final = np.asarray([0.02, 0.06, 0.84, 0.06, 0.02])
_UNHEARD: Final = 0.15
"""Share that all classes together have, heard or not."""
FLOOR: Final = -4.0
"""No class leans more than this many logits away."""


def classes_of(notes: Sequence[Note]) -> dict[str, NDArray[np.int64]]:
    """Field → classes [notes] (of the onset [notes - 1]) of notes in order."""
    table = np.asarray([(n.onset_tick, n.pitch, n.duration_ticks, n.velocity) for n in notes], dtype=np.int64)
    onset, pitch, duration, velocity = table.reshape(-1, 4).T
    return {
        "onset": step_of(np.maximum(0, np.diff(onset))),
        "pitch": pitch,
        "duration": np.maximum(1, step_of(duration)),
        "velocity": velocity_class(velocity),
    }


def lean_on(field: str, classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """What to add to the logits of a field to lean on some of its classes, [classes], from FLOOR to 0."""
    count = DRAWN[DRAWN_INDEX[field]].classes
    heard = np.bincount(classes, minlength=count) / len(classes)
    shares = (1 - _UNHEARD) * np.convolve(heard, _BLUR, mode="same") + _UNHEARD / count
    return np.asarray(np.maximum(FLOOR, np.log(shares / shares.max())))


class Likeness:
    """A shaper for one turn."""

    def __init__(self, value: float, phrase_ticks: tuple[int, int] | None = None) -> None:
        """`value` from -1 (unlike) to 1 (like), not 0; where the phrase lies (see `phrase.split`)."""
        self._value, self._phrase_ticks = value, phrase_ticks
        self._leans: dict[str, NDArray[np.float64]] = {}

    def begin(self, heard: Sequence[Note]) -> None:
        """The phrase is what it leans on."""
        found = classes_of(split(heard, self._phrase_ticks)[0])
        self._leans = {field: self._value * lean_on(field, classes) for field, classes in found.items() if len(classes)}

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """All fields lean but the pedal's."""
        del drawing
        lean = self._leans.get(field)
        return logits if lean is None else logits + lean

    def took(self, note: Note) -> None:
        """What is drawn is not what was heard."""

"""What shapes a draw softly: shapers add to the logits of a field and forbid nothing.

The composer draws and shapers shape: it asks each of them for every field of every note, in order, and tells each what
was drawn. What must never sound is no shaper's business but `constraints`', whose masks always win. Knows no single
shaper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.note import Note

Logits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The note that is being drawn, as far as it is known."""

    drawn: tuple[int, ...]
    """Classes drawn so far, in the order of `layout.DRAWN`."""
    last_tick: int
    """Onset of the note before; where nothing was heard, the earliest tick of the turn."""
    onset_tick: int | None
    """Once the onset is drawn."""
    place: tuple[int, ...]
    """Classes of `layout.PLACE`; unknown until the onset is drawn."""
    notes: Sequence[Note]
    """Of this turn, so far. Not to be changed; it grows."""


class Shaper(Protocol):
    """One soft wish. It lives through one turn or many; `begin` tells where each begins."""

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing (in order; the latest thousand notes or so)."""
        ...

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """The logits [classes] of a field of `layout.DRAWN` as they shall be: finite, in a new array if they differ."""
        ...

    def took(self, note: Note) -> None:
        """This note was drawn, or forced."""
        ...


def shaped(
    shapers: Sequence[Shaper], field: str, logits: NDArray[np.float32], drawing: Drawing
) -> NDArray[np.floating]:
    """The logits after all shapers, one after another; without any, the very ones of the model."""
    if not shapers:
        return logits
    result = logits.astype(np.float64)
    for shaper in shapers:
        result = shaper.shape(field, result, drawing)
    return result

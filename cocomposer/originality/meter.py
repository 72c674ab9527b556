"""Tells, for the answer that is being drawn, the longest passage that it shares with the training music, and whose.

A shaper of the composer that shapes nothing (see `generation.shaping`): put it beside the guard, or in its place where
nothing is to be steered, and after each note ask for `nearest`. What the player's own phrase quoted counts for nobody,
and what is planned anew is forgotten. Knows no model.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.music.note import Note
from cocomposer.originality.answer import Answer
from cocomposer.originality.index import Index
from cocomposer.originality.overlap import Passage, longer


class Nearest(msgspec.Struct, frozen=True):
    """The training piece that an answer shares most with; travels between processes. All empty: it shares nothing."""

    notes: int = 0
    """Of the shared passage, those that count (see `overlap.Passage`)."""
    title: str = ""
    composer: str = ""
    licence: str = ""

    @classmethod
    def of(cls, passage: Passage) -> "Nearest":
        """Whose passage it is."""
        work = passage.work
        return cls(passage.counted, work.title, work.composer, work.licence)


class Meter:
    """Follows one jam: `begin` starts each turn, `took` is each of its notes, `nearest` what it shares so far."""

    def __init__(self, index: Index) -> None:
        self._answer = Answer(index)
        self._longest: Passage | None = None

    @property
    def nearest(self) -> Nearest:
        """The longest passage of the turn so far; without notes while there is none of nine notes."""
        return Nearest() if self._longest is None else Nearest.of(self._longest)

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing; where it goes on after an answer, that one counts too."""
        self._longest = None
        for note in self._answer.begin(heard):
            self.took(note)

    def took(self, note: Note) -> None:
        """This note was drawn, or forced."""
        if self._answer.took(note):
            self._longest = longer(self._longest, self._answer.passage)

    def shape(self, _field: str, logits: NDArray[np.float64], _drawing: Any) -> NDArray[np.float64]:
        """The very same logits."""
        return logits

"""Steers an answer away from a passage of the training music that it is about to copy, while it is being drawn.

A shaper of the composer (see `generation.shaping`): pitches that would make a shared passage count more than so many
notes become very unlikely, never impossible. What the player's own phrase quoted may be gone on with. Pitched music
only: drums have no tune, and their patterns are everybody's.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.note import Note
from cocomposer.originality.answer import Answer
from cocomposer.originality.index import LEAST, Index
from cocomposer.originality.line import BOUNDARY, LONGEST_FIGURE, is_telling, same_as
from cocomposer.originality.overlap import Passage

MOST_NOTES: Final = 12
"""The longest passage that an answer may share, in notes that count."""
STEEP: Final = 20.0
"""Nats taken from a pitch that would copy on: next to never drawn while anything else can be."""
_LOOK_BACK: Final = 2 * LONGEST_FIGURE


class Placed(Protocol):
    """What the guard must know of the note being drawn."""

    @property
    def onset_tick(self) -> int | None:
        """Where it begins; None while that is not drawn yet."""
        ...


class Guard:
    """Follows one jam; `begin` starts each turn."""

    def __init__(self, index: Index, most_notes: int = MOST_NOTES, steep: float = STEEP) -> None:
        """ValueError if `most_notes` is shorter than the shortest passage that the index finds."""
        self.limit(most_notes)
        self._index, self._steep = index, steep
        self._answer = Answer(index)

    def limit(self, most_notes: int) -> None:
        """From now on an answer may share so many notes; ValueError as above."""
        if most_notes <= LEAST:
            raise ValueError(f"a passage of {most_notes} notes is too short to be known; set {LEAST + 1} or more")
        self._most = most_notes

    @property
    def passage(self) -> Passage | None:
        """The longest passage that ends just now, whoever began it."""
        return self._answer.follower.passage()

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing."""
        for note in self._answer.begin(heard):
            self._answer.took(note)

    def took(self, note: Note) -> None:
        """This note was drawn, or forced."""
        self._answer.took(note)

    def shape(self, field: str, logits: NDArray[np.float64], drawing: Placed) -> NDArray[np.float64]:
        """`logits` [128] of the pitch, lowered where a passage would grow too long; other fields as they are."""
        if field != "pitch" or drawing.onset_tick is None:
            return logits
        self._answer.reach(drawing.onset_tick)
        copying = self._copying()
        if not copying:
            return logits
        line = self._answer.follower.line
        copies = [line.step_to(pitch) in copying for pitch in range(len(logits))]
        return np.where(copies, logits - self._steep, logits)

    def _copying(self) -> set[int]:
        """Steps that would go on with a passage beyond what may be shared."""
        follower = self._answer.follower
        steps = follower.line.steps
        # The shortest passage that one more telling step makes too long.
        length = max(LEAST, self._most - 1)
        while length <= follower.longest and follower.counted(length) < self._most:
            length += 1
        if length > follower.longest:
            return set()
        copying = self._going_on_from(length)
        quotation = follower.quotation(self._answer.phrase)
        if quotation is not None:
            copying -= self._going_on_from(quotation)
        return {step for step in copying if is_telling(steps[-_LOOK_BACK:] + bytes((step,)))}

    def _going_on_from(self, length: int) -> set[int]:
        """Steps that go on with the passages of the last `length` steps."""
        following = set(self._index.following(self._index.places(self._answer.follower.line.steps[-length:])).tolist())
        return {same for step in following - {BOUNDARY} for same in same_as(step)}

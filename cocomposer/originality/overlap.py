"""What a performance shares with the training music, note by note: the longest passage that ends just now, and whose.

A passage is as long as the notes of its line; what *counts* is one note and its telling steps (see `line`), so a scale
or a trill that stands everywhere counts for nothing, however long. Knows no model, and not what is to be done about it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cocomposer.music.note import Note
from cocomposer.originality.index import LEAST, Index, Places, Work
from cocomposer.originality.line import Line, is_telling

QUOTED_NOTES: Final = 8
"""A passage that counts so many notes before the answer begins is the player's quotation, not the answer's."""
FARTHEST: Final = 64
"""Steps of a phrase that are looked back on, when it has ended, for what it quotes."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the performance's line that stands in the training music too."""

    counted: int
    """Its notes that count."""
    notes: int
    """All its notes."""
    work: Work
    """The first of the works that have it."""
    begin: int
    """Which note of the performance's line is its first."""


class Follower:
    """Hears a performance note by note; knows at each moment the longest passage that ends there."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.line = Line()
        self.longest = 0
        """Steps of the longest passage that ends with the last note of the line; 0 if it is shorter than LEAST."""
        self.places: Places = np.empty(0, dtype=np.intp)
        """All places where it ends in the training music."""
        self._told = [0]
        """Telling steps among the first n."""

    def catch_up(self, notes: Iterable[Note]) -> None:
        """Many notes at once, of which only the end is looked for: at most FARTHEST steps back."""
        for note in notes:
            self.line.hear(note.onset_tick, note.pitch, note.end_tick)
            self._tell()
        self.longest, self.places = self.index.longest(self.line.steps, FARTHEST)

    def hear(self, note: Note) -> bool:
        """One more note, in order of onset; whether the line has grown."""
        self.line.hear(note.onset_tick, note.pitch, note.end_tick)
        return self._follow()

    def reach(self, onset_tick: int) -> bool:
        """The next note begins there: what lies before is over. Whether the line has grown."""
        self.line.reach(onset_tick)
        return self._follow()

    def close(self) -> bool:
        """Nothing follows. Whether the line has grown."""
        self.line.close()
        return self._follow()

    def _follow(self) -> bool:
        if not self._tell():
            return False
        steps = self.line.steps
        # A passage grows by one step at most; if one of the longest does, those that do are all there are.
        further = self.index.going_on(self.places, steps[-1])
        if len(further):
            self.longest, self.places = self.longest + 1, further
        else:
            self.longest, self.places = self.index.longest(steps, max(self.longest, LEAST))
        return True

    def _tell(self) -> bool:
        steps = self.line.steps
        if len(steps) < len(self._told):
            return False
        self._told.append(self._told[-1] + is_telling(steps))
        return True

    def counted(self, steps: int, end: int | None = None) -> int:
        """Notes that count in the passage of the last `steps` steps (before step `end`)."""
        end = len(self._told) - 1 if end is None else end
        return 1 + self._told[end] - self._told[end - steps]

    def quotation(self, phrase: int) -> int | None:
        """Steps that a passage must have to be a quotation, by a phrase that ends before step `phrase`, still going on.

        None if no passage that ends now is one.
        """
        since = len(self._told) - 1 - phrase
        inside = next((n for n in range(1, self.longest - since + 1) if self.counted(n, phrase) >= QUOTED_NOTES), None)
        # `longest` is LEAST or more if anything is.
        return None if inside is None else max(LEAST, since + inside)

    def passage(self) -> Passage | None:
        """The longest passage that ends with the last note of the line."""
        if not self.longest:
            return None
        work = self.index.work_at(int(self.places.min()))
        begin = len(self._told) - 1 - self.longest
        return Passage(self.counted(self.longest), self.longest + 1, work, begin)


def most_shared(index: Index, notes: Sequence[Note]) -> Passage | None:
    """The passage of these notes that counts the most; None if no passage of LEAST steps is shared."""
    follower = Follower(index)
    return _most(follower, (), notes)


def copied(index: Index, heard: Sequence[Note], answer: Sequence[Note]) -> Passage | None:
    """The passage ending in the answer that counts the most, unless the player's phrase quoted it first."""
    return _most(Follower(index), heard, answer)


def longer(one: Passage | None, other: Passage | None) -> Passage | None:
    """The one that counts more, or else has more notes; the first of two alike."""
    if one is None or other is None:
        return other if one is None else one
    return other if (other.counted, other.notes) > (one.counted, one.notes) else one


def _most(follower: Follower, heard: Iterable[Note], answer: Iterable[Note]) -> Passage | None:
    follower.catch_up(heard)
    phrase: int | None = None
    most: Passage | None = None
    for note in (*answer, None):
        grown = follower.close() if note is None else follower.hear(note)
        if phrase is None:
            # The first note of the answer has just ended the phrase's last chord.
            phrase = len(follower.line.steps)
            continue
        if grown and follower.quotation(phrase) is None:
            most = longer(most, follower.passage())
    return most

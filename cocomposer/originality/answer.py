"""An answer as it grows, after what was heard: which part of the performance is the player's, and what is shared.

Notes of answers that are heard again (a turn that goes on after another one, or is planned anew) are answer still.
Knows no model, and not what is done about a passage.
"""

from collections.abc import Sequence
from typing import Final

from cocomposer.music.note import Note
from cocomposer.originality.index import Index
from cocomposer.originality.overlap import Follower, Passage

_HEARD: Final = 256
"""Notes of the hearing that are read again when a turn begins: more than a quotation's line needs."""


class Answer:
    """Follows one jam; `begin` starts each turn."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.follower = Follower(index)
        self._phrase: int | None = 0
        """Steps of the line before the answer; None until its first note."""
        self._mine: set[Note] = set()
        """Notes of answers, as far back as is still heard."""

    @property
    def phrase(self) -> int:
        """Steps of the line before the answer."""
        return self._phrase or 0

    @property
    def passage(self) -> Passage | None:
        """The longest passage that ends just now, unless the player's phrase quoted it first."""
        if self._phrase is None or self.follower.quotation(self._phrase) is not None:
            return None
        return self.follower.passage()

    def begin(self, heard: Sequence[Note]) -> Sequence[Note]:
        """A turn begins after this hearing; the notes at its end that are answer already, still to be `took`."""
        self.follower = Follower(self._index)
        latest = heard[-_HEARD:]
        self._mine &= set(latest)
        phrase = len(latest)
        while phrase and latest[phrase - 1] in self._mine:
            # A turn that goes on after another one quotes nobody.
            phrase -= 1
        self.follower.catch_up(latest[:phrase])
        self._phrase = None
        return latest[phrase:]

    def reach(self, onset_tick: int) -> bool:
        """The note at `onset_tick` ends the chord before; the first one of the turn ends the phrase.

        Whether the line of the answer has grown.
        """
        grown = self.follower.reach(onset_tick)
        if self._phrase is None:
            self._phrase = len(self.follower.line.steps)
            return False
        return grown

    def took(self, note: Note) -> bool:
        """This note was drawn, or forced. Whether the line of the answer has grown."""
        grown = self.reach(note.onset_tick)
        self.follower.hear(note)
        self._mine.add(note)
        return grown

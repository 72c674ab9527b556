"""The player's memory while decoding: kept in step with what was heard, and a shaper that mixes it in.

Usable after a few notes and never trained. Only the jam's notes and the pieces that were given are kept, so nothing
has to be saved: a jam that is opened again is heard again. Knows no files; whoever reads them gives rows.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre, Rows, encode
from cocomposer.events.layout import DRAWN_INDEX, RECENT
from cocomposer.generation.phrase import split
from cocomposer.generation.shaping import Drawing
from cocomposer.memory.mixture import Mixture
from cocomposer.memory.recall import Recall
from cocomposer.memory.store import Context, Store
from cocomposer.memory.weights import DRUMS, PITCHED
from cocomposer.music.note import Note

MOST_NOTES: Final = 100_000
"""Notes of a jam that are remembered; then the older half is forgotten."""

_PITCHED: Final = {field: Mixture(weights) for field, weights in PITCHED.items()}
_DRUMS: Final = {field: Mixture(weights) for field, weights in DRUMS.items()}


def mixtures(drums: bool) -> Mapping[str, Mixture]:
    """How a memory is mixed into each field; a field that is not named is better left to the model."""
    return _DRUMS if drums else _PITCHED


class PlayerMemory:
    """What was played in this jam and, if any were given, the player's own pieces. Of drums, or of all else."""

    def __init__(self, drums: bool = False, pieces: Iterable[Rows] = ()) -> None:
        """`pieces`: int64 [notes, COLUMNS] each; they are read as they come, about a million notes a second."""
        self._by_interval = not drums
        self._jam = Store(self._by_interval)
        self._notes: list[Note] = []
        self._files = Store(self._by_interval)
        for rows in pieces:
            self._files.extend(rows, begins_piece=True)

    def beside(self) -> "PlayerMemory":
        """The memory of another jam with the same pieces, also those that will be read; neither disturbs the other."""
        other = PlayerMemory(self.drums)
        other._files = self._files
        return other

    def __len__(self) -> int:
        """Notes of the jam that are remembered."""
        return len(self._notes)

    @property
    def drums(self) -> bool:
        """Whether pitches are themselves, and not told by intervals."""
        return not self._by_interval

    @property
    def notes_of_files(self) -> int:
        """Notes of the pieces given."""
        return len(self._files)

    def forget_files(self) -> None:
        """None of the player's own pieces is remembered any more."""
        self._files = Store(self._by_interval)

    def read(self, rows: Rows) -> None:
        """One more of the player's own pieces, int64 [notes, COLUMNS]."""
        self._files.extend(rows, begins_piece=True)

    def hear(self, heard: Sequence[Note], metre: Metre) -> None:
        """Bring the jam's memory to end with `heard` (in order): what it remembers of before stays.

        Where the two overlap only what differs is learnt anew; where nothing overlaps the jam begins afresh.
        """
        if not heard:
            self._forget_from(0)
            return
        start = bisect_left(self._notes, (heard[0].onset_tick, heard[0].pitch), key=_moment)
        if start == len(self._notes) or self._notes[start] != heard[0]:
            start = 0
        same = 0
        for mine, theirs in zip(self._notes[start:], heard, strict=False):
            if mine != theirs:
                break
            same += 1
        self._forget_from(start + same if same else 0)
        self.add(heard[same:], metre)

    def add(self, notes: Sequence[Note], metre: Metre) -> None:
        """Notes that follow what is remembered of the jam."""
        if not notes:
            return
        if len(self._notes) + len(notes) > MOST_NOTES:
            self._forget_old((*self._notes, *notes), metre)
            return
        rows, _ = encode(notes, metre, before=self._notes[-RECENT:])
        self._jam.extend(rows)
        self._notes.extend(notes)

    def _forget_from(self, length: int) -> None:
        self._jam.truncate(length)
        del self._notes[length:]

    def _forget_old(self, notes: Sequence[Note], metre: Metre) -> None:
        kept = list(notes[-(MOST_NOTES // 2) :])
        self._jam, self._notes = Store(self._by_interval), []
        self.add(kept, metre)

    def moment(self) -> Context | None:
        """Where the jam stands; None before its first note."""
        return self._jam.context() if self._notes else None

    def latest(self, count: int) -> Sequence[Note]:
        """The notes of the jam that were played last, in order."""
        return self._notes[-count:]

    def recall(self, moment: Context, with_files: bool) -> Recall:
        """What is remembered of a moment, the jam's or one after it. Holds until the next note is added."""
        return Recall(self._jam, self._files if with_files else None, moment)


def _moment(note: Note) -> tuple[int, int]:
    return note.onset_tick, note.pitch


class MemoryShaper:
    """Mixes a memory into what the model says of each field (a `Shaper`), for one turn.

    The turn's own notes are remembered once they are heard, in a later turn: an answer that remembers itself while it
    is drawn runs into circles.
    """

    def __init__(
        self,
        memory: PlayerMemory,
        metre: Metre,
        jam: float = 1.0,
        files: float = 0.0,
        phrase_ticks: tuple[int, int] | None = None,
    ) -> None:
        """`jam` and `files`: how much what was played and what was given counts; 0 nothing, 1 as predicts best.

        `phrase_ticks`: that of the wish; what was heard after it is this turn so far.
        """
        self._memory, self._metre = memory, metre
        self._jam, self._of_files = jam, files
        self._phrase_ticks = phrase_ticks
        self._turn: list[Note] = []
        self.moment: Context | None = None
        """Where the turn stands; None before the jam's first note."""
        self._recall: Recall | None = None

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing, or goes on."""
        turn = split(heard, self._phrase_ticks)[1]
        self._memory.hear(heard[: len(heard) - len(turn)], self._metre)
        self._turn, self.moment = [], self._memory.moment()
        self._go_on(turn)

    def shape(self, field: str, logits: NDArray[np.float64], drawing: Drawing) -> NDArray[np.float64]:
        """Logits [classes] with the memory mixed in; the same array where it has nothing to say or no weight."""
        mixture = mixtures(self._memory.drums).get(field)
        if mixture is None or (self._jam <= 0 and self._of_files <= 0):
            return logits
        if self._recall is None:
            if self.moment is None:
                return logits
            self._recall = self._memory.recall(self.moment, with_files=self._of_files > 0)
        votes = self._recall.votes(drawing.drawn[: DRAWN_INDEX[field]])
        return mixture.mixed(logits, votes, self._jam, self._of_files)

    def took(self, note: Note) -> None:
        """This note was drawn, or forced: what comes next follows it."""
        self._go_on((note,))

    def _go_on(self, notes: Sequence[Note]) -> None:
        self._recall = None
        if not notes or self.moment is None:
            return
        before = (*self._memory.latest(RECENT), *self._turn)[-RECENT:]
        rows, _ = encode(notes, self._metre, before=before)
        self.moment = self.moment.followed_by(rows, by_interval=not self._memory.drums)
        self._turn = [*self._turn, *notes][-RECENT:]

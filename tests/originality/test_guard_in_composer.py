"""The guard among the composer's shapers: a model that knows a piece by heart plays no more of it than it may."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN, PLACE
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Shaper
from cocomposer.music.note import Note
from cocomposer.originality.guard import Guard
from cocomposer.originality.index import Index
from cocomposer.originality.line import Line
from cocomposer.originality.overlap import copied
from tests.originality.made_music import WORKS, leaps, notes_of

MOST = 12


class Parrot:
    """A `NoteModel` that plays one piece, whatever else is fed in between: the n-th note after n notes, very likely."""

    window, chunk = 512, 64

    def __init__(self, piece: Sequence[Note]) -> None:
        self._piece = piece
        self._fed = 0

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        assert len(rows) == len(ticks)
        self._fed += len(rows)
        return np.zeros((len(rows), 1), dtype=np.float32)

    def rewind(self, length: int) -> bool:
        self._fed = min(self._fed, length)
        return True

    def reset(self) -> None:
        self._fed = 0

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        assert len(place) == len(PLACE)
        note, before = self._piece[self._fed], self._piece[max(0, self._fed - 1)]
        wanted = (note.onset_tick - before.onset_tick, note.pitch, note.duration_ticks, 20, 1)[len(drawn)]
        logits = np.zeros(DRAWN[len(drawn)].classes, dtype=np.float32)
        logits[wanted] = 15
        return logits

    def head(self, *_given: object) -> NDArray[np.float32]:
        raise AssertionError("nothing is foretold in these tests")


def with_bass(tune: list[Note]) -> list[Note]:
    return sorted([*tune, *(Note(note.onset_tick, 36 + n % 7, 24, 80) for n, note in enumerate(tune))])


def index_of(piece: list[Note]) -> Index:
    line = Line()
    for note in piece:
        line.hear(note.onset_tick, note.pitch, note.end_tick)
    line.close()
    return Index.of(WORKS, [(0, bytes(line.steps))])


def answer(piece: list[Note], heard: int, shapers: Sequence[Shaper], seed: int) -> list[Note]:
    composer = Composer(Parrot(piece), shapers)
    for _ in composer.hear(Hearing(0, tuple(piece[:heard]), Metre())):
        pass
    return list(islice(composer.play(Wish(0, seed, piece[heard - 1].onset_tick)), len(piece) - heard))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("piece", [notes_of(leaps(1, 60)), with_bass(notes_of(leaps(1, 60)))], ids=["tune", "chords"])
def test_it_is_steered_away_from_its_piece_in_time(piece: list[Note], seed: int) -> None:
    index = index_of(piece)
    assert answer(piece, 4, (), seed) == [note_at(note) for note in piece[4:]]
    played = answer(piece, 4, (Guard(index, MOST),), seed)
    found = copied(index, piece[:4], played)
    assert found is not None and 8 < found.counted <= MOST


def note_at(note: Note) -> Note:
    """As the composer gives it: of the velocity class drawn, and without a pedal."""
    return Note(note.onset_tick, note.pitch, note.duration_ticks, 78, note.channel, note.pedal)


def test_it_may_go_on_with_what_the_player_quoted() -> None:
    piece = notes_of(leaps(1, 60))
    assert answer(piece, 14, (Guard(index_of(piece), MOST),), 1) == [note_at(note) for note in piece[14:]]

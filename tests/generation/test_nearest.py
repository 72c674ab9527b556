"""What an answer shares with the training music is told with each note that the composer draws."""

import numpy as np

from cocomposer.events.codec import Metre
from cocomposer.generation.companions import Companions
from cocomposer.generation.request import Ask, Drawn, Hearing, Wish
from cocomposer.generation.worker import Worker
from cocomposer.music.note import Note
from cocomposer.originality.index import Index, Work
from cocomposer.originality.line import Line
from cocomposer.originality.meter import Nearest
from tests.fakes.note_model import FakeNoteModel, spare

WORK = Work("a.mid", "Somebody", "Something", "made up", "CC0-1.0")
PHRASE = tuple(Note(24 * n, 60 + int(p), 20, 80) for n, p in enumerate(np.random.default_rng(4).permutation(12)))
WISH = Wish(turn=1, seed=5, earliest_tick=300, end_tick=300 + 48 * 24)


def draw(companions: Companions) -> list[Drawn]:
    worker = Worker(FakeNoteModel(), spare(), companions=companions)
    worker.take(Ask(0, Hearing(0, PHRASE, Metre()), WISH, 10_000))
    told = []
    while not worker.idle:
        told += [reply for reply in worker.work() if isinstance(reply, Drawn)]
    return told


def index_of(notes: list[Note]) -> Index:
    line = Line()
    for note in notes:
        line.hear(note.onset_tick, note.pitch, note.end_tick)
    line.close()
    return Index.of([WORK], [(0, bytes(line.steps))])


def test_the_answer_is_known_where_the_training_music_holds_it() -> None:
    free = draw(Companions(index_of([])))
    notes = [note for drawn in free for note in drawn.notes]
    assert {drawn.nearest for drawn in free if drawn.notes} == {Nearest()}
    again = draw(Companions(index_of(notes)))
    assert [note for drawn in again for note in drawn.notes] == notes
    lengths = [drawn.nearest.notes for drawn in again if drawn.nearest is not None]
    assert lengths == sorted(lengths) and lengths[-1] >= 9
    assert again[-2].nearest == Nearest(lengths[-1], WORK.title, WORK.composer, WORK.licence)


def test_without_a_list_of_training_music_nothing_is_told() -> None:
    assert {drawn.nearest for drawn in draw(Companions())} == {None}

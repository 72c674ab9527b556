"""What the answer shares with the training music is told when it changes, and to who comes late."""

from cocomposer.generation.companions import Companions
from cocomposer.generation.worker import Worker
from cocomposer.jam.outputs import Originality
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, spare
from tests.generation.test_nearest import WORK, index_of
from tests.scenarios.rig import Rig, scale


def played(companions: Companions) -> tuple[list[Originality], list[Note], Rig]:
    rig = Rig(Worker(FakeNoteModel(), spare(), companions=companions), tempo=120.0, length="bars", length_bars=4)
    rig.run(scale(), until=20.0)
    return rig.told(Originality), [play.note for play in rig.plays], rig


def test_an_answer_that_shares_nothing_says_so_once() -> None:
    told, _, rig = played(Companions(index_of([])))
    assert told == [Originality(1, 0, "", "", "")] and told[0] in rig.jam.standing


def test_a_passage_is_named_as_it_grows() -> None:
    _, notes, _ = played(Companions(index_of([])))
    told, _, _ = played(Companions(index_of(notes)))
    lengths = [one.notes for one in told]
    assert lengths == sorted(set(lengths)) and lengths[-1] >= 9
    assert (told[-1].title, told[-1].composer, told[-1].licence) == (WORK.title, WORK.composer, WORK.licence)


def test_without_a_list_of_training_music_nothing_is_told() -> None:
    assert played(Companions())[0] == []

"""What shapes a turn beside its controls: nothing where nothing is asked for, memory and guard where they are, and
sketches disturb neither."""

from dataclasses import replace

import msgspec
import pytest

from cocomposer.events.codec import Metre
from cocomposer.generation.companions import Companions
from cocomposer.generation.drum_leans import Cymbals, Places
from cocomposer.generation.memory import MemoryShaper
from cocomposer.generation.request import Ask, Drawn, Hearing, Reply, Sketch, Sketched, Wish
from cocomposer.generation.steering import shapers_of
from cocomposer.generation.worker import Worker
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from cocomposer.originality.guard import Guard
from cocomposer.originality.index import Index, Work
from cocomposer.originality.line import Line
from cocomposer.originality.meter import Meter
from tests.fakes.note_model import FakeNoteModel, no_spare

TUNE = tuple(Note(12 * n, 60 + (n * n * 5 + n) % 17, 10, 80) for n in range(120))
PHRASE = TUNE[:24]
PLAIN = Wish(1, 1, 300, 300, end_tick=900, metre=Metre(True, 0))


def index_of(notes: tuple[Note, ...]) -> Index:
    line = Line()
    for note in notes:
        line.hear(note.onset_tick, note.pitch, note.end_tick)
    line.close()
    return Index.of([Work("a", "A. Composer", "A piece", "here", "CC0")], [(0, bytes(line.steps))])


def replies(worker: Worker) -> list[Reply]:
    found: list[Reply] = []
    while not worker.idle:
        found += worker.work()
    return found


def turn(companions: Companions | None, wish: Wish) -> list[Note]:
    worker = Worker(FakeNoteModel(), no_spare, companions=companions)
    worker.take(Ask(1, Hearing(0, PHRASE, wish.metre), wish, 10_000))
    return [note for reply in replies(worker) if isinstance(reply, Drawn) for note in reply.notes]


def test_nothing_shapes_what_asks_for_nothing() -> None:
    neutral = changed(Settings(), {"follow_key": 0.0, "memory": 0.0, "guard": False})
    wish = msgspec.structs.replace(shaped(PLAIN, neutral, Metre(True, 0), PHRASE), steady=False)
    assert shapers_of(wish) == ()
    assert [type(one) for one in Companions(index_of(TUNE)).shapers_of(wish)] == [Meter]
    assert Companions().shapers_of(wish) == ()


def test_telling_what_is_shared_does_not_move_a_bit() -> None:
    assert turn(Companions(index_of(TUNE)), PLAIN) == turn(Companions(), PLAIN) == turn(None, PLAIN)


def test_by_default_memory_and_guard_are_there_and_for_drums_neither() -> None:
    companions = Companions(index_of(TUNE))
    wish = shaped(PLAIN, Settings(), Metre(True, 0), PHRASE)
    assert [type(one) for one in companions.shapers_of(wish)] == [MemoryShaper, Guard, Meter]
    assert [type(one) for one in Companions().shapers_of(wish)] == [MemoryShaper]
    busy = changed(Settings(), {"scale": "major", "register": 0.5, "chord_lean": 1.0, "style": "drums"})
    drums = shaped(PLAIN, busy, Metre(True, 0), PHRASE)
    assert not drums.memory and not drums.guard_notes and not drums.scale
    assert [type(one) for one in shapers_of(drums)] == [Cymbals, Places]


def test_the_memory_changes_what_is_drawn() -> None:
    wish = msgspec.structs.replace(PLAIN, memory=1.0)
    assert turn(Companions(), wish) != turn(Companions(), PLAIN) == turn(None, PLAIN)


def test_the_guard_is_one_for_the_jam_and_takes_its_limit_from_the_wish() -> None:
    companions = Companions(index_of(TUNE))
    one, *_ = companions.shapers_of(msgspec.structs.replace(PLAIN, guard_notes=12))
    other, *_ = companions.shapers_of(msgspec.structs.replace(PLAIN, guard_notes=16))
    assert one is other and isinstance(one, Guard)
    with pytest.raises(ValueError, match="too short"):
        companions.shapers_of(msgspec.structs.replace(PLAIN, guard_notes=8))


def test_sketches_have_the_pieces_but_not_the_jam() -> None:
    companions = Companions()
    companions.hear(PHRASE, PLAIN.metre)
    beside = companions.beside()
    assert len(beside.memory) == 0 and len(companions.memory) == len(PHRASE)
    beside.hear(TUNE, PLAIN.metre)
    assert len(companions.memory) == len(PHRASE)


def test_sketches_disturb_no_turn_and_do_not_hang_on_what_was_played() -> None:
    wish = msgspec.structs.replace(PLAIN, memory=1.0)
    sketch = Sketch(1, Hearing(0, TUNE[30:60], wish.metre), msgspec.structs.replace(wish, earliest_tick=720,
                    first_tick=720, end_tick=1200), 100)  # fmt: skip
    quiet, busy = Companions(), Companions()
    busy.hear(tuple(replace(note, onset_tick=note.onset_tick - 5000) for note in TUNE), wish.metre)
    sketches = []
    for companions in (quiet, busy):
        worker = Worker(FakeNoteModel(), no_spare, companions=companions)
        worker.take(sketch)
        sketches += [reply for reply in replies(worker) if isinstance(reply, Sketched)]
    assert sketches[0] == sketches[1] and sketches[0].notes

    alone, beside = (Worker(FakeNoteModel(), no_spare, companions=Companions()) for _ in range(2))
    answers = []
    for worker in (alone, beside):
        if worker is beside:
            worker.take(sketch)
            replies(worker)
        worker.take(Ask(1, Hearing(0, PHRASE, wish.metre), wish, 10_000))
        answers.append([reply for reply in replies(worker) if isinstance(reply, Drawn)])
    assert answers[0] == answers[1]

"""The worker: requests in, small pieces of work, replies out; a failing model is replaced."""

from collections.abc import Sequence

import pytest

from cocomposer.events.codec import Metre
from cocomposer.generation.request import (
    Ask,
    ComposerReady,
    Drawn,
    Drop,
    Expected,
    Extend,
    Hear,
    Hearing,
    Reply,
    Wish,
)
from cocomposer.generation.warm_up import warm_up
from cocomposer.generation.worker import Worker
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, ModelBroke, no_spare, spare

PHRASE = tuple(Note(24 * number, 60 + number, 20, 80) for number in range(8))
HEARING = Hearing(0, PHRASE, Metre())


def wish(turn: int = 1, end: int | None = 400) -> Wish:
    return Wish(turn, seed=1, earliest_tick=200, first_tick=200, end_tick=end)


def all_replies(worker: Worker, limit: int = 1000) -> list[Reply]:
    replies: list[Reply] = []
    for _ in range(limit):
        if worker.idle:
            return replies
        replies += worker.work()
    raise AssertionError("the worker never gets idle")


def notes_of(replies: Sequence[Reply]) -> list[Note]:
    return [note for reply in replies if isinstance(reply, Drawn) for note in reply.notes]


def test_hearing_is_answered_by_what_it_expects() -> None:
    worker = Worker(FakeNoteModel(chunk=3), no_spare)
    worker.take(Hear(HEARING))
    replies = all_replies(worker)
    assert [type(reply) for reply in replies] == [Expected]
    assert isinstance(replies[0], Expected) and replies[0].heard == 8
    quiet = replies[0].quiet_ticks
    assert list(quiet) == sorted(quiet) and quiet[0] > 0


def test_hearing_nothing_expects_nothing() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(Hear(Hearing(0, (), Metre())))
    assert all_replies(worker) == [] and worker.work() == []


def test_a_turn_is_drawn_up_to_the_tick_asked_for_and_then_extended() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(Ask(1, HEARING, wish(end=None), until_tick=300))
    first = notes_of(all_replies(worker))
    assert first[0].onset_tick == 200 and first[-2].onset_tick < 300 <= first[-1].onset_tick
    worker.take(Extend(1, 1, 500))
    worker.take(Extend(1, 7, 900))
    worker.take(Extend(2, 1, 900))
    more = notes_of(all_replies(worker))
    assert more[0].onset_tick >= first[-1].onset_tick and more[-2].onset_tick < 500 <= more[-1].onset_tick


def test_a_turn_drawn_in_parts_is_the_turn_drawn_at_once() -> None:
    whole, parts = Worker(FakeNoteModel(), no_spare), Worker(FakeNoteModel(), no_spare)
    whole.take(Ask(1, HEARING, wish(), 1000))
    parts.take(Ask(1, HEARING, wish(), 210))
    replies: list[Reply] = []
    for until in range(220, 500, 20):
        replies += all_replies(parts)
        parts.take(Extend(1, 1, until))
    assert replies == all_replies(whole)
    assert isinstance(replies[-1], Drawn) and replies[-1].ended and not replies[-1].notes


def test_a_dropped_turn_draws_nothing_more() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(Ask(1, HEARING, wish(), 1000))
    while not notes_of(worker.work()):
        pass
    worker.take(Drop(2))
    idle = [worker.idle]
    worker.take(Drop(1))
    assert worker.work() == []
    idle.append(worker.idle)
    worker.take(Extend(1, 1, 2000))
    assert [*idle, worker.idle] == [False, True, True]


def test_a_new_hearing_ends_the_turn_and_a_new_turn_the_hearing() -> None:
    worker = Worker(FakeNoteModel(chunk=2), no_spare)
    worker.take(Ask(1, HEARING, wish(), 1000))
    worker.take(Hear(HEARING))
    assert [type(reply) for reply in all_replies(worker)] == [Expected]
    worker.take(Hear(HEARING))
    worker.take(Ask(1, HEARING, wish(2), 1000))
    assert {type(reply) for reply in all_replies(worker)} == {Drawn}


@pytest.mark.parametrize("breaks_after", [0, 1, 7, 23])
def test_a_model_that_breaks_is_replaced_and_the_turn_asked_for_again_is_drawn(breaks_after: int) -> None:
    worker = Worker(FakeNoteModel(breaks_after=breaks_after), spare())
    worker.take(Ask(1, HEARING, wish(), 1000))
    replies = all_replies(worker)
    assert isinstance(replies[-1], ComposerReady) and worker.idle
    worker.take(Ask(2, HEARING, wish(), 1000))
    again = all_replies(worker)
    sound = Worker(FakeNoteModel(), no_spare)
    sound.take(Ask(2, HEARING, wish(), 1000))
    assert again == all_replies(sound) and notes_of(again)


def test_where_there_is_no_spare_the_failure_shows() -> None:
    def none() -> tuple[FakeNoteModel, ComposerReady]:
        raise ModelBroke("no device is left")

    worker = Worker(FakeNoteModel(breaks_after=0), none)
    worker.take(Hear(HEARING))
    with pytest.raises(ModelBroke):
        all_replies(worker)


def test_warming_up_leaves_no_trace() -> None:
    warm, cold = FakeNoteModel(), FakeNoteModel()
    warm_up(warm)
    assert warm.fed > 0
    answers = []
    for model in (warm, cold):
        worker = Worker(model, no_spare)
        worker.take(Ask(1, HEARING, wish(), 1000))
        answers.append(all_replies(worker))
    assert answers[0] == answers[1]

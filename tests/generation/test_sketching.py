"""Sketches: drawn only while nothing live is to be done, and always with the notes of an undisturbed worker."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.events.codec import Metre
from cocomposer.generation.request import (
    Ask,
    ComposerReady,
    Drawn,
    Drop,
    DropSketches,
    Expected,
    Extend,
    Hear,
    Hearing,
    Reply,
    Request,
    Sketch,
    Sketched,
    Wish,
)
from cocomposer.generation.worker import Worker
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, ModelBroke, no_spare, spare

PHRASE = tuple(Note(24 * number, 60 + number, 20, 80) for number in range(40))
OTHER = tuple(Note(18 * number, 50 + number % 7, 12, 70) for number in range(90))
WISH = Wish(0, seed=5, earliest_tick=1000, first_tick=1000, end_tick=1192)


def sketch(number: int, seed: int = 5, notes: tuple[Note, ...] = PHRASE, most: int = 1024) -> Sketch:
    return Sketch(number, Hearing(0, notes, Metre()), msgspec.structs.replace(WISH, seed=seed), most)


def until_idle(worker: Worker) -> list[Reply]:
    replies: list[Reply] = []
    for _ in range(2000):
        if worker.idle:
            return replies
        replies += worker.work()
    raise AssertionError("the worker never gets idle")


def alone(asked: Sketch) -> Sketched:
    """What an undisturbed worker makes of it."""
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(asked)
    (done,) = until_idle(worker)
    assert isinstance(done, Sketched)
    return done


def test_a_sketch_is_a_whole_turn_in_one_piece() -> None:
    done = alone(sketch(3))
    assert done.number == 3 and not done.failed
    assert done.notes[0].onset_tick == 1000 and 1100 < done.notes[-1].onset_tick < 1192
    assert alone(sketch(4)).notes == done.notes != alone(sketch(3, seed=6)).notes
    assert alone(sketch(3, most=5)).notes == done.notes[:5]


live: st.SearchStrategy[Request] = st.one_of(
    st.builds(lambda count: Hear(Hearing(0, OTHER[:count], Metre())), st.integers(0, 90)),
    st.builds(
        lambda turn, count: Ask(1, Hearing(0, OTHER[:count], Metre()), Wish(turn, 1, 2000, 2000, 2300), 2200),
        st.integers(1, 4),
        st.integers(1, 90),
    ),
    st.builds(Extend, st.integers(1, 4), st.just(1), st.just(2400)),
    st.builds(Drop, st.integers(1, 4)),
)


@given(st.lists(st.tuples(live, st.integers(1, 30)), max_size=12), st.lists(st.integers(0, 3), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_is_played_live_sketches_and_answers_are_those_of_workers_that_do_only_one(
    script: list[tuple[Request, int]], seeds: list[int]
) -> None:
    both, only_live = (Worker(FakeNoteModel(chunk=16), no_spare) for _ in range(2))
    for number, seed in enumerate(seeds):
        both.take(sketch(number, seed))
    replies: list[Reply] = []
    lively: list[Reply] = []
    for request, steps in script:
        both.take(request)
        only_live.take(request)
        for _ in range(steps):
            replies += both.work()
            lively += only_live.work()
    replies += until_idle(both)
    lively += until_idle(only_live)
    assert [reply for reply in replies if not isinstance(reply, Sketched)] == lively
    done = [reply for reply in replies if isinstance(reply, Sketched)]
    assert done == [msgspec.structs.replace(alone(sketch(n, seed)), number=n) for n, seed in enumerate(seeds)]


def test_live_work_comes_first() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(sketch(1))
    for _ in range(5):
        worker.work()
    worker.take(Ask(1, Hearing(0, OTHER, Metre()), Wish(1, 1, 2000, 2000, 2300), 2100))
    replies = until_idle(worker)
    kinds = [type(reply) for reply in replies]
    assert kinds.index(Sketched) == len(kinds) - 1 and kinds.count(Drawn) > 2
    worker.take(Extend(1, 1, 2200))
    assert {type(reply) for reply in until_idle(worker)} == {Drawn}


def test_sketches_given_up_are_not_drawn() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(sketch(1))
    worker.take(sketch(2))
    worker.work()
    worker.take(DropSketches())
    assert worker.idle and worker.work() == []
    worker.take(sketch(3))
    assert [getattr(reply, "number", None) for reply in until_idle(worker)] == [3]


@pytest.mark.parametrize("breaks_after", [0, 1, 20])
def test_a_model_that_fails_in_a_sketch_fails_all_that_wait_and_nothing_live(breaks_after: int) -> None:
    worker = Worker(FakeNoteModel(breaks_after=breaks_after), no_spare)
    worker.take(sketch(1))
    worker.take(sketch(2))
    assert until_idle(worker) == [Sketched(1, (), failed=True), Sketched(2, (), failed=True)]


def test_a_model_that_fails_live_leaves_the_sketches_to_the_spare() -> None:
    worker = Worker(FakeNoteModel(breaks_after=3), spare())
    worker.take(sketch(1))
    worker.work()
    worker.take(Ask(1, Hearing(0, OTHER, Metre()), Wish(1, 1, 2000, 2000, 2300), 2100))
    replies = until_idle(worker)
    assert isinstance(replies[-2], ComposerReady) and replies[-1] == alone(sketch(1))


def test_a_failure_of_the_spare_shows_with_sketches_waiting_too() -> None:
    def none() -> tuple[FakeNoteModel, ComposerReady]:
        raise ModelBroke("no device is left")

    worker = Worker(FakeNoteModel(breaks_after=0), none)
    worker.take(sketch(1))
    worker.take(Hear(Hearing(0, OTHER, Metre())))
    with pytest.raises(ModelBroke):
        until_idle(worker)


def test_hearing_still_tells_what_it_expects() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(sketch(1))
    worker.take(Hear(Hearing(0, OTHER, Metre())))
    assert [type(reply) for reply in until_idle(worker)] == [Expected, Sketched]

"""A real composer process: ready, asked, killed, started again; and one that can never be ready."""

import os
import queue
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cocomposer.events.codec import Metre
from cocomposer.generation.request import Ask, ComposerLost, ComposerReady, Drawn, Expected, Hear, Hearing, Reply, Wish
from cocomposer.music.note import Note
from cocomposer.runtime.composer_link import ComposerLink

PATIENCE = 30.0
PHRASE = tuple(Note(24 * number, 60 + number, 20, 80) for number in range(8))
HEARING = Hearing(0, PHRASE, Metre())
WISH = Wish(turn=1, seed=1, earliest_tick=200, first_tick=200, end_tick=392)


class Link(ComposerLink):
    """A link whose replies can be waited for."""

    def __init__(self, bundle: Path) -> None:
        self.replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        super().__init__(bundle, "cpu", self.replies.put)

    def next(self) -> Reply:
        return self.replies.get(timeout=PATIENCE)

    def draw(self, attempt: int = 1) -> list[Note]:
        self.send(Ask(attempt, HEARING, WISH, 1000))
        notes: list[Note] = []
        while True:
            reply = self.next()
            assert isinstance(reply, Drawn) and reply.attempt == attempt
            notes += reply.notes
            if reply.ended:
                return notes


@pytest.fixture
def link(tiny_bundle: Path) -> Iterator[Link]:
    link = Link(tiny_bundle)
    link.start()
    yield link
    link.stop()
    assert link.pid is None or not _alive(link.pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_gets_ready_hears_and_draws_and_does_so_again_after_being_killed(link: Link) -> None:
    ready = link.next()
    assert isinstance(ready, ComposerReady) and ready.provider == "cpu"
    link.send(Hear(HEARING))
    expected = link.next()
    assert isinstance(expected, Expected) and expected.heard == len(PHRASE)
    notes = link.draw()
    assert notes and all(200 <= note.onset_tick < 392 for note in notes)
    assert link.pid is not None
    os.kill(link.pid, signal.SIGKILL)
    lost = link.next()
    assert isinstance(lost, ComposerLost) and not lost.for_good
    assert isinstance(link.next(), ComposerReady)
    assert link.draw(attempt=2) == notes


def test_a_bundle_that_cannot_be_used_is_said_once_and_another_can_be_loaded(tmp_path: Path, tiny_bundle: Path) -> None:
    link = Link(tmp_path / "nothing")
    link.start()
    lost = link.next()
    assert isinstance(lost, ComposerLost) and lost.for_good and "no model bundle" in lost.sentence
    assert link.replies.empty()
    link.load(tiny_bundle, "cpu")
    loading = link.next()
    assert isinstance(loading, ComposerLost) and not loading.for_good and "tiny is being loaded" in loading.sentence
    ready = link.next()
    assert isinstance(ready, ComposerReady) and ready.model == tiny_bundle.name
    link.stop()


def test_another_model_is_loaded_in_place_of_a_running_one(link: Link, tiny_bundle: Path, tmp_path: Path) -> None:
    assert isinstance(link.next(), ComposerReady)
    before = link.draw()
    first = link.pid
    other = tmp_path / "other"
    shutil.copytree(tiny_bundle, other)
    link.load(other, "cpu")
    lost = link.next()
    assert isinstance(lost, ComposerLost) and not lost.for_good and "other is being loaded" in lost.sentence
    ready = link.next()
    assert isinstance(ready, ComposerReady) and ready.model == "other" and link.pid != first
    assert link.draw(attempt=2) == before
    link.load(tmp_path / "nothing", "cpu")
    assert isinstance(link.next(), ComposerLost)
    hopeless = link.next()
    assert isinstance(hopeless, ComposerLost) and hopeless.for_good


def test_stopping_what_was_never_started_is_no_fault(tmp_path: Path) -> None:
    link = Link(tmp_path)
    link.send(Hear(HEARING))
    link.stop()
    assert link.pid is None


def test_of_hearings_that_wait_only_the_latest_is_kept(tmp_path: Path) -> None:
    link = Link(tmp_path)
    for end in range(1, 5):
        link.send(Hear(Hearing(0, PHRASE[:end], Metre())))
    link.send(Ask(1, HEARING, WISH, 300))
    link.send(Hear(HEARING))
    assert [type(request) for request in link._outbox] == [Ask, Hear]

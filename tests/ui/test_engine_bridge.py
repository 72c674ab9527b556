"""The bridge from the window to an engine: what is told when it is lost, what becomes of one that comes too late."""

import queue
import threading

import pytest
from pytestqt.qtbot import QtBot

from cocomposer.jam import outputs
from cocomposer.runtime.news import FromFront, News
from ui.engine_bridge import EngineBridge, EngineLost


class FakeLink:
    """An engine that tells what it is given, and ends on None."""

    def __init__(self) -> None:
        self.told: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self.ended = threading.Event()
        self.left = threading.Event()

    def send(self, command: FromFront) -> None:
        pass

    def news(self, timeout_seconds: float | None = None) -> News | None:
        try:
            news = self.told.get(timeout=timeout_seconds)
        except queue.Empty:
            return None
        if news is None:
            raise ConnectionError("The engine has ended; start cocomposer again.")
        return news

    def close(self) -> None:
        self.left.set()

    def quit(self) -> None:
        self.ended.set()


def test_a_lost_engine_is_told_of_and_another_one_joined(qtbot: QtBot) -> None:
    links = [FakeLink(), FakeLink()]
    waiting = iter(links)
    bridge = EngineBridge(lambda: next(waiting))
    found: list[object] = []
    bridge.arrived.connect(lambda: found.extend(bridge.news()))
    bridge.start()
    links[0].told.put(outputs.Notice("one"))
    links[0].told.put(None)
    links[1].told.put(outputs.Notice("two"))
    qtbot.waitUntil(lambda: len(found) == 3)
    bridge.close(end_engine=False)
    assert (found[0], found[2]) == (outputs.Notice("one"), outputs.Notice("two"))
    assert isinstance(found[1], EngineLost) and "another one is being started" in found[1].sentence
    assert links[0].left.is_set() and links[1].left.is_set()


@pytest.mark.parametrize("end_engine", [True, False])
def test_an_engine_that_comes_when_the_window_has_closed_is_ended_too_if_all_shall_end(
    qtbot: QtBot, end_engine: bool
) -> None:
    link, asked, come = FakeLink(), threading.Event(), threading.Event()

    def join() -> FakeLink:
        asked.set()
        assert come.wait(10.0)
        return link

    bridge = EngineBridge(join)
    bridge.start()
    assert asked.wait(10.0)
    closing = threading.Thread(target=bridge.close, args=(end_engine,))
    closing.start()
    assert bridge._ending.wait(10.0)
    come.set()
    closing.join(10.0)
    assert link.ended.is_set() is end_engine
    assert link.left.is_set() is not end_engine

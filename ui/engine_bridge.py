"""The window's side of the engine: joins it (or starts one), collects its news, passes on what is commanded.

The only file of the window that knows how an engine is reached. A thread waits for news, so the window never
waits for the engine; the engine never waits for the window either (see its front door).
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from cocomposer.runtime.news import FromFront, News

POLL_SECONDS: Final = 0.25
"""How long the reader waits before it looks whether it shall end."""
LIVES_SECONDS: Final = 10.0
"""An engine that ends sooner than this was not worth joining: the next try waits longer."""
WAITS_SECONDS: Final = (0.0, 1.0, 3.0, 10.0)
_GONE: Final = "The engine has ended unexpectedly; another one is being started, so wait a moment and play on."


class EngineLink(Protocol):
    """An engine that was joined (`cocomposer.runtime.joining`)."""

    def send(self, command: FromFront) -> None: ...
    def news(self, timeout_seconds: float | None = None) -> News | None: ...
    def close(self) -> None: ...
    def quit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class EngineLost:
    """The engine has ended, or none could be joined; another try follows."""

    sentence: str


class EngineBridge(QObject):
    """News are waiting in `news()` whenever `arrived` was emitted (once for many of them)."""

    arrived = Signal()

    def __init__(self, join: Callable[[], EngineLink]) -> None:
        """`join` is called in a thread of its own, again whenever the engine is lost; it raises ConnectionError."""
        super().__init__()
        self._join = join
        self._link: EngineLink | None = None
        self._waiting: queue.SimpleQueue[News | EngineLost] = queue.SimpleQueue()
        self._told = threading.Event()
        self._ending = threading.Event()
        self._end_engine = False
        self._thread = threading.Thread(target=self._listen, name="engine news", daemon=True)

    def start(self) -> None:
        """Join and listen, in the background."""
        self._thread.start()

    def news(self) -> list[News | EngineLost]:
        """All that came since the last call, in order; never waits."""
        self._told.clear()
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._waiting.get_nowait())
        return found

    def send(self, command: FromFront) -> bool:
        """Pass on a command; whether there was an engine to take it."""
        link = self._link
        if link is None:
            return False
        try:
            link.send(command)
        except ConnectionError:
            return False  # the reader tells that it is gone
        return True

    def close(self, end_engine: bool) -> None:
        """Hang up; the engine plays on unless `end_engine`."""
        self._end_engine = end_engine
        self._ending.set()
        link = self._link
        if link is not None:
            if end_engine:
                link.quit()
            else:
                link.close()
        if self._thread.is_alive():
            self._thread.join(2 * POLL_SECONDS + 5.0)

    def _listen(self) -> None:
        failures = 0
        while not self._ending.wait(WAITS_SECONDS[min(failures, len(WAITS_SECONDS) - 1)]):
            joined_at = time.monotonic()
            try:
                link = self._join()
            except ConnectionError as error:
                failures += 1
                self._tell(EngineLost(str(error)))
                continue
            self._link = link
            if self._ending.is_set():  # `close` may not have seen it
                if self._end_engine:
                    link.quit()
                else:
                    link.close()
                return
            try:
                while not self._ending.is_set():
                    news = link.news(POLL_SECONDS)
                    if news is not None:
                        self._tell(news)
            except ConnectionError:
                self._link = None
                failures = failures + 1 if time.monotonic() - joined_at < LIVES_SECONDS else 0
                if not self._ending.is_set():
                    self._tell(EngineLost(_GONE))
                with contextlib.suppress(OSError):
                    link.close()

    def _tell(self, news: News | EngineLost) -> None:
        self._waiting.put(news)
        if not self._told.is_set():
            self._told.set()
            self.arrived.emit()

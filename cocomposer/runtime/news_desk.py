"""What an engine tells: to every front end, to the log, and to whoever comes later so that nothing is missed or
told twice. Knows no ports and no jam.

All calls come from one thread, the jam loop's. So what is told to a newcomer and what is told after it cannot overlap.
"""

from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Final

import msgspec

from cocomposer.jam import outputs
from cocomposer.runtime.fact_log import FactLog
from cocomposer.runtime.front_door import FrontDoor
from cocomposer.runtime.news import Hello, Lost, News, Opened, Ports, Ready, SoundChanged

UNHEARD_MOST: Final = 20
"""Sentences that nobody was there to read; the newest are kept for whoever comes."""
_FACTS: Final = (
    outputs.Heard, outputs.Released, outputs.Play, outputs.Take, outputs.SettingsChanged, outputs.Accompany,
    outputs.EndMoved,
)  # fmt: skip
"""The members of `document.Fact`."""
_KEPT: Final[dict[type, str]] = {
    Opened: "opened",
    Ports: "ports",
    Ready: "composer",
    Lost: "composer",
    SoundChanged: "sound",
    outputs.ModeChanged: "mode",
}
"""News of how something stands; of each kind the last one is told to newcomers."""


class NewsDesk:
    """One engine's."""

    def __init__(self, door: FrontDoor, log: FactLog | None) -> None:
        self.door = door
        self._log = log
        self._encoder = msgspec.msgpack.Encoder()
        self._watcher: Callable[[News], None] | None = None
        self._standing: dict[str, News] = {}
        self._unheard: deque[outputs.Notice] = deque(maxlen=UNHEARD_MOST)
        self.position = 0
        """Facts told so far."""

    @property
    def log_path(self) -> str | None:
        """Where facts are written down."""
        return None if self._log is None else self._log.path

    def watch(self, watcher: Callable[[News], None]) -> None:
        """Tell news to a front end in this process too: it must be quick."""
        self._watcher = watcher

    def tell(self, news: News) -> None:
        """Tell everybody. Never waits."""
        if self._watcher is not None:
            self._watcher(news)
        data = self._encoder.encode(news)
        if isinstance(news, _FACTS):
            self.position += 1
            if self._log is not None:
                self._log.write(data)
        kept = _KEPT.get(type(news))
        if kept is not None:
            self._standing[kept] = news
        elif isinstance(news, outputs.Notice) and self.door.empty:
            self._unheard.append(news)
        self.door.tell(data)

    def admit(self, connection: Connection, hello: Hello, standing: Sequence[News]) -> None:
        """Let a front end in: first `hello`, then how things stand (with `standing`), then all that follows."""
        greeting = [hello, *(self._standing[kind] for kind in dict.fromkeys(_KEPT.values()) if kind in self._standing)]
        greeting += [*standing, *self._unheard]
        self._unheard.clear()
        self.door.admit(connection, [self._encoder.encode(news) for news in greeting])

    def close(self) -> None:
        """Say and write what is still to be, then shut."""
        self.door.close()
        if self._log is not None:
            self._log.close()

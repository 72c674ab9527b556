"""Where front ends come in: each has a pipe to the engine; commands in, news out. A slow or dead one harms nobody.

Knows bytes and threads, no music. Callbacks run in the readers' threads and may only enqueue.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from cocomposer.runtime.hanging_up import hang_up

OUTBOX: Final = 4096
"""News waiting for a front end that does not read; beyond that it is taken for dead."""


@dataclass(frozen=True, slots=True)
class _Guest:
    outbox: "queue.SimpleQueue[bytes | None]"
    writer: threading.Thread


class FrontDoor:
    """All front ends of an engine."""

    def __init__(self, on_command: Callable[[bytes], None], on_empty: Callable[[], None]) -> None:
        self._on_command, self._on_empty = on_command, on_empty
        self._guests: dict[Connection, _Guest] = {}
        self._lock = threading.Lock()

    @property
    def empty(self) -> bool:
        """Whether nobody is there."""
        return not self._guests

    def admit(self, connection: Connection, greeting: Sequence[bytes] = ()) -> None:
        """Let a front end in. It is told the `greeting` first, then all that is told after this."""
        outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        for news in greeting:
            outbox.put(news)
        reader, writer = (
            threading.Thread(target=target, args=(connection, outbox), daemon=True, name="front-end")
            for target in (self._read, self._write)
        )
        with self._lock:
            self._guests[connection] = _Guest(outbox, writer)
        writer.start()
        reader.start()

    def tell(self, news: bytes) -> None:
        """Send news to every front end; never blocks."""
        with self._lock:
            for connection, guest in self._guests.items():
                if guest.outbox.qsize() < OUTBOX:
                    guest.outbox.put(news)
                else:
                    hang_up(connection)

    def close(self, patience_seconds: float = 1.0) -> None:
        """Say what is still to be said, then shut."""
        ends_at = time.monotonic() + patience_seconds
        with self._lock:
            guests = dict(self._guests)
        for guest in guests.values():
            guest.outbox.put(None)
        for connection, guest in guests.items():
            guest.writer.join(max(0.0, ends_at - time.monotonic()))
            hang_up(connection)

    def _read(self, connection: Connection, outbox: "queue.SimpleQueue[bytes | None]") -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._on_command(connection.recv_bytes())
        outbox.put(None)
        with self._lock:
            self._guests.pop(connection, None)
            empty = not self._guests
        if empty:
            self._on_empty()

    def _write(self, connection: Connection, outbox: "queue.SimpleQueue[bytes | None]") -> None:
        with contextlib.suppress(OSError, ValueError):
            while (news := outbox.get()) is not None:
                connection.send_bytes(news)
        # Whoever takes no more news is not listened to either. It is closed when both threads have let go of it.
        hang_up(connection)

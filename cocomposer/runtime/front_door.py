"""Where front ends come in: each has a pipe to the engine; commands in, news out. A slow or dead one harms nobody.

Knows bytes and threads, no music. Callbacks run in the readers' threads and may only enqueue.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

OUTBOX: Final = 4096
"""News waiting for a front end that does not read; beyond that it is taken for dead."""


class FrontDoor:
    """All front ends of an engine."""

    def __init__(self, on_command: Callable[[bytes], None], on_empty: Callable[[], None]) -> None:
        self._on_command, self._on_empty = on_command, on_empty
        self._guests: dict[Connection, queue.SimpleQueue[bytes | None]] = {}
        self._lock = threading.Lock()

    def admit(self, connection: Connection) -> None:
        """Let a front end in."""
        outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        with self._lock:
            self._guests[connection] = outbox
        for target in (self._read, self._write):
            threading.Thread(target=target, args=(connection, outbox), daemon=True, name="front-end").start()

    def tell(self, news: bytes) -> None:
        """Send news to every front end; never blocks."""
        with self._lock:
            for connection, outbox in list(self._guests.items()):
                if outbox.qsize() < OUTBOX:
                    outbox.put(news)
                else:
                    connection.close()

    def close(self, patience_seconds: float = 1.0) -> None:
        """Say what is still to be said, then shut."""
        ends_at = time.monotonic() + patience_seconds
        with self._lock:
            guests = dict(self._guests)
        for outbox in guests.values():
            outbox.put(None)
        while any(outbox.qsize() for outbox in guests.values()) and time.monotonic() < ends_at:
            time.sleep(0.005)
        for connection in guests:
            with contextlib.suppress(OSError):
                connection.close()

    def _read(self, connection: Connection, outbox: "queue.SimpleQueue[bytes | None]") -> None:
        try:
            while True:
                self._on_command(connection.recv_bytes())
        except (EOFError, OSError):
            pass
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

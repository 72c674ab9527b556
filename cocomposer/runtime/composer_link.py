"""The engine's end of the composer's process: starts it, writes without ever blocking, restarts it when it dies.

Knows messages, not music. Replies are given to a callback in the reader's thread, which may only enqueue.
"""

import contextlib
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.generation.request import Ask, ComposerLost, Hear, Reply, Request
from cocomposer.runtime.hanging_up import hang_up

RESTART_SECONDS: Final = 0.5
"""Pause before a dead composer is started again, doubled each time it dies without having been ready."""
GIVE_UP: Final = 5
_STOP_SECONDS: Final = 2.0


class ComposerLink:
    """A composer process, always the same to the engine."""

    def __init__(self, bundle: Path, provider: str, on_reply: Callable[[Reply], None]) -> None:
        self._bundle, self._provider, self._on_reply = bundle, provider, on_reply
        self._outbox: deque[Request] = deque()
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._another = threading.Event()
        """Another model is wanted than the process has, or there is an end."""
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._threads = [
            threading.Thread(target=self._live, name="composer-reader", daemon=True),
            threading.Thread(target=self._write, name="composer-writer", daemon=True),
        ]

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the process; the callback hears when it is ready."""
        for thread in self._threads:
            thread.start()

    def load(self, bundle: Path, provider: str) -> None:
        """Answer with this model from now on; never waits. The process is ended, and another one started."""
        self._bundle, self._provider = bundle, provider
        self._another.set()
        process = self._process
        if process is not None:
            process.kill()

    def send(self, request: Request) -> None:
        """Hand a request over; never blocks. A hearing that still waits is replaced by a newer one."""
        with self._wake:
            if isinstance(request, Hear | Ask) and self._outbox and isinstance(self._outbox[-1], Hear):
                self._outbox.pop()
            self._outbox.append(request)
            self._wake.notify()

    def stop(self) -> None:
        """End the process and wait for it."""
        self._stopping.set()
        self._another.set()
        with self._wake:
            self._wake.notify()
        process, connection = self._process, self._connection
        if connection is not None:
            hang_up(connection)
        if process is not None:
            process.terminate()
            process.join(_STOP_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_SECONDS)

    def _live(self) -> None:
        """Start, read until it dies, start again."""
        failures = 0
        while not self._stopping.is_set():
            self._another.clear()
            ready = self._one_life()
            failures = 0 if ready else failures + 1
            if ready is not None and failures == GIVE_UP and not self._another.is_set():
                self._on_reply(ComposerLost("The composer cannot be started; run cocomposer doctor to see why.", True))
            # Never ready, or given up: only another model can help.
            hopeless = ready is None or failures >= GIVE_UP
            if self._another.wait(None if hopeless else RESTART_SECONDS * 2**failures):
                failures = 0
                if not self._stopping.is_set():
                    name = self._bundle.name
                    self._on_reply(ComposerLost(f"The model {name} is being loaded; until then the last bar goes on."))

    def _one_life(self) -> bool | None:
        """Whether it was ready before it died; None if it said that it can never be."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_compose,
            args=(theirs, str(self._bundle), self._provider),
            name="cocomposer composer",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        if self._another.is_set() or self._stopping.is_set():  # said while this one was being started
            process.kill()
        decoder = msgspec.msgpack.Decoder(Reply)
        ready, told, for_good = False, False, False
        try:
            while True:
                reply = decoder.decode(ours.recv_bytes())
                told = isinstance(reply, ComposerLost)
                for_good = isinstance(reply, ComposerLost) and reply.for_good
                ready = ready or not told
                self._on_reply(reply)
        except (EOFError, OSError):
            pass
        if not self._stopping.is_set():
            if not told and not self._another.is_set():
                self._on_reply(ComposerLost("The composer has ended unexpectedly; it is started again."))
            process.join()
        self._connection = None
        with self._wake:
            self._outbox.clear()
        ours.close()
        return None if for_good else ready

    def _write(self) -> None:
        encoder = msgspec.msgpack.Encoder()
        while not self._stopping.is_set():
            with self._wake:
                while not self._outbox and not self._stopping.is_set():
                    self._wake.wait()
                if self._stopping.is_set():
                    return
                request = self._outbox.popleft()
                connection = self._connection
            if connection is not None:
                # A composer that dies meanwhile is the reader's business.
                with contextlib.suppress(OSError, ValueError):
                    connection.send_bytes(encoder.encode(request))


def _compose(connection: Connection, bundle: str, provider: str) -> None:
    """In the composer's process."""
    # Imported there: the engine has no use for ONNX Runtime, which is slow to load and large.
    from cocomposer.runtime import composer_process

    composer_process.run(connection, bundle, provider)

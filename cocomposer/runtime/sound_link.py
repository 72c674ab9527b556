"""The engine's end of the built-in sound's process: starts it, passes on what is played without ever blocking.

It does not start again by itself: what failed once, because there is no sound card, would fail again. Knows messages,
not sound.
"""

import contextlib
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

import msgspec

from cocomposer.runtime import sound_process
from cocomposer.runtime.sound_process import End, FromSound, Played, SoundFailed, ToSound, Volume

_STOP_SECONDS: Final = 2.0
_MOST_WAITING: Final = 4096
"""Messages. A process that lets so many wait is stuck, and what it would play is long past."""
_ENDED: Final = "The built-in sound has ended unexpectedly; switch it on again."


class SoundLink:
    """A sound process, from the moment it is made until `stop`, or until it fails."""

    def __init__(
        self,
        volume: float,
        on_failure: Callable[[str], None],
        on_ready: Callable[[str], None] = lambda _system: None,
        systems: tuple[str, ...] | None = None,
    ) -> None:
        """Returns at once; `volume` 0–1.

        `on_failure` hears one sentence, at most once, and then there is no sound; `on_ready` the name of the sound
        system. Both are called in the reader's thread and may only enqueue. `systems` replaces the usual sound systems.
        """
        self._volume, self._systems = volume, systems
        self._on_failure, self._on_ready = on_failure, on_ready
        self._outbox: queue.SimpleQueue[ToSound] = queue.SimpleQueue()
        self._stopping = False
        self._over = False
        self._process: BaseProcess | None = None
        self._reader = threading.Thread(target=self._live, name="sound-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The process, once there is one."""
        process = self._process
        return process.pid if process is not None else None

    def send(self, data: bytes) -> None:
        """Play a wire message now. Any thread; never blocks; without a process it is dropped."""
        self._put(Played(time.perf_counter(), data))

    def set_volume(self, volume: float) -> None:
        """0–1, reached smoothly."""
        self._put(Volume(volume))

    def stop(self) -> None:
        """End the sound, fading, and wait for the process. Again: nothing."""
        self._stopping = True
        self._outbox.put(End())
        self._reader.join(_STOP_SECONDS)
        if self._reader.is_alive() and self._process is not None:
            self._process.kill()
            self._reader.join()

    def _put(self, message: ToSound) -> None:
        if self._over:
            return
        if self._outbox.qsize() < _MOST_WAITING:
            self._outbox.put(message)
        elif self._process is not None:
            self._process.kill()  # the reader hears of it

    def _live(self) -> None:
        """Start, read until it ends, tidy up. The only thread that touches the process, but for a kill."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=sound_process.run,
            args=(theirs, self._volume, self._systems),
            name="cocomposer sound",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process = process
        writer = threading.Thread(target=self._write, args=(ours,), name="sound-writer", daemon=True)
        writer.start()
        sentence = self._read(ours)
        self._over = True
        self._outbox.put(End())  # wakes the writer; nobody reads it
        process.join(_STOP_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        writer.join()
        ours.close()
        if not self._stopping:
            self._on_failure(sentence)

    def _read(self, connection: Connection) -> str:
        """Until the process ends: why it did."""
        decoder = msgspec.msgpack.Decoder(FromSound)
        with contextlib.suppress(EOFError, OSError):
            while True:
                news = decoder.decode(connection.recv_bytes())
                if isinstance(news, SoundFailed):
                    return news.sentence
                self._on_ready(news.system)
        return _ENDED

    def _write(self, connection: Connection) -> None:
        encoder = msgspec.msgpack.Encoder()
        # A process that dies meanwhile is the reader's business.
        with contextlib.suppress(OSError):
            while True:
                message = self._outbox.get()
                connection.send_bytes(encoder.encode(message))
                if isinstance(message, End):
                    return

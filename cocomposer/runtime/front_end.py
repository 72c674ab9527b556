"""A front end's side of an engine in its own process: start it, give commands, read news. Knows no MIDI."""

import contextlib
import multiprocessing
from collections.abc import Callable

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.runtime.engine import run_engine
from cocomposer.runtime.news import FromFront, News, Options, Quit
from cocomposer.runtime.port_keeper import MidiSystem

_STOP_SECONDS = 5.0


class EngineGone(ConnectionError):
    """The engine's process has ended by itself; the text is one sentence."""


class EngineProcess:
    """An engine that lives as long as this object, or as this process: it ends when the pipe closes."""

    def __init__(self, options: Options, midi: Callable[[SystemClock], MidiSystem] | None = None) -> None:
        """`midi` makes what replaces the machine's MIDI system, in the engine's process (for benchmarks and tests)."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        # Not a daemon: the engine has a child of its own, and it must have time to end what sounds.
        self._process = context.Process(
            target=run_engine,
            args=(theirs, msgspec.msgpack.encode(options), midi),
            name="cocomposer engine",
            daemon=False,
        )
        self._process.start()
        theirs.close()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)

    @property
    def pid(self) -> int:
        """The engine's process."""
        assert self._process.pid is not None
        return self._process.pid

    def send(self, command: FromFront) -> None:
        """Give a command; EngineGone if there is nobody to take it."""
        try:
            self._connection.send_bytes(self._encoder.encode(command))
        except OSError as error:
            raise EngineGone("The engine has ended unexpectedly; start cocomposer again.") from error

    def news(self, timeout_seconds: float | None = None) -> News | None:
        """The next news; None if there is none within the time. EngineGone when it has ended."""
        try:
            if timeout_seconds is not None and not self._connection.poll(timeout_seconds):
                return None
            return self._decoder.decode(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise EngineGone("The engine has ended; start cocomposer again.") from error

    def close(self) -> None:
        """End the engine and wait for it."""
        with contextlib.suppress(EngineGone):
            self.send(Quit())
        self._process.join(_STOP_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_STOP_SECONDS)
        self._connection.close()

"""A front end's line to an engine, however it was reached: commands go in, news come out. Knows bytes, no MIDI."""

import threading
from multiprocessing.connection import Connection

import msgspec

from cocomposer.runtime.hanging_up import hang_up
from cocomposer.runtime.news import FromFront, News


class EngineGone(ConnectionError):
    """The engine's process has ended by itself; the text is one sentence."""


class EngineLine:
    """One thread may read, several may send."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)
        self._sending = threading.Lock()
        self._reading = threading.Lock()

    def send(self, command: FromFront) -> None:
        """Give a command; EngineGone if there is nobody to take it."""
        try:
            with self._sending:
                self._connection.send_bytes(self._encoder.encode(command))
        except OSError as error:
            raise EngineGone("The engine has ended unexpectedly; start cocomposer again.") from error

    def news(self, timeout_seconds: float | None = None) -> News | None:
        """The next news; None if there is none within the time. EngineGone when it has ended."""
        try:
            with self._reading:
                if timeout_seconds is not None and not self._connection.poll(timeout_seconds):
                    return None
                return self._decoder.decode(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise EngineGone("The engine has ended; start cocomposer again.") from error

    def hang_up(self) -> None:
        """End the line; a thread that reads it gets EngineGone."""
        hang_up(self._connection)
        with self._reading, self._sending:
            self._connection.close()

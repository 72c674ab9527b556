"""An engine that outlives its front ends: it listens for them, says where, and goes on when they have gone.

Knows who comes and goes; what is played is the engine's business. One engine lives in one place at a time.
"""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Final

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.runtime.engine import Engine, end_on_signals, new_session
from cocomposer.runtime.engine_address import (
    FAMILY,
    Listing,
    Place,
    call,
    new_address,
    protocol_version,
    publish,
    published,
    welcome,
)
from cocomposer.runtime.news import Options
from cocomposer.runtime.port_keeper import MidiSystem

LINGER_SECONDS: Final = 600.0
TAKEN: Final = 3
"""Exit code: another engine lives in this place."""
_LOCK_SECONDS: Final = 5.0
"""An engine that is ending is waited for so long."""


class Reception:
    """Listens in a place, and gives each front end that knows the key to the engine."""

    def __init__(self, place: Place, session: str) -> None:
        self._place, self._key = place, secrets.token_hex(32)
        self._address = new_address(place)
        self._listener = Listener(self._address, FAMILY, backlog=16)
        self._ending = threading.Event()
        self._engine: Engine | None = None
        self._waiting: list[Connection] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name="reception", daemon=True)
        self._thread.start()
        self._listing = Listing(self._address, self._key, os.getpid(), session, protocol_version())
        publish(place, self._listing)

    def open(self, engine: Engine) -> None:
        """From now on those who come go to the engine, and those who have come already."""
        with self._lock:
            self._engine = engine
            waiting, self._waiting = self._waiting, []
        for connection in waiting:
            engine.admit(connection)

    def close(self) -> None:
        """Not to be found any more."""
        self._ending.set()
        if published(self._place) == self._listing:
            with contextlib.suppress(OSError):
                self._place.listing.unlink()
        with contextlib.suppress(ConnectionError):
            call(self._listing)  # wakes the thread
        self._thread.join(1.0)
        self._listener.close()
        folder = Path(self._address).parent
        if FAMILY == "AF_UNIX" and folder != self._place.runtime:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection = self._listener.accept()
            except OSError:
                self._ending.wait(0.1)  # out of files, say; not to be tried again without a pause
                continue
            # One who says nothing must not keep the others waiting.
            threading.Thread(target=self._greet, args=(connection,), name="greeting", daemon=True).start()

    def _greet(self, connection: Connection) -> None:
        if not welcome(connection, self._key):
            return
        with self._lock:
            engine = self._engine
            if engine is None:
                self._waiting.append(connection)
        if engine is not None:
            engine.admit(connection)


def run_house(
    options: Options,
    place: Place,
    linger_seconds: float = LINGER_SECONDS,
    midi: Callable[[SystemClock], MidiSystem] | None = None,
) -> int:
    """The whole process of an engine that lives in `place`, until it is told to end or forgotten; its exit code.

    It ends by itself after so long without a front end, with nothing coming in and nothing sounding. `midi` replaces
    the machine's MIDI system. NotReached or OSError if the place cannot be lived in.
    """
    place.prepare()
    lock = place.lock
    ends_at = time.monotonic() + _LOCK_SECONDS
    while not lock.take():
        if published(place) is not None or time.monotonic() > ends_at:
            return TAKEN
        time.sleep(0.01)  # the one before is just ending
    for left in place.runtime.glob("*.sock"):  # by an engine that was killed
        left.unlink(missing_ok=True)
    session = new_session()
    # Before the ports are opened: whoever waits for us is let in meanwhile.
    reception = Reception(place, session)
    try:
        engine = Engine(
            options,
            midi(SystemClock()) if midi is not None else None,
            linger_seconds=linger_seconds,
            logs=place.logs,
            session=session,
        )
        end_on_signals(engine, ("SIGTERM", "SIGHUP", "SIGINT"))
        reception.open(engine)
        engine.run()
    finally:
        reception.close()
        lock.release()
    return 0

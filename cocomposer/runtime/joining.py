"""How a window comes to its engine: it joins the one that plays, or starts one that goes on without it.

Knows processes and addresses, no MIDI and no jam.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

import cocomposer
from cocomposer.runtime.engine_address import (
    Listing,
    NotReached,
    Place,
    call,
    default_place,
    held,
    protocol_version,
    published,
)
from cocomposer.runtime.engine_line import EngineGone, EngineLine
from cocomposer.runtime.hanging_up import hang_up
from cocomposer.runtime.news import Options, Quit

PATIENCE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.005
_STOP_SECONDS: Final = 5.0
_TAKEN: Final = 3  # engine_house.TAKEN, which is not imported: a window has no use for the engine's libraries
_COMPLAINTS_MOST: Final = 1 << 20
_started: list["subprocess.Popen[bytes]"] = []
"""Engines started here: their end is asked after, or they would stay as zombies."""


class OtherVersion(NotReached):
    """The engine that plays belongs to another version of cocomposer."""


class EngineLink(EngineLine):
    """A line to an engine that lives on without it."""

    def __init__(self, listing: Listing, place: Place) -> None:
        """EngineGone if there is none (any more); NotReached if it does not let us in."""
        connection = call(listing)
        if connection is None:
            raise EngineGone("The engine has ended; start cocomposer again.")
        if listing.version != protocol_version():
            hang_up(connection)
            raise OtherVersion(
                f"Another version of cocomposer still plays (process {listing.pid}); quit it there, then try again."
            )
        super().__init__(connection)
        self._listing, self._place = listing, place

    @property
    def pid(self) -> int:
        """The engine's process."""
        return self._listing.pid

    def close(self) -> None:
        """Hang up. The engine goes on."""
        self.hang_up()

    def quit(self) -> None:
        """End the engine, and wait until it has ended."""
        with contextlib.suppress(EngineGone):
            self.send(Quit())
        if not self._ends(_STOP_SECONDS):
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGTERM)
            self._ends(_STOP_SECONDS)
        self.hang_up()
        _reap()

    def _ends(self, seconds: float) -> bool:
        ends_at = time.monotonic() + seconds
        while held(self._place):
            listing = published(self._place)
            if listing is not None and listing != self._listing:
                return True  # the next one lives there already
            if time.monotonic() > ends_at:
                return False
            time.sleep(_LOOK_SECONDS)
        return True


def join(options: Options, place: Place | None = None, patience_seconds: float = PATIENCE_SECONDS) -> EngineLink:
    """The engine that lives in `place` (None: this user's), else a new one with these options, which goes on alone.

    ConnectionError, with one sentence, if there is one that cannot be spoken to, or none can be started.
    """
    place = place or default_place()
    try:
        place.prepare()
    except NotReached:
        raise
    except OSError as error:
        raise NotReached(
            f"{place.runtime} cannot be used ({error.strerror}); check your rights and the disk."
        ) from error
    ends_at = time.monotonic() + patience_seconds
    child: subprocess.Popen[bytes] | None = None
    complaints_at = 0
    while True:
        link = _reach(place)
        if link is not None:
            return link
        if child is not None and child.poll() not in (None, 0, _TAKEN):
            raise NotReached(_complaint(place, complaints_at))
        if (child is None or child.poll() is not None) and not held(place):
            complaints_at = place.complaints.stat().st_size if place.complaints.exists() else 0
            child = _start(options, place)
        if time.monotonic() > ends_at:
            raise NotReached("The engine does not start in time; run cocomposer doctor, or try again.")
        time.sleep(_LOOK_SECONDS)


def _reach(place: Place) -> EngineLink | None:
    """A line to the engine there; None if there is none, or not yet."""
    listing = published(place)
    if listing is None:
        return None
    try:
        return EngineLink(listing, place)
    except EngineGone:
        return None  # it was killed, and nobody tidied up


def _start(options: Options, place: Place) -> "subprocess.Popen[bytes]":
    """An engine in a process of its own, which nothing that happens to us or our terminal reaches."""
    _reap()
    # It works in another folder.
    options = msgspec.structs.replace(options, bundle=str(Path(options.bundle).absolute()))
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "cocomposer"]
    environment = dict(os.environ)
    if not frozen:
        root = str(Path(cocomposer.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    detached = 0
    if sys.platform == "win32":
        detached = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    if place.complaints.exists() and place.complaints.stat().st_size > _COMPLAINTS_MOST:
        place.complaints.unlink()
    with place.complaints.open("ab") as complaints:
        child = subprocess.Popen(
            [*program, "engine", "--options-from-input", "--runtime", str(place.runtime), "--logs", str(place.logs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            cwd=place.runtime,
            env=environment,
            start_new_session=True,
            creationflags=detached,
        )
    _started.append(child)
    assert child.stdin is not None
    with contextlib.suppress(OSError), child.stdin as way:
        way.write(msgspec.json.encode(options))
    return child


def _complaint(place: Place, since: int) -> str:
    """Why it could not be started, as a sentence."""
    with place.complaints.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")
    return f"The engine cannot be started ({last}); run cocomposer doctor."


def _reap() -> None:
    _started[:] = [child for child in _started if child.poll() is None]

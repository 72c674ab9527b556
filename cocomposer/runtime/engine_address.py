"""Where a running engine is reached, and how both ends prove that they belong together. Knows no jam.

The engine writes its address into a file that only its user can read, with a key made for this run; whoever knows the
key may speak to it. While it lives it holds a lock, which the system takes back however it ends.
"""

import hashlib
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.adapters.file_lock import FileLock
from cocomposer.adapters.places import logs_folder, runtime_folder
from cocomposer.runtime.news import FromFront, News, Options

GREETING_SECONDS: Final = 3.0
"""An end that does not answer within this time is not spoken to."""
FAMILY: Final = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"
_LONGEST_SOCKET: Final = 100
"""Bytes in the path of a socket that every system takes."""


class Listing(msgspec.Struct, frozen=True):
    """What the file says."""

    address: str
    key: str
    """Hexadecimal; new with each run."""
    pid: int
    session: str
    version: str
    """See `protocol_version`."""


class NotReached(ConnectionError):
    """There is an engine, but it cannot be spoken to; the text is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one engine at a time lives: what tells of it, and where it writes."""

    runtime: Path
    logs: Path

    @property
    def listing(self) -> Path:
        """The file that says where it is reached."""
        return self.runtime / "engine.json"

    @property
    def lock(self) -> FileLock:
        """A lock that the living engine holds."""
        return FileLock(self.runtime / "engine.lock")

    @property
    def complaints(self) -> Path:
        """What an engine writes when it fails."""
        return self.runtime / "engine.err"

    def prepare(self) -> None:
        """Make the folder, for this user alone. NotReached if it is somebody else's; OSError if it cannot be made."""
        self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix":
            state = self.runtime.stat()
            if state.st_uid != os.getuid():
                raise NotReached(f"The folder {self.runtime} belongs to somebody else; remove it.")
            if state.st_mode & 0o077:
                self.runtime.chmod(0o700)


def default_place() -> Place:
    """This user's."""
    return Place(runtime_folder(), logs_folder())


@cache
def protocol_version() -> str:
    """A fingerprint of all that front ends and engine say to each other: only equals understand each other."""
    schemas = msgspec.json.schema_components((News, FromFront, Options))
    return hashlib.sha256(msgspec.json.encode(schemas)).hexdigest()[:16]


def new_address(place: Place) -> str:
    """An address at which nobody listens yet."""
    name = secrets.token_hex(6)
    if sys.platform == "win32":
        return rf"\\.\pipe\cocomposer-{name}"
    path = place.runtime / f"{name}.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET:
        path = Path(tempfile.mkdtemp(prefix="cocomposer-")) / "s"
    return str(path)


def publish(place: Place, listing: Listing) -> None:
    """Say where the engine is reached; readers see the old file or the new one."""
    descriptor, written = tempfile.mkstemp(prefix=".engine-", dir=place.runtime)  # for its owner only
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(listing))
    os.replace(written, place.listing)


def published(place: Place) -> Listing | None:
    """What the file says; None if there is none, or nothing that one could read."""
    try:
        return msgspec.json.decode(place.listing.read_bytes(), type=Listing)
    except (OSError, msgspec.MsgspecError):
        return None


def held(place: Place) -> bool:
    """Whether an engine lives here, or is just beginning."""
    lock = place.lock
    try:
        taken = lock.take()
    except OSError:
        return False
    lock.release()
    return not taken


def call(listing: Listing) -> Connection | None:
    """A line to that engine; None if nobody is there (any more). NotReached if it does not answer as it should."""
    try:
        connection = Client(listing.address, FAMILY)
    except OSError:
        return None
    try:
        _prove(connection, listing.key, first=False)
    except NotReached:
        raise
    except (OSError, EOFError):
        return None  # it has ended at this very moment
    return connection


def welcome(connection: Connection, key: str) -> bool:
    """The engine's side of `call`: whether the caller knows the key."""
    try:
        _prove(connection, key, first=True)
    except (OSError, EOFError):
        connection.close()
        return False
    return True


def _prove(connection: Connection, key: str, first: bool) -> None:
    secret = bytes.fromhex(key)
    steps = (deliver_challenge, answer_challenge) if first else (answer_challenge, deliver_challenge)
    try:
        for step in steps:
            if step is answer_challenge and not connection.poll(GREETING_SECONDS):
                raise NotReached("The engine that plays does not answer; end its process, then try again.")
            step(connection, secret)
    except AuthenticationError as error:
        raise NotReached("The engine that plays belongs to another start of cocomposer; try again.") from error

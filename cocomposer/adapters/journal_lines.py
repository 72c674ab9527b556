"""The lines of a journal as values, and how they are read again after a crash. Knows no document.

One line of JSON for each thing that was decided. What was being written when everything ended has no line end yet and
does not count.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.document.edits import Edit

VERSION: Final = 2
"""2 since chords can be edited."""
JOURNAL: Final = "journal"
"""The file's name in the folder of its window's jam."""


class JournalError(Exception):
    """A journal cannot be begun or used; the text is one sentence for the musician, with what to do."""


class Began(msgspec.Struct, frozen=True, tag=True):
    """The first line."""

    version: int
    path: str | None
    """The jam file that was opened."""


class Joined(msgspec.Struct, frozen=True, tag=True):
    """The document joined an engine's run."""

    left_at: int
    """So many facts of the run before had passed."""
    session: str
    log: str | None
    position: int
    began_at: str
    began_seconds: float | None
    from_tick: float = 0.0


class Edited(msgspec.Struct, frozen=True, tag=True):
    """An edit was made when `position` facts of the run had passed; so with the rest."""

    position: int
    edit: Edit


class Undone(msgspec.Struct, frozen=True, tag=True):
    """The last edit was undone."""

    position: int


class Redone(msgspec.Struct, frozen=True, tag=True):
    """An edit was done again."""

    position: int


class Saved(msgspec.Struct, frozen=True, tag=True):
    """All so far was saved."""

    position: int
    path: str


Line = Began | Joined | Edited | Undone | Redone | Saved
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)
_VERSIONS = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a journal."""

    began: Began
    lines: list[Line]
    """Those behind the first."""
    length: int
    """Bytes of all whole lines that can be read."""
    damaged: bool
    """There are whole lines that cannot be."""


def bytes_of(line: Line) -> bytes:
    """As it is written."""
    return _ENCODER.encode(line) + b"\n"


def read_journal(folder: Path) -> Written:
    """What stands in the journal of a folder; JournalError if that is nothing that can be used."""
    try:
        data = (folder / JOURNAL).read_bytes()
    except OSError as error:
        raise JournalError(f"{folder} cannot be read ({reason_of(error)}); check your right to read it.") from error
    found: list[Line] = []
    length, damaged = 0, False
    for line in data.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            found.append(_DECODER.decode(line))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            _refuse_newer(folder, line)
            damaged = True
            break
        length += len(line)
    if not found or not isinstance(found[0], Began):
        raise JournalError(f"{folder} holds no jam that can be recovered; you can delete it.")
    if found[0].version > VERSION:
        raise _newer(folder)
    return Written(found[0], found[1:], length, damaged)


def _refuse_newer(folder: Path, line: bytes) -> None:
    """JournalError if a line that cannot be read is the first one of a later version."""
    try:
        version = _VERSIONS.decode(line).get("version")
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return
    if isinstance(version, int) and version > VERSION:
        raise _newer(folder)


def _newer(folder: Path) -> JournalError:
    return JournalError(f"{folder} was written by a newer cocomposer; update cocomposer to recover it.")


def reason_of(error: Exception) -> str:
    """The system's words for it."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")

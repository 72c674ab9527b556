"""Jam files on disk: saved whole or not at all, never over a file of a newer version. Knows nothing of the content."""

from pathlib import Path
from typing import Final

from cocomposer.adapters.disk import SaveError, save_bytes
from cocomposer.document.document import Document
from cocomposer.document.jam_format import JamFormatError, NewerJamError, check_version, jam_bytes, jam_of

EXTENSION: Final = ".cocojam"
SIZE_LIMIT_BYTES: Final = 256 * 1024 * 1024
"""A jam of a whole night has some 20 MB; what is larger is something else, and is not read at all."""


class JamFileError(Exception):
    """A jam file cannot be opened or saved; the text is one sentence for the musician, with what to do."""


def open_jam(path: str | Path, go_on: bool = False) -> Document:
    """The jam in the file at `path`; JamFileError if there is none that can be used.

    It has left the engine's run that it followed when it was saved, unless it shall go on just there (in a recovery).
    """
    data = _read(Path(path))
    try:
        document = jam_of(data)
    except JamFormatError as error:
        raise JamFileError(f"{path} {error}.") from error
    if not go_on:
        document.leave()
    return document


def save_jam(path: str | Path, document: Document) -> None:
    """Save it, replacing what the file held; JamFileError if that fails, with nothing changed."""
    target = Path(path)
    try:
        if target.is_file():
            check_version(_read(target))
    except NewerJamError as error:
        raise JamFileError(
            f"{path} was saved by a newer cocomposer and is left as it is; save under another name."
        ) from error
    except (JamFormatError, JamFileError, OSError, ValueError):
        pass  # not a jam, or damaged: whoever chose this name wants it replaced
    try:
        save_bytes(target, jam_bytes(document))
    except SaveError as error:
        raise JamFileError(str(error)) from error


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise JamFileError(f"{path} is a folder; choose a {EXTENSION} file.")
        if not path.exists():
            raise JamFileError(f"{path} does not exist any more; check the name and the folder.")
        if not path.is_file():
            raise JamFileError(f"{path} is a device, not a file; choose a {EXTENSION} file.")
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            raise JamFileError(f"{path} is far too large for a jam; choose a {EXTENSION} file.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise JamFileError(f"{path} cannot be read ({reason}); check the file and your right to read it.") from error
    except ValueError as error:
        raise JamFileError(f"{path!r} is no name that a file can have; check the name.") from error

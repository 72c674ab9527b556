"""Saving a file so that it is either wholly there or, as before, untouched. Knows nothing of what the bytes mean."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

_ADVICE = {
    errno.ENOSPC: ("the disk is full", "free some space or choose another disk"),
    errno.EDQUOT: ("your share of the disk is used up", "free some space or choose another disk"),
    errno.EFBIG: ("it is larger than this system lets a file be", "save it elsewhere or save less"),
    errno.ENOENT: ("its folder does not exist", "create the folder or choose another"),
    errno.ENOTDIR: ("its folder is a file", "choose another folder"),
    errno.EACCES: ("you have no right to write there", "choose another folder"),
    errno.EPERM: ("you have no right to write there", "choose another folder"),
    errno.EROFS: ("the disk can only be read", "choose another disk"),
    errno.EISDIR: ("it is the name of a folder", "choose another name"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter name"),
}


class SaveError(OSError):
    """A file could not be saved; the text is one sentence for the user. What stood there before is untouched."""


def save_bytes(path: str | Path, data: bytes) -> None:
    """Put `data` into the file at `path`, replacing what it held; SaveError if that fails, with nothing changed.

    Written beside the target, synchronised, then renamed over it: a reader, or a power cut, sees the old file or the
    new one. A link is followed, and the file's permissions stay.
    """
    written: str | None = None
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        descriptor, written = tempfile.mkstemp(prefix=".saving-", suffix=".part", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(written, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(written, target)
        written = None
        _synchronise_folder(target.parent)
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        cause, advice = _ADVICE.get(number or 0, (_reason(error), "check the name and the disk"))
        raise SaveError(f"{str(path)!r} could not be saved because {cause}; {advice}.") from error
    finally:
        if written is not None:
            with contextlib.suppress(OSError):
                os.unlink(written)


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"of an error ({words})"


def _umask() -> int:
    """The permissions that this program takes from new files. It can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _synchronise_folder(folder: Path) -> None:
    """Make the new name itself last through a power cut, where the system can (Windows cannot open folders)."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""A lock that the system takes back when its holder ends, however it ends. Knows files, not what they guard."""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Held by one process at a time; the file itself stays and is empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Never waits. OSError if the file cannot be made."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it up; nothing happens if it is not ours."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def mark_used(descriptor: int) -> None:
    """Keep an open file from `remove_unused` as long as it is open."""
    if sys.platform != "win32":  # there, nobody can remove an open file
        _lock(descriptor)


def remove_unused(path: Path) -> bool:
    """Remove a file unless somebody uses it; whether it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                os.close(descriptor)
                descriptor = -1
            else:
                _lock(descriptor)
            os.unlink(path)
            return True
        return False
    finally:
        if descriptor >= 0:
            os.close(descriptor)

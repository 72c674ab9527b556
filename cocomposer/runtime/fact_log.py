"""The log of what happens in a jam: written in a thread of its own, so that no disk ever delays a note.

Knows bytes and a file; what they mean and how they are read again is in `adapters.fact_files`.
"""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from cocomposer import __version__
from cocomposer.adapters.fact_files import SUFFIX, LogHeader, framed
from cocomposer.adapters.file_lock import mark_used, remove_unused

RETRY_SECONDS: Final = 5.0
"""What could not be written is tried again so often."""
KEEP_SECONDS: Final = 30 * 24 * 3600.0
"""Logs written to within this time are always kept."""
KEEP_BYTES: Final = 256 << 20
"""Older ones are removed, the oldest first, while all together are larger than this."""
_CLOSE_SECONDS: Final = 2.0


class FactLog:
    """One engine's log. `write` may be called from one thread; it never waits."""

    def __init__(self, folder: Path, session: str, began_at: str, on_failure: Callable[[str], None]) -> None:
        """`on_failure` is given one sentence, once, from the writing thread or from here."""
        self._on_failure = on_failure
        self._failed = False
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._unsaved = bytearray(framed(msgspec.msgpack.encode(LogHeader(session, began_at, __version__))))
        self._length = 0
        self._descriptor: int | None = None
        self._path = folder / f"{session}{SUFFIX}"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            binary = getattr(os, "O_BINARY", 0)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | binary
            self._descriptor = os.open(self._path, flags, 0o600)
            mark_used(self._descriptor)
        except OSError as error:
            self._fail(error)
            return
        self._thread = threading.Thread(target=self._run, name="fact log", daemon=True)
        self._thread.start()

    @property
    def path(self) -> str | None:
        """The file, None if none could be made."""
        return None if self._descriptor is None else str(self._path)

    def write(self, fact: bytes) -> None:
        """Append one fact."""
        if self._descriptor is not None:
            self._queue.put(fact)

    def close(self) -> None:
        """Write what is left, for a moment."""
        if self._descriptor is not None:
            self._queue.put(None)
            self._thread.join(_CLOSE_SECONDS)
            if not self._thread.is_alive():
                os.close(self._descriptor)

    def _run(self) -> None:
        self._save()
        remove_old(self._path.parent)
        ending = False
        while not ending:
            facts: list[bytes | None] = []
            with contextlib.suppress(queue.Empty):
                facts.append(self._queue.get(timeout=RETRY_SECONDS if self._unsaved else None))
                while True:
                    facts.append(self._queue.get_nowait())
            for fact in facts:
                if fact is None:
                    ending = True
                else:
                    self._unsaved += framed(fact)
            self._save()

    def _save(self) -> None:
        if not self._unsaved or self._descriptor is None:
            return
        try:
            if os.fstat(self._descriptor).st_size != self._length:
                os.ftruncate(self._descriptor, self._length)  # half of a batch, from the attempt before
            written = 0
            while written < len(self._unsaved):
                written += os.write(self._descriptor, self._unsaved[written:])
        except OSError as error:
            self._fail(error)
            return
        self._length += len(self._unsaved)
        self._unsaved.clear()

    def _fail(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            self._on_failure(
                f"What is played cannot be written down ({error.strerror}), so a crash would lose it; "
                f"make room on the disk of {self._path.parent}, and save the jam."
            )


def remove_old(folder: Path, keep_seconds: float = KEEP_SECONDS, keep_bytes: int = KEEP_BYTES) -> None:
    """Remove logs that are older than `keep_seconds` while all are larger than `keep_bytes`; none that is in use."""
    found: list[tuple[float, int, Path]] = []
    for path in folder.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            state = path.stat()
            found.append((state.st_mtime, state.st_size, path))
    total = sum(size for _, size, _ in found)
    for modified, size, path in sorted(found):
        if total <= keep_bytes or time.time() - modified < keep_seconds:
            return
        if remove_unused(path):
            total -= size

"""A jam's journal on disk: all that a window decides is written down as it is decided, so that no crash loses it.

A folder for each window's jam, with the jam it began with, the engine's runs it joined, and every edit with the count
of facts before it; the facts themselves lie in the engine's logs (see `recovery`).
Each line is with the system once the call returns, so it outlives this process, though not always a power cut.
"""

import contextlib
import os
import shutil
import time
from itertools import count
from pathlib import Path
from typing import Final

from cocomposer.adapters.file_lock import FileLock
from cocomposer.adapters.jam_files import JamFileError, save_jam
from cocomposer.adapters.journal_lines import (
    JOURNAL,
    VERSION,
    Began,
    Edited,
    Joined,
    JournalError,
    Line,
    Redone,
    Saved,
    Undone,
    bytes_of,
    read_journal,
    reason_of,
)
from cocomposer.adapters.recovery import BEGINNING, ReadFacts, Recovered, facts_in, recovered_from
from cocomposer.document.document import Document
from cocomposer.document.edits import Edit

LOCK: Final = "lock"
DAMAGED: Final = "journal.damaged"


class Journal:
    """Follows one document. One owner calls it, in one thread; what the disk does raises nothing, see `trouble`."""

    def __init__(self, folder: Path, document: Document, lock: FileLock, length: int) -> None:
        """Use `begin` or `resume`."""
        self.folder = folder
        self.trouble: str | None = None
        """One sentence while lines cannot be written; they are kept, and tried again with the next."""
        self._document = document
        self._session = document.run.session
        self._lock = lock
        self._length = length
        self._waiting = b""
        self._file = os.open(folder / JOURNAL, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)

    @classmethod
    def begin(cls, root: Path, document: Document, path: str | None = None) -> "Journal":
        """A new journal in a folder of its own in `root`; `path`: the file the document was opened from.

        JournalError if there is no place for it.
        """
        try:
            folder = _new_folder(root)
            lock = FileLock(folder / LOCK)
            lock.take()
            save_jam(folder / BEGINNING, document)
            # The journal comes last: a folder without one is nothing that could be recovered.
            journal = cls(folder, document, lock, 0)
        except (OSError, JamFileError) as error:
            raise JournalError(
                f"Your work cannot be written down as you go ({reason_of(error)}); check the disk, and save often."
            ) from error
        journal._write(Began(VERSION, path))
        return journal

    @classmethod
    def resume(cls, folder: Path, read: ReadFacts = facts_in) -> tuple["Journal", Recovered]:
        """Recover what an ended window left behind, and go on writing there.

        JournalError if another window has it, or if it cannot be used; then nothing is changed.
        """
        lock = FileLock(folder / LOCK)
        try:
            if not lock.take():
                raise JournalError("Another window has this jam open; use that one, or close it first.")
        except OSError as error:
            raise _unusable(folder, error) from error
        try:
            written = read_journal(folder)
            recovered = recovered_from(folder, written, read)
            if written.damaged:
                shutil.copyfile(folder / JOURNAL, folder / DAMAGED)
            os.truncate(folder / JOURNAL, written.length)
            return cls(folder, recovered.document, lock, written.length), recovered
        except OSError as error:
            lock.release()
            raise _unusable(folder, error) from error
        except JournalError:
            lock.release()
            raise

    # -- what happens --------------------------------------------------------------------------

    def joined(
        self,
        session: str,
        log: str | None,
        position: int,
        began_at: str,
        began_seconds: float | None = None,
        from_tick: float = 0.0,
    ) -> None:
        """Let the document join an engine's run from its fact `position` on; instead of calling `Document.join`.

        `log`: the file of its facts. To go on with the run that is followed already, give the document's position.
        """
        document = self._document
        if document.run.session == session != self._session:
            raise ValueError("the document has joined that run already, without its journal")
        left_at = document.position
        document.join(session, began_at, position, began_seconds, from_tick)
        self._session = session
        self._write(Joined(left_at, session, log, position, began_at, began_seconds, from_tick))

    def edited(self, edit: Edit) -> None:
        """The document was just edited."""
        self._write(Edited(self._document.position, edit))

    def undone(self) -> None:
        """The last edit was just undone."""
        self._write(Undone(self._document.position))

    def redone(self) -> None:
        """An edit was just done again."""
        self._write(Redone(self._document.position))

    def saved(self, path: str) -> None:
        """The document was just saved."""
        self._write(Saved(self._document.position, path))

    def close(self) -> None:
        """All is saved or not wanted: end, and leave nothing to recover."""
        os.close(self._file)
        # First what makes it a journal: whoever looks meanwhile must not take it for one that was left behind.
        with contextlib.suppress(OSError):
            (self.folder / JOURNAL).unlink()
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self) -> None:
        """End, and leave all for the next window."""
        os.close(self._file)
        self._lock.release()

    def _write(self, line: Line) -> None:
        self._waiting += bytes_of(line)
        try:
            os.lseek(self._file, self._length, os.SEEK_SET)
            rest = memoryview(self._waiting)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            # Half a line would spoil those behind it.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._length)
            self.trouble = (
                f"Your changes cannot be written down ({reason_of(error)}); free some space, and save the jam."
            )
            return
        self._length += len(self._waiting)
        self._waiting = b""
        self.trouble = None


def left_behind(root: Path) -> list[Path]:
    """The folders of journals in `root` that no window has open, the one last written to first."""
    found = []
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            with contextlib.suppress(OSError):
                written = (folder / JOURNAL).stat()
                lock = FileLock(folder / LOCK)
                if written.st_size and lock.take():
                    lock.release()
                    found.append((written.st_mtime_ns, folder))
    return [folder for _, folder in sorted(found, reverse=True)]


def _new_folder(root: Path) -> Path:
    """A folder that nobody else has."""
    root.mkdir(parents=True, exist_ok=True)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    for number in count():
        folder = root / (f"{name}-{number}" if number else name)
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("counting ends never")


def _unusable(folder: Path, error: OSError) -> JournalError:
    return JournalError(f"{folder} cannot be used ({reason_of(error)}); check your right to write there.")

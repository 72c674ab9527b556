"""Reads the player's own files beside the composer's work: in a thread, one after another, stopped at any moment.

What is read waits until the composer's own thread takes it in, so the memory belongs to one thread only. Knows no
requests but its own, and not how the memory is used.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.own_music import own_files, read_own
from cocomposer.events.codec import Rows
from cocomposer.generation.memory import PlayerMemory
from cocomposer.generation.request import FilesRead, PlayLike

BREATH_SECONDS: Final = 0.005
"""Between two files the running jam gets the interpreter for itself."""


class FileReading:
    """Of one composer. `begin` and `take_in` are called by its own thread; `tell` is called by the reading one."""

    def __init__(self, memory: PlayerMemory, tell: Callable[[FilesRead], None]) -> None:
        self._memory = memory
        self._tell = tell
        self._stop = threading.Event()
        self._read: SimpleQueue[Rows] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self, wanted: PlayLike) -> None:
        """Forget what was read, stop reading it, and read this folder if there is one."""
        self._stop.set()
        self._memory.forget_files()
        if wanted.folder:
            self._stop, self._read = threading.Event(), SimpleQueue()
            self._thread = threading.Thread(
                target=self._go_through, args=(wanted.folder, self._stop, self._read), name="own files", daemon=True
            )
            self._thread.start()

    def take_in(self) -> None:
        """Remember the pieces that were read meanwhile."""
        if self._stop.is_set():
            return
        while True:
            try:
                self._memory.read(self._read.get_nowait())
            except Empty:
                return

    def wait(self) -> None:
        """Until all is read, or given up."""
        if self._thread is not None:
            self._thread.join()

    def _go_through(self, folder: str, stop: threading.Event, read: "SimpleQueue[Rows]") -> None:
        told = FilesRead(folder, 0, 0, 0)
        try:
            for piece in read_own(own_files(folder), self._memory.drums):
                if stop.wait(BREATH_SECONDS):
                    return
                if len(piece.rows):
                    read.put(piece.rows)
                told = FilesRead(folder, piece.number, piece.total, told.notes + len(piece.rows), False, piece.sentence)
                self._tell(told)
            sentence = None
        except MidiFileError as error:
            sentence = str(error)
        except OSError as error:
            sentence = f"{folder} cannot be read ({error.strerror}); check your rights to it."
        if not stop.is_set():
            self._tell(FilesRead(folder, told.read, told.total, told.notes, True, sentence))

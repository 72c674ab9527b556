"""Takes as MIDI files on their way into another program: dragged there, or copied and pasted.

A DAW reads a dropped file when it likes, often long after the drop. So files stay while the window is open; those that
are a day old go when it next starts.
"""

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from cocomposer.document.takes import KeptTake
from cocomposer.export.take_midi import take_midi
from ui.presenters.takes import title_of

MIDI_TYPES: Final = ("audio/midi", "audio/x-midi")
KEPT_SECONDS: Final = 24 * 3600.0
_LONGEST_NAME: Final = 80
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What some file system or DAW does not take in a name."""
_RESERVED: Final = frozenset("con prn aux nul".split()) | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
"""Names that Windows keeps for devices, with any ending."""


def friendly_name(take: KeptTake) -> str:
    """A file name that tells which take it is on every system, without its ending."""
    parts = (title_of(take).replace(" · ", " "), take.key, f"{take.bpm:.0f} bpm" if take.beat_known else "")
    return fit_name(" - ".join(part for part in parts if part), "Take")


def fit_name(name: str, kind: str = "Chords") -> str:
    """A name without what some file system or DAW does not take; `kind` comes before one that cannot stand alone."""
    name = " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST_NAME].strip(" .")
    return f"{kind} {name}".strip() if not name or name.split(".")[0].lower() in _RESERVED else name


class DragFolder:
    """The folder of files that were dragged or copied out."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: made when it is first needed; by default in the user's cache."""
        self.folder = folder or _default_folder()
        self._written: dict[Path, bytes] = {}

    def clean(self, now: float | None = None) -> int:
        """Remove what is over a day old; how many files went. To be called once, at the start."""
        oldest = (time.time() if now is None else now) - KEPT_SECONDS
        gone = 0
        for path in sorted(self.folder.glob("*.mid")):
            with contextlib.suppress(OSError):  # a DAW may hold it open; another day then
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    gone += 1
        return gone

    def file(self, take: KeptTake) -> Path:
        """The take as a file; the same one again while the take is the same. OSError if it cannot be written."""
        return self.keep(friendly_name(take), take_midi(take, title_of(take), take.along))

    def keep(self, name: str, content: bytes) -> Path:
        """A MIDI file of this name, without its ending; the same one again while its content is the same. OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for count in range(1, 10_000):
            path = self.folder / (f"{name}.mid" if count == 1 else f"{name} ({count}).mid")
            if self._written.get(path) == content and path.exists():
                os.utime(path)  # or it could be cleaned up while it is in use again
                return path
            if path not in self._written and not path.exists():
                break
        _write(path, content)
        self._written[path] = content
        return path


def _default_folder() -> Path:
    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return Path(cache or tempfile.gettempdir()) / "cocomposer" / "dragged"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: the other program may look before we are done."""
    descriptor, written = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(written, 0o644)
        os.replace(written, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(written)
        raise


def mime_of(files: Sequence[Path]) -> QMimeData:
    """The files as other programs take them: as files, and one alone also as the bytes of MIDI."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    if len(files) == 1:
        content = QByteArray(files[0].read_bytes())
        for kind in MIDI_TYPES:
            mime.setData(kind, content)
    return mime


def taken_out(takes: Iterable[KeptTake], folder: DragFolder) -> QMimeData:
    """These takes, written and ready to be given away; OSError if they cannot be written."""
    return mime_of([folder.file(take) for take in takes])


def copy(takes: Iterable[KeptTake], folder: DragFolder) -> None:
    """Put them on the clipboard; OSError if they cannot be written."""
    QGuiApplication.clipboard().setMimeData(taken_out(takes, folder))


def drag_of(source: QWidget, takes: Sequence[KeptTake], folder: DragFolder, picture: QPixmap) -> QDrag:
    """A drag that is ready to go, with the first take's picture under the hand; OSError if they cannot be written."""
    drag = QDrag(source)
    drag.setMimeData(taken_out(takes, folder))
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(8, 8))
    return drag


def drag_out(source: QWidget, takes: Sequence[KeptTake], folder: DragFolder, picture: QPixmap) -> bool:
    """Drag them until they are dropped; whether somebody took them. The window stays alive meanwhile."""
    return drag_of(source, takes, folder, picture).exec(Qt.DropAction.CopyAction) is Qt.DropAction.CopyAction

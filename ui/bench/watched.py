"""The real window, watched from inside: `python -m ui.bench.watched REPORT CROWD [ARGUMENTS OF THE APP…]`.

Writes what was painted when into the file REPORT as it becomes known; puts CROWD notes on the roll first. Imports
nothing that the window would not, and starts the program itself as its user does. Moments are seconds of
`time.perf_counter`, which all processes share.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ui.app import main as open_window

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ui.application import Application

NOT_IN_THE_WINDOW: Final = ("onnxruntime", "music21", "rtmidi", "jack", "miniaudio", "torch", "scipy", "hypothesis")
"""Libraries that would make the window slow to start or large, and that it has no use for."""


class Report:
    """A file that is always whole: it is written anew and put in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: dict[str, Any] = {}

    def tell(self, **told: Any) -> None:
        """Add this."""
        self._told |= told
        beside = self._path.with_suffix(".part")
        beside.write_text(json.dumps(self._told))
        beside.replace(self._path)

    def __contains__(self, key: object) -> bool:
        return key in self._told


def watch(one: "Application", report: Report, crowd: int) -> "QObject":
    """Watch what the roll paints; it is over when the object that comes back is gone. `crowd`: so many notes are put
    on the roll first, and all are shown."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from cocomposer.document.timeline import PLAYER

    class Watcher(QObject):
        """Looks when the window is about to be painted, and again when all of that frame was given to the screen."""

        def __init__(self) -> None:
            super().__init__()
            self.painted: list[float] = []
            self.notes: list[tuple[float, int]] = []
            self._rows = 0
            self._roll_painted = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            stands = partial(self._given, one.session.opened is not None, one.session.ready is not None)
            if watched is one.window and event.type() == QEvent.Type.UpdateRequest:
                QTimer.singleShot(0, stands)
            elif watched is one.window.roll and event.type() == QEvent.Type.Paint:
                timeline, view = one.session.document.timeline, one.window.roll.view
                shows_all = view.timeline is timeline and view.version == timeline.version
                QTimer.singleShot(0, partial(self._roll_given, timeline.count if shows_all else 0))
                # An engine that was ready before the first frame may let no other one follow for long.
                QTimer.singleShot(0, stands)
            return False

        def _given(self, opened: bool, ready: bool) -> None:
            now = time.perf_counter()
            if opened and self.painted and "usable" not in report and one.session.opened is not None:
                report.tell(usable=now, opened=one.session.opened.at_seconds)
                if crowd:
                    self._crowd()
            if ready and self.painted and "ready" not in report:
                report.tell(ready=now)

        def _roll_given(self, rows: int) -> None:
            now = time.perf_counter()
            if not self.painted:
                report.tell(shown=now)
            self.painted.append(now)
            timeline = one.session.document.timeline
            for row in range(self._rows, rows):
                if timeline.who[row] == PLAYER:
                    self.notes.append((now, int(timeline.pitch[row])))
            self._rows = max(self._rows, rows)

        def _crowd(self) -> None:
            fill(one, crowd)
            self._rows = one.session.document.timeline.count
            one.window.act("zoom_fit")
            report.tell(crowded=crowd)

    watcher = Watcher()
    one.window.installEventFilter(watcher)
    one.window.roll.installEventFilter(watcher)
    return watcher


def fill(one: "Application", notes: int) -> None:
    """Put so many notes of both players on the roll, over about two minutes, all of them to be seen at once."""
    from cocomposer.music.note import Note

    timeline = one.session.document.timeline
    for number in range(notes):
        tick = number * 12_000 // notes
        pitch = 36 + number * 7 % 49
        if number % 2:
            timeline.played(0, Note(tick, pitch, 24, 40 + number % 80))
        else:
            timeline.heard(pitch, 40 + number % 80, 0, float(tick))
            timeline.released(pitch, 0, float(tick + 24))


def main(arguments: list[str]) -> int:
    """Open the window and watch it until it is closed; its exit code."""
    name, crowd, *app = arguments
    report = Report(Path(name))
    watchers: list[Any] = []
    code = open_window(app, lambda one: watchers.append(watch(one, report, int(crowd))))
    modules = sorted({name.partition(".")[0] for name in sys.modules} & set(NOT_IN_THE_WINDOW))
    painted = [moment for watcher in watchers for moment in watcher.painted]
    notes = [note for watcher in watchers for note in watcher.notes]
    report.tell(painted=painted, notes=notes, modules=modules, closed=time.perf_counter())
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

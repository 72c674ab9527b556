"""A long jam in a short time, in the real main window: `python -m ui.bench.fast_hour FOLDER FRAME_SECONDS MINUTE…`.

Clock and engine are made up, panels, document and journal are real. Prints a line of JSON with the memory of this
process when the window was first painted, and at each of the minutes of the jam.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtWidgets import QApplication

from cocomposer.adapters.preferences import Preferences
from cocomposer.bench.memory_of import proportional_mb, resident_mb
from cocomposer.runtime.engine_line import EngineGone
from cocomposer.runtime.news import News
from ui.bench.scripted_jam import ScriptedJam
from ui.conductor import Conductor
from ui.engine_bridge import EngineBridge, EngineLink, EngineLost
from ui.jams import Jams, read_log
from ui.main_window import MainWindow
from ui.presenters.session import Session
from ui.theme import DARK, put_on

MINUTE: float = 60.0


class MadeUpBridge(EngineBridge):
    """Tells what the script says has happened by the made-up clock."""

    def __init__(self) -> None:
        super().__init__(self._nobody)
        self.now = 1000.0
        self.jam = ScriptedJam(self.now)
        self._first: list[News] = self.jam.beginning()

    def news(self) -> list[News | EngineLost]:
        told, self._first = [*self._first, *self.jam.news(self.now)], []
        return [*told]

    def clock(self) -> float:
        """Seconds of the jam."""
        return self.now

    @staticmethod
    def _nobody() -> EngineLink:
        raise EngineGone("There is no engine in this benchmark.")


class Forgetful:
    """Preferences that no file keeps."""

    def __init__(self) -> None:
        self.preferences = Preferences()

    def remember(self, **changes: Any) -> None:
        """Change some of them."""
        self.preferences = msgspec.structs.replace(self.preferences, **changes)


def run(folder: Path, frame_seconds: float, minutes: list[float]) -> None:
    """Jam up to the last of the minutes, with a frame every so many seconds of the jam."""
    application = QApplication(["cocomposer"])
    put_on(application, DARK)
    session, bridge = Session(), MadeUpBridge()
    conductor = Conductor(session, lambda _command: True, bridge.clock, read_log)
    window = MainWindow(session, conductor, bridge, bridge.clock)
    jams = Jams(folder, window, conductor, Forgetful())
    window.after_frame = jams.look
    jams.begin(None)
    window.show()
    began = bridge.now
    for minute in (0.0, *minutes):
        while bridge.now < began + minute * MINUTE:
            bridge.now += frame_seconds
            window.frame()
            application.processEvents()
        application.processEvents()
        tell(minute, window)
    jams.end(keep=False)
    window.close()


def tell(minute: float, window: MainWindow) -> None:
    """Memory and what fills it."""
    document = window.session.document
    line = {
        "minute": minute,
        "resident_mb": resident_mb([os.getpid()]),
        "proportional_mb": proportional_mb([os.getpid()]),
        "notes": document.timeline.count,
        "takes": len(document.takes),
        "frames": window.roll.paints,
        "seconds": time.process_time(),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), float(sys.argv[2]), [float(minute) for minute in sys.argv[3:]])

"""A machine as if cocomposer had never run on it: fresh folders, a screen of its own, and the real window in them.

Starts and ends processes; knows nothing of what is measured.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

import cocomposer
from cocomposer.adapters.preferences import Closing, Preferences, PreferencesStore
from cocomposer.runtime.engine_address import Place, held, published
from cocomposer.runtime.joining import EngineLink, join
from cocomposer.runtime.news import Options
from ui.bench.options import NotMeasured

PATIENCE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.01
_END_SECONDS: Final = 15.0
_ROOT: Final = Path(cocomposer.__file__).resolve().parent.parent


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """What a program must be told to appear on a screen without a monitor: Xvfb's, or Qt's own where there is none."""
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise NotMeasured("Xvfb does not start; try it by hand, or take it off the path.")
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


class Surroundings:
    """Use as a context: all that was started in it is ended on leaving, and its folders are gone."""

    def __init__(self, shown_on: dict[str, str], preferences: Preferences | None = None) -> None:
        """`shown_on`: as `screen` says. Without preferences, it is the first start of all."""
        self._folder = tempfile.TemporaryDirectory(prefix="coco-")
        root = Path(self._folder.name)
        folders = {f"XDG_{name}": root / name.lower() for name in ("STATE_HOME", "CONFIG_HOME", "RUNTIME_DIR")}
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        removed = ("DISPLAY", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_QPA_PLATFORM")
        self._environment = {name: value for name, value in os.environ.items() if name not in removed}
        self._environment |= {name: str(folder) for name, folder in folders.items()} | shown_on
        self._environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (str(_ROOT), self._environment.get("PYTHONPATH")))
        )
        if preferences is not None:
            PreferencesStore(folders["XDG_CONFIG_HOME"] / "cocomposer").write(preferences)
        self.place = Place(folders["XDG_RUNTIME_DIR"] / "cocomposer", folders["XDG_STATE_HOME"] / "cocomposer/sessions")
        self._report, self._words = root / "report.json", root / "words"
        self._window: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._window is not None and self._window.poll() is None:
                self._window.kill()
                self._window.wait()
            self._end_engine()
        finally:
            self._folder.cleanup()

    def open_window(self, *arguments: str, crowd: int = 0) -> float:
        """Start the real program; the moment before. `crowd`: so many notes are put on its roll first."""
        command = [sys.executable, "-m", "ui.bench.watched", str(self._report), str(crowd), *arguments]
        with self._words.open("wb") as words:
            begun = time.perf_counter()
            self._window = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=words, stderr=words
            )
        return begun

    def join(self, options: Options) -> EngineLink:
        """Another front end to the engine that lives here, which is started if there is none."""
        return join(options, self.place)

    def reported(self, key: str) -> bool:
        """Whether the window has reported `key`."""
        return self._report.exists() and key in json.loads(self._report.read_bytes())

    def report(self, key: str) -> dict[str, Any]:
        """What the window reported so far, as soon as it has reported `key`; NotMeasured if it does not."""
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            if self._report.exists():
                told: dict[str, Any] = json.loads(self._report.read_bytes())
                if key in told:
                    return told
            if self._window is None or self._window.poll() is not None or time.monotonic() > ends_at:
                words = self._words.read_text(errors="replace").strip().splitlines() if self._words.exists() else []
                raise NotMeasured(f"The window does not come to {key!r} ({words[-1] if words else 'it says nothing'}).")
            time.sleep(_LOOK_SECONDS)

    @property
    def window_pid(self) -> int:
        """The window's process."""
        assert self._window is not None
        return self._window.pid

    def close_window(self) -> dict[str, Any]:
        """Quit as a musician does, which ends the engine too; all that the window reported."""
        assert self._window is not None
        self._window.send_signal(signal.SIGTERM)
        try:
            self._window.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            raise NotMeasured("The window does not close when it is told to.") from None
        return self.report("closed")

    def _end_engine(self) -> None:
        listing = published(self.place)
        ends_at = time.monotonic() + _END_SECONDS
        for number in (signal.SIGTERM, signal.SIGKILL):
            if listing is not None and held(self.place):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(listing.pid, number)
            while held(self.place) and time.monotonic() < ends_at:
                time.sleep(_LOOK_SECONDS)


def settled(sound: bool = False, **settings: Any) -> Preferences:
    """Of a musician who has been here before: no guide, nothing asked when the window closes."""
    return Preferences(guide_seen=True, closing=Closing.STOP, sound_on=sound, settings=settings)

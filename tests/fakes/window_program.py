"""The window as a musician starts it: a program of its own with folders of its own, worked by keys."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from cocomposer.adapters.recovery import Recovered, recover
from cocomposer.runtime.engine_address import Place
from tests.fakes.patience import PATIENCE_SECONDS, until
from tests.fakes.screen import Screen

TITLE = "– cocomposer$"
"""Ends the title of every main window."""


class Home:
    """A user's folders, and what is found in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("run", "state", "config", "cache"):
            (folder / name).mkdir(mode=0o700)
        self.place = Place(folder / "run" / "cocomposer", folder / "state" / "cocomposer" / "sessions")

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall live here."""
        return {
            "HOME": str(self.folder),
            **{f"XDG_{name.upper()}_HOME": str(self.folder / name) for name in ("state", "config", "cache")},
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
        }

    @property
    def journals(self) -> list[Path]:
        """Those that windows have open or left behind."""
        return sorted((self.folder / "state" / "cocomposer" / "journals").glob("*/journal*"))

    def written_down(self) -> Recovered:
        """What a new start would bring back, were the window killed now."""
        (journal,) = self.journals
        return recover(journal.parent)

    def programs(self) -> set[int]:
        """All programs that live with these folders."""
        found = set()
        mark = f"XDG_RUNTIME_DIR={self.folder / 'run'}".encode()
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):  # it has just ended, or is somebody else's
                if mark in environment.read_bytes().split(b"\0"):
                    found.add(int(environment.parent.name))
        return found

    def end_all(self) -> None:
        """Kill whatever a walk that failed left behind."""
        for pid in self.programs():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class WindowProgram:
    """A running window. With it always: the keyboard of its screen."""

    def __init__(self, home: Home, screen: Screen, *arguments: str) -> None:
        self._screen = screen
        self._errors = home.folder / "window.err"
        with self._errors.open("ab") as errors:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "ui.app", *arguments],
                env=screen.environment | home.environment,
                stderr=errors,
                start_new_session=True,
            )
        self._screen.window(TITLE)

    @property
    def errors(self) -> str:
        """What all windows of this home wrote on standard error so far."""
        return self._errors.read_text(errors="replace")

    def press(self, *keys: str) -> None:
        """Press and let go of keys, one after another, in the main window."""
        self._screen.go_to(TITLE)
        self._screen.hand("key", *keys)

    def play(self, letters: str, seconds: float = 0.12) -> None:
        """Play keys one after another, each so long, on the computer keyboard in the main window."""
        self._screen.go_to(TITLE)
        words = [word for key in letters for word in ("keydown", key, "sleep", f"{seconds}", "keyup", key)]
        self._screen.hand(*words)

    def kill(self) -> None:
        """As if it crashed; does not wait until it is gone."""
        self._program.kill()

    def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        return self._program.wait(PATIENCE_SECONDS)


def ended(pid: int) -> None:
    """Wait until a program has ended."""

    def gone() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True

    until(gone, f"process {pid} has ended")

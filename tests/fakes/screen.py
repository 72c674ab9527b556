"""A screen without a monitor (Xvfb) and hands for it (xdotool), for walks through the real window."""

import os
import shutil
import subprocess
from typing import Self

PROGRAMS = ("Xvfb", "xdotool")


def missing() -> list[str]:
    """The programs that are needed and not there."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class Screen:
    """One X server of its own, on a display number that it chose itself."""

    def __init__(self, width: int = 1600, height: int = 1000) -> None:
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{int(told.readline())}"
        self._manager: subprocess.Popen[bytes] | None = None
        if shutil.which("openbox") is not None:
            self._manager = subprocess.Popen(
                ["openbox", "--sm-disable"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall appear on it."""
        kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "QT_SCALE_FACTOR")}
        return kept | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for program in (self._manager, self._server):
            if program is not None:
                program.terminate()
                program.wait(10)

    def hand(self, *words: str | int) -> str:
        """What xdotool says to this; CalledProcessError if it could not do it."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout.strip()

    def window(self, title: str) -> int:
        """The id of the window with this title, waiting until it is there."""
        return int(self.hand("search", "--sync", "--onlyvisible", "--name", title).split()[0])

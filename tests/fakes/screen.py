"""A screen without a monitor (Xvfb), hands for it (xdotool) and eyes (Xvfb's own memory), for walks in the window."""

import os
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from tests.fakes.patience import until

PACKAGES = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox", "setpriv": "util-linux"}
"""Program → Debian's package."""
_DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
_HEADER = struct.Struct(">25I")
"""Of an X window dump (XWDFile.h): 4 and 5 are width and height, 12 the bytes of a line, 19 the entries of colours."""


def missing() -> list[str]:
    """The packages of the programs that are needed and not there."""
    return [package for program, package in PACKAGES.items() if shutil.which(program) is None]


class Screen:
    """One X server of its own, on a display number that it chose itself, with a window manager."""

    def __init__(self, width: int = 1600, height: int = 1000) -> None:
        self._memory = tempfile.TemporaryDirectory(prefix="screen-")
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                *(*_DIES_WITH_US, "Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"),
                *("-screen", "0", f"{width}x{height}x24", "-fbdir", self._memory.name),
            ],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{int(told.readline())}"
        self._manager = self._start_manager()
        until(self._managed, "windows are managed")

    def _start_manager(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*_DIES_WITH_US, "openbox", "--sm-disable"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _managed(self) -> bool:
        """Whether the window manager has taken over; it gives up if the server was not quite there yet."""
        if self._manager.poll() is not None:
            self._manager = self._start_manager()
        return (
            subprocess.run(["xdotool", "get_num_desktops"], env=self.environment, capture_output=True).returncode == 0
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
            program.terminate()
            program.wait(10)
        self._memory.cleanup()

    def hand(self, *words: str | int) -> str:
        """What xdotool says to this; CalledProcessError if it could not do it."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    def windows(self, title: str) -> list[int]:
        """Ids of all windows that are shown with this title (a regular expression)."""
        done = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return [int(line) for line in done.stdout.split()]

    def window(self, title: str) -> int:
        """The id of the window with this title, as soon as it is there."""
        return until(lambda: self.windows(title), f"there is a window {title!r}")[0]

    def gone(self, title: str) -> None:
        """Wait until no window with this title is shown."""
        until(lambda: not self.windows(title), f"the window {title!r} is gone")

    def go_to(self, title: str) -> int:
        """Give the keyboard to the window with this title, and wait until it has it; its id."""
        window = self.window(title)

        def has_it() -> bool:
            done = subprocess.run(
                ["xdotool", "windowactivate", str(window), "getwindowfocus"],
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=60,
            )
            return done.stdout.split()[-1:] == [str(window)]

        until(has_it, f"the window {title!r} has the keyboard")
        return window

    def place(self, window: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of what a program itself paints of its window."""
        told = dict(re.findall(r"^(\w+)=(-?\d+)$", self.hand("getwindowgeometry", "--shell", window), re.MULTILINE))
        return int(told["X"]), int(told["Y"]), int(told["WIDTH"]), int(told["HEIGHT"])

    def picture(self) -> npt.NDArray[np.uint8]:
        """What is on the screen now: rows, columns, red-green-blue."""
        dump = (Path(self._memory.name) / "Xvfb_screen0").read_bytes()
        words = _HEADER.unpack_from(dump)
        width, height, line = words[4], words[5], words[12]
        begin = words[0] + 12 * words[19]
        rows = np.frombuffer(dump, np.uint8, height * line, begin).reshape(height, line)
        return rows[:, : 4 * width].reshape(height, width, 4)[:, :, 2::-1]

    def keep(self, path: Path) -> None:
        """Write what is on the screen to a file of pixels (PPM), to be looked at when a walk went wrong."""
        picture = self.picture()
        path.write_bytes(f"P6 {picture.shape[1]} {picture.shape[0]} 255\n".encode() + picture.tobytes())

"""Screenshots of the main states into a folder, with the real window and made-up sessions; no engine is joined.

Looked at by people: no clipped text, no overlap, aligned, calm. Two of them stand in the README.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

SIZES: Final = ((1440, 900), (1100, 700))
"""Of the main window, in device-independent pixels."""
LIGHT: Final = ("listening", "alternatives", "jamming")
DOUBLED: Final = ("alternatives", "jamming")
"""States that are taken in the light theme too, and at 200 %."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take them all; the exit code. Qt reads the scale when it starts, so each scale has a process of its own."""
    parser = argparse.ArgumentParser(prog="ui.bench pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put them; made if it is not there")
    parser.add_argument("--scale", type=int, choices=(1, 2), help="only at this scale (default: both)")
    chosen = parser.parse_args(arguments)
    folder: Path = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.scale is not None:
        take(folder, chosen.scale)
        return 0
    for scale in (1, 2):
        surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, "-m", "ui.bench.pictures", str(folder), "--scale", str(scale)]
        done = subprocess.run(command, env=surroundings, check=False)
        if done.returncode:
            return done.returncode
    return 0


def take(folder: Path, scale: int) -> None:
    """All pictures of one scale; Qt must not have begun."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QWidget

    from ui import theme
    from ui.bench.scenes import dialogs, main_window
    from ui.bench.session_states import STATES

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)

    def picture(widget: QWidget, name: str) -> None:
        widget.show()
        application.processEvents()
        widget.grab().save(str(folder / f"{name}.png"))
        widget.close()
        widget.deleteLater()
        application.processEvents()

    for look in (theme.DARK, theme.LIGHT):
        theme.put_on(application, look)
        suffix = f"{look.name}-200" if scale == 2 else look.name
        for state in _states(tuple(STATES), look.name, scale):
            for width, height in SIZES[:1] if scale == 2 else SIZES:
                window = main_window(state, width, height)
                picture(window, f"{state}-{width}x{height}-{suffix}")
        for name, dialog in dialogs():
            picture(dialog, f"{name}-{suffix}")


def _states(all_states: tuple[str, ...], look: str, scale: int) -> Iterator[str]:
    for state in all_states:
        if (look == "dark" or state in LIGHT) and (scale == 1 or state in DOUBLED):
            yield state


if __name__ == "__main__":
    sys.exit(main())

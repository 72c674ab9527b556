"""Screenshots by one command: the real command, in processes of its own, at both scales."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage


def test_one_command_takes_them_all(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "pictures"
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "ui.bench", "pictures", str(folder)],
        env=surroundings, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = {path.stem: QImage(str(path)) for path in folder.glob("*.png")}
    # The states that the README and the issue name.
    for name in ("empty", "listening", "hearing", "armed", "answering", "alternatives", "jamming", "lost"):
        assert (made[f"{name}-1440x900-dark"].width(), made[f"{name}-1440x900-dark"].height()) == (1440, 900)
        assert (made[f"{name}-1100x700-dark"].width(), made[f"{name}-1100x700-dark"].height()) == (1100, 700)
    for name in ("settings-ports", "guide-first-run", "controllers", "shortcuts"):
        single, double = made[f"{name}-light"], made[f"{name}-light-200"]
        assert abs(double.width() - 2 * single.width()) <= 2
    assert made["jamming-1440x900-dark-200"].width() == 2880
    dark, light = (made[f"jamming-1440x900-{look}"].pixelColor(5, 5).lightness() for look in ("dark", "light"))
    assert dark < 60 < 200 < light

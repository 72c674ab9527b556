"""How much memory the window takes: the real program at its start, and the main window over an hour's jam in fast time.

What must grow is what is kept: the notes and takes of the jam, and the steps of undoing.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import cocomposer
from cocomposer.bench.memory_of import proportional_mb, resident_mb
from ui.bench.options import NotMeasured, Options
from ui.bench.surroundings import Surroundings, screen

MINUTES: Final = (10.0, 30.0, 60.0)
MINUTES_QUICK: Final = (0.5, 1.0)
FRAME_SECONDS: Final = 0.25
"""Of the jam: the window paints as it does in a quarter of an hour's real time."""
_MB: Final = 1024 * 1024
_ROOT: Final = Path(cocomposer.__file__).resolve().parent.parent


def measure(options: Options) -> dict[str, float]:
    """Megabytes of the window's process (resident; proportional where it says so). NotMeasured where there is no
    /proc."""
    with screen() as shown_on, Surroundings(shown_on) as surroundings:
        surroundings.open_window("--midi", "virtual")
        surroundings.report("ready")
        resident = resident_mb([surroundings.window_pid])
        proportional = proportional_mb([surroundings.window_pid])
        surroundings.close_window()
    if resident is None or proportional is None:
        raise NotMeasured("This system does not say how much memory a process has.")
    lines = fast_jam(options, MINUTES_QUICK if options.quick else MINUTES)
    (first, *later) = lines
    figures = {"memory_start_mb": resident, "memory_start_pss_mb": proportional, "memory_mb": resident}
    for line in later:
        figures[f"memory_{line['minute']:g}_min_mb"] = line["resident_mb"]
        figures["memory_mb"] = max(figures["memory_mb"], line["resident_mb"])
    growth = later[-1]["resident_mb"] - later[0]["resident_mb"]
    notes = later[-1]["notes"] - later[0]["notes"]
    return figures | {
        "memory_fast_start_mb": first["resident_mb"],
        "memory_growth_mb": growth,
        "memory_notes": float(later[-1]["notes"]),
        "memory_takes": float(later[-1]["takes"]),
        "memory_growth_bytes_a_note": growth * _MB / notes,
    }


def fast_jam(options: Options, minutes: tuple[float, ...]) -> list[dict[str, Any]]:
    """What the window's process told at its start and at each of the minutes."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    surroundings["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), surroundings.get("PYTHONPATH"))))
    with tempfile.TemporaryDirectory(prefix="coco-") as folder:
        command = [sys.executable, "-m", "ui.bench.fast_hour", folder, str(FRAME_SECONDS), *map(str, minutes)]
        with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = []
            for text in child.stdout:
                line = json.loads(text)
                lines.append(line)
                options.tell(
                    f"minute {line['minute']:g}: {line['resident_mb']:.1f} MB ({line['proportional_mb']:.1f} MB"
                    f" proportional), {line['notes']} notes, {line['takes']} takes, {line['frames']} frames"
                )
    if child.returncode or len(lines) != len(minutes) + 1:
        raise NotMeasured("The window's process failed; its last words stand above.")
    return lines

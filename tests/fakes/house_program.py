"""An engine that outlives its front ends, and writes all that goes out to a file; in a process of its own.

    python -m tests.fakes.house_program FOLDER BUNDLE LINGER_SECONDS

Lives in FOLDER, and writes FOLDER/wire.
"""

import os
import sys
from functools import partial
from pathlib import Path

from cocomposer.jam.settings import Settings, changed
from cocomposer.runtime.engine_address import Place
from cocomposer.runtime.engine_house import run_house
from cocomposer.runtime.news import Options
from tests.fakes.doomed_front_end import recorded_midi


def main(folder: Path, bundle: str, linger_seconds: float) -> None:
    """Live until told to end, or forgotten."""
    settings = changed(Settings(), {"length": "endless", "entry": "free"})
    options = Options(bundle, "cpu", settings=settings, realtime=False)
    place = Place(folder / "run", folder / "logs")
    code = run_house(options, place, linger_seconds, partial(recorded_midi, folder / "wire"))
    os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))

"""How long after its start the window can be used: it was painted, and the engine's ports are open. The real program,
with folders in which it never ran, so with its guide and an engine of its own."""

import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ui.bench.options import Options
from ui.bench.surroundings import Surroundings, screen

STARTS: Final = 5
_SERVER: Final = "cocobench"


def measure(options: Options) -> dict[str, float]:
    """Seconds from the start of the process: medians, and the worst start."""
    figures = starts(options, "virtual", "start")
    with _jack() as there:
        if there:
            figures |= starts(options, "jack", "start_jack")
        else:
            options.tell("no JACK server can be had here: start_jack is not measured")
    return figures


def starts(options: Options, midi: str, key: str) -> dict[str, float]:
    shown, opened, usable, ready = [], [], [], []
    for _ in range(options.amount(STARTS, 1)):
        with screen() as shown_on, Surroundings(shown_on) as surroundings:
            begun = surroundings.open_window("--midi", midi)
            told = surroundings.report("ready")
            surroundings.close_window()
        shown.append(told["shown"] - begun)
        opened.append(told["opened"] - begun)
        usable.append(told["usable"] - begun)
        ready.append(told["ready"] - begun)
        options.tell(
            f"{midi}: first frame {shown[-1]:.2f} s, ports open {opened[-1]:.2f} s, usable {usable[-1]:.2f} s,"
            f" ready to answer {ready[-1]:.2f} s"
        )
    return {
        f"{key}_s": statistics.median(usable),
        f"{key}_s_max": max(usable),
        f"{key}_first_frame_s": statistics.median(shown),
        f"{key}_ports_s": statistics.median(opened),
        f"{key}_ready_s": statistics.median(ready),
    }


@contextmanager
def _jack() -> Iterator[bool]:
    """A JACK server with no sound card, for our programs alone; whether there is one."""
    if shutil.which("jackd") is None or shutil.which("jack_wait") is None:
        yield False
        return
    ours = {"JACK_DEFAULT_SERVER": _SERVER, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    command = ["jackd", "--no-realtime", "--name", _SERVER, "-d", "dummy", "-r", "48000", "-p", "256"]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "jackd.log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            waited = subprocess.run(["jack_wait", "-s", _SERVER, "-w", "-t", "10"], check=False, capture_output=True)
            yield waited.returncode == 0 and server.poll() is None
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:  # needed now and then after clients died hard
                server.kill()
                server.wait()
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

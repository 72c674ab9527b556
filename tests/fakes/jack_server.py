"""A private, throw-away JACK server with the dummy driver: real MIDI ports on a machine without sound hardware.

`--sync` and 256 frames: with them no note was ever lost, even beside busy processes. The server's name must differ
from every client's, and one fixed name is used because only eight fit into JACK's registry.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

SERVER = "cocotest"
PERIOD_SECONDS = 256 / 48000
PROGRAMS = ("jackd", "jack_lsp", "jack_connect", "jack_midiseq", "jack_midi_dump", "jack_midi_clock", "jack_transport")
_DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
ENVIRONMENT = {"JACK_DEFAULT_SERVER": SERVER, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
_SHARED_MEMORY = Path("/dev/shm")


def missing_programs() -> list[str]:
    """Debian's jackd2 and jack-midi-clock hold them (setpriv is util-linux')."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def _other_servers() -> bool:
    return any(
        comm.read_text(errors="replace").strip() == "jackd"
        for comm in Path("/proc").glob("[0-9]*/comm")
        if comm.exists()
    )


def _realtime_allowed() -> bool:
    probe = "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(40))"
    return subprocess.run([sys.executable, "-c", probe], capture_output=True).returncode == 0


class JackServer:
    """Starts a server, and runs independent programs on it; `stop` ends all of them."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._programs: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        self._started_before = False

    def start(self) -> None:
        """RuntimeError with the server's own words if it does not come up within 10 s."""
        # Never pull the floor from under a server of somebody else, nor from under our own clients of a killed one.
        if not self._started_before and not _other_servers():
            for stale in _SHARED_MEMORY.glob("jack[-_]*"):
                shutil.rmtree(stale) if stale.is_dir() else stale.unlink(missing_ok=True)
            # A file where libjack wants a directory: no metadata database, which some clients race on.
            (_SHARED_MEMORY / f"jack_db-{os.getuid()}").touch()
        self._started_before = True
        # With real-time priority a busy machine does not stretch the server's own time; CI may grant it or not.
        priority = ["--realtime", "-P", "40"] if _realtime_allowed() else ["--no-realtime"]
        command = ["jackd", *priority, "--sync", "--name", SERVER, "-d", "dummy", "-r", "48000", "-p", "256"]
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [*_DIES_WITH_US, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        for _ in range(100):
            if subprocess.run(["jack_lsp"], capture_output=True).returncode == 0:
                return
            if self._server.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"jackd did not start: {self._log.read_text(errors='replace')}")

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def run(self, *command: str, output: Path | None = None) -> subprocess.Popen[bytes]:
        """Start an independent program, ended by `end` or with the server."""
        with (output or Path(os.devnull)).open("wb") as out:
            program = subprocess.Popen(
                [*_DIES_WITH_US, *command], stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL
            )
        self._programs.append(program)
        return program

    def end(self, program: subprocess.Popen[bytes]) -> None:
        """End one independent program."""
        self._programs.remove(program)
        if program.stdin is not None:
            program.stdin.close()
        program.terminate()
        try:
            program.wait(3)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()

    def ports(self) -> list[str]:
        """All ports as jack_lsp lists them."""
        return subprocess.run(["jack_lsp"], capture_output=True, text=True, check=True).stdout.splitlines()

    def connect(self, source: str, target: str) -> None:
        """Connect two ports, waiting for both to appear; RuntimeError after 5 s."""
        for _ in range(50):
            done = subprocess.run(["jack_connect", source, target], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"could not connect {source} to {target}: {self.ports()}")

    def stop(self) -> None:
        """End the programs and the server."""
        for program in list(self._programs):
            self.end(program)
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(3)
            except subprocess.TimeoutExpired:  # needed now and then after clients died hard
                self._server.kill()
                self._server.wait()
            self._server = None

"""`cocomposer jam` as a musician starts it: a program of its own, told by typing, watched by its lines of JSON."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

News = dict[str, Any]
IN, OUT = "cocomposer In:in", "cocomposer Out:out"
"""The app's ports as JACK lists them."""
STARTUP_SECONDS = 30.0
"""Patience only: two cores may be busy with something else. The figures to reach are the benchmarks' business."""
PATIENCE_SECONDS = 10.0


class JamProgram:
    """A running `cocomposer jam --json`. Everything that it prints is kept, in order."""

    def __init__(self, folder: Path, bundle: Path, *arguments: str) -> None:
        """Starts it in a process group of its own; `folder` takes what it writes on standard error."""
        self._errors = folder / f"jam-{time.monotonic_ns()}.err"
        with self._errors.open("wb") as errors:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "cocomposer", "jam", "--json", "--bundle", str(bundle), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        self._news: list[News] = []
        self._more = threading.Condition()
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            news = json.loads(line)
            with self._more:
                self._news.append(news)
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    @property
    def pid(self) -> int:
        return self._program.pid

    @property
    def errors(self) -> str:
        """What it wrote on standard error so far."""
        return self._errors.read_text(errors="replace")

    def mark(self) -> int:
        """Now, as a place in the news: for `expect` and `told`."""
        with self._more:
            return len(self._news)

    def told(self, kind: str, after: int = 0) -> list[News]:
        """All news of a kind so far, from a mark on."""
        with self._more:
            return [news for news in self._news[after:] if news["type"] == kind]

    def expect(
        self,
        kind: str,
        where: Callable[[News], bool] = lambda _: True,
        after: int = 0,
        count: int = 1,
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> News:
        """Wait for the `count`-th news of a kind after a mark; AssertionError says what came instead."""
        deadline = time.monotonic() + timeout_seconds
        with self._more:
            while True:
                found = [news for news in self._news[after:] if news["type"] == kind and where(news)]
                if len(found) >= count:
                    return found[count - 1]
                remaining = deadline - time.monotonic()
                if self._ended or remaining <= 0:
                    came = [news for news in self._news[after:] if news["type"] != "Status"][-12:]
                    raise AssertionError(
                        f"{kind} did not come within {timeout_seconds} s ({len(found)} of {count}); last: {came}; "
                        f"ended: {self._ended}; standard error: {self.errors!r}"
                    )
                self._more.wait(remaining)

    def ready(self) -> News:
        """Wait until it can answer."""
        return self.expect("Ready", timeout_seconds=STARTUP_SECONDS)

    def say(self, line: str) -> None:
        """Type a line."""
        assert self._program.stdin is not None
        self._program.stdin.write(line.encode() + b"\n")
        self._program.stdin.flush()

    def signal(self, number: signal.Signals, group: bool = False) -> None:
        """Send a signal to it alone, or to its whole group as a terminal does."""
        (os.killpg if group else os.kill)(self._program.pid, number)

    def wait(self, timeout_seconds: float = PATIENCE_SECONDS) -> int:
        """Its exit code, once it has ended."""
        return self._program.wait(timeout_seconds)

    def close(self) -> None:
        """End it and all that it started, whatever state they are in."""
        if self._program.poll() is None:
            self._program.terminate()
            try:
                self._program.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._program.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait()
        assert self._program.stdin is not None and self._program.stdout is not None
        self._program.stdin.close()
        with self._more:
            self._more.wait_for(lambda: self._ended, 1.0)
        self._program.stdout.close()


def parent_of(pid: int) -> int:
    """The process that started a process."""
    # The name, in parentheses, may hold anything; the parent is the second field after it.
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def alive(pid: int) -> bool:
    """Whether a process runs (a dead one that nobody has asked after yet does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], bool], timeout_seconds: float = PATIENCE_SECONDS) -> bool:
    """Look again and again until something is so; whether it is at last."""
    deadline = time.monotonic() + timeout_seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


StartJam = Callable[..., JamProgram]
"""Starts one with more arguments, and waits until it can answer."""

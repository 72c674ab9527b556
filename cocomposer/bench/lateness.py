"""How late notes go out while a model composes and a window paints: the playback loop among stand-ins for both.

Three processes as in a jam: the engine (playback loop and a jam-like thread), one that multiplies matrices in bursts
like the composer, one that paints 60 times a second. Measured at the send call. Knows no model and no window.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Final

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualOutput
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.priority import JAM_PRIORITY, NOT_GRANTED, request_realtime

MESSAGES: Final = 10_000
_GAP_SECONDS: Final = (0.006, 0.018)
"""From note to note; with its note-off each note is two messages, so these are 3 to 9 ms apart."""
_LENGTH_SECONDS: Final = (0.05, 0.3)
_LOOKAHEAD_SECONDS: Final = 0.3
_JAM_STEP_SECONDS: Final = 0.01
_JAM_BURST_SECONDS: Final = 0.0003
_COMPOSE_BURST_SECONDS: Final = 0.003
_COMPOSE_IDLE_SHARE: Final = 0.2
_FRAME_SECONDS: Final = 1 / 60
_PAINT_SECONDS: Final = 0.004
_SETTLE_SECONDS: Final = 1.0
_ONE_THREAD: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def measure(messages: int = MESSAGES, realtime: bool = True) -> dict[str, Any]:
    """Lateness in ms of `messages` messages (p50, p99, p99.9, max) and the priority that was granted.

    Takes about 6 ms a message. RuntimeError if the engine's process dies.
    """
    spawn = multiprocessing.get_context("spawn")
    hear, tell = spawn.Pipe(duplex=False)
    with _one_numeric_thread():
        started = [
            spawn.Process(target=_compose, name="composer", daemon=True),
            spawn.Process(target=paint, name="paint", daemon=True),
            spawn.Process(target=_engine, args=(tell, messages, realtime), name="engine", daemon=True),
        ]
        try:
            for child in started:
                child.start()
            tell.close()
            try:
                figures: dict[str, Any] = hear.recv()
            except EOFError:
                raise RuntimeError("the engine's process ended before it had measured anything") from None
            return figures
        finally:
            for child in started:
                if child.pid is not None:
                    child.kill()
                    child.join()
            hear.close()


def report(messages: int = MESSAGES) -> dict[str, Any]:
    """`measure` with real-time priority as far as it is granted, and under "without_realtime" without it."""
    return {**measure(messages, True), "without_realtime": measure(messages, False)}


@contextmanager
def _one_numeric_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _parent_lives() -> bool:
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _busy_until(moment: float) -> None:
    count: dict[int, int] = {}
    step = 0
    while time.perf_counter() < moment:
        count[step % 97] = count.get(step % 97, 0) + step
        step += 1


def _compose() -> None:
    import numpy as np

    chance = np.random.default_rng(1)
    weights = chance.standard_normal((256, 1024)).astype(np.float32)
    hidden = chance.standard_normal((4, 256)).astype(np.float32)
    while _parent_lives():
        end = time.perf_counter() + _COMPOSE_BURST_SECONDS
        while time.perf_counter() < end:
            hidden = np.tanh(hidden @ weights @ weights.T / 1024)
        if chance.random() < _COMPOSE_IDLE_SHARE:
            time.sleep(_COMPOSE_BURST_SECONDS)


def paint() -> None:
    """What a window does to the machine, until the parent process ends: a child's main function."""
    import numpy as np

    canvas = np.zeros((600, 1200, 4), dtype=np.uint8)
    frame = 0
    while _parent_lives():
        began = time.perf_counter()
        while time.perf_counter() < began + _PAINT_SECONDS:
            frame += 1
            canvas[frame * 7 % 590 :][:8, frame * 13 % 1100 :][:, :60] = frame % 256
        time.sleep(max(0.0, began + _FRAME_SECONDS - time.perf_counter()))


def _engine(tell: Connection, messages: int, realtime: bool) -> None:
    clock = SystemClock()
    shown: deque[tuple[float, float]] = deque(maxlen=4096)
    loop = PlaybackLoop(clock, on_sent=lambda due, sent, *_: shown.append((due, sent)), realtime=realtime)
    loop.attach(VirtualOutput(clock))
    loop.start()
    jam_priority: list[str] = []
    jam = threading.Thread(target=_jam, args=(loop, clock, messages // 2, realtime, jam_priority))
    jam.start()
    jam.join()
    figures = loop.lateness()
    loop.stop()
    tell.send({**figures, "dropped": loop.dropped, "priority": loop.priority, "jam_priority": jam_priority[0]})
    tell.close()


def _jam(loop: PlaybackLoop, clock: SystemClock, notes: int, realtime: bool, granted: list[str]) -> None:
    granted.append(request_realtime(JAM_PRIORITY) if realtime else NOT_GRANTED)
    chance = random.Random(1)
    onset = clock.now() + _SETTLE_SECONDS
    note, last_off = 0, onset
    while note < notes or clock.now() < last_off + _JAM_STEP_SECONDS:
        while note < notes and onset < clock.now() + _LOOKAHEAD_SECONDS:
            off = onset + chance.uniform(*_LENGTH_SECONDS)
            loop.add_note(1, 0, 21 + note % 88, 80, onset, off, note)
            last_off = max(last_off, off)
            onset += chance.uniform(*_GAP_SECONDS)
            note += 1
        _busy_until(clock.now() + _JAM_BURST_SECONDS)
        time.sleep(_JAM_STEP_SECONDS - _JAM_BURST_SECONDS)


def _table(figures: dict[str, Any]) -> str:
    late = " ".join(f"{figures[f'lateness_ms_{key}']:8.3f}" for key in ("p50", "p99", "p999", "max"))
    return f"{late}   {figures['priority']} (jam: {figures['jam_priority']}), {figures['messages']} messages"


def main(arguments: list[str] | None = None) -> int:
    """Print the table, and with --json the same as one JSON object in the last line."""
    options = argparse.ArgumentParser(prog="lateness", description="How late notes go out, in ms.")
    options.add_argument("--messages", type=int, default=MESSAGES)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(arguments)
    if chosen.messages < 2:
        options.error("--messages must be at least 2")
    figures = report(chosen.messages)
    print("ms at the send call:  p50      p99    p99.9      max   priority", file=sys.stderr)
    print(" " * 16, _table(figures), file=sys.stderr)
    print(" " * 16, _table(figures["without_realtime"]), file=sys.stderr)
    if chosen.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""A front end's side of an engine in its own process: start it, give commands, read news. Knows no MIDI.

For an engine that plays on without its front end, see `joining`.
"""

import contextlib
import multiprocessing
from collections.abc import Callable

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.runtime.engine import run_engine
from cocomposer.runtime.engine_line import EngineGone, EngineLine
from cocomposer.runtime.news import Options, Quit
from cocomposer.runtime.port_keeper import MidiSystem

__all__ = ["EngineGone", "EngineProcess"]

_STOP_SECONDS = 5.0


class EngineProcess(EngineLine):
    """An engine that lives as long as this object, or as this process: it ends when the pipe closes."""

    def __init__(self, options: Options, midi: Callable[[SystemClock], MidiSystem] | None = None) -> None:
        """`midi` makes what replaces the machine's MIDI system, in the engine's process (for benchmarks and tests)."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # Not a daemon: the engine has a child of its own, and it must have time to end what sounds.
        self._process = context.Process(
            target=run_engine,
            args=(theirs, msgspec.msgpack.encode(options), midi),
            name="cocomposer engine",
            daemon=False,
        )
        self._process.start()
        theirs.close()
        super().__init__(ours)

    @property
    def pid(self) -> int:
        """The engine's process."""
        assert self._process.pid is not None
        return self._process.pid

    def close(self) -> None:
        """End the engine and wait for it."""
        with contextlib.suppress(EngineGone):
            self.send(Quit())
        self._process.join(_STOP_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_STOP_SECONDS)
        self.hang_up()

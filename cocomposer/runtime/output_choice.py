"""Which of the open outputs is played on, and which are lights of controllers. Opens nothing itself."""

import threading
from collections.abc import Sequence

from cocomposer.ports import MidiOutput
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import WantedPort


class OutputChoice:
    """Plays on the first of the preferred outputs that is open, else on our own, else on none.

    A light may be the port that is played on; may be asked and told from any thread.
    """

    def __init__(self, playback: PlaybackLoop, preferred: Sequence[str] = (), lights: Sequence[str] = ()) -> None:
        """Both by the names of the wanted ports."""
        self._playback = playback
        self._preferred, self._lights = tuple(preferred), tuple(lights)
        self._open: dict[WantedPort, MidiOutput] = {}
        self._playing: WantedPort | None = None
        self._lock = threading.RLock()

    @property
    def playing_on(self) -> WantedPort | None:
        """The port that is played on."""
        return self._playing

    @property
    def lit(self) -> tuple[str, ...]:
        """The lights that are open."""
        with self._lock:
            return tuple(port.name for port in self._open if self.is_light(port))

    def is_light(self, port: WantedPort) -> bool:
        """Whether that port is there for lights (too)."""
        return not port.own and port.name in self._lights

    def prefer(self, preferred: Sequence[str], lights: Sequence[str]) -> None:
        """Another choice from now on, among what is open and what will be."""
        with self._lock:
            self._preferred, self._lights = tuple(preferred), tuple(lights)
            self._choose()

    def changed(self, wanted: WantedPort, port: MidiOutput | None) -> bool:
        """An output was opened, or lost (None); whether it is, or was, played on."""
        with self._lock:
            before = self._playing
            if port is None:
                self._open.pop(wanted, None)
            else:
                self._open[wanted] = port
            self._choose()
            return wanted in (before, self._playing)

    def wanted(self, output: MidiOutput) -> WantedPort | None:
        """Which wanted port that output is; None if it is not counted as open any more."""
        with self._lock:
            return next((wanted for wanted, port in self._open.items() if port is output), None)

    def light(self, data: bytes) -> list[WantedPort]:
        """Send this to all lights now; those that failed."""
        failed = []
        with self._lock:
            for wanted, port in self._open.items():
                if not self.is_light(wanted):
                    continue
                try:
                    if wanted == self._playing:
                        self._playback.send_beside(port, data)
                    else:
                        port.send(data)
                except OSError:
                    failed.append(wanted)
        return failed

    def _choose(self) -> None:
        fit = [port for port in self._open if port.own or port.name in self._preferred]
        best = min(fit, key=self._rank, default=None)
        self._playing = best
        if best is None:
            self._playback.detach()
        else:
            self._playback.attach(self._open[best])

    def _rank(self, port: WantedPort) -> int:
        return len(self._preferred) if port.own else self._preferred.index(port.name)

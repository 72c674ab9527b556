"""Which of the open outputs is played on. Knows no port names beyond our own, and opens nothing."""

from cocomposer.ports import MidiOutput
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import WantedPort


class OutputChoice:
    """Plays on the first named output that is open, else on our own, else on none."""

    def __init__(self, playback: PlaybackLoop) -> None:
        self._playback = playback
        self._open: dict[WantedPort, MidiOutput] = {}

    def changed(self, wanted: WantedPort, port: MidiOutput | None) -> None:
        """An output was opened, or lost (None)."""
        if port is None:
            self._open.pop(wanted, None)
        else:
            self._open[wanted] = port
        best = min(self._open, key=lambda candidate: candidate.own, default=None)
        if best is None:
            self._playback.detach()
        else:
            self._playback.attach(self._open[best])

    def wanted(self, output: MidiOutput) -> WantedPort | None:
        """Which wanted port that output is; None if it is not counted as open any more. From any thread."""
        return next((wanted for wanted, port in list(self._open.items()) if port is output), None)

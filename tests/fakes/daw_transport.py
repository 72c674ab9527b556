"""A DAW that rolls and gives the beat: jack_transport is its buttons, jack_midi_clock its MIDI clock."""

from types import TracebackType

from tests.fakes.jack_server import JackServer

CLOCK = "jack_midi_clock:mclk_out"
"""Its port."""


class DawTransport:
    """Opened as a context, stopped and at the beginning of its song."""

    def __init__(self, server: JackServer, bpm: float) -> None:
        self._server, self._bpm = server, bpm

    def __enter__(self) -> "DawTransport":
        self._buttons = self._server.run("jack_transport")
        self._say("stop", "master", f"tempo {self._bpm:g}", "locate 0")
        # -P: no song position, which this program sends two seconds before it continues.
        self._clock = self._server.run("jack_midi_clock", "-P")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say("stop", "locate 0", "exit")
        self._server.end(self._clock)
        self._server.end(self._buttons)

    def play(self) -> None:
        self._say("play")

    def stop(self) -> None:
        self._say("stop")

    def _say(self, *lines: str) -> None:
        assert self._buttons.stdin is not None
        self._buttons.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._buttons.stdin.flush()

"""A MIDI keyboard that a test plays by hand: a JACK client of its own, through mido, that knows nothing of the app."""

import time
from collections.abc import Sequence
from types import TracebackType

import mido

BACKEND = "mido.backends.rtmidi/UNIX_JACK"
PORT = "keyboard:out"
CHANNEL = 1
"""From 0: not the app's, so that a recording of both can be told apart."""


class Keyboard:
    """Opened as a context."""

    def __enter__(self) -> "Keyboard":
        self._port = mido.Backend(BACKEND).open_output("out", virtual=True, client_name="keyboard")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._port.close()

    def press(self, pitch: int, velocity: int = 80) -> None:
        self._port.send(mido.Message("note_on", channel=CHANNEL, note=pitch, velocity=velocity))

    def release(self, pitch: int) -> None:
        self._port.send(mido.Message("note_off", channel=CHANNEL, note=pitch))

    def pedal(self, control: int) -> None:
        """Down and up again."""
        for value in (127, 0):
            self._port.send(mido.Message("control_change", channel=CHANNEL, control=control, value=value))

    def play(self, pitches: Sequence[int], gap_seconds: float = 0.12) -> None:
        """One after another: a sound of two thirds of the gap, then a rest. Returns at the end of the last rest."""
        for pitch in pitches:
            self.press(pitch)
            time.sleep(gap_seconds * 2 / 3)
            self.release(pitch)
            time.sleep(gap_seconds / 3)

"""What was on a wire, recorded by an independent program: jack_midi_dump, with the JACK frame of each message."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cocomposer.music.message import CC_SUSTAIN, CONTROL_CHANGE, NOTE_OFF, NOTE_ON, channel_of, kind_of
from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import PATIENCE_SECONDS, until

RATE = 48000
_LINE = re.compile(r"^\s*(\d+):((?: [0-9a-f]{2})+)")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message; the moment is JACK's own, in seconds since the recording began."""

    at_seconds: float
    data: bytes

    @property
    def begins(self) -> bool:
        return kind_of(self.data) == NOTE_ON and self.data[2] > 0

    @property
    def ends(self) -> bool:
        return kind_of(self.data) == NOTE_OFF or (kind_of(self.data) == NOTE_ON and self.data[2] == 0)


class Tape:
    """A running recording. Several ports may be connected to it: they are told apart by their MIDI channels."""

    def __init__(self, server: JackServer, file: Path) -> None:
        self._server, self._file = server, file
        self._port = f"{file.stem}:input"
        self._program: subprocess.Popen[bytes] = server.run(
            "stdbuf", "-oL", "jack_midi_dump", "-a", file.stem, output=file
        )

    def listen_to(self, port: str) -> None:
        """Record what comes out of this port too."""
        self._server.connect(port, self._port)

    def messages(self, channel: int | None = None) -> list[Recorded]:
        """All so far; with `channel` (from 0) only the notes and controllers of that one."""
        lines = self._file.read_text(errors="replace").splitlines(keepends=True)
        found = [_LINE.match(line) for line in lines if line.endswith("\n")]
        all_of_them = [Recorded(int(m[1]) / RATE, bytes.fromhex(m[2])) for m in found if m is not None]
        if channel is None:
            return all_of_them
        return [m for m in all_of_them if kind_of(m.data) < 0xF0 and channel_of(m.data) == channel]

    def wait(
        self,
        channel: int,
        true: Callable[[list[Recorded]], bool],
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> list[Recorded]:
        """The messages of a channel as soon as something is true of them; AssertionError if that never happens."""
        assert until(lambda: true(self.messages(channel)), timeout_seconds), self.messages(channel)[-20:]
        return self.messages(channel)

    def end(self) -> None:
        self._server.end(self._program)


NewTape = Callable[..., Tape]
"""Starts a recording of the ports named."""


def sounding(messages: list[Recorded]) -> set[tuple[int, int]]:
    """(channel, pitch) of the notes that were begun and not ended, and (channel, -1) where the pedal is down.

    AssertionError where a note is begun twice or ended twice: then ons and offs do not belong together.
    """
    open_notes: set[tuple[int, int]] = set()
    for message in messages:
        key = (channel_of(message.data), message.data[1])
        if message.begins:
            assert key not in open_notes, f"{key} begun twice at {message.at_seconds:.3f} s"
            open_notes.add(key)
        elif message.ends:
            assert key in open_notes, f"{key} ended twice at {message.at_seconds:.3f} s"
            open_notes.discard(key)
        elif kind_of(message.data) == CONTROL_CHANGE and message.data[1] == CC_SUSTAIN:
            pedal = (channel_of(message.data), -1)
            (open_notes.add if message.data[2] >= 64 else open_notes.discard)(pedal)
    return open_notes


def onsets(messages: list[Recorded]) -> list[float]:
    """When notes were begun."""
    return [message.at_seconds for message in messages if message.begins]

"""The wire undone: a stream of MIDI 1.0 bytes, cut anywhere, becomes complete messages with their status.

Some drivers hand over raw bytes with running status and real-time bytes in between; everything behind this
file sees one complete message at a time. Knows neither ports nor time. It never raises: what cannot be
understood is left out. Source: MIDI 1.0 Detailed Specification, "Running Status" and tables I to V.
"""

from typing import Final

from cocomposer.music.message import SYSEX

SYSEX_END: Final = 0xF7
_REAL_TIME: Final = 0xF8
_DATA_BYTES_CHANNEL: Final = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_DATA_BYTES_SYSTEM: Final = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}
_REAL_TIME_DEFINED: Final = frozenset((0xF8, 0xFA, 0xFB, 0xFC, 0xFE, 0xFF))


def data_bytes_after(status: int) -> int | None:
    """How many data bytes follow a status byte; None if it is undefined, or a system exclusive of any length."""
    if status < 0x80:
        return None
    if status < SYSEX:
        return _DATA_BYTES_CHANNEL[status & 0xF0]
    if status in _REAL_TIME_DEFINED:
        return 0
    return _DATA_BYTES_SYSTEM.get(status)


class WireParser:
    """Feed it bytes as they come; it gives back each message as soon as its last byte is there."""

    def __init__(self, sysex_limit: int = 0) -> None:
        """System exclusive messages of up to `sysex_limit` bytes (F0 and F7 counted) are passed on, others dropped."""
        self._sysex_limit = sysex_limit
        self._pending = bytearray()
        self._wanted = 0
        self._running = 0
        self._in_sysex = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The messages completed by `chunk`, in the order of their last bytes."""
        messages: list[bytes] = []
        for byte in chunk:
            if byte >= _REAL_TIME:
                if byte in _REAL_TIME_DEFINED:
                    messages.append(bytes((byte,)))
            elif byte >= 0x80:
                self._begin(byte, messages)
            elif self._in_sysex:
                if len(self._pending) <= self._sysex_limit:  # one too many marks it as too long
                    self._pending.append(byte)
            else:
                self._data(byte, messages)
        return messages

    def reset(self) -> None:
        """Forget a message begun and the running status, as after a port was opened anew."""
        self._pending.clear()
        self._running = 0
        self._in_sysex = False

    def _begin(self, status: int, messages: list[bytes]) -> None:
        if status == SYSEX_END:
            if self._in_sysex and len(self._pending) < self._sysex_limit:
                self._pending.append(status)
                messages.append(bytes(self._pending))
            self.reset()
            return
        self.reset()
        if status == SYSEX:
            self._in_sysex = True
            self._pending.append(status)
            return
        wanted = data_bytes_after(status)
        if wanted is None:
            return
        if wanted == 0:
            messages.append(bytes((status,)))
            return
        self._pending.append(status)
        self._wanted = wanted
        if status < SYSEX:
            self._running = status

    def _data(self, byte: int, messages: list[bytes]) -> None:
        if not self._pending:
            if not self._running:
                return
            self._pending.append(self._running)
            self._wanted = _DATA_BYTES_CHANNEL[self._running & 0xF0]
        self._pending.append(byte)
        if len(self._pending) > self._wanted:
            messages.append(bytes(self._pending))
            self._pending.clear()

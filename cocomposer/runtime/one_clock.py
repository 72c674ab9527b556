"""One clock at a time: of several inputs only one gives the beat, for two clocks merged are none.

Knows which input a message came from and when, not what it means for the beat.
"""

import threading
from typing import Final

from cocomposer.music.message import CLOCK, CONTINUE, SONG_POSITION, START, STOP, TimedMessage, kind_of
from cocomposer.runtime.port_keeper import WantedPort

SILENT_SECONDS: Final = 2.0
"""An input that has sent no clock for so long gives the beat no more."""
_TRANSPORT: Final = frozenset((SONG_POSITION, CLOCK, START, CONTINUE, STOP))


class OneClock:
    """Says which messages to let through. The first input that sends a clock gives the beat, our own before others.

    While none does, starts, stops and song positions of all inputs are let through: some DAWs only send a clock
    once they have started. May be asked from any thread.
    """

    def __init__(self) -> None:
        self._giver: WantedPort | None = None
        self._last_seconds = 0.0
        self._lock = threading.Lock()

    def lets_through(self, wanted: WantedPort, message: TimedMessage) -> bool:
        """Whether this complete message, heard on that input, is to be taken notice of."""
        kind = kind_of(message.data)
        if kind not in _TRANSPORT:
            return True
        with self._lock:
            if self._giver is not None and message.at_seconds - self._last_seconds > SILENT_SECONDS:
                self._giver = None
            if kind == CLOCK and (self._giver is None or wanted.own):
                self._giver = wanted
            if self._giver == wanted and kind == CLOCK:
                self._last_seconds = message.at_seconds
            return self._giver is None or self._giver == wanted

    def forget(self, wanted: WantedPort) -> None:
        """That input has gone: another may give the beat at once."""
        with self._lock:
            if self._giver == wanted:
                self._giver = None

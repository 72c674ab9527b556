"""Our own notes that come back on the input: told from the player's, and complained of once. Knows no music."""

from typing import Final

from cocomposer.capture.echo import EchoGuard
from cocomposer.jam import inputs
from cocomposer.jam.state import State
from cocomposer.music.message import TimedMessage

WARNED_FROM: Final = 16
"""So many are no accident."""


class Echoes:
    """Those of one jam."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._guard = EchoGuard()
        self._warned = False

    @property
    def count(self) -> int:
        """How many came back so far."""
        return self._guard.echoes

    def sent(self, event: inputs.Sent) -> None:
        """This went out."""
        self._guard.sent(event.at_seconds, event.data, event.passed_on)

    def is_ours(self, message: TimedMessage) -> bool:
        """Whether what arrives is ours."""
        if not self._guard.is_echo(message):
            return False
        if self.count >= WARNED_FROM and not self._warned:
            self._warned = True
            self._state.say(
                "Our own notes come back on the input (the DAW passes on what it hears); they are ignored, "
                "but better switch off that track's MIDI output to cocomposer."
            )
        return True

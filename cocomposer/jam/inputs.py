"""All that can happen to a jam, as values. They also travel from front ends to the engine."""

from typing import Any, Literal

import msgspec

from cocomposer.generation.request import Reply


class Arrived(msgspec.Struct, frozen=True, tag=True):
    """A MIDI message came in."""

    at_seconds: float
    data: bytes


class Sent(msgspec.Struct, frozen=True, tag=True):
    """A message of ours went out."""

    at_seconds: float
    data: bytes
    passed_on: bool = False
    """It is the player's own, passed on (thru)."""


class Woke(msgspec.Struct, frozen=True, tag=True):
    """Nothing but time has passed."""


class TakeOver(msgspec.Struct, frozen=True, tag=True):
    """Answer now."""


class StopAnswer(msgspec.Struct, frozen=True, tag=True):
    """Stop the machine and listen."""


class Reset(msgspec.Struct, frozen=True, tag=True):
    """Stop, and forget all that was played."""


class Panic(msgspec.Struct, frozen=True, tag=True):
    """Silence everything, whatever it takes."""


class Tap(msgspec.Struct, frozen=True, tag=True):
    """The musician taps the beat."""

    at_seconds: float


class Change(msgspec.Struct, frozen=True, tag=True):
    """Change some settings."""

    changes: dict[str, Any]


class Learn(msgspec.Struct, frozen=True, tag=True):
    """The next controller or key becomes the trigger of this command."""

    command: Literal["take_over", "reset"]


class PortLost(msgspec.Struct, frozen=True, tag=True):
    """A port went away."""

    is_input: bool
    sentence: str


class PortOpened(msgspec.Struct, frozen=True, tag=True):
    """A port was opened or came back."""

    is_input: bool
    sentence: str


Command = TakeOver | StopAnswer | Reset | Panic | Tap | Change | Learn
Input = Arrived | Sent | Woke | Command | Reply | PortLost | PortOpened

"""Notes as values: as played (in seconds) and as placed on the beat (in ticks). Knows no wire and no clock."""

from dataclasses import dataclass
from enum import IntEnum


class Pedal(IntEnum):
    """The sustain pedal at the moment a note begins."""

    UNKNOWN = 0
    """No pedal was heard in this music at all."""
    UP = 1
    DOWN = 2
    """Held since before the note in front of this one."""
    FRESH = 3
    """Pressed (again) since the note in front of this one."""


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """One key stroke as it was played; all moments are seconds of the arrival clock."""

    onset_seconds: float
    release_seconds: float | None
    """When the key came up; None while it is still held."""
    pitch: int
    velocity: int
    channel: int = 0
    pedal: Pedal = Pedal.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note on the tick axis. Ordered by onset, then pitch: the order in which the model hears notes."""

    onset_tick: int
    pitch: int
    duration_ticks: int
    velocity: int
    channel: int = 0
    pedal: Pedal = Pedal.UNKNOWN

    @property
    def end_tick(self) -> int:
        """The first tick at which the note no longer sounds."""
        return self.onset_tick + self.duration_ticks

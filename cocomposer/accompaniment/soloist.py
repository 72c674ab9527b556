"""What an accompanist hears of the player besides the chords: how loudly, how densely, how high, and whether at all.

Told of keys with their ticks, ascending. Knows no chord and no beat but its length.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import SAME_MOMENT_TICKS
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.ticks import TICKS_PER_BEAT

STRIKES_REMEMBERED: Final = 256
LOUDNESS_STRIKES: Final = 12
"""So many of the last strikes tell how loudly the player plays."""
USUAL_VELOCITY: Final = 72
LATELY_BEATS: Final = 8
"""Density and register are those of so many beats."""


@dataclass(frozen=True, slots=True)
class Strike:
    """A key that went down."""

    tick: int
    pitch: int
    velocity: int


class Soloist:
    """Drums are not heard."""

    def __init__(self) -> None:
        self._strikes: deque[Strike] = deque(maxlen=STRIKES_REMEMBERED)
        self._held: dict[tuple[int, int], int] = {}
        """(channel, pitch) of keys that are down → tick."""
        self._last_sound: int | None = None

    def strike(self, tick: int, pitch: int, velocity: int, channel: int = 0) -> None:
        """A key went down."""
        if channel != DRUM_CHANNEL:
            self._strikes.append(Strike(tick, pitch, velocity))
            self._held[channel, pitch] = tick
            self._last_sound = tick

    def release(self, tick: int, pitch: int, channel: int = 0) -> None:
        """A key came up."""
        if self._held.pop((channel, pitch), None) is not None:
            self._last_sound = tick

    @property
    def has_played(self) -> bool:
        """Whether anything was struck at all."""
        return self._last_sound is not None

    def rests_at(self, tick: int, patience_ticks: int) -> bool:
        """Whether nothing has sounded for so long."""
        return self._last_sound is None or (not self._held and tick - self._last_sound >= patience_ticks)

    @property
    def velocity(self) -> int:
        """How loudly: the mean velocity of the last strikes."""
        lately = list(self._strikes)[-LOUDNESS_STRIKES:]
        return round(sum(strike.velocity for strike in lately) / len(lately)) if lately else USUAL_VELOCITY

    def onsets_per_beat(self, tick: int) -> float:
        """How densely: moments with a strike, chords counted once."""
        first = min((strike.tick for strike in self._strikes), default=tick)
        last, count = -TICKS_PER_BEAT, 0
        for strike in self._lately(tick):
            if count == 0 or strike.tick - last > SAME_MOMENT_TICKS:
                count, last = count + 1, strike.tick
        beats = min(float(LATELY_BEATS), max(1.0, (tick - first) / TICKS_PER_BEAT))
        return count / beats

    def top(self, tick: int) -> int | None:
        """The highest pitch lately; None if there was none."""
        return max((strike.pitch for strike in self._lately(tick)), default=None)

    @property
    def melody(self) -> int | None:
        """The highest pitch that is held, or else was struck last; None before any."""
        if self._held:
            return max(pitch for _, pitch in self._held)
        return self._strikes[-1].pitch if self._strikes else None

    def tones_since(self, tick: int) -> frozenset[int]:
        """Pitch classes struck at or after a tick."""
        return frozenset(strike.pitch % PITCH_CLASSES for strike in self._strikes if strike.tick >= tick)

    @property
    def held_tones(self) -> frozenset[int]:
        """Pitch classes of keys that are down."""
        return frozenset(pitch % PITCH_CLASSES for _, pitch in self._held)

    def _lately(self, tick: int) -> Iterator[Strike]:
        begins = tick - LATELY_BEATS * TICKS_PER_BEAT
        return (strike for strike in self._strikes if strike.tick >= begins)

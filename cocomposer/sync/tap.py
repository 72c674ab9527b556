"""A tempo tapped by the player. Knows no grid: that a tap is also a beat is `transport`'s business."""

import itertools
from collections import deque
from statistics import median
from typing import Final

PAUSE_SECONDS: Final = 2.5
BPM_LEAST: Final = 20.0
BPM_MOST: Final = 300.0
INTERVALS_REMEMBERED: Final = 6


class TapTempo:
    """Taps in, beats a minute out."""

    def __init__(self, pause_seconds: float = PAUSE_SECONDS) -> None:
        """After a pause longer than `pause_seconds` a tap is the first of a new series."""
        self._pause = pause_seconds
        self._taps: deque[float] = deque(maxlen=INTERVALS_REMEMBERED + 1)
        self._count = 0

    @property
    def count(self) -> int:
        """How many taps the present series has."""
        return self._count

    def reset(self) -> None:
        """Forget the taps."""
        self._taps.clear()
        self._count = 0

    def tap(self, at_seconds: float) -> float | None:
        """The tempo in BPM (20–300) by the median of the latest intervals; None for the first tap of a series."""
        if self._taps and not 0.0 < at_seconds - self._taps[-1] <= self._pause:
            self.reset()
        self._taps.append(at_seconds)
        self._count += 1
        if len(self._taps) < 2:
            return None
        taps = list(self._taps)
        beat = median(later - earlier for earlier, later in itertools.pairwise(taps))
        return min(BPM_MOST, max(BPM_LEAST, 60.0 / beat))

"""A tempo tapped by the player. Knows no grid: that a tap is also a beat is `transport`'s business."""

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

    def reset(self) -> None:
        """Forget the taps."""
        self._taps.clear()

    def tap(self, at_seconds: float) -> float | None:
        """The tempo in BPM (20–300) by the median of the latest intervals; None for the first tap of a series."""
        if self._taps and not 0.0 <= at_seconds - self._taps[-1] <= max(self._pause, self._twice_the_beat()):
            self._taps.clear()
        self._taps.append(at_seconds)
        if len(self._taps) < 2:
            return None
        beat = self._beat()
        return BPM_MOST if beat * BPM_MOST <= 60.0 else max(BPM_LEAST, 60.0 / beat)

    def _twice_the_beat(self) -> float:
        """A slow tapper's beat may itself be longer than the pause: 20 BPM is 3 s a beat."""
        return 0.0 if len(self._taps) < 2 else min(2 * self._beat(), 120.0 / BPM_LEAST) if self._beat() > 1.25 else 0.0

    def _beat(self) -> float:
        taps = list(self._taps)
        return median(later - earlier for earlier, later in zip(taps, taps[1:], strict=False))

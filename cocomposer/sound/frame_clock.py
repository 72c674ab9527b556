"""Which frame is heard for a moment: sound cards ask for sound in blocks, and a rhythm must not be rounded to them.

A sound card counts frames by its own crystal and asks early, late or twice in a row. From the moments at which it asked
this keeps a smooth estimate of when its frame 0 was, and places each message a fixed, small delay after its moment, so
that it falls into the block that is made next. Knows no clock: all moments are given, in seconds of one clock.
"""

from typing import Final

_SMOOTHING: Final = 0.02
"""How far one request moves the estimate: half a second's worth of blocks of 10 ms, enough for any crystal's drift."""
_TOO_FAR_SECONDS: Final = 0.1
"""An error that is no jitter: the card paused, or the machine slept."""


class FrameClock:
    """Moments → frames."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._zero: float | None = None
        self._longest = 0

    def asked(self, first_frame: int, frames: int, at_seconds: float) -> None:
        """The card asked at this moment for so many frames beginning with this one."""
        zero = at_seconds - first_frame / self._rate
        if self._zero is None or abs(zero - self._zero) > _TOO_FAR_SECONDS:
            self._zero, self._longest = zero, 0
        self._zero += _SMOOTHING * (zero - self._zero)
        self._longest = max(self._longest, frames)

    def frame_at(self, at_seconds: float) -> int:
        """Where a message of this moment belongs: one block later, not yet asked for. 0 before the first request."""
        if self._zero is None:
            return 0
        return round((at_seconds - self._zero) * self._rate) + self._longest

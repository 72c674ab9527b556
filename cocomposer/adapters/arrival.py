"""When a message arrived, better than the callback's own clock knows: from the driver's time differences.

A callback into Python may come milliseconds late, because it waits for the interpreter; the driver's `delta` was
stamped before. Pure arithmetic: knows no library and reads no clock.
"""

from typing import Final

REANCHOR_SECONDS: Final = 0.05
"""If summed deltas fall this far behind the clock they have lost something; greater than a busy interpreter delays."""
LONG_PAUSE_SECONDS: Final = 5.0
"""After a pause as long as this the sum is begun anew: no playing spans it, and drift adds up meanwhile."""
CREEP: Final = 500e-6
"""How fast the sum follows the clock forwards: above the drift seen between driver and clock (about 200 ppm)."""


class ArrivalStamps:
    """Turns (delta, now) of each message into the moment of its arrival, in the order of arrival.

    The stamps never run ahead of `now` and never go backwards. The smallest delay seen counts as none (a minimum
    filter): later messages keep the driver's spacing from there.
    """

    def __init__(self) -> None:
        self._last: float | None = None

    def stamp(self, delta: float, now: float) -> float:
        """Arrival in seconds of a message `delta` seconds after the one before, whose callback ran at `now`."""
        last = self._last
        if last is None or not 0.0 <= delta < LONG_PAUSE_SECONDS:
            at_seconds = now
        else:
            at_seconds = min(last + delta * (1.0 + CREEP), now)
            if now - at_seconds > REANCHOR_SECONDS:
                at_seconds = now
        self._last = at_seconds
        return at_seconds

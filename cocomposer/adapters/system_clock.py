"""The machine's clock as the engine's `Clock`. Knows nothing of music.

`time.perf_counter`, because of the standard library's clocks it alone is at once monotonic, finer than a microsecond
on every platform, and counted from an origin that all processes of one machine share (Linux: CLOCK_MONOTONIC,
macOS: mach_absolute_time, Windows: QueryPerformanceCounter). So a moment stamped in the engine means the same
in the window and in the composer. It says nothing about the date, and it may stand still while the machine sleeps.
"""

import time


class SystemClock:
    """Real seconds."""

    def now(self) -> float:
        """Seconds since an origin common to all processes of this machine."""
        return time.perf_counter()

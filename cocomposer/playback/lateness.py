"""How late messages went out, kept in bounded memory: a histogram of fixed steps. Knows no clock."""

from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np

STEP_SECONDS: Final = 10e-6
STEPS: Final = 5000
"""50 ms in steps of 10 µs; what is later still counts as the last step, and the maximum is kept exactly."""


class LatenessHistogram:
    """Counts of (sent minus due), in seconds; recording costs the same at the first and at the billionth message."""

    def __init__(self) -> None:
        self._counts = array("Q", bytes(8 * (STEPS + 1)))
        self._total = 0
        self._worst = 0.0

    @property
    def count(self) -> int:
        """How many were recorded."""
        return self._total

    @property
    def worst_seconds(self) -> float:
        """The greatest lateness; 0 if nothing was recorded."""
        return self._worst

    def record(self, late_seconds: float) -> None:
        """Count one message."""
        self._counts[min(STEPS, max(0, int(late_seconds / STEP_SECONDS)))] += 1
        self._total += 1
        self._worst = max(self._worst, late_seconds)

    def quantile(self, share: float) -> float:
        """The lateness in seconds that `share` (0–1) of all messages did not exceed, at most one step too high.

        0 if nothing was recorded.
        """
        if not self._total:
            return 0.0
        # By numpy: it is asked under the playback loop's lock.
        seen = np.cumsum(np.frombuffer(self._counts, np.uint64))
        step = int(np.searchsorted(seen, max(1.0, share * self._total)))
        return self._worst if step >= STEPS else min(self._worst, (step + 1) * STEP_SECONDS)

    def counts(self, edges_ms: Sequence[float]) -> tuple[int, ...]:
        """How many were at most as late as each edge (ascending, in whole steps) and later than the one before; last,
        how many were later than all."""
        ends = [min(STEPS, round(edge / 1e3 / STEP_SECONDS)) for edge in edges_ms]
        starts = [0, *ends]
        counts = np.frombuffer(self._counts, np.uint64)
        return tuple(int(counts[first:end].sum()) for first, end in zip(starts, [*ends, STEPS + 1], strict=True))

    def in_milliseconds(self) -> dict[str, float]:
        """p50, p99, p99.9, maximum and count, under the keys of the benchmark's report."""
        return {
            "lateness_ms_p50": round(self.quantile(0.5) * 1e3, 3),
            "lateness_ms_p99": round(self.quantile(0.99) * 1e3, 3),
            "lateness_ms_p999": round(self.quantile(0.999) * 1e3, 3),
            "lateness_ms_max": round(self._worst * 1e3, 3),
            "messages": self._total,
        }

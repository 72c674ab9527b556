"""Where in a long sequence did this just happen? Longest-suffix search over integer symbols, numpy only.

The structure behind a Continuator (Pachet 2003): what followed each place that matches the end of a context is what
may come next. Knows neither notes nor chance; the caller says what its symbols mean and draws among the places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOUNDARY = -1
"""The symbol that matches nothing: put it on the first event of every piece, and no match runs across."""


@dataclass(frozen=True, slots=True)
class SuffixIndex:
    """A sequence with, for each of its symbols, the places where it stands."""

    symbols: NDArray[np.int64]
    """[events]; BOUNDARY or at least 0."""
    _order: NDArray[np.int64]
    _sorted: NDArray[np.int64]

    @classmethod
    def of(cls, symbols: NDArray[np.int64]) -> "SuffixIndex":
        """Index a sequence [events]."""
        order = np.argsort(symbols, kind="stable")
        return cls(symbols, order, symbols[order])

    def places(self, context: NDArray[np.int64], longest: int) -> list[NDArray[np.int64]]:
        """Entry k - 1: all places, ascending, at which the last k symbols of `context` end; k up to `longest`.

        The list ends before the first k without any place; each entry is part of the one before. A context that
        holds a BOUNDARY matches no further back than to it. The last event of the sequence is a place too,
        although nothing follows it.
        """
        found: list[NDArray[np.int64]] = []
        for back in range(min(longest, len(context))):
            symbol = int(context[-1 - back])
            if symbol == BOUNDARY:
                break
            if back == 0:
                begin, end = np.searchsorted(self._sorted, (symbol, symbol + 1))
                here = self._order[begin:end]
            else:
                here = found[-1][found[-1] >= back]
                here = here[self.symbols[here - back] == symbol]
            if not len(here):
                break
            found.append(here)
        return found

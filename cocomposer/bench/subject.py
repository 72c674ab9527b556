"""What a benchmark measures: which model and where it runs, which corpus, how much of it. Knows no measurement."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_Amount = TypeVar("_Amount", int, float)


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """One run of the benchmark."""

    bundle: Path
    provider: str = "auto"
    corpus: Path | None = None
    quick: bool = False
    """Less of everything: to see that it works, not to be quoted."""
    everything: bool = False
    """All of the corpus' valid split, and ten real minutes with the DAW's clock."""
    tell: Callable[[str], None] = _to_stderr
    """Takes one line of progress."""

    def amount(self, usual: _Amount, quick: _Amount) -> _Amount:
        """How much to measure: `usual`, or `quick` when little time is given."""
        return quick if self.quick else usual


class NotMeasured(RuntimeError):
    """A figure cannot be had here; the text is one sentence with what to do."""

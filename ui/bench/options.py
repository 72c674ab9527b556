"""What a figure of the window is measured with: how much of it, and where progress is told. Knows no figure."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

_Amount = TypeVar("_Amount", int, float)

TOLD_AS: Final = "  "


def _to_stderr(line: str) -> None:
    print(TOLD_AS + line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Options:
    """One run of the benchmark."""

    quick: bool = False
    """Less of everything: to see that it works, not to be quoted."""
    seconds: float | None = None
    """Of each stretch that is measured in real time, where a figure has such; None: as many as are usual."""
    bundle: str | None = None
    """Folder of the model; None: the one that is used without being told."""
    tell: Callable[[str], None] = _to_stderr
    """Takes one line of progress, or a histogram in several."""

    def amount(self, usual: _Amount, quick: _Amount) -> _Amount:
        """How much to measure: `usual`, or `quick` when little time is given."""
        return quick if self.quick else usual

    def stretch(self, usual: float, quick: float) -> float:
        """Seconds to measure in real time."""
        return self.seconds if self.seconds is not None else self.amount(usual, quick)


class NotMeasured(RuntimeError):
    """A figure cannot be had here; the text is one sentence with what to do."""

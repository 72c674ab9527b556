"""Waiting for what must come, however busy the machine: for a condition, never for a time. Knows no conditions."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 30.0
"""Two cores may be busy with something else."""
_LOOK_SECONDS = 0.02

Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str, seconds: float = PATIENCE_SECONDS) -> Found:
    """What `look` finds as soon as that is something; an AssertionError naming `what` if it never comes."""
    ends_at = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < ends_at, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(_LOOK_SECONDS)
    return found

"""Nothing of the window may outlive its test: no timer, no thread, no window. What is left over fails the test."""

import gc
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.left_over import left_over, windows


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Wraps all other fixtures of a test, so it looks when they have taken down what they made."""
    before = set(threading.enumerate())
    shown = set(windows())
    # What is there already is not looked through afterwards.
    gc.collect()
    gc.freeze()
    try:
        yield
        left = left_over(before, shown)
    finally:
        gc.unfreeze()
    assert not left, f"left over: {', '.join(left)}"

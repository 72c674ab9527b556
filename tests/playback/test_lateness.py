"""The histogram's quantiles against sorted lists."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.playback.lateness import STEP_SECONDS, LatenessHistogram


def test_nothing_recorded_is_nought() -> None:
    histogram = LatenessHistogram()
    assert histogram.quantile(0.99) == 0.0
    assert histogram.in_milliseconds()["messages"] == 0


@given(st.lists(st.floats(0, 0.049), min_size=1, max_size=200), st.sampled_from([0.01, 0.5, 0.99, 0.999, 1.0]))
def test_quantile_is_within_a_step_of_the_sorted_list(late: list[float], share: float) -> None:
    histogram = LatenessHistogram()
    for seconds in late:
        histogram.record(seconds)
    exact = next(x for i, x in enumerate(sorted(late)) if i + 1 >= share * len(late))
    assert histogram.quantile(share) == pytest.approx(exact, abs=1.01 * STEP_SECONDS)
    assert histogram.worst_seconds == max(late)


def test_what_is_beyond_the_last_step_is_reported_by_the_maximum() -> None:
    histogram = LatenessHistogram()
    for seconds in (0.0001, 0.2, 0.3):
        histogram.record(seconds)
    assert histogram.quantile(0.9) == 0.3
    assert histogram.in_milliseconds()["lateness_ms_max"] == 300.0


@given(st.lists(st.integers(0, 60_000), max_size=200))
def test_counts_are_those_of_the_sorted_list(late_us: list[int]) -> None:
    histogram = LatenessHistogram()
    for microseconds in late_us:
        # Amid a step, where floats do not matter.
        histogram.record((microseconds // 10 * 10 + 5) / 1e6)
    edges = (0.1, 0.3, 1.0, 20.0)
    bounds = [0.0, *(edge * 1000 for edge in edges), math.inf]
    expected = [sum(first <= late // 10 * 10 + 5 < last for late in late_us) for first, last in pairwise(bounds)]
    assert list(histogram.counts(edges)) == expected
    assert sum(expected) == histogram.count

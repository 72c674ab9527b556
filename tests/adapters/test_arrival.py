"""Arrival stamps: (delta, callback at) against the stamp, and the promises for any sequence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.arrival import ArrivalStamps


@pytest.mark.parametrize(
    ("arrivals", "stamps"),
    [
        pytest.param([(0.0, 10.0), (0.1, 10.1)], [10.0, 10.1], id="on time"),
        pytest.param([(0.0, 10.0), (0.1, 10.108), (0.1, 10.2)], [10.0, 10.1, 10.2], id="a late callback"),
        pytest.param([(0.0, 10.008), (0.1, 10.1), (0.1, 10.2)], [10.008, 10.1, 10.2], id="the first was the late one"),
        pytest.param([(0.0, 10.0), (0.1, 10.3), (0.1, 10.4)], [10.0, 10.3, 10.4], id="the driver lost 0.2 s"),
        pytest.param([(0.0, 10.0), (0.1, 10.14)], [10.0, 10.1], id="40 ms late is believed to be the callback"),
        pytest.param([(0.0, 10.0), (8.0, 18.02)], [10.0, 18.02], id="anew after a long pause"),
        pytest.param([(0.0, 10.0), (-1.0, 10.5)], [10.0, 10.5], id="a delta that cannot be"),
        pytest.param([(0.0, 10.0), (float("nan"), 10.5)], [10.0, 10.5], id="a delta that is no number"),
    ],
)
def test_stamps(arrivals: list[tuple[float, float]], stamps: list[float]) -> None:
    arrival = ArrivalStamps()
    assert [arrival.stamp(delta, now) for delta, now in arrivals] == pytest.approx(stamps, abs=0.0002)


@given(st.lists(st.tuples(st.floats(0, 6), st.floats(0, 0.08)), min_size=1))
def test_stamps_never_run_ahead_nor_backwards(steps: list[tuple[float, float]]) -> None:
    arrival, true_seconds, called, last = ArrivalStamps(), 100.0, 0.0, 0.0
    for delta, late in steps:
        true_seconds += delta
        called = max(called, true_seconds + late)
        at_seconds = arrival.stamp(delta, called)
        assert last <= at_seconds <= called
        assert called - at_seconds <= 0.0501
        last = at_seconds


@pytest.mark.parametrize("drift", [-200e-6, 0.0, 200e-6])
def test_a_drifting_driver_is_followed_over_ten_minutes(drift: float) -> None:
    arrival, worst = ArrivalStamps(), 0.0
    for step in range(6000):
        true_seconds = step * 0.1
        late = 0.004 if step % 7 else 0.0
        at_seconds = arrival.stamp(0.1 * (1 + drift) if step else 0.0, true_seconds + late)
        worst = max(worst, abs(at_seconds - true_seconds))
    assert worst < 0.001

"""The step table: ascending, its own inverse, and nearest."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.steps import LONGEST, STEP_COUNT, STEPS, step_of, ticks_of


def test_the_table_ascends_from_nothing_to_sixteen_beats() -> None:
    assert STEPS[0] == 0 and LONGEST == 16 * 48
    assert all(before < after for before, after in pairwise(STEPS))


def test_every_class_inverts() -> None:
    classes = np.arange(STEP_COUNT)
    assert (step_of(ticks_of(classes)) == classes).all()


@given(st.integers(-1000, 5000))
def test_a_length_takes_the_nearest_class_and_ties_go_up(ticks: int) -> None:
    step = int(step_of(np.asarray([ticks]))[0])
    distances = [abs(ticks - known) for known in STEPS]
    nearest = max(index for index, distance in enumerate(distances) if distance == min(distances))
    assert step == nearest


def test_up_to_a_beat_every_tick_is_kept() -> None:
    ticks = np.arange(49)
    assert (ticks_of(step_of(ticks)) == ticks).all()

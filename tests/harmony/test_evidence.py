"""What is heard between edges: without its last stretch it is what the same notes say without the last edge."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.evidence import evidence_of
from cocomposer.music.note import Note

NOTES = st.lists(
    st.builds(
        Note,
        st.integers(-60, 400),
        st.integers(30, 90),
        st.one_of(st.integers(1, 20), st.integers(1, 300)),
        st.integers(1, 127),
    ),
    max_size=20,
)
EDGES = st.lists(st.integers(6, 100), min_size=2, max_size=8).map(lambda lengths: np.cumsum([0, *lengths]).tolist())


@given(NOTES, EDGES)
def test_the_earlier_stretches_do_not_hang_on_the_last_edge(notes: list[Note], edges: list[int]) -> None:
    """So what is over need not be heard again, to the last bit."""
    over, alone = evidence_of(notes, edges).without_last(), evidence_of(notes, edges[:-1])
    for name in ("weights", "first_lowest", "lowest", "beats"):
        np.testing.assert_array_equal(getattr(over, name), getattr(alone, name), err_msg=name)


def test_silence_is_heard_as_nothing() -> None:
    heard = evidence_of([Note(500, 60, 10, 80)], [0, 48, 96])
    assert not heard.weights.any()
    assert heard.weights.shape == (2, 12)

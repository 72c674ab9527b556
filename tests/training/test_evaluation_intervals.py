"""Intervals by piece: what they must be whatever the figures, and that they cover the truth as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.evaluation.intervals import ALL, LEVEL, Estimate, Resampling, estimate

costs = st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 500), st.sampled_from("ab")), min_size=2, max_size=12)


@given(costs)
def test_the_figure_is_the_ratio_of_the_sums_and_lies_among_its_resamples(pieces: list[tuple[float, int, str]]) -> None:
    nats, notes = np.asarray([p[0] for p in pieces]), np.asarray([p[1] for p in pieces])
    drawn = Resampling([p[2] for p in pieces], resamples=200)
    figures = drawn.ratios(ALL, nats, notes)
    assert figures[0] == pytest.approx(nats.sum() / notes.sum())
    single = nats / notes
    assert figures.min() >= single.min() - 1e-9 and figures.max() <= single.max() + 1e-9


@given(costs)
def test_every_draw_keeps_the_number_of_pieces_of_each_kind(pieces: list[tuple[float, int, str]]) -> None:
    drawn = Resampling([p[2] for p in pieces], resamples=50)
    for kind, members in drawn.members.items():
        expected = len(pieces) if kind == ALL else sum(p[2] == kind for p in pieces)
        assert (drawn.weights[:, members].sum(axis=1) == expected).all()


def test_a_difference_is_paired() -> None:
    """Two models whose costs differ by one nat on every note differ by exactly that, however much the pieces differ."""
    rng = np.random.default_rng(3)
    notes = rng.integers(10, 100, 20)
    one = notes * rng.uniform(1, 9, 20)
    drawn = Resampling(["a"] * 20)
    alone = drawn.estimate(ALL, one, notes)
    assert alone.low is not None and alone.high is not None and alone.high - alone.low > 0.5
    difference = drawn.ratios(ALL, one + notes, notes) - drawn.ratios(ALL, one, notes)
    np.testing.assert_allclose(difference, 1.0)


def test_the_same_pieces_give_the_same_interval_and_one_piece_gives_none() -> None:
    nats, notes = np.asarray([5.0, 9.0, 2.0]), np.asarray([2, 3, 4])
    first, again = (Resampling(list("aab")).estimate(ALL, nats, notes) for _ in range(2))
    assert first == again and first.low is not None
    assert Resampling(list("aab")).estimate("b", nats, notes) == Estimate(0.5, None, None)
    assert np.isnan(Resampling(list("aab")).ratios("b", nats, np.asarray([1, 1, 0]))).all()


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(300):
        notes = rng.integers(50, 150, 40)
        nats = notes * rng.normal(4.0, 1.0, 40)
        found = estimate(Resampling(["a"] * 40, resamples=300).ratios(ALL, nats, notes))
        assert found.low is not None and found.high is not None
        held += found.low <= 4.0 <= found.high
    # The percentile method is a little too sure of itself with so few pieces; 0.91 is five standard errors below.
    assert LEVEL - 0.06 < held / 300 < LEVEL + 0.04

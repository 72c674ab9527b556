"""The sampler: what is forbidden is never drawn, the nucleus keeps the likeliest, the same chance draws the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.generation.sampler import NothingAllowedError, draw, probabilities

logit_lists = st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=40)


def array(values: list[float]) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


@given(logit_lists, st.data(), st.floats(0.1, 2.0), st.floats(0.01, 1.0), st.integers(0, 2**32))
def test_what_is_forbidden_is_never_drawn(
    values: list[float], data: st.DataObject, temperature: float, top_p: float, seed: int
) -> None:
    allowed = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    rng = np.random.default_rng(seed)
    if not allowed.any():
        with pytest.raises(NothingAllowedError):
            draw(array(values), rng, allowed, temperature, top_p)
        return
    weights = probabilities(array(values), allowed, temperature, top_p)
    assert weights.sum() == pytest.approx(1.0) and (weights[~allowed] == 0).all()
    for _ in range(5):
        assert weights[draw(array(values), rng, allowed, temperature, top_p)] > 0


@given(logit_lists, st.floats(0.01, 0.999))
def test_the_nucleus_is_the_smallest_set_of_the_likeliest_that_holds_enough(values: list[float], top_p: float) -> None:
    whole = probabilities(array(values), None, 1.0, 1.0)
    kept = probabilities(array(values), None, 1.0, top_p) > 0
    assert kept[np.argmax(whole)]
    assert whole[kept].min() >= whole[~kept].max(initial=0.0)
    assert whole[kept].sum() >= top_p - 1e-9
    assert whole[kept].sum() - whole[kept].min() < top_p + 1e-9


def test_temperature_bends_the_odds() -> None:
    logits = array([0.0, 1.0])
    odds = {t: np.divide(*probabilities(logits, None, t, 1.0)[::-1]) for t in (0.5, 1.0, 2.0)}
    assert odds[0.5] == pytest.approx(np.e**2) and odds[1.0] == pytest.approx(np.e)
    assert odds[2.0] == pytest.approx(np.e**0.5)


@given(logit_lists, st.integers(0, 2**32), st.floats(0.1, 1.0))
def test_the_same_chance_draws_the_same_and_uses_one_number(values: list[float], seed: int, top_p: float) -> None:
    one, other = np.random.default_rng(seed), np.random.default_rng(seed)
    assert [draw(array(values), one, top_p=top_p) for _ in range(4)] == [
        draw(array(values), other, top_p=top_p) for _ in range(4)
    ]
    third = np.random.default_rng(seed)
    third.random(4)
    assert one.random() == third.random()


def test_draws_follow_the_probabilities() -> None:
    logits = array(np.log([0.1, 0.2, 0.7]).tolist())
    rng = np.random.default_rng(5)
    drawn = np.bincount([draw(logits, rng) for _ in range(4000)], minlength=3) / 4000
    assert drawn == pytest.approx([0.1, 0.2, 0.7], abs=0.03)


class _Fixed(np.random.Generator):
    """A generator whose next number is known."""

    def __init__(self, number: float) -> None:
        super().__init__(np.random.PCG64(0))
        self._number = number

    def random(self, *_: object, **__: object) -> float:  # type: ignore[override]
        return self._number


@pytest.mark.parametrize("number", [0.0, np.nextafter(1.0, 0.0)])
def test_the_ends_of_chance_stay_inside(number: float) -> None:
    logits, allowed = array([5.0, 0.0, 0.0, 5.0]), np.asarray([False, True, True, False])
    assert draw(logits, _Fixed(number), allowed) in (1, 2)

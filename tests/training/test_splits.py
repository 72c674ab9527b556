"""Held-out groups: about as many as asked for, the same ones whatever else there is, and none empty if it can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.splits import place_of, split_groups

GROUPS = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=40, unique=True)
SHARES = st.floats(0, 0.45)


@given(GROUPS, SHARES, SHARES)
def test_every_group_has_a_split_and_train_comes_first(groups: list[str], valid: float, test: float) -> None:
    chosen = split_groups(groups, valid, test)
    assert set(chosen) == set(groups)
    wanted = ["train"] + ["valid"] * (valid > 0) + ["test"] * (test > 0)
    assert set(wanted[: len(groups)]) <= set(chosen.values())
    assert valid > 0 or "valid" not in chosen.values()
    assert test > 0 or "test" not in chosen.values()


@given(GROUPS, SHARES, SHARES)
def test_order_does_not_matter(groups: list[str], valid: float, test: float) -> None:
    assert split_groups(groups[::-1], valid, test) == split_groups(groups, valid, test)


def test_the_shares_are_kept_and_what_is_added_moves_nothing() -> None:
    groups = [str(n) for n in range(4000)]
    small, large = split_groups(groups[:2000], 0.05, 0.1), split_groups(groups, 0.05, 0.1)
    assert all(large[group] == split for group, split in small.items())
    counts = {split: list(large.values()).count(split) / 4000 for split in ("train", "valid", "test")}
    assert counts == pytest.approx({"train": 0.85, "valid": 0.05, "test": 0.1}, abs=0.015)


def test_places_are_spread_evenly() -> None:
    places = sorted(place_of(str(n)) for n in range(1000))
    assert all(abs(place - number / 1000) < 0.05 for number, place in enumerate(places))


@pytest.mark.parametrize(("valid", "test"), [(0.5, 0.5), (-0.1, 0.1), (0.1, 1)])
def test_shares_that_leave_nothing_are_refused(valid: float, test: float) -> None:
    with pytest.raises(ValueError, match="lower them"):
        split_groups(["a"], valid, test)

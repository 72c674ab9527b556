"""Chorales as arrays: what a file may hold, what a row may know, how far a piece can move."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.training.jsb.batches import batch_of, epoch, thinned, whole
from models.training.jsb.chorales import (
    KEYS,
    LOWEST,
    NO_CLASS,
    NONE,
    SLOTS,
    Values,
    frames,
    read_split,
    room,
    rows_of,
    transposed,
    voices,
)

PIECES = arrays.arrays(
    np.int64, st.tuples(st.integers(2, 20), st.just(SLOTS)), elements=st.one_of(st.integers(20, 60), st.just(NONE))
)
NO = NONE


def test_voices_are_keys_and_silence_is_none() -> None:
    assert voices([[60, 55, -1, 21], [108, 55, 50, -1]]).tolist() == [[39, 34, NO, 0], [87, 34, 29, NO]]


def test_a_frame_is_told_from_the_top_down_in_whatever_order_it_came() -> None:
    assert frames([[60, 72], [], [48, 60, 55, 64], [50, 50]]).tolist() == [
        [51, 39, NO, NO], [NO, NO, NO, NO], [43, 39, 34, 27], [29, NO, NO, NO],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("grid", "piece", "fault"),
    [
        ("sixteenth", [[60, 50, 40]], "voices"),
        ("sixteenth", [[109, 50, 40, 30]], "outside"),
        ("quarter", [[60, 61, 62, 63, 64]], "5 pitches"),
        ("quarter", [[20]], "outside"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(grid: str, piece: object, fault: str, tmp_path: Path) -> None:
    for name in ("jsb16_satb.json", "jsb_quarter.json"):
        (tmp_path / name).write_text(json.dumps({"test": [piece]}))
    with pytest.raises(ValueError, match=fault) as raised:
        read_split(tmp_path, grid, "test")
    assert str(tmp_path) in str(raised.value)


def test_a_row_holds_what_stood_before_its_step() -> None:
    values = np.array(
        [[50, 40, 30, NO], [50, 41, 30, 20], [50, 41, NO, 20], [52, 41, 31, 20], [50, 41, 31, 20]], np.int64
    )
    rows = rows_of(values, None)
    assert rows.before.tolist() == [[NO] * 4, *values[:-1].tolist()]
    assert rows.distinct.tolist() == [[NO] * 4, [NO] * 4, [NO, 40, NO, NO], [NO, 40, 30, NO], [50, 40, NO, NO]]
    assert rows.held.tolist() == [[0] * 4, [1] * 4, [2, 1, 2, 1], [3, 2, 1, 2], [1, 3, 1, 3]]
    assert rows.tonic.tolist() == [NO_CLASS, *[(30 + LOWEST) % 12] * 4]
    assert rows_of(values, 14).tonic.tolist() == [2] * 5


@given(PIECES, st.data())
def test_a_row_knows_nothing_of_its_step_or_later(values: Values, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, len(values) - 1))
    other = values.copy()
    other[step:] = data.draw(st.integers(0, KEYS - 1))
    for name in ("before", "distinct", "held", "tonic", "index"):
        ours, theirs = (getattr(rows_of(piece, None), name)[: step + 1] for piece in (values, other))
        np.testing.assert_array_equal(ours, theirs, name)


@given(st.lists(PIECES, min_size=1, max_size=4), st.integers(-12, 12))
def test_every_slot_stays_within_its_range_over_all_pieces(pieces: list[Values], wish: int) -> None:
    for values, (low, high) in zip(pieces, room(pieces), strict=True):
        assert low <= 0 <= high
        moved = transposed(values, min(max(wish, low), high))
        assert ((moved == NONE) == (values == NONE)).all()
        for slot in range(SLOTS):
            sounding = [piece[:, slot][piece[:, slot] != NONE] for piece in pieces]
            reach = np.concatenate(sounding)
            pitches = moved[:, slot][moved[:, slot] != NONE]
            assert ((pitches >= reach.min(initial=NONE)) & (pitches <= reach.max(initial=-1))).all()


def test_an_epoch_has_every_piece_once_cropped_and_padded_without_weight() -> None:
    pieces = [np.full((steps, SLOTS), 20 + steps, np.int64) for steps in (3, 5, 8, 13, 2)]
    batches = list(epoch(pieces, "sixteenth", np.random.default_rng(1), batch=2, length=8, transpose=0))
    seen = sorted((int(b.target[row, 0, 0]) - 20, int(w.sum())) for b in batches for row, w in enumerate(b.weight))
    assert seen == [(2, 2), (3, 3), (5, 5), (8, 8), (13, 8)]


def test_a_crop_knows_the_whole_piece_before_it() -> None:
    values = np.array([[50, 45, 40, 30]] * 6, np.int64)
    crop = batch_of([(rows_of(values, None), values, slice(4, 6))])
    assert crop.held[0, :, 0].tolist() == [4, 5] and crop.index[0].tolist() == [4, 5]


def test_thinning_leaves_even_steps_and_weighs_the_odd_ones_up() -> None:
    rows = whole(np.full((4000, SLOTS), 40, np.int64), "sixteenth")
    thin = thinned(rows, 0.25, np.random.default_rng(1)).weight[0]
    assert (thin[::2] == 1).all() and set(thin[1::2].tolist()) == {0.0, 4.0}
    assert float(thin[1::2].mean()) == pytest.approx(1, abs=0.1)

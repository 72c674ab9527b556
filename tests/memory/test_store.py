"""Where something happened before: against looking at every place, growing, shrinking, and never across two pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.codec import Rows
from cocomposer.memory.store import KEPT_INDEX, LONGEST, MELODIC, RHYTHMIC, Store, symbols_of
from cocomposer.music.note import Note
from tests.memory.made_music import notes, random_tune, rows_of, tune


def all_places(pieces: list[Rows], view: int, by_interval: bool = True) -> tuple[list[int], list[int]]:
    """Places that match the end, and how long the match is: by comparing everything, which needs no index."""
    symbols: list[int] = []
    begins: list[bool] = []
    for rows in pieces:
        store = Store(by_interval)
        store.extend(rows)
        symbols += symbols_of(store.kept, None, by_interval)[view].tolist()
        begins += [True] + [False] * (len(rows) - 1)
    end = len(symbols) - 1
    places, lengths = [], []
    for place in range(end):
        length = 0
        while (
            length < min(LONGEST, place + 1)
            and not begins[place - length]
            and not begins[end - length]
            and symbols[place - length] == symbols[end - length]
        ):
            length += 1
        if length and not begins[place + 1]:
            places.append(place)
            lengths.append(length)
    return places, lengths


@given(st.lists(notes(40), min_size=1, max_size=3), st.booleans())
def test_all_places_are_found_and_no_others(pieces: list[list[Note]], by_interval: bool) -> None:
    rows = [rows_of(piece) for piece in pieces]
    store = Store(by_interval)
    for piece in rows:
        store.extend(piece, begins_piece=True)
    context = store.context()
    for view in (MELODIC, RHYTHMIC):
        places = store.places(view, context, most=1000)
        expected, lengths = all_places(rows, view, by_interval)
        assert sorted(places.tolist()) == expected
        assert store.lengths(np.asarray(expected, dtype=np.int64), context)[view].tolist() == lengths


@given(notes(60), st.integers(1, 8))
def test_of_too_many_places_the_longest_matches_stay(piece: list[Note], most: int) -> None:
    store = Store()
    store.extend(rows_of(piece))
    context = store.context()
    for view in (MELODIC, RHYTHMIC):
        everything = store.places(view, context, 1000)
        chosen = store.places(view, context, most)
        assert len(chosen) == len(set(chosen.tolist())) == min(most, len(everything))
        lengths = store.lengths(everything, context)[view]
        rest = [n for n, place in zip(lengths, everything, strict=True) if place not in chosen]
        if rest:
            assert store.lengths(chosen, context)[view].min() >= min(2, max(rest)), "a longer match was left out"


@given(notes(60), st.integers(1, 12), st.sampled_from([2, 8, 512]), st.booleans())
def test_which_places_stay_is_the_longest_match_and_then_the_latest(
    piece: list[Note], most: int, at_once: int, by_interval: bool
) -> None:
    """Against sorting all of them, whether many are compared step by step or few at once."""
    rows = rows_of(piece)
    store = Store(by_interval)
    store.extend(rows)
    for view in (MELODIC, RHYTHMIC):
        places, lengths = all_places([rows], view, by_interval)
        expected = sorted(zip(lengths, places, strict=True))[-most:]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("cocomposer.memory.store._AT_ONCE", at_once)
            chosen = store.places(view, store.context(), most)
        assert sorted(chosen.tolist()) == sorted(place for _, place in expected)


@given(notes(50), st.data())
def test_what_is_forgotten_leaves_no_trace(piece: list[Note], data: st.DataObject) -> None:
    rows = rows_of(piece)
    length = data.draw(st.integers(1, len(rows)))
    store, fresh = Store(), Store()
    store.extend(rows)
    store.truncate(length)
    fresh.extend(rows[:length])
    for one in (store, fresh):
        one.extend(rows[length // 2 :])
    for view in (MELODIC, RHYTHMIC):
        assert store.places(view, store.context(), 99).tolist() == fresh.places(view, fresh.context(), 99).tolist()
    np.testing.assert_array_equal(store.kept, fresh.kept)


@given(notes(50))
def test_notes_one_by_one_are_the_same_as_all_at_once(piece: list[Note]) -> None:
    rows = rows_of(piece)
    whole, slowly = Store(), Store()
    whole.extend(rows)
    for n in range(len(rows)):
        slowly.extend(rows[n : n + 1])
    for view in (MELODIC, RHYTHMIC):
        assert whole.places(view, whole.context(), 99).tolist() == slowly.places(view, slowly.context(), 99).tolist()
    np.testing.assert_array_equal(whole.context().symbols, slowly.context().symbols)


def test_a_melody_is_known_in_another_key_and_a_drum_only_as_itself() -> None:
    first, second = tune(60, 62, 64, 65), tune(67, 69, 71, start=1000)
    for by_interval, found in ((True, [2]), (False, [])):
        store = Store(by_interval)
        store.extend(rows_of(first), begins_piece=True)
        store.extend(rows_of(second), begins_piece=True)
        # The ending 69 71 was heard as 62 64 (place 2), and what follows there is a fourth step.
        assert [p for p in store.places(MELODIC, store.context(), 9).tolist() if p == 2] == found


def test_it_grows_far_beyond_what_it_began_with() -> None:
    store = Store()
    rows = rows_of(random_tune(1, 3000))
    store.extend(rows[:700])
    store.extend(rows[700:])
    assert len(store) == 3000
    assert store.kept[KEPT_INDEX["pitch"]].tolist() == rows[:, 1].tolist()


def test_nothing_was_remembered() -> None:
    with pytest.raises(IndexError):
        Store().context()

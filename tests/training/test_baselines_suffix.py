"""The suffix index agrees with a plain search, and the model plays only what it learnt, as it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.events.codec import Rows, rows_of
from cocomposer.events.layout import COLUMN
from models.training.baselines.suffix import LONGEST_RUN, SuffixModel
from models.training.baselines.suffix_index import BOUNDARY, SuffixIndex

Seed = tuple[Rows, NDArray[np.int64]]
symbols = st.lists(st.integers(BOUNDARY, 3), max_size=40).map(lambda s: np.asarray(s, dtype=np.int64))


def piece(
    gaps: list[int], pitches: list[int], duration: int = 12, velocity: int = 80, style: int = 2, phase: int = 48
) -> Seed:
    """A piece with these distances between onsets; gap 0 wants a rising pitch."""
    onset = np.cumsum(gaps)
    same = np.ones(len(gaps), dtype=np.int64)
    zero = 0 * same
    at = phase * same if phase == 48 else onset % 48
    return rows_of(
        onset, np.asarray(pitches), duration * same, velocity * same, zero, at, zero + 16, style
    ), onset.astype(np.int64)


def random_piece(seed: int, notes: int = 60, style: int = 2) -> Seed:
    rng = np.random.default_rng(seed)
    gaps, pitches = [0], [60]
    for _ in range(notes - 1):
        gap = int(rng.choice((0, 12, 24)))
        step = int(rng.integers(1, 8)) if gap == 0 else int(rng.integers(-7, 8))
        if not 40 <= pitches[-1] + step <= 80:
            gap, step = 12, 60 - pitches[-1]
        gaps.append(gap)
        pitches.append(pitches[-1] + step)
    return piece(gaps, pitches, style=style)


@given(symbols, symbols)
def test_places_are_all_ends_of_what_matches(sequence: NDArray[np.int64], context: NDArray[np.int64]) -> None:
    found = SuffixIndex.of(sequence).places(context, longest=5)
    assert len(found) <= 5
    for length in range(1, 6):
        wanted = [*context[len(context) - length :]] if length <= len(context) else [BOUNDARY]
        plain = [
            end
            for end in range(length - 1, len(sequence))
            if [*sequence[end + 1 - length : end + 1]] == wanted and BOUNDARY not in wanted
        ]
        assert plain == (found[length - 1].tolist() if length <= len(found) else [])


def steps(rows: Rows, ticks: NDArray[np.int64]) -> set[tuple[tuple[int, bool], tuple[int, int]]]:
    """What follows what in a piece: (interval, later?) → (interval, gap)."""
    interval = np.diff(rows[:, COLUMN["pitch"]]).tolist()
    gap = np.diff(ticks).tolist()
    told = list(zip(interval, [g > 0 for g in gap], strict=True))
    return set(zip(told, list(zip(interval, gap, strict=True))[1:], strict=False))


@pytest.mark.parametrize("number", range(6))
def test_every_step_was_learnt_and_time_never_runs_back(number: int) -> None:
    learnt = [random_piece(n) for n in range(4)]
    model = SuffixModel.learn(learnt, ["score"] * 4)
    rows, ticks = random_piece(100 + number, notes=20)
    notes = model.continuation(rows, ticks, 80, np.random.default_rng(number))
    onset = np.concatenate((ticks, notes[:, 0]))
    pitch = np.concatenate((rows[:, COLUMN["pitch"]], notes[:, 1]))
    assert (np.diff(onset) >= 0).all()
    assert (np.diff(pitch)[np.diff(onset) == 0] > 0).all()
    assert pitch.min() >= 0 and pitch.max() <= 127 and notes[:, 2].min() > 0
    known = set().union(*(steps(r, t) for r, t in [*learnt, (rows, ticks)]))
    absolute = {int(p) for r, _ in [*learnt, (rows, ticks)] for p in r[:, COLUMN["pitch"]]}
    interval, gap = np.diff(pitch).tolist(), np.diff(onset).tolist()
    for at in range(len(rows) - 1, len(interval)):
        step = ((interval[at - 1], gap[at - 1] > 0), (interval[at], gap[at]))
        # Either it followed so somewhere, or nothing did and a learnt note begins afresh where it stood.
        assert step in known or (gap[at] > 0 and pitch[at + 1] in absolute)
    assert (
        np.mean([((interval[at - 1], gap[at - 1] > 0), (interval[at], gap[at])) in known for at in range(20, 90)]) > 0.8
    )


def test_a_pattern_goes_on_in_its_key_with_its_own_rhythm_and_touch() -> None:
    corpus = piece([12] * 12, [60, 61, 62, 63] * 3)
    pattern = piece([12, 24, 12, 12] * 4, [67, 69, 71, 72] * 4, duration=20, velocity=101)
    notes = SuffixModel.learn([corpus], ["score"]).continuation(*pattern, 8, np.random.default_rng(0))
    assert notes[:, 1].tolist() == [67, 69, 71, 72] * 2
    assert np.diff(notes[:5, 0]).tolist() == [24, 12, 12, 12]
    assert set(notes[:, 2].tolist()) == {20}
    assert (notes[:, 3] // 4 == 101 // 4).all()


def test_the_corpus_helps_out_in_any_key() -> None:
    corpus = piece([12] * 9, [60, 62, 64, 65, 67, 69, 71, 72, 74])
    seed = piece([12] * 3, [65, 67, 69])
    notes = SuffixModel.learn([corpus], ["score"]).continuation(*seed, 4, np.random.default_rng(1))
    assert notes[0, 1] in (70, 71)


def test_drums_are_not_transposed() -> None:
    corpus = piece([12] * 40, [36, 42, 38, 42] * 10, style=6)
    seed = piece([12] * 3, [36, 50, 36], style=6)
    notes = SuffixModel.learn([corpus], ["drums"]).continuation(*seed, 40, np.random.default_rng(2))
    assert set(notes[:, 1].tolist()) <= {36, 38, 42, 50}


def test_no_place_is_copied_without_end() -> None:
    long = random_piece(7, notes=400)
    model = SuffixModel.learn([long, random_piece(8, notes=400)], ["score"] * 2)
    rows, ticks = long[0][:10], long[1][:10]
    notes = model.continuation(rows, ticks, 100, np.random.default_rng(3))
    interval = np.diff(long[0][:, COLUMN["pitch"]])
    copied = np.lib.stride_tricks.sliding_window_view(np.diff(notes[:, 1]), LONGEST_RUN + 8)
    inside = {tuple(w) for w in np.lib.stride_tricks.sliding_window_view(interval, LONGEST_RUN + 8).tolist()}
    assert not any(tuple(w) in inside for w in copied.tolist())


def test_any_seed_gets_an_answer_and_the_same_chance_the_same() -> None:
    model = SuffixModel.learn([random_piece(1)], ["score"])
    for style, seed in ((4, piece([0], [3], style=4)), (6, piece([0, 0, 0], [90, 120, 127], style=6))):
        first, again = (model.continuation(*seed, 30, np.random.default_rng(style)) for _ in range(2))
        np.testing.assert_array_equal(first, again)
        assert first.shape == (30, 4)
        assert first[:, 1].min() >= 0 and first[:, 1].max() <= 127


def test_unknown_dynamics_stay_unknown() -> None:
    model = SuffixModel.learn([random_piece(1)], ["score"])
    notes = model.continuation(*piece([0, 12, 12], [60, 62, 64], velocity=0), 20, np.random.default_rng(0))
    assert (notes[:, 3] == 0).all()


def test_the_beat_is_kept_where_it_can_be() -> None:
    on_beat = piece([48] * 20, [60, 62] * 10, phase=0)
    off_beat = piece([36, *[48] * 19], [60, 62] * 10, phase=0)
    model = SuffixModel.learn([off_beat, on_beat], ["score"] * 2)
    seed = piece([48] * 3, [50, 53, 55], phase=0)
    notes = model.continuation(*seed, 10, np.random.default_rng(4))
    assert (notes[1:, 0] % 48 == 0).all()


def test_a_large_corpus_is_cut_down_piece_by_piece_the_same_way_each_time() -> None:
    pieces = [random_piece(n) for n in range(20)]
    first, again = (SuffixModel.learn(pieces, ["score"] * 20, notes_per_kind=300).memory_for(2) for _ in range(2))
    assert 300 <= len(first.pitch) < 360
    np.testing.assert_array_equal(first.pitch, again.pitch)


def test_music_without_time_is_refused() -> None:
    with pytest.raises(ValueError, match="two onsets"):
        SuffixModel.learn([piece([0, 0], [60, 64])], ["score"])

"""Seeds: where a piece may be cut, how kinds share, and that a folder always gives the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.evaluation.scoring import HeldOut, Passage, read_pieces
from models.training.evaluation.seeds import (
    CONTINUED,
    PREFERRED,
    TOGETHER_TICKS,
    Rule,
    choose,
    is_boundary,
    quotas,
    windows_of,
)
from models.training.pieces import Piece, Source, read_manifest


def held_out(ticks: list[int], name: str = "a.mid", kind: str = "score") -> HeldOut:
    """A piece of which only the onsets matter."""
    onset = np.asarray(ticks, dtype=np.int64)
    nothing = np.zeros(len(onset))
    piece = Piece(onset.astype(np.float32), *(nothing.astype(np.float32) for _ in range(7)))  # type: ignore[arg-type]
    return HeldOut(Source(Path(name), kind, "test", kind), piece, Passage(np.zeros((len(onset), 11), int), onset))


@given(st.lists(st.integers(0, 30), min_size=0, max_size=600), st.sampled_from([CONTINUED, PREFERRED]))
def test_windows_lie_in_the_piece_without_overlap_and_cut_no_chord(gaps: list[int], rule: Rule) -> None:
    piece = held_out(np.cumsum(gaps).tolist())
    end = 0
    for window in windows_of(piece, 0, rule):
        assert end <= window.begin < window.cut < window.end <= len(gaps)
        assert window.end - window.cut >= rule.least_continuation
        assert window.cut - window.begin <= rule.seed_notes and window.end - window.cut <= rule.continuation_notes
        assert piece.passage.ticks[window.cut] - piece.passage.ticks[window.cut - 1] > TOGETHER_TICKS
        assert is_boundary(piece.passage.ticks, window.cut)
        end = window.end


@given(st.dictionaries(st.sampled_from(["score", "folk", "drums", "tango"]), st.integers(0, 50)), st.integers(0, 120))
def test_no_kind_gives_more_than_it_has_and_all_that_are_wanted_are_given(room: dict[str, int], count: int) -> None:
    given_out = quotas(room, count)
    assert all(given_out[kind] <= room[kind] for kind in room)
    assert sum(given_out.values()) == min(count, sum(room.values()))


def test_kinds_share_as_they_should() -> None:
    plenty = dict.fromkeys(["performed", "score", "folk", "hymn", "leadsheet", "drums"], 1000)
    assert quotas(plenty, 200) == {
        "drums": 20, "folk": 40, "hymn": 10, "leadsheet": 10, "performed": 40, "score": 80,
    }  # fmt: skip


def test_pieces_take_turns_and_their_order_in_the_manifest_does_not_matter() -> None:
    pieces = [held_out(list(range(0, 8 * 2000, 8)), f"{name}.mid") for name in "abcde"]
    chosen = choose(pieces, CONTINUED, 10)
    assert sorted(window.number for window in chosen) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    turned = choose(pieces[::-1], CONTINUED, 10)
    assert {(4 - w.number, w.begin) for w in turned} == {(w.number, w.begin) for w in chosen}


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_corpus_of_short_pieces_has_seeds_too(tiny_corpus: Path, split: str) -> None:
    pieces = read_pieces(s for s in read_manifest(tiny_corpus) if s.split == split)
    windows = choose(pieces, CONTINUED, 200)
    assert {window.number for window in windows} == set(range(len(pieces)))

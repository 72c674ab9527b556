"""The corpus as played: which files, which notes, where phrases end."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.phrases import phrases
from cocomposer.bench import corpus
from cocomposer.capture.turn_taking import Performance


def performance(gaps: list[float], length: float = 0.2) -> Performance:
    onsets = np.cumsum(np.asarray(gaps))
    return Performance(onsets, onsets + length, np.asarray([len(gaps) - 1]))


def test_files_of_a_split_without_drums(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text(
        "path,kind,split\na.mid,folk,valid\nb.mid,drums,valid\nc.mid,folk,train\nd.mid,performed,valid\n"
    )
    assert corpus.files_of(tmp_path) == [(tmp_path / "a.mid", "folk"), (tmp_path / "d.mid", "performed")]


def test_a_checkout_without_a_corpus_has_none(tmp_path: Path) -> None:
    assert corpus.default_corpus(tmp_path / "models") is None
    beside = tmp_path / "shared" / "corpus"
    beside.mkdir(parents=True)
    (beside / "manifest.csv").touch()
    assert corpus.default_corpus(tmp_path / "product" / "models") == beside


def test_pieces_are_the_same_each_time_and_damaged_files_left_out(tmp_path: Path) -> None:
    lines = ["path,kind,split"]
    for name, path in phrases().items():
        (tmp_path / f"{name}.mid").write_bytes(path.read_bytes())
        lines.append(f"{name}.mid,folk,valid")
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    (tmp_path / "manifest.csv").write_text("\n".join([*lines, "broken.mid,folk,valid"]))
    whole = list(corpus.pieces(tmp_path, None, None))
    assert {piece.name for piece in whole} == {f"{name}.mid" for name in phrases()}
    assert [piece.name for piece in corpus.pieces(tmp_path, None, None)] == [piece.name for piece in whole]
    assert len(list(corpus.pieces(tmp_path, 1, None))) == 1
    assert max(len(piece.played) for piece in corpus.pieces(tmp_path, None, 7)) == 7
    for piece in whole:
        assert all(note.release_seconds is not None for note in piece.played)
        assert piece.played[0].onset_seconds == 0.0


@given(st.lists(st.floats(0.0, 3.0), min_size=2, max_size=300), st.integers(0, 5))
def test_phrase_ends_rise_to_the_last_note(gaps: list[float], seed: int) -> None:
    whole = performance(gaps)
    ends = corpus.phrase_ends(whole, np.random.default_rng(seed))
    assert ends[-1] == len(gaps) - 1
    assert (np.diff(ends) > 0).all()
    assert ends.tolist() == corpus.phrase_ends(whole, np.random.default_rng(seed)).tolist()


def test_phrases_end_before_real_pauses_after_8_to_20_seconds() -> None:
    chance = np.random.default_rng(1)
    gaps = [0.25 if chance.random() < 0.95 else 0.9 for _ in range(800)]
    whole = performance(gaps, length=0.24)
    ends = corpus.phrase_ends(whole, np.random.default_rng(2))
    starts = np.concatenate(([0], ends[:-1] + 1))
    pauses = whole.onsets[ends[:-1] + 1] - whole.releases[ends[:-1]]
    assert (pauses >= corpus.PAUSE_SECONDS).all()
    lengths = whole.onsets[ends + 1 - (ends == len(gaps) - 1)] - whole.onsets[starts]
    assert (lengths[:-1] >= 8.0).all() and (lengths[:-1] <= 21.0).all()
    assert len(set(np.round(lengths[:-1]).tolist())) > 3


def test_pauses_count_from_the_last_key_up_and_are_endless_after_a_phrase() -> None:
    whole = Performance(np.asarray([0.0, 0.5, 2.0, 3.0]), np.asarray([1.4, 0.7, 2.5, 3.5]), np.asarray([2, 3]))
    assert corpus.pauses_after(whole)[:2] == pytest.approx([-0.9, 0.6])
    assert np.isinf(corpus.pauses_after(whole)[2:]).all()


def test_joined_pieces_keep_their_phrases() -> None:
    one = Performance(np.asarray([0.0, 1.0]), np.asarray([0.5, 1.5]), np.asarray([0, 1]))
    both = corpus.joined([one, one])
    assert both.phrase_ends.tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="no piece"):
        corpus.joined([])

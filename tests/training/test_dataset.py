"""Augmentation changes what a player may change and nothing else; batches repeat."""

from pathlib import Path

import numpy as np
import pytest

from cocomposer.events.layout import BEAT_UNKNOWN, COLUMN, DRAWN, GIVEN, PHASE_UNKNOWN
from models.training.dataset import Batches, Mixture, Packed, augment, crop, piece_weights
from models.training.pieces import read_manifest
from models.training.prepare import pack

PLAIN = Mixture(
    transpose=(0, 0), free_scores=0, loose_scores=0, lose_bar=0, lose_style=0, lose_velocity=0, lose_pedal=0,
    some_parts=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def packed(tiny_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    out = tmp_path_factory.mktemp("packed") / "train.npz"
    sources = [s for s in read_manifest(tiny_corpus) if s.split == "train"]
    pack(sources, out, workers=1)
    return Packed.open(out)


def test_an_unreadable_file_is_named_and_skipped(
    tiny_corpus: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pack([s for s in read_manifest(tiny_corpus) if s.split == "train"], tmp_path / "a.npz", workers=1)
    assert "broken.mid" in capfd.readouterr().err
    assert len(Packed.open(tmp_path / "a.npz")) == 12


def test_a_folder_without_notes_is_an_error(tiny_corpus: Path, tmp_path: Path) -> None:
    broken = [s for s in read_manifest(tiny_corpus) if s.path.name == "broken.mid"]
    with pytest.raises(ValueError, match="No notes"):
        pack(broken, tmp_path / "a.npz", workers=1)


def test_without_augmentation_a_crop_is_the_piece(packed: Packed) -> None:
    number = int(np.argmax(packed.style == 2))
    piece, style = crop(packed, number, 50, PLAIN, np.random.default_rng(1))
    rows, ticks = augment(piece, style, PLAIN, np.random.default_rng(2))
    assert rows[:, COLUMN["pitch"]].tolist() == piece.pitch.tolist()
    assert (ticks - ticks[0]).tolist() == (piece.onset - piece.onset[0]).tolist()
    assert (rows[:, COLUMN["phase"]] == piece.in_bar % 48).all()


def test_transposing_keeps_intervals_and_stays_on_the_piano(packed: Packed) -> None:
    number = int(np.argmax(packed.style == 2))
    mixture = Mixture(transpose=(-40, 40), some_parts=0)
    shifts = set()
    for seed in range(30):
        piece, style = crop(packed, number, 64, PLAIN, np.random.default_rng(seed))
        rows, _ = augment(
            piece, style, Mixture(**{**vars(PLAIN), "transpose": mixture.transpose}), np.random.default_rng(seed)
        )
        pitch = rows[:, COLUMN["pitch"]]
        assert (np.diff(pitch) == np.diff(piece.pitch.astype(int))).all()
        assert pitch.min() >= 21 and pitch.max() <= 108
        shifts.add(int(pitch[0]) - int(piece.pitch[0]))
    assert len(shifts) > 10


def test_a_score_in_free_time_has_no_beat(packed: Packed) -> None:
    number = int(np.argmax(packed.style == 2))
    free = Mixture(**{**vars(PLAIN), "free_scores": 1.0})
    piece, style = crop(packed, number, 64, free, np.random.default_rng(1))
    rows, ticks = augment(piece, style, free, np.random.default_rng(1))
    assert (rows[:, COLUMN["phase"]] == PHASE_UNKNOWN).all() and (rows[:, COLUMN["beat"]] == BEAT_UNKNOWN).all()
    assert (np.diff(ticks) >= 0).all()


def test_every_class_lies_in_its_field(packed: Packed) -> None:
    rows, ticks, music = Batches(packed, Mixture(), 64, 16, seed=3).batch(0)
    for field in (*DRAWN, *GIVEN):
        column = rows[..., COLUMN[field.name]]
        assert column.min() >= 0 and column.max() < field.classes, field.name
    assert music.mean() > 0.8 and (np.diff(ticks, axis=1)[music[:, 1:]] >= 0).all()


def test_the_same_batch_twice(packed: Packed) -> None:
    one, two, other = (Batches(packed, Mixture(), 32, 4, seed=seed).batch(7) for seed in (1, 1, 2))
    assert (one[0] == two[0]).all() and not (one[0] == other[0]).all()


def test_a_source_has_the_share_that_the_mixture_gives_it(packed: Packed) -> None:
    assert abs(piece_weights(packed, Mixture(weights={"tiny": 0.3})).sum() - 1) < 1e-9
    with pytest.raises(ValueError, match="mixture"):
        piece_weights(packed, Mixture(weights={"nowhere": 1.0}))

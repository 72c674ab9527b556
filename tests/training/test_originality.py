"""The list of training music: made of what the model was shown, whose each passage is, read back from its file."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from cocomposer.adapters.training_index import INDEX_FILE, PIECES_FILE
from cocomposer.events.layout import STYLES
from cocomposer.music.note import Note
from cocomposer.originality.index import Index
from cocomposer.originality.overlap import most_shared
from models.training import originality
from models.training.dataset import Packed
from models.training.originality import line_of, lines_of, read_works, training_index
from models.training.pieces import Piece
from models.training.prepare import main as prepare


@pytest.fixture(scope="module")
def prepared(tiny_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny corpus as `prepare` packs it, with its manifest."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["prepare", "--corpus", str(tiny_corpus), "--out", str(folder), "--workers", "1"])
        assert prepare() == 0
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["originality", *arguments])
    return originality.main()


def notes_of(piece: Piece) -> list[Note]:
    return [
        Note(round(float(onset)), int(pitch), max(1, round(float(duration))), 80)
        for onset, pitch, duration in zip(piece.onset, piece.pitch, piece.duration, strict=True)
    ]


def test_each_piece_is_found_whole_under_its_name(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--packed", str(prepared), "--out", str(tmp_path)) == 0
    assert "12 pieces" in capsys.readouterr().out
    index = Index.unpack((tmp_path / INDEX_FILE).read_bytes())
    packed = Packed.open(prepared / "train.npz")
    with (prepared / "manifest.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    for number, row in enumerate(rows):
        piece = packed.cut(int(packed.starts[number]), int(packed.starts[number + 1]))
        found = most_shared(index, notes_of(piece))
        assert found is not None
        assert (found.notes, found.work.path, found.work.title) == (len(line_of(piece)) + 1, row["path"], row["title"])
        assert found.work.licence == "MIT"
    with (tmp_path / PIECES_FILE).open(newline="") as file:
        assert [tuple(row.values()) for row in csv.DictReader(file)] == [
            (work.path, work.composer, work.title, work.source, work.licence) for work in index.works
        ]


def packed_of(packed: Packed, jsb_leak: list[int], drums: list[int]) -> Packed:
    style = packed.style.copy()
    style[drums] = STYLES.index("drums")
    leak = np.zeros_like(packed.jsb_leak)
    leak[jsb_leak] = 1
    return Packed(packed.piece, packed.starts, style, packed.source, leak)


def test_what_was_not_shown_is_not_listed_and_drums_have_no_line(prepared: Path) -> None:
    packed = Packed.open(prepared / "train.npz")
    works = read_works(prepared / "manifest.csv", "train", np.diff(packed.starts).tolist())
    index = training_index(packed_of(packed, jsb_leak=[0, 5], drums=[3]), works)
    assert index.works == tuple(work for number, work in enumerate(works) if number not in (0, 5))
    assert {index.works[owner] for owner in index.owners} == set(index.works) - {works[3]}


def test_a_staff_has_a_line_of_its_own() -> None:
    onset = np.repeat(np.arange(20, dtype=np.float32) * 24, 2)
    rng = np.random.default_rng(0)
    pitch = np.stack((rng.integers(48, 59, 20), rng.integers(60, 72, 20)), axis=1).ravel().astype(np.uint8)
    zeros = np.zeros(40, dtype=np.uint8)
    part = np.tile(np.asarray([1, 2], dtype=np.uint8), 20)
    piece = Piece(onset, np.full(40, 24, dtype=np.float32), pitch, zeros, zeros, onset, part, zeros)
    lower, upper = (Piece(*(getattr(piece, n)[k::2] for n in Piece.__dataclass_fields__)) for k in (0, 1))
    assert lines_of(piece) == [line_of(upper), line_of(lower)]
    assert line_of(upper) != line_of(lower)


def test_a_manifest_of_other_music_is_refused(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "train.npz").write_bytes((prepared / "train.npz").read_bytes())
    lines = (prepared / "manifest.csv").read_text().splitlines(keepends=True)
    (tmp_path / "manifest.csv").write_text("".join(lines[:1] + lines[2:]))
    assert run(monkeypatch, "--packed", str(tmp_path), "--out", str(tmp_path / "out")) == 1
    assert "run models.training.prepare again." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

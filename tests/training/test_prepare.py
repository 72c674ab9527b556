"""Whole folders to packed splits: what is kept, what is left out and named, and that copies never part."""

import csv
import os
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cocomposer.adapters.midi_files import SIZE_LIMIT_BYTES
from models.training import prepare as step
from models.training.dataset import Batches, Mixture, Packed
from models.training.pieces import Source, load, read_manifest
from models.training.prepare import prepare
from tests.training.made_midi import beat, midi, moved, put, tune
from tests.training.test_folders import write_csv


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen songs, for some a copy in another key and tempo, a version with more, a performance; drums; bad files."""
    folder = tmp_path_factory.mktemp("my music")
    for number in range(16):
        put(folder / f"{number % 3}" / f"song {number:02}.mid", midi((0, tune(number)), (9, beat()), bpm=90))
    for number in range(5):
        copy = moved(tune(number), 3, 2)
        put(folder / "copies" / f"copy of {number}.MID", midi((0, copy), bpm=60))
        added = [(length + 240 * 120, 200, pitch, loud) for length, _, pitch, loud in tune(50 + number, 60)]
        put(folder / "versions" / f"{number} and more.kar", midi((0, moved(tune(number), -2) + moved(added, -2))))
    put(folder / "played.midi", midi((0, moved(tune(6, loose_ticks=14), stretch=1.03)), pedals=[(0, 127), (480, 0)]))
    put(folder / "drums.mid", midi((9, beat())))
    good = midi((0, tune(99)))
    put(folder / "bad" / "cut off.mid", good[: len(good) // 2])
    put(folder / "bad" / "empty.mid", b"")
    put(folder / "bad" / "picture.mid", b"\x89PNG\r\n\x1a\n" + bytes(100))
    put(folder / "bad" / "silent.mid", midi((0, [])))
    put(folder / "bad" / "short.mid", midi((0, tune(98, 4))))
    with (folder / "bad" / "huge.mid").open("wb") as file:
        file.truncate(SIZE_LIMIT_BYTES + 1)
    return folder


@pytest.fixture(scope="module")
def packed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "packed"
    prepare(tree, out, licence="CC0-1.0", valid=0.2, test=0.2, workers=1)
    return out


def test_a_tree_is_packed_and_what_is_packed_is_listed(tree: Path, packed: Path) -> None:
    rows = table(packed / "manifest.csv")
    assert len(rows) == 16 + 5 + 2
    for split in ("train", "valid", "test"):
        mine = [row for row in rows if row["split"] == split]
        arrays = Packed.open(packed / f"{split}.npz")
        assert [int(row["notes"]) for row in mine] == np.diff(arrays.starts).tolist()
        assert set(arrays.source.tolist()) == {tree.name}
    kinds = {row["path"]: row["kind"] for row in rows}
    assert kinds["played.midi"] == "performed" and kinds["drums.mid"] == "drums" and kinds["0/song 00.mid"] == "score"
    assert {row["licence"] for row in rows} == {"CC0-1.0"} and rows[0]["title"] == "song 00"


def test_the_arrays_are_the_notes_without_drums(tree: Path, packed: Path) -> None:
    row = next(row for row in table(packed / "manifest.csv") if row["path"] == "0/song 03.mid")
    arrays = Packed.open(packed / f"{row['split']}.npz")
    mine = [each for each in table(packed / "manifest.csv") if each["split"] == row["split"]]
    number = mine.index(row)
    piece = arrays.cut(int(arrays.starts[number]), int(arrays.starts[number + 1]))
    assert [
        (round(on / 48 * 480), p, v) for on, p, v in zip(piece.onset, piece.pitch, piece.velocity, strict=True)
    ] == [(onset, pitch, velocity) for onset, _, pitch, velocity in sorted(tune(3), key=lambda s: (s[0], s[2]))]


def test_training_can_draw_from_it_by_an_empty_table_and_by_the_folders_name(tree: Path, packed: Path) -> None:
    arrays = Packed.open(packed / "train.npz")
    for mixture in (Mixture(), Mixture(weights={tree.name: 1.0})):
        rows, _, music = Batches(arrays, mixture, 32, 4, seed=1).batch(0)
        assert rows.shape[:2] == (4, 32) and music.any()


def test_copies_are_left_out_and_versions_share_a_split(packed: Path) -> None:
    rows = {row["path"]: row for row in table(packed / "manifest.csv")}
    found = table(packed / "duplicates.csv")
    same = {row["path"]: row for row in found if row["what"] == "same"}
    assert set(same) == {f"copies/copy of {n}.MID" for n in range(5)}
    for path, row in same.items():
        assert path not in rows and row["like"].endswith(f"song 0{path[-5]}.mid") and row["dropped"] == "1"
    for number in range(5):
        song, version = rows[f"{number % 3}/song 0{number}.mid"], rows[f"versions/{number} and more.kar"]
        assert song["group"] == version["group"] and song["split"] == version["split"]
    assert rows["played.midi"]["split"] == rows["0/song 06.mid"]["split"]
    assert all(row["split"] == row["its_split"] for row in found)


def test_copies_are_kept_when_asked_and_stay_in_the_split(tree: Path, tmp_path: Path) -> None:
    prepare(tree, tmp_path, valid=0.3, test=0.3, duplicates="keep", workers=1)
    rows = {row["path"]: row for row in table(tmp_path / "manifest.csv")}
    for number in range(5):
        names = (f"{number % 3}/song 0{number}.mid", f"copies/copy of {number}.MID", f"versions/{number} and more.kar")
        assert len({rows[name]["split"] for name in names}) == 1


def test_bad_files_are_named_and_counted_and_stop_nothing(
    tree: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = prepare(tree, tmp_path, workers=1)
    told = capfd.readouterr().err
    for name in ("cut off.mid", "empty.mid", "picture.mid", "silent.mid", "short.mid", "huge.mid"):
        assert told.count(name) == 1
    assert "6 of 34 files skipped" in told and "28 of 34 files" in report[0]


def test_two_readers_pack_what_one_packs(tree: Path, packed: Path, tmp_path: Path) -> None:
    prepare(tree, tmp_path, licence="CC0-1.0", valid=0.2, test=0.2, workers=2)
    for name in ("train.npz", "valid.npz", "test.npz", "manifest.csv", "duplicates.csv"):
        if name.endswith("csv"):
            assert (tmp_path / name).read_bytes() == (packed / name).read_bytes()
        else:
            one, other = np.load(tmp_path / name), np.load(packed / name)
            assert set(one) == set(other) and all(np.array_equal(one[key], other[key]) for key in one)


def test_the_manifest_put_beside_the_files_packs_the_same_again(tree: Path, packed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    for row in table(packed / "manifest.csv"):
        put(again / row["path"], (tree / row["path"]).read_bytes())
    put(again / "manifest.csv", (packed / "manifest.csv").read_bytes())
    assert read_manifest(again)[0].group
    prepare(again, tmp_path / "out", workers=1)
    for split in ("train", "valid", "test"):
        one, other = np.load(packed / f"{split}.npz"), np.load(tmp_path / "out" / f"{split}.npz")
        assert all(np.array_equal(one[key], other[key]) for key in one)
    assert (tmp_path / "out" / "manifest.csv").read_bytes() == (packed / "manifest.csv").read_bytes()


def test_a_moved_and_renamed_tree_has_the_same_splits(tree: Path, packed: Path, tmp_path: Path) -> None:
    titles = {}
    for number, row in enumerate(table(packed / "manifest.csv")):
        renamed = f"{(number * 7) % 23:02}.mid"
        put(tmp_path / "renamed" / renamed, (tree / row["path"]).read_bytes())
        titles[renamed] = row["split"]
    prepare(tmp_path / "renamed", tmp_path / "out", valid=0.2, test=0.2, workers=1)
    assert {row["path"]: row["split"] for row in table(tmp_path / "out" / "manifest.csv")} == titles


def test_splits_that_a_folder_names_are_kept_and_its_copies_only_told(tmp_path: Path) -> None:
    folder = tmp_path / "maestro-v3.0.0"
    folder.mkdir()
    write_csv(folder / "maestro-v3.0.0.csv")
    for number in range(4):
        played = tune(1 if number != 1 else 2, loose_ticks=14)
        put(folder / "2018" / f"take{number}.midi", midi((0, played), pedals=[(0, 127), (999, 0)]))
    # The fourth file is in no table.
    report = prepare(folder, tmp_path / "out", workers=1)
    assert [row["split"] for row in table(tmp_path / "out" / "manifest.csv")] == ["train", "valid", "test"]
    (row,) = table(tmp_path / "out" / "duplicates.csv")
    assert (row["path"], row["split"], row["its_split"], row["dropped"]) == ("2018/take0.midi", "train", "test", "0")
    assert "1 of another split" in report[1]
    piece = Packed.open(tmp_path / "out" / "valid.npz").piece
    assert (piece.in_bar < 0).all() and piece.pedal.any()


def test_dropped_from_train_is_what_is_held_out(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    for name in ("a.mid", "b.mid", "c.mid"):
        put(folder / name, midi((0, tune(2 if name == "c.mid" else 1))))
    (folder / "manifest.csv").write_text("path,kind,split\na.mid,score,train\nb.mid,score,test\nc.mid,score,train\n")
    prepare(folder, tmp_path / "out", duplicates="drop", workers=1)
    assert [row["path"] for row in table(tmp_path / "out" / "manifest.csv")] == ["c.mid", "b.mid"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="their file systems take Unicode names only")
def test_names_that_are_no_text_come_back_byte_for_byte(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    name = os.fsdecode(b'caf\xe9, "na\xefve".mid')
    put(folder / name, midi((0, tune(1))))
    put(folder / "b.mid", midi((0, tune(2))))
    prepare(folder, tmp_path / "out", workers=1)
    put(folder / "manifest.csv", (tmp_path / "out" / "manifest.csv").read_bytes())
    source = next(source for source in read_manifest(folder) if source.path.name == name)
    assert len(load(source)) == len(tune(1)) and "�" in source.title


def test_nothing_to_learn_from_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    put(tmp_path / "music" / "silent.mid", midi((0, [])))
    command = [sys.executable, "-m", "models.training.prepare", "--workers", "1", "--out", str(tmp_path / "out")]
    for folder, told in (("music", "No notes were found"), ("nowhere", "is no folder")):
        ended = subprocess.run([*command, "--corpus", str(tmp_path / folder)], capture_output=True, text=True)
        assert ended.returncode == 1 and told in ended.stderr.splitlines()[-1] and "Traceback" not in ended.stderr
    assert not list((tmp_path / "out").iterdir())


def test_a_reader_that_is_killed_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(step, "prepare", killed)
    monkeypatch.setattr(sys, "argv", ["prepare"])
    assert step.main() == 1 and "--workers 1" in capfd.readouterr().err


def test_a_folder_is_not_overwritten_with_what_is_made_of_it(tree: Path) -> None:
    with pytest.raises(ValueError, match="another folder"):
        prepare(tree, tree)


def test_what_an_earlier_run_packed_does_not_stay(tree: Path, tmp_path: Path) -> None:
    prepare(tree, tmp_path / "out", workers=1)
    put(tmp_path / "one" / "a.mid", midi((0, tune(1))))
    report = prepare(tmp_path / "one", tmp_path / "out", workers=1)
    assert "valid: nothing; training needs two pieces that are no versions of each other" in report
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["duplicates.csv", "manifest.csv", "train.npz"]


BYTES = midi((0, tune(1, 30)), (9, beat(8)), pedals=[(0, 127), (480, 0)])
EDITS = st.lists(
    st.tuples(
        st.integers(14, len(BYTES) - 1),
        st.sampled_from([0, 1, 5]),
        st.one_of(
            st.binary(max_size=6),
            st.tuples(st.integers(0, 255), st.integers(0, 9)).map(lambda m: bytes([0, 255, 88, 4, *m, 24, 8])),
            st.binary(min_size=3, max_size=3).map(lambda tempo: bytes([0, 255, 81, 3]) + tempo),
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(EDITS, st.sampled_from(["", "score", "performed", "drums"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_file_is_worse_than_a_sentence(
    tmp_path: Path, edits: list[tuple[int, int, bytes]], kind: str
) -> None:
    data = bytearray(BYTES)
    for at, removed, added in edits:
        data[at : at + removed] = added
    # The tracks' sizes are set right again, so that the damage is met within them.
    first = data.find(b"MTrk", 15)
    if first >= 22:
        data[18:22] = (first - 22).to_bytes(4)
    found = step._read(Source(put(tmp_path / "damaged.mid", bytes(data)), kind or "unknown", "", kind=kind))
    if isinstance(found, str):
        assert found.endswith(".") and "damaged.mid" in found
    else:
        _, piece, _ = found
        assert np.isfinite(piece.onset).all() and (np.diff(np.rint(piece.onset)) >= 0).all()

"""What is read off a folder: the layouts of the corpus, MAESTRO and Lakh, any tree, and what lies in wait in trees."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from models.training.folders import Listing, midi_files, read_folder
from tests.training.made_midi import midi, put, tune

MIDI = midi((0, tune(1, 20)))
ROWS: list[dict[str, Any]] = [
    {
        "canonical_composer": "Alban Berg",
        "canonical_title": "Sonata Op. 1",
        "split": split,
        "year": 2018,
        "midi_filename": f"2018/take{number}.midi",
        "audio_filename": f"2018/take{number}.wav",
        "duration": 698.66,
    }
    for number, split in enumerate(("train", "validation", "test"))
]


def write_csv(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ROWS[0])
        writer.writeheader()
        writer.writerows(ROWS)


def write_rows(path: Path) -> None:
    path.write_text(json.dumps(ROWS))


def write_columns(path: Path) -> None:
    columns = {name: {str(number): row[name] for number, row in enumerate(ROWS)} for name in ROWS[0]}
    path.write_text(json.dumps(columns))


@pytest.mark.parametrize(
    ("table", "write"),
    [
        ("maestro-v1.0.0.csv", write_csv),
        ("maestro-v2.0.0.json", write_rows),
        ("maestro-v3.0.0.json", write_columns),
    ],
)
def test_maestro_keeps_its_splits_whatever_its_version(tmp_path: Path, table: str, write: Any) -> None:
    write(tmp_path / table)
    (tmp_path / "another.csv").write_text("a,b\n1,2\n")
    listing = read_folder(tmp_path, "CC BY-NC-SA 4.0")
    assert listing.layout == "MAESTRO" and listing.has_splits
    assert [source.split for source in listing.sources] == ["train", "valid", "test"]
    first = listing.sources[0]
    assert first.path == tmp_path / "2018" / "take0.midi"
    assert (first.kind, first.style, first.on_beats, first.has_velocity, first.has_pedal) == (
        "performed", "performed", False, True, True
    )  # fmt: skip
    assert (first.composer, first.title, first.licence) == ("Alban Berg", "Sonata Op. 1", "CC BY-NC-SA 4.0")
    assert first.source == tmp_path.name and len({source.group for source in listing.sources}) == 1


def test_a_broken_table_is_no_maestro(tmp_path: Path) -> None:
    (tmp_path / "maestro-v3.0.0.json").write_text("")
    put(tmp_path / "2018" / "a.midi", MIDI)
    assert read_folder(tmp_path).layout == "a tree of files"


def groups_of(listing: Listing) -> dict[str, str]:
    return {source.path.name: source.group for source in listing.sources}


def test_files_matched_to_one_song_of_lakh_are_one_group(tmp_path: Path) -> None:
    song, other = "lmd_matched/A/B/C/TRABCAB128F425B14B", "lmd_matched/A/B/D/TRABDAB128F425B14B"
    for name in (f"{song}/{'1' * 32}.mid", f"{song}/{'2' * 32}.mid", f"{other}/{'3' * 32}.mid"):
        put(tmp_path / name, MIDI)
    groups = groups_of(read_folder(tmp_path))
    assert groups["1" * 32 + ".mid"] == groups["2" * 32 + ".mid"] != groups["3" * 32 + ".mid"]


def test_copies_of_one_title_in_clean_midi_are_one_group(tmp_path: Path) -> None:
    for name in ("ABBA/Waterloo.mid", "ABBA/Waterloo.1.mid", "ABBA/Fernando.mid", "Abba/waterloo.2.mid"):
        put(tmp_path / "clean_midi" / name, MIDI)
    listing = read_folder(tmp_path / "clean_midi")
    assert len(set(groups_of(listing).values())) == 2
    assert {(source.composer, source.title) for source in listing.sources} >= {
        ("ABBA", "Waterloo"),
        ("ABBA", "Fernando"),
    }


def test_lakh_in_full_and_plain_trees_have_no_groups_and_open_kinds(tmp_path: Path) -> None:
    put(tmp_path / "lmd_full" / "0" / ("0" * 32 + ".mid"), MIDI)
    put(tmp_path / "My Songs" / "Take 1.MID", MIDI)
    listing = read_folder(tmp_path)
    assert not listing.has_splits and set(groups_of(listing).values()) == {""}
    assert {(source.kind, source.split, source.licence) for source in listing.sources} == {("", "", "unknown")}
    assert [source.title for source in listing.sources] == ["Take 1", "0" * 32]


def test_a_tree_is_read_whatever_the_case_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("b.MID", "a/c.MiDi", "a/d.kar", "a/._c.mid", ".trash/e.mid", "__MACOSX/f.mid", "g.txt", "mid"):
        put(tmp_path / name, MIDI)
    names = [path.relative_to(tmp_path).as_posix() for path in midi_files(tmp_path)[0]]
    assert names == ["a/c.MiDi", "a/d.kar", "b.MID"]


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights on Windows")
def test_loops_of_links_end(tmp_path: Path) -> None:
    put(tmp_path / "music" / "a.mid", MIDI)
    (tmp_path / "music" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "music" / "self").symlink_to(tmp_path / "music", target_is_directory=True)
    (tmp_path / "music" / "gone.mid").symlink_to(tmp_path / "nothing.mid")
    elsewhere = put(tmp_path.parent / f"{tmp_path.name}-elsewhere" / "b.mid", MIDI)
    (tmp_path / "music" / "linked").symlink_to(elsewhere.parent, target_is_directory=True)
    assert sorted(path.name for path in midi_files(tmp_path / "music")[0]) == ["a.mid", "b.mid", "gone.mid"]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.mid", MIDI)
    put(tmp_path / "locked" / "b.mid", MIDI)
    scan = os.scandir

    def refuse(path: str) -> Any:
        # Rights on the disk would not do: who runs tests as root may read all.
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = read_folder(tmp_path)
    assert [source.path.name for source in listing.sources] == ["a.mid"]
    assert "locked" in listing.unreadable[0] and "Permission denied" in listing.unreadable[0]


def test_no_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is no folder"):
        read_folder(tmp_path / "nothing")

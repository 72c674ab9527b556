"""The command that tells whose passage a MIDI file shares: to people, as JSON, and in a sentence what is wrong."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note
from models.training.originality import write
from tests.originality.made_music import WORKS, leaps, notes_of
from tests.originality.test_guard import index_of

Run = Callable[..., tuple[int, str, str]]
TUNE = notes_of(leaps(1, 40))


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    shutil.copytree(tiny_bundle, tmp_path / "bundle")
    write(index_of(TUNE), tmp_path / "bundle")
    return tmp_path / "bundle"


def file_of(folder: Path, notes: list[Note]) -> Path:
    (folder / "phrase.mid").write_bytes(midi_bytes([Part("Player", notes)], tempos=[(0, 120.0)]))
    return folder / "phrase.mid"


def test_a_quotation_in_another_key_is_known(cocomposer: Run, bundle: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, notes_of(leaps(1, 40)[5:25], shift=3))
    code, text, err = cocomposer("originality", file, "--bundle", bundle, "--json")
    assert (code, err) == (0, "")
    report = json.loads(text)
    assert (report["notes"], report["pieces"], report["passage"]["notes"]) == (20, len(WORKS), 20)
    assert report["passage"]["piece"]["title"] == WORKS[0].title
    code, text, _ = cocomposer("originality", file, "--bundle", bundle)
    assert code == 0 and f"as in {WORKS[0].title} by {WORKS[0].composer}" in text and text.count("\n") == 1


def test_music_of_its_own(cocomposer: Run, bundle: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, notes_of(leaps(5, 30)))
    code, text, _ = cocomposer("originality", file, "--bundle", bundle)
    assert code == 0 and "no passage of 9 notes" in text
    assert json.loads(cocomposer("originality", file, "--bundle", bundle, "--json")[1])["passage"] is None


def test_a_model_without_a_list_says_so(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, TUNE)
    code, text, err = cocomposer("originality", file, "--bundle", tiny_bundle)
    assert (code, text) == (1, "") and "does not list its training music; choose" in err


def test_a_file_without_music_says_so(cocomposer: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "no.mid").write_bytes(b"nothing")
    code, _, err = cocomposer("originality", tmp_path / "no.mid", "--bundle", bundle)
    assert code == 1 and err.count("\n") == 1


def test_render_plays_like_a_folder(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, notes_of(leaps(5, 30)))
    (tmp_path / "own").mkdir()
    file_of(tmp_path / "own", notes_of(leaps(6, 200)))
    words = ["render", file, "-o", tmp_path / "out.mid", "--bars", 2, "--bundle", tiny_bundle, "--provider", "cpu"]
    code, _, err = cocomposer(*words, "--play-like", tmp_path / "own")
    assert (code, err) == (0, "") and (tmp_path / "out.mid").exists()
    (tmp_path / "empty").mkdir()
    code, _, err = cocomposer(*words, "--play-like", tmp_path / "empty")
    assert code == 1 and "holds no MIDI files; give" in err and err.count("\n") == 1

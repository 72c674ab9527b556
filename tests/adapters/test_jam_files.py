"""Jam files on a real disk; what they hold is tested with the format."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cocomposer.adapters.jam_files import SIZE_LIMIT_BYTES, JamFileError, open_jam, save_jam
from cocomposer.document.document import Document
from cocomposer.document.edits import Retitle
from cocomposer.jam import outputs
from tests.fakes.jam_facts import BEGAN_AT, same

ROOT = Path(__file__).resolve().parents[2]


def jam(title: str = "Evening") -> Document:
    document = Document()
    document.join("s", BEGAN_AT)
    document.happened(outputs.Heard(1.0, 60, 80, 0, 12.5))
    document.edit(Retitle(title))
    return document


def test_saved_and_opened(tmp_path: Path) -> None:
    path = tmp_path / "Abend ♪.cocojam"
    save_jam(path, jam())
    save_jam(path, jam("Night"))
    assert same(open_jam(str(path), go_on=True), jam("Night"))
    assert os.listdir(tmp_path) == ["Abend ♪.cocojam"]


def test_an_opened_jam_has_left_its_run(tmp_path: Path) -> None:
    """Or what was played meanwhile, for another jam, would be taken into it."""
    save_jam(tmp_path / "a.cocojam", jam())
    opened = open_jam(tmp_path / "a.cocojam")
    assert opened.timeline.end.tolist() == [24.5]
    opened.join("s", BEGAN_AT, 40)
    assert (opened.position, opened.offset_ticks) == (40, 192)


def test_a_newer_jam_is_neither_opened_nor_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.cocojam"
    newer = b'{"format":"cocomposer jam","version":3,"music":"other"}'
    path.write_bytes(newer)
    with pytest.raises(JamFileError, match=r"newer cocomposer; update cocomposer to open it\.$"):
        open_jam(path)
    with pytest.raises(JamFileError, match=r"is left as it is; save under another name\.$"):
        save_jam(path, jam())
    assert path.read_bytes() == newer


@pytest.mark.parametrize("content", [b"", b"Dear all", b'{"format":"cocomposer jam","version":1'])
def test_what_is_no_jam_is_a_sentence_and_may_be_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.cocojam"
    path.write_bytes(content)
    with pytest.raises(JamFileError) as caught:
        open_jam(path)
    text = str(caught.value)
    assert text.startswith(str(path)) and text.endswith(".") and "; " in text and "\n" not in text
    save_jam(path, jam())
    assert same(open_jam(path, go_on=True), jam())


def test_no_file_a_folder_a_device_and_a_giant(tmp_path: Path) -> None:
    giant = tmp_path / "giant.cocojam"
    with giant.open("wb") as file:
        file.truncate(SIZE_LIMIT_BYTES + 1)
    cases: list[tuple[str | Path, str]] = [
        (tmp_path / "none.cocojam", "does not exist any more; check"),
        (tmp_path, "is a folder; choose"),
        (os.devnull, "is a device"),
        (giant, "far too large"),
        (tmp_path / ("x" * 300), "check"),
        ("nul\0byte", "check the name"),
    ]
    for path, sentence in cases:
        with pytest.raises(JamFileError, match=sentence):
            open_jam(path)


def test_what_cannot_be_saved_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "a.cocojam", tmp_path, "nul\0byte"):
        with pytest.raises(JamFileError, match=r"could not be saved because .*; .*\.$"):
            save_jam(path, jam())


KILLED = """
import sys
from cocomposer.adapters.jam_files import save_jam
from cocomposer.document.document import Document
from cocomposer.document.edits import Retitle
document = Document()
number = 0
while True:
    document.edit(Retitle(str(number) * 1000))
    save_jam(sys.argv[1], document)
    number += 1
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX systems do")
def test_killed_while_saving_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.cocojam"
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        done = 0
        while done < 5:
            done = int(window.stdout.readline())
        window.kill()
        rest = window.stdout.read().split("\n")
    done = max([done, *(int(number) for number in rest[:-1])])
    assert open_jam(path).title in {str(number) * 1000 for number in (done - 1, done)}


def test_twenty_thousand_notes_are_quick(tmp_path: Path) -> None:
    """Under 300 ms each with the disk, on a machine that may be busy: the best of three."""
    document = jam()
    for number in range(20_000):
        document.timeline.heard(number % 128, 80, 0, number * 7.0)
    saving, opening = [], []
    for _ in range(3):
        begun = time.perf_counter()
        save_jam(tmp_path / "a.cocojam", document)
        saving.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        assert open_jam(tmp_path / "a.cocojam").timeline.count == 20_001
        opening.append(time.perf_counter() - begun)
    assert min(saving) < 0.3
    assert min(opening) < 0.3

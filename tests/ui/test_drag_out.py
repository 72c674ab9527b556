"""Takes on their way out: the files that other programs find, their names, and when they go."""

import io
import os
from pathlib import Path

import mido
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cocomposer.document.takes import KeptTake, TakeKind
from tests.ui.takes_jam import take
from ui.widgets.drag_out import KEPT_SECONDS, MIDI_TYPES, DragFolder, copy, drag_of, friendly_name, mime_of
from ui.widgets.take_pixmaps import TakePixmaps


def notes_in(midi: mido.MidiFile) -> list[list[tuple[int, int, int, int]]]:
    """Of each track with notes: onset, pitch, length, velocity, in ticks of 1/48 beat."""
    found = []
    for track in midi.tracks:
        now, notes, sounding = 0, [], {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.note] = (now, message.velocity)
            elif message.type in ("note_on", "note_off"):
                began, velocity = sounding.pop(message.note)
                notes.append((began // 10, message.note, (now - began) // 10, velocity))
        if notes:
            found.append(sorted(notes))
    return found


def expected(one: KeptTake) -> list[list[tuple[int, int, int, int]]]:
    first = one.phrase[0].onset_tick
    return [
        [(note.onset_tick - first, note.pitch, note.duration_ticks, note.velocity) for note in part]
        for part in (one.phrase, one.answer)
    ]


@pytest.mark.parametrize(
    ("name", "changes", "file"),
    [
        ("Take 3", {}, "Take 3 - D minor - 118 bpm"),
        ("Take 3", {"beat_known": False, "key": ""}, "Take 3"),
        ("Verse/Chorus: what?", {}, "3 Verse Chorus what - D minor - 118 bpm"),
        ("con", {"kind": TakeKind.IMPORTED, "key": "", "beat_known": False}, "Take con"),
        ("...", {"kind": TakeKind.IMPORTED, "key": "", "beat_known": False}, "Take"),
        ("Ä ö ♭", {"key": "", "beat_known": False}, "3 Ä ö ♭"),
    ],
)
def test_names_fit_every_system(name: str, changes: dict[str, object], file: str) -> None:
    assert friendly_name(take(3, name=name, **changes)) == file


def test_a_very_long_name_is_cut() -> None:
    assert len(friendly_name(take(1, name="long " * 60))) <= 80


def test_a_dragged_take_can_be_read_by_other_programs(qapp: QGuiApplication, tmp_path: Path) -> None:
    one = take(3)
    mime = mime_of([DragFolder(tmp_path / "dragged").file(one)])
    (url,) = mime.urls()
    path = Path(url.toLocalFile())
    assert mime.hasFormat("text/uri-list") and path.name == "Take 3 - D minor - 118 bpm.mid"
    assert notes_in(mido.MidiFile(path)) == expected(one)
    for kind in MIDI_TYPES:
        content = mime.data(kind).data()
        assert isinstance(content, bytes)
        assert notes_in(mido.MidiFile(file=io.BytesIO(content))) == expected(one)


def test_the_same_take_is_the_same_file_and_another_of_its_name_is_not(tmp_path: Path) -> None:
    folder = DragFolder(tmp_path)
    first = folder.file(take(3))
    assert folder.file(take(3, starred=True)) == first
    other = folder.file(take(4, name="Take 3", number=3))
    assert other.name == "Take 3 - D minor - 118 bpm (2).mid"
    # Files of an earlier run stay as they are: a DAW may still read them.
    later = DragFolder(tmp_path).file(take(3))
    assert later.name == "Take 3 - D minor - 118 bpm (3).mid" and first.exists()


def test_a_file_that_was_moved_away_is_written_again(tmp_path: Path) -> None:
    folder = DragFolder(tmp_path)
    path = folder.file(take(3))
    path.unlink()
    assert folder.file(take(3)).exists()


def test_files_go_after_a_day(tmp_path: Path) -> None:
    folder = DragFolder(tmp_path)
    old, young = folder.file(take(1)), folder.file(take(2))
    other = tmp_path / "notes.txt"
    other.write_text("not ours")
    os.utime(old, (1_000_000, 1_000_000))
    os.utime(young, (1_000_060, 1_000_060))
    assert folder.clean(1_000_030 + KEPT_SECONDS) == 1
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)
    assert DragFolder(tmp_path / "never made").clean() == 0


def test_several_takes_are_several_files(qtbot: QtBot, tmp_path: Path) -> None:
    source = QWidget()
    qtbot.addWidget(source)
    picture = TakePixmaps().pixmap(take(1), QSize(160, 56), 1.0)
    drag = drag_of(source, [take(1), take(2)], DragFolder(tmp_path), picture)
    mime = drag.mimeData()
    assert [Path(url.toLocalFile()).stem for url in mime.urls()] == [
        "Take 1 - D minor - 118 bpm",
        "Take 2 - D minor - 118 bpm",
    ]
    assert not mime.hasFormat(MIDI_TYPES[0]) and drag.pixmap().width() == 160
    drag.deleteLater()


def test_copying_puts_the_same_on_the_clipboard(qapp: QGuiApplication, tmp_path: Path) -> None:
    copy([take(5)], DragFolder(tmp_path))
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert notes_in(mido.MidiFile(url.toLocalFile())) == expected(take(5))

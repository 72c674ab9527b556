"""A folder of one's own MIDI files: all kinds of files in it, and a sentence for what cannot be used."""

from pathlib import Path

import numpy as np
import pytest

from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.own_music import MOST_NOTES, own_files, read_own
from cocomposer.events.layout import COLUMN, PHASE_UNKNOWN
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note

SCALE = [Note(24 * n, 60 + n, 24, 80) for n in range(12)]
DRUMS = [Note(24 * n, 36, 12, 100, channel=9) for n in range(8)]


def write(path: Path, notes: list[Note]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(midi_bytes([Part("a", notes)]))


def test_files_come_in_order_with_progress(tmp_path: Path) -> None:
    write(tmp_path / "b.mid", SCALE)
    write(tmp_path / "a" / "deep" / "one.MIDI", SCALE[:5])
    (tmp_path / "broken.mid").write_bytes(b"MThd nothing")
    (tmp_path / "notes.txt").write_text("no music")
    write(tmp_path / ".hidden" / "x.mid", SCALE)
    pieces = list(read_own(own_files(tmp_path)))
    assert [(p.number, p.total, p.name, len(p.rows)) for p in pieces] == [
        (1, 3, "b.mid", 12),
        (2, 3, "broken.mid", 0),
        (3, 3, "one.MIDI", 5),
    ]
    assert [p.sentence is None for p in pieces] == [True, False, True]
    assert pieces[0].rows[:, COLUMN["pitch"]].tolist() == list(range(60, 72))
    assert pieces[0].rows[:, COLUMN["phase"]].tolist() == [0, 24] * 6
    assert pieces[0].rows[:, COLUMN["beat"]].tolist() == [n // 2 % 4 for n in range(12)]


def test_loose_playing_has_no_beat(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    loose = [Note(31 * n + int(rng.integers(0, 20)), 60 + n % 5, 20, 70) for n in range(60)]
    write(tmp_path / "loose.mid", loose)
    (piece,) = read_own(own_files(tmp_path))
    assert set(piece.rows[:, COLUMN["phase"]].tolist()) == {PHASE_UNKNOWN}


def test_drums_are_apart(tmp_path: Path) -> None:
    write(tmp_path / "both.mid", sorted([*SCALE, *DRUMS]))
    (pitched,), (drums,) = (list(read_own(own_files(tmp_path), drums=wanted)) for wanted in (False, True))
    assert (len(pitched.rows), len(drums.rows)) == (12, 8)
    assert set(drums.rows[:, COLUMN["pitch"]].tolist()) == {36}


def test_a_folder_without_music_says_so(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="holds no MIDI files; give"):
        own_files(tmp_path)
    with pytest.raises(MidiFileError, match="no folder; give"):
        own_files(tmp_path / "nowhere")
    write(tmp_path / "drums.mid", DRUMS)
    reading = read_own(own_files(tmp_path))
    assert next(reading).sentence == "drums.mid has nothing but drums and was left out."
    with pytest.raises(MidiFileError, match="choose others"):
        next(reading)


def test_no_more_than_can_be_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cocomposer.adapters.own_music.MOST_NOTES", 20)
    assert MOST_NOTES == 100_000
    for name in "abc":
        write(tmp_path / f"{name}.mid", SCALE)
    pieces = list(read_own(own_files(tmp_path)))
    assert [len(piece.rows) for piece in pieces] == [12, 8]
    assert pieces[1].sentence is not None

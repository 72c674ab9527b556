"""`render --role accompany:…` as a user has it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note

Run = Callable[..., tuple[int, str, str]]
CHORDS = ((50, 57, 60, 65), (43, 59, 62, 65), (48, 55, 60, 64), (48, 55, 60, 64)) * 2


@pytest.fixture
def song(tmp_path: Path) -> Path:
    notes = [Note(192 * bar, pitch, 186, 80) for bar, chord in enumerate(CHORDS) for pitch in chord]
    (tmp_path / "song.mid").write_bytes(midi_bytes([Part("a", notes)], tempos=[(0, 96.0)]))
    return tmp_path / "song.mid"


def test_each_part_is_written_on_its_own_channel(cocomposer: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    code, text, err = cocomposer("render", song, "--role", "accompany:chords+bass", "-o", out, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(text)
    piece = read_midi_file(out)
    assert {name for name in piece.track_names if name in ("Player", "Chords", "Bass", "Voice")} == {
        "Player", "Chords", "Bass",
    }  # fmt: skip
    by_track = {piece.track_names[row[5]]: row[4] for row in piece.notes.tolist()}
    assert by_track == {"Player": 0, "Chords": 1, "Bass": 2}
    assert facts["given_notes"] == 32 and facts["drawn_notes"] == len(piece.notes) - 32 > 40
    assert facts["bpm"] == pytest.approx(96, abs=0.01)


def test_without_a_beat_it_says_what_to_do(cocomposer: Run, tmp_path: Path) -> None:
    free = [Note(61 * n + n * n * 7 % 31, 60 + n % 5, 40, 80) for n in range(12)]
    (tmp_path / "free.mid").write_bytes(midi_bytes([Part("a", free)], tempos=[(0, 120.0)]))
    code, _, err = cocomposer("render", tmp_path / "free.mid", "--role", "accompany:bass", "-o", tmp_path / "out.mid")
    assert code == 2 and "--tempo" in err and not (tmp_path / "out.mid").exists()

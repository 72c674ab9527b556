"""MIDI files on the tick axis: beats, bars, seconds, pedal, doubled notes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cocomposer.adapters.midi_files import read_midi_bytes
from cocomposer.events.layout import COLUMN, PHASE_UNKNOWN
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note, Pedal
from models.training.pieces import Piece, Source, place, read_manifest


def placed(notes: list[Note], style: str, bpm: float = 120, meter: tuple[int, int] = (4, 4), **facts: Any) -> Piece:
    midi = read_midi_bytes(midi_bytes([Part("a", notes)], tempos=[(0, bpm)], meter=meter), "test")
    return place(midi, Source(Path("x"), style, "train", on_beats=style != "performed", **facts))


def test_scores_lie_on_beats_whatever_their_tempo() -> None:
    notes = [Note(48 * n, 60, 40, 80) for n in range(8)]
    piece = placed(notes, "score", bpm=60)
    assert piece.onset.tolist() == [48 * n for n in range(8)]
    assert piece.in_bar.tolist() == [48 * (n % 4) for n in range(8)]


def test_bars_follow_the_metre() -> None:
    notes = [Note(48 * n, 60, 40, 80) for n in range(7)]
    assert placed(notes, "score", meter=(3, 4)).in_bar.tolist() == [0, 48, 96, 0, 48, 96, 0]
    eighths = [Note(24 * n, 60, 20, 80) for n in range(7)]
    assert placed(eighths, "score", meter=(6, 8)).in_bar.tolist() == [0, 24, 48, 72, 96, 120, 0]


def test_performances_lie_in_seconds_without_a_beat() -> None:
    notes = [Note(48 * n, 60, 40, 80) for n in range(4)]
    piece = placed(notes, "performed", bpm=60)
    assert piece.onset.tolist() == [96 * n for n in range(4)]
    rows, _ = piece.rows("performed")
    assert (rows[:, COLUMN["phase"]] == PHASE_UNKNOWN).all()


def test_what_is_not_known_is_not_made_up() -> None:
    notes = [Note(48 * n, 60, 40, 80, pedal=Pedal.DOWN) for n in range(4)]
    piece = placed(notes, "score", has_velocity=False, has_pedal=False)
    assert not piece.velocity.any() and not piece.pedal.any()


def test_the_pedal_of_each_note() -> None:
    pedals = [Pedal.UP, Pedal.FRESH, Pedal.DOWN, Pedal.FRESH, Pedal.UP]
    notes = [Note(48 * n, 60, 40, 80, pedal=pedal) for n, pedal in enumerate(pedals)]
    assert placed(notes, "score", has_pedal=True).pedal.tolist() == [int(p) for p in pedals]


def test_a_pitch_doubled_by_two_parts_is_one_note() -> None:
    parts = [Part("a", [Note(0, 60, 48, 80)]), Part("b", [Note(0, 60, 96, 80, 1), Note(0, 64, 96, 80, 1)])]
    piece = place(read_midi_bytes(midi_bytes(parts), "test"), Source(Path("x"), "score", "train"))
    assert piece.pitch.tolist() == [60, 64] and piece.duration.tolist() == [96, 96]
    assert np.all(np.diff(piece.onset) >= 0)


def test_a_manifest_without_a_needed_column_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path,kind\na.mid,folk\n")
    with pytest.raises(ValueError, match="lacks the columns split"):
        read_manifest(tmp_path)


def test_a_small_manifest_will_do_and_keeps_its_own_kinds(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path,kind,split\na.mid,tango,test\n")
    (source,) = read_manifest(tmp_path)
    assert (source.kind, source.style, source.split) == ("tango", "unknown", "test")

"""MIDI files as takes: those we wrote ourselves, played ones, drums, pedals, too many notes."""

from pathlib import Path

import pytest

from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.midi_takes import MOST_NOTES, read_take
from cocomposer.adapters.phrases import phrases
from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake
from cocomposer.document.takes import TakeKind
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.export.take_midi import take_midi
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note, Pedal


def note(onset: int, pitch: int = 60, length: int = 24, channel: int = 0, pedal: Pedal = Pedal.UNKNOWN) -> Note:
    return Note(onset, pitch, length, 80, channel, pedal)


def saved(folder: Path, *parts: list[Note], bpm: float = 90.0, meter: tuple[int, int] = (3, 4)) -> Path:
    path = folder / "A tune.mid"
    path.write_bytes(midi_bytes([Part("part", notes) for notes in parts], tempos=[(0, bpm)], meter=meter))
    return path


def test_a_score_keeps_its_beat(tmp_path: Path) -> None:
    right, left = [note(0), note(48), note(96, 64)], [note(0, 40, 96)]
    document = Document()
    document.settings = Settings(seed=5)
    document.edit(AddTake(read_take(saved(tmp_path, [note(0)]), document).take))
    found = read_take(saved(tmp_path, right, left), document)
    take = found.take
    assert found.sentence is None
    assert take.phrase == tuple(sorted([*right, *left]))
    assert (take.kind, take.number, take.name, take.answer) == (TakeKind.IMPORTED, 2, "A tune", ())
    assert (round(take.bpm, 3), take.beat_known, take.bar_tick, take.beats_per_bar) == (90.0, True, 0, 3)
    assert take.settings.seed == 5
    assert take.created_at[10] == "T" and take.created_at[-6] in "+-"


def test_what_is_exported_is_imported_again(tmp_path: Path) -> None:
    pedals = (Pedal.FRESH, Pedal.DOWN, Pedal.UP)
    played = [note(48 * place, pedal=pedal) for place, pedal in enumerate(pedals)]
    take = read_take(saved(tmp_path, played), Document()).take
    (tmp_path / "again.mid").write_bytes(take_midi(take))
    again = read_take(tmp_path / "again.mid", Document()).take
    assert again.phrase == take.phrase
    assert tuple(n.pedal for n in again.phrase) == pedals
    assert again.id != take.id


def test_a_performance_is_laid_out_in_its_seconds(tmp_path: Path) -> None:
    """60 BPM in the file, but nothing lies on its beats: a tick is 1/96 second, and it begins at once."""
    take = read_take(saved(tmp_path, [note(101, 61), note(115), note(154), note(171)], bpm=60), Document()).take
    assert (take.bpm, take.beat_known) == (120.0, False)
    assert [n.onset_tick for n in take.phrase] == [0, 28, 106, 140]
    assert take.phrase[0].duration_ticks == 48


@pytest.mark.parametrize(("meter", "beats"), [((6, 8), 3), ((5, 4), 5), ((7, 8), 4), ((2, 2), 4), ((20, 4), 4)])
def test_metres_in_quarter_notes(tmp_path: Path, meter: tuple[int, int], beats: int) -> None:
    assert read_take(saved(tmp_path, [note(0)], meter=meter), Document()).take.beats_per_bar == beats


def test_a_tempo_that_cannot_be_set_is_none(tmp_path: Path) -> None:
    assert not read_take(saved(tmp_path, [note(0), note(48)], bpm=600), Document()).take.beat_known


def test_drums_are_left_out_and_said_so(tmp_path: Path) -> None:
    found = read_take(saved(tmp_path, [note(0)], [note(0, 36, channel=9)]), Document())
    assert found.take.phrase == (note(0),)
    assert found.sentence == "A tune.mid was imported without its drums."
    alone = read_take(saved(tmp_path, [note(0, 36, channel=9)]), Document())
    assert len(alone.take.phrase) == 1 and alone.sentence is None


def test_a_long_file_is_cut_and_said_so(tmp_path: Path) -> None:
    many = [note(12 * n, 40 + n % 40, 6) for n in range(MOST_NOTES + 3)]
    found = read_take(saved(tmp_path, many, [note(0, 36, channel=9)]), Document())
    assert len(found.take.phrase) == MOST_NOTES
    assert found.sentence == (
        "A tune.mid was imported without its drums and all but the first 5,000 of its 5,003 notes."
    )


def test_unison_of_two_parts_is_one_key(tmp_path: Path) -> None:
    assert len(read_take(saved(tmp_path, [note(0)], [note(0)]), Document()).take.phrase) == 1


@pytest.mark.parametrize("path", phrases().values(), ids=phrases().keys())
def test_our_own_phrases(path: Path) -> None:
    take = read_take(path, Document()).take
    assert list(take.phrase) == sorted(take.phrase)
    assert all(n.duration_ticks > 0 and n.onset_tick >= 0 for n in take.phrase)


def test_no_midi_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.mid").write_text("la la la")
    with pytest.raises(MidiFileError, match=r"choose a \.mid file\.$"):
        read_take(tmp_path / "text.mid", Document())

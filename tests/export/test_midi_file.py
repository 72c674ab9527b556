"""Notes to a MIDI file and back: what is written is what a reader finds."""

import io

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.midi_files import MidiPiece, read_midi_bytes
from cocomposer.export.midi_file import FILE_TICKS_PER_BEAT, Part, midi_bytes
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

SCALE = FILE_TICKS_PER_BEAT // TICKS_PER_BEAT


def read(data: bytes) -> MidiPiece:
    return read_midi_bytes(data, "written.mid")


def found(piece: MidiPiece) -> list[tuple[int, ...]]:
    """(onset, end in ticks of 1/48 beat, pitch, velocity, channel, track), exact: a remainder would show as a float."""
    rows = []
    for onset, end, *rest in piece.notes.tolist():
        assert onset % SCALE == 0
        assert end % SCALE == 0
        rows.append((onset // SCALE, end // SCALE, *rest))
    return sorted(rows)


@st.composite
def apart(draw: st.DrawFn) -> list[Note]:
    """Notes of which no two share a key at the same time, so that a file can hold them as they are."""
    notes = []
    free_from: dict[tuple[int, int], int] = {}
    for _ in range(draw(st.integers(1, 30))):
        key = (draw(st.integers(0, 15)), draw(st.integers(0, 127)))
        onset = free_from.get(key, 0) + draw(st.integers(0, 500))
        duration = draw(st.integers(1, 500))
        free_from[key] = onset + duration
        velocity = draw(st.integers(1, 127))
        notes.append(Note(onset, key[1], duration, velocity, key[0], draw(st.sampled_from(Pedal))))
    return notes


@given(st.lists(apart(), min_size=1, max_size=3))
def test_what_is_written_is_what_is_read(voices: list[list[Note]]) -> None:
    piece = read(midi_bytes([Part(f"part {index}", notes) for index, notes in enumerate(voices)]))
    expected = sorted(
        (note.onset_tick, note.end_tick, note.pitch, note.velocity, note.channel, index + 1)
        for index, notes in enumerate(voices)
        for note in notes
    )
    assert found(piece) == expected
    assert piece.track_names == ("", *(f"part {index}" for index in range(len(voices))))


def test_facts_are_read_back() -> None:
    data = midi_bytes(
        [Part("Bass – tief", [Note(96, 40, 24, 90)], program=32), Part("Drums", [Note(0, 38, 6, 70, channel=9)])],
        tempos=[(0, 100.0), (192, 60.0)],
        meter=(6, 8),
        title="Nocturne in E♭",
        markers=[(96, "Cm7")],
    )
    piece = read(data)
    assert piece.ticks_per_beat == FILE_TICKS_PER_BEAT
    assert piece.track_names == ("Nocturne in E♭", "Bass – tief", "Drums")
    assert piece.tempos == ((0, 600_000), (192 * SCALE, 1_000_000))
    assert piece.meters == ((0, 6, 8),)
    assert piece.markers == ((96 * SCALE, "Cm7"),)
    assert piece.programs == ((0, 0, 32, 1), (0, 9, 0, 2))
    assert piece.seconds_of(240 * SCALE) == pytest.approx(4 * 0.6 + 1 * 1.0)


def test_it_is_a_type_1_file_that_mido_reads() -> None:
    song = mido.MidiFile(file=io.BytesIO(midi_bytes([Part("a", [Note(0, 60, 48, 80)]), Part("b", [])])))
    assert song.type == 1
    assert [track.name for track in song.tracks] == ["", "a", "b"]
    assert song.length == pytest.approx(0.5)


UNKNOWN, UP, DOWN, FRESH = Pedal.UNKNOWN, Pedal.UP, Pedal.DOWN, Pedal.FRESH


@pytest.mark.parametrize(
    ("name", "pedals", "written"),
    [
        ("never heard", [(0, UNKNOWN), (48, UNKNOWN)], []),
        ("up all the time is said once", [(0, UP), (48, UP)], [(0, 0)]),
        ("down from the start", [(0, DOWN), (48, DOWN)], [(0, 127), (96, 0)]),
        ("pressed, then up", [(0, UP), (48, FRESH), (96, UP)], [(0, 0), (48, 127), (96, 0)]),
        ("pressed again", [(0, FRESH), (48, FRESH)], [(0, 127), (48, 0), (48, 127), (96, 0)]),
        ("fresh within a chord", [(0, DOWN), (48, FRESH), (48, DOWN)], [(0, 127), (48, 0), (48, 127), (96, 0)]),
        ("pressed and lifted within a chord", [(0, DOWN), (48, FRESH), (48, UP)], [(0, 127), (48, 0)]),
        ("lifted and pressed within a chord", [(0, UP), (48, UP), (48, FRESH)], [(0, 0), (48, 127), (96, 0)]),
        ("unknown in between changes nothing", [(0, DOWN), (48, UNKNOWN), (96, DOWN)], [(0, 127), (144, 0)]),
    ],
)
def test_pedal(name: str, pedals: list[tuple[int, Pedal]], written: list[tuple[int, int]]) -> None:
    notes = [Note(tick, 60 + index, 48, 80, 0, pedal) for index, (tick, pedal) in enumerate(pedals)]
    piece = read(midi_bytes([Part("piano", notes)]))
    assert [(tick // SCALE, value) for tick, _, value, _ in piece.pedals.tolist()] == written


@given(apart())
def test_the_pedal_is_up_at_the_end(notes: list[Note]) -> None:
    last = {channel: value for _, channel, value, _ in read(midi_bytes([Part("", notes)])).pedals.tolist()}
    assert set(last.values()) <= {0}
    assert set(last) == {note.channel for note in notes if note.pedal is not Pedal.UNKNOWN}


def test_a_fresh_pedal_does_not_catch_the_notes_that_end_there() -> None:
    notes = [Note(0, 60, 48, 80, 0, DOWN), Note(48, 64, 48, 80, 0, FRESH)]
    track = mido.MidiFile(file=io.BytesIO(midi_bytes([Part("", notes)]))).tracks[1]
    at = [message.time > 0 for message in track].index(True)
    assert [(message.type, getattr(message, "value", None)) for message in track[at : at + 4]] == [
        ("control_change", 0),
        ("note_off", None),
        ("control_change", 127),
        ("note_on", None),
    ]


def test_overlaps_on_one_key() -> None:
    piece = read(midi_bytes([Part("", [Note(0, 60, 100, 80), Note(48, 60, 10, 70)])]))
    assert found(piece) == [(0, 48, 60, 80, 0, 1), (48, 58, 60, 70, 0, 1)]
    piece = read(midi_bytes([Part("", [Note(0, 60, 48, 80), Note(0, 60, 96, 70)])]))
    assert found(piece) == [(0, 96, 60, 80, 0, 1)]


@pytest.mark.parametrize(
    ("parts", "tempos", "meter"),
    [
        ([Part("", [Note(-1, 60, 48, 80)])], [(0, 120.0)], (4, 4)),
        ([Part("", [Note(0, 60, 48, 80, channel=16)])], [(0, 120.0)], (4, 4)),
        ([Part("", [Note(0, 128, 48, 80)])], [(0, 120.0)], (4, 4)),
        ([Part("", [Note(0, 60, 48, 80)], program=128)], [(0, 120.0)], (4, 4)),
        ([], [(0, 3.5)], (4, 4)),
        ([], [(0, 0.0)], (4, 4)),
        ([], [(0, float("nan"))], (4, 4)),
        ([], [(-48, 120.0)], (4, 4)),
        ([], [(0, 120.0)], (4, 3)),
        ([], [(0, 120.0)], (0, 4)),
    ],
)
def test_what_a_file_cannot_hold_raises(
    parts: list[Part], tempos: list[tuple[int, float]], meter: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        midi_bytes(parts, tempos=tempos, meter=meter)

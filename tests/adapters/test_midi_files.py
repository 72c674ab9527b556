"""Reading MIDI files: known files against mido's own reading, and every bad file against its sentence."""

import io
import os
import time
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, read_midi_bytes, read_midi_file


def header(kind: int = 1, tracks: int = 1, division: int = 480) -> bytes:
    return b"MThd" + (6).to_bytes(4) + kind.to_bytes(2) + tracks.to_bytes(2) + division.to_bytes(2)


def track(*events: bytes) -> bytes:
    body = b"".join(events)
    return b"MTrk" + len(body).to_bytes(4) + body


END = b"\x00\xff\x2f\x00"
ON = b"\x00\x90\x3c\x50"
OFF = b"\x60\x80\x3c\x40"
NOTE = ON + OFF


def read(data: bytes, note_limit: int = 1_000_000) -> MidiPiece:
    return read_midi_bytes(data, "seed.mid", note_limit=note_limit)


def rows(piece: MidiPiece) -> list[list[int]]:
    """Onset, end, pitch, velocity of every note."""
    return [[int(value) for value in row] for row in piece.notes[:, :4]]


@pytest.mark.parametrize(
    ("name", "events", "expected"),
    [
        ("plain", NOTE + END, [[0, 96, 60, 80]]),
        ("velocity 0 ends", ON + b"\x60\x90\x3c\x00" + END, [[0, 96, 60, 80]]),
        ("running status", ON + b"\x60\x3c\x00\x00\x3e\x40\x60\x3e\x00" + END, [[0, 96, 60, 80], [96, 192, 62, 64]]),
        ("running status through a meta event", ON + b"\x00\xff\x01\x01x" + b"\x60\x3c\x00" + END, [[0, 96, 60, 80]]),
        ("re-strike ends the earlier", ON + b"\x60\x90\x3c\x40" + OFF + END, [[0, 96, 60, 80], [96, 192, 60, 64]]),
        (
            "end of the old note after the start of the new",
            ON + b"\x60\x90\x3c\x40" + b"\x00\x80\x3c\x40" + OFF + END,
            [[0, 96, 60, 80], [96, 192, 60, 64]],
        ),
        ("unison is one stroke", ON + b"\x00\x90\x3c\x60" + OFF + b"\x60\x80\x3c\x40" + END, [[0, 96, 60, 96]]),
        ("missing note-off", ON + b"\x60\xff\x2f\x00", [[0, 96, 60, 80]]),
        ("no end of track", ON + OFF, [[0, 96, 60, 80]]),
        ("zero length", ON + b"\x00\x80\x3c\x40" + END, [[0, 1, 60, 80]]),
        ("hanging at the very end", ON + END, [[0, 1, 60, 80]]),
        ("bytes after the end of track", NOTE + END + b"\xf1\xf2\xf3", [[0, 96, 60, 80]]),
        ("stray note-off", b"\x00\x80\x30\x40" + NOTE + END, [[0, 96, 60, 80]]),
        ("system exclusive", b"\x00\xf0\x03\x7e\x7f\xf7" + NOTE + END, [[0, 96, 60, 80]]),
        ("delta of an unknown meta event", b"\x60\xff\x60\x01\x00" + NOTE + END, [[96, 192, 60, 80]]),
        ("two bytes of delta", b"\x83\x00\x90\x3c\x50" + OFF + END, [[384, 480, 60, 80]]),
        ("pressure and bend", b"\x00\xa0\x3c\x01\x00\xd0\x01\x00\xe0\x00\x40" + NOTE + END, [[0, 96, 60, 80]]),
    ],
)
def test_notes_of_a_track(name: str, events: bytes, expected: list[list[int]]) -> None:
    assert rows(read(header() + track(events))) == expected


def test_notes_are_sorted_by_onset_then_pitch_over_all_tracks() -> None:
    low = track(b"\x00\x91\x30\x50\x60\x81\x30\x00", END)
    high = track(b"\x00\x90\x48\x50\x60\x80\x48\x00", b"\x00\x90\x24\x50\x60\x80\x24\x00", END)
    piece = read(header(tracks=2) + high + low)
    assert piece.notes.tolist() == [
        [0, 96, 48, 80, 1, 1],
        [0, 96, 72, 80, 0, 0],
        [96, 192, 36, 80, 0, 0],
    ]
    assert not piece.notes.flags.writeable


def test_facts_beside_the_notes() -> None:
    facts = track(
        b"\x00\xff\x03\x05Title",
        b"\x00\xff\x51\x03" + (400_000).to_bytes(3),
        b"\x00\xff\x58\x04\x06\x03\x18\x08",
        b"\x00\xff\x59\x02\xfd\x01",
        b"\x00\xff\x06\x02C7",
        b"\x00\xff\x58\x04\x00\x03\x18\x08",
        b"\x00\xff\x59\x02\x40\x00",
        END,
    )
    part = track(b"\x00\xff\x03\x05Gr\xfcn!", b"\x00\xc2\x28", b"\x0a\xb2\x40\x7f", NOTE, b"\x00\xb2\x40\x00", END)
    piece = read(header(tracks=2) + facts + part)
    assert piece.track_names == ("Title", "Grün!")
    assert piece.tempos == ((0, 400_000),)
    assert piece.meters == ((0, 6, 8),)
    assert piece.key_signatures == ((0, -3, True),)
    assert piece.markers == ((0, "C7"),)
    assert piece.programs == ((0, 2, 40, 1),)
    assert piece.pedals.tolist() == [[10, 2, 127, 1], [106, 2, 0, 1]]


def test_tempo_map_without_a_tempo_runs_at_120() -> None:
    piece = read(header() + track(NOTE, END))
    assert piece.seconds_of([0, 480, 960]).tolist() == [0.0, 0.5, 1.0]
    assert piece.beats_of([0, 240, 480]).tolist() == [0.0, 0.5, 1.0]
    assert piece.seconds_of(480).shape == ()


def test_the_later_of_two_tempos_on_one_tick_counts() -> None:
    tempos = b"".join(b"\x00\xff\x51\x03" + tempo.to_bytes(3) for tempo in (1_000_000, 250_000))
    assert read(header() + track(tempos, NOTE, END)).tempos == ((0, 250_000),)


@given(
    tempos=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 0xFFFFFF)), max_size=8),
    ticks=st.lists(st.integers(0, 20_000), min_size=1, max_size=20),
)
def test_seconds_agree_with_a_walk_through_the_tempos(tempos: list[tuple[int, int]], ticks: list[int]) -> None:
    at = 0
    events = []
    for tick, tempo in sorted(tempos, key=lambda pair: pair[0]):
        events.append(variable_length(tick - at) + b"\xff\x51\x03" + tempo.to_bytes(3))
        at = tick
    piece = read(header() + track(*events, NOTE, END))

    def walked(tick: int) -> float:
        seconds, last, tempo = 0.0, 0, 500_000
        for start, following in sorted(tempos, key=lambda pair: pair[0]):
            if start > tick:
                break
            seconds += (start - last) * tempo / 1e6 / 480
            last, tempo = start, following
        return seconds + (tick - last) * tempo / 1e6 / 480

    np.testing.assert_allclose(piece.seconds_of(ticks), [walked(tick) for tick in ticks], rtol=1e-9, atol=1e-12)


def variable_length(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(0, 3), st.integers(0, 127), st.integers(0, 127)),
        min_size=1,
        max_size=60,
    )
)
def test_same_notes_as_mido_reads(strokes: list[tuple[int, int, int, int]]) -> None:
    """mido as an independent reader: every (onset, channel, pitch) that mido hears begins a note here, and no other."""
    part = mido.MidiTrack()
    for delta, channel, pitch, velocity in strokes:
        part.append(mido.Message("note_on", time=delta, channel=channel, note=pitch, velocity=velocity))
    part.append(mido.Message("note_on", note=1, velocity=1))
    buffer = io.BytesIO()
    mido.MidiFile(tracks=[part]).save(file=buffer)
    buffer.seek(0)
    heard = set()
    tick = 0
    for message in mido.MidiFile(file=buffer).tracks[0]:
        tick += message.time
        if message.type == "note_on" and message.velocity > 0:
            heard.add((tick, message.channel, message.note))
    piece = read(buffer.getvalue())
    assert {(int(row[0]), int(row[4]), int(row[2])) for row in piece.notes} == heard
    assert (piece.notes[:, 1] > piece.notes[:, 0]).all()
    for channel, pitch in {(row[4], row[2]) for row in piece.notes.tolist()}:
        same = piece.notes[(piece.notes[:, 4] == channel) & (piece.notes[:, 2] == pitch)]
        assert (same[1:, 0] >= same[:-1, 1]).all(), "one key sounds once at a time"


BAD_BYTES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty"),
    ("text", b"Hello, this is a letter.", "is not a Standard MIDI File"),
    ("header cut", header()[:9], "ends within its header"),
    ("header size", b"MThd\xff\xff\xff\xff" + header()[8:] + track(NOTE, END), "damaged header"),
    ("type 2", header(kind=2) + track(NOTE, END), "type 2"),
    ("type 7", header(kind=7) + track(NOTE, END), "unknown type 7"),
    ("film frames", header(division=0xE728) + track(NOTE, END), "film frames"),
    ("no ticks", header(division=0) + track(NOTE, END), "0 ticks per beat"),
    ("no tracks", header(tracks=0), "has no notes"),
    ("no notes", header() + track(END), "has no notes"),
    ("track missing", header(tracks=2) + track(NOTE, END), "ends after 1 of its 2 tracks"),
    ("track cut", header() + track(NOTE, END)[:-3], "is cut off"),
    ("giant chunk", header() + b"MTrk\xff\xff\xff\xf0" + NOTE, "is cut off"),
    ("event cut", header() + track(b"\x00\x90\x3c"), "ends within an event"),
    ("delta cut", header() + track(NOTE, b"\x81"), "ends within an event"),
    ("meta cut", header() + track(NOTE, b"\x00\xff\x01\x7fabc"), "ends within an event"),
    ("sysex cut", header() + track(NOTE, b"\x00\xf0\xff\xff\xff\x7f"), "ends within an event"),
    ("endless length", header() + track(b"\x80\x80\x80\x80\x80\x00"), "more than four bytes"),
    ("running status without one", header() + track(b"\x00\x3c\x50"), "a status that was never given"),
    ("value above 127", header() + track(b"\x00\x90\x3c\x90"), "a value above 127"),
    ("realtime byte", header() + track(b"\x00\xf8"), "0xf8"),
    ("tempo of zero", header() + track(b"\x00\xff\x51\x03\x00\x00\x00", NOTE, END), "tempo of zero"),
    ("short tempo", header() + track(b"\x00\xff\x51\x01\x07", NOTE, END), "a tempo has 1 bytes"),
    ("giant delta", header() + track(b"\xff\xff\xff\x7f\x90\x3c\x50" * 3, END), "hours"),
]


@pytest.mark.parametrize(("name", "data", "sentence"), BAD_BYTES, ids=[name for name, _, _ in BAD_BYTES])
def test_bad_content_is_one_sentence(name: str, data: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "seed.mid"
    path.write_bytes(data)
    with pytest.raises(MidiFileError, match=sentence) as caught:
        read_midi_file(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert text.endswith(".")
    assert "\n" not in text
    assert ";" in text, "what to do follows the semicolon"


def test_missing_folder_and_device(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match=r"does not exist; check"):
        read_midi_file(tmp_path / "none.mid")
    with pytest.raises(MidiFileError, match=r"is a folder; give"):
        read_midi_file(tmp_path)
    with pytest.raises(MidiFileError, match=r"is a device"):
        read_midi_file(os.devnull)
    with pytest.raises(MidiFileError, match="check the name"):
        read_midi_file("nul\0byte.mid")
    with pytest.raises(MidiFileError, match="check"):
        read_midi_file(tmp_path / ("long" * 2000))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mid"
    with path.open("wb") as file:
        file.write(header())
        file.truncate(3 << 30)
    with pytest.raises(MidiFileError, match="3072 MB"):
        read_midi_file(path)


def test_note_limit() -> None:
    data = header() + track(NOTE * 10, END)
    assert len(read(data, note_limit=10).notes) == 10
    with pytest.raises(MidiFileError, match="more than 9 notes"):
        read(data, note_limit=9)
    with pytest.raises(MidiFileError, match="more than 9 notes"):
        read(header() + track(*(bytes((0, 0x90, pitch, 80)) for pitch in range(10)), END), note_limit=9)


@settings(max_examples=300, deadline=1000)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_piece_or_a_sentence(noise: bytes) -> None:
    for data in (noise, header() + noise, header() + track(noise), header() + track(NOTE, noise)):
        piece_or_sentence(data)


WHOLE = (
    header(tracks=2)
    + track(b"\x00\xff\x51\x03\x07\xa1\x20", b"\x00\xff\x58\x04\x04\x02\x18\x08", b"\x00\xff\x03\x01a", END)
    + track(b"\x00\xc0\x00", b"\x00\xb0\x40\x7f", NOTE * 3, b"\x00\xf0\x02\x01\xf7", ON, b"\x60\x3c\x00", END)
)


@settings(max_examples=500, deadline=1000)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6),
    kept=st.integers(0, len(WHOLE)),
    cut=st.booleans(),
)
def test_a_damaged_file_is_a_piece_or_a_sentence(changes: list[tuple[int, int]], kept: int, cut: bool) -> None:
    data = bytearray(WHOLE)
    for position, value in changes:
        data[position] = value
    piece_or_sentence(bytes(data[:kept] if cut else data))


def piece_or_sentence(data: bytes) -> None:
    started = time.perf_counter()
    try:
        piece = read(data)
    except MidiFileError as error:
        assert str(error).startswith("seed.mid ")
        assert "\n" not in str(error)
    else:
        check_piece(piece)
    assert time.perf_counter() - started < 1.0


def check_piece(piece: MidiPiece) -> None:
    onset, end, pitch, velocity, channel, of_track = piece.notes.T
    assert len(piece.notes) >= 1
    assert (onset >= 0).all()
    assert (end > onset).all()
    assert in_range(pitch, 0, 127)
    assert in_range(velocity, 1, 127)
    assert in_range(channel, 0, 15)
    assert in_range(of_track, 0, len(piece.track_names) - 1)
    assert (np.diff(onset) >= 0).all()
    assert piece.tempos[0][0] == 0
    assert all(later[0] > earlier[0] for earlier, later in zip(piece.tempos, piece.tempos[1:], strict=False))
    seconds = piece.seconds_of(piece.notes[:, :2])
    assert np.isfinite(seconds).all()
    assert (seconds[:, 1] > seconds[:, 0]).all()


def in_range(values: NDArray[np.int64], low: int, high: int) -> bool:
    return bool(((values >= low) & (values <= high)).all())

"""Chords to a MIDI file: opened again by mido and by our own reader, with the same names, beats and tones."""

import io
from fractions import Fraction
from itertools import pairwise

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.adapters.midi_files import MidiPiece, read_midi_bytes
from cocomposer.export.chord_midi import block, blocks, chord_midi, voiced
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.export.midi_file import FILE_TICKS_PER_BEAT
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.names.chart import Step
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.recognition import recognise_pitches
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.music.note import Note
from tests.export.sheets import every_named_chord, heard, sheet_of, sheets


def read(data: bytes) -> MidiPiece:
    return read_midi_bytes(data, "written.mid")


def steps_of_texts(song: mido.MidiFile, end: int) -> list[Step]:
    """The chords that texts name, up to the end of the file."""
    found, at = [], 0
    for message in song.tracks[-1]:
        at += message.time
        if message.type == "text":
            found.append((at, message.text))
    edges = [*(tick for tick, _ in found), end]
    return [
        Step(read_symbol(text), Fraction(until - tick, FILE_TICKS_PER_BEAT))
        for (tick, text), until in zip(found, edges[1:], strict=True)
    ]


def end_of(data: bytes) -> int:
    """The length of all tracks."""
    lengths = {sum(event.time for event in track) for track in mido.MidiFile(file=io.BytesIO(data)).tracks}
    assert len(lengths) == 1
    return int(lengths.pop())


beats = st.sampled_from([Fraction(1), Fraction(2), Fraction(4), Fraction(3, 2), Fraction(4, 3), Fraction(1, 16)])


@given(sheets(beats))
@settings(max_examples=50)
def test_markers_and_texts_name_the_chords(sheet: LeadSheet) -> None:
    data = chord_midi(sheet)
    song = mido.MidiFile(file=io.BytesIO(data))
    texts = [message for message in song.tracks[-1] if message.type == "text"]
    if not any(sheet.chords) and not sheet.melody:
        assert len(texts) == len(sheet.steps)
        return
    piece = read(data)
    assert heard(steps_of_texts(song, int(sheet.beats * FILE_TICKS_PER_BEAT))) == heard(sheet)
    assert end_of(data) == 10 * max([sheet.ticks[-1], *(note.end_tick for note in sheet.melody)])
    assert all(text.text.isascii() for text in texts)
    marked = []
    for tick, text, step in zip(sheet.ticks, texts, sheet.steps, strict=False):
        marked += [(10 * tick, step.section)] * bool(step.section) + [(10 * tick, text.text)]
    assert piece.markers == tuple(marked)
    assert piece.meters == ((0, *sheet.meter),)
    assert piece.tempos[0][1] == round(60e6 / sheet.bpm)
    assert [(fifths, minor) for _, fifths, minor in piece.key_signatures] == (
        [] if sheet.key is None else [(sheet.key.fifths, sheet.key.mode == "minor")]
    )


def test_a_file_as_daws_read_it() -> None:
    sheet = sheet_of("[Intro] Am7 | N.C. F*2", "A minor", bpm=90.0, title="Tune", melody=(Note(48, 72, 24, 90),))
    data = chord_midi(sheet)
    piece = read(data)
    assert piece.track_names == ("Tune", "Melody", "Chords")
    assert piece.markers == ((0, "Intro"), (0, "Am7"), (1920, "N.C."), (2880, "F"))
    assert piece.notes[:, [0, 1, 2, 5]].tolist() == [
        [0, 1920, 57, 2], [0, 1920, 60, 2], [0, 1920, 64, 2], [0, 1920, 67, 2], [480, 720, 72, 1],
        [2880, 3840, 53, 2], [2880, 3840, 57, 2], [2880, 3840, 60, 2],
    ]  # fmt: skip
    assert end_of(chord_midi(sheet_of("C | N.C."))) == 8 * FILE_TICKS_PER_BEAT


def test_blocks_are_the_chord_over_its_bass() -> None:
    for chord in every_named_chord():
        pitches = block(chord)
        assert {pitch % 12 for pitch in pitches} == chord.pitch_classes
        assert pitches[0] % 12 == chord.bass_or_root and pitches[0] > 36 and pitches[-1] <= 81
    assert block(Chord(7, "9")) == (55, 59, 62, 65, 69)


@pytest.mark.parametrize("quality", ["maj", "min", "7", "maj7", "min7", "hdim7", "sus4", "dim", "aug"])
def test_blocks_are_recognised(quality: str) -> None:
    """On every root, by the ear that hears the player. An augmented triad has three roots."""
    for root in range(12):
        found = recognise_pitches(block(Chord(root, quality)))[0][0]
        assert found.pitch_classes == Chord(root, quality).pitch_classes
        assert (found.root, found.quality) == (root, quality) or quality == "aug"


@given(st.data(), sheets(beats, [(4, 4), (3, 4), (6, 8)]), st.sampled_from(Style))
@settings(max_examples=20, deadline=None)
def test_voiced_in_any_style_and_rhythm(data: st.DataObject, sheet: LeadSheet, style: Style) -> None:
    """Every chord sounds within its own time or is led into, with its own tones; the file is read again."""
    fitting = [pattern for pattern in COMPING_PATTERNS.values() if pattern.fits(int(sheet.bar_beats))]
    pattern = data.draw(st.none() | st.sampled_from(fitting))
    played = voiced(sheet, VoicingRules(style), pattern)
    assert [voicing is None for voicing in played.voicings] == [chord is None for chord in sheet.chords]
    if not played.notes:
        assert not any(sheet.chords)
        return
    assert max(note.end_tick for note in played.notes) <= sheet.ticks[-1]
    written = read(chord_midi(sheet, played.notes))
    track = written.track_names.index("Chords")
    found = sorted((row[0], row[1], row[2]) for row in written.notes.tolist() if row[5] == track)
    assert found == sorted((10 * note.onset_tick, 10 * note.end_tick, note.pitch) for note in played.notes)
    if pattern is None:
        for (start, end), voicing in zip(pairwise(sheet.ticks), played.voicings, strict=True):
            sounding = {note.pitch for note in played.notes if note.onset_tick == start and end > start}
            assert sounding == set(voicing.pitches if voicing and end > start else ())


def test_a_rhythm_of_another_metre_is_refused() -> None:
    rules = VoicingRules()
    with pytest.raises(SheetError, match=r"take one of: .*waltz"):
        voiced(sheet_of("C", meter=(3, 4)), rules, COMPING_PATTERNS["bossa"])
    with pytest.raises(SheetError, match="leave the rhythm out"):
        voiced(sheet_of("C", meter=(7, 8)), rules, COMPING_PATTERNS["whole"])
    assert len(voiced(sheet_of("C", meter=(7, 8)), rules).notes) == 4


def test_a_tempo_that_no_file_holds_is_refused() -> None:
    with pytest.raises(SheetError, match="tempo"):
        chord_midi(sheet_of("C", bpm=1.0))


def test_blocks_do_not_overlap() -> None:
    notes = blocks(sheet_of("C*1/7 F*1/7 G*5/7"))
    assert {note.end_tick for note in notes} == {7, 14, 48}

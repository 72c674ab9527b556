"""MusicXML opened again by music21: every chord symbol, melody note, measure, key and metre as written."""

import warnings
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import music21
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cocomposer.export.harmony_xml import KINDS, harmony_element
from cocomposer.export.lead_sheet import LeadSheet
from cocomposer.export.music_xml import music_xml
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import key_named
from cocomposer.harmony.names.chart import Step
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.pitch_class import pitch_class_at, place_of_name
from cocomposer.harmony.qualities import quality_of
from cocomposer.music.note import Note
from tests.export.sheets import any_beats, every_named_chord, sections_of, sheet_of, sheets
from tests.harmony.chord_types import ALL_TYPES

TONES_OF_KIND = {
    # MusicXML 4.0, "kind-value". Its thirteenth chords have an eleventh, which players leave out under a major third.
    "major": "0 4 7", "minor": "0 3 7", "augmented": "0 4 8", "diminished": "0 3 6", "dominant": "0 4 7 10",
    "major-seventh": "0 4 7 11", "minor-seventh": "0 3 7 10", "diminished-seventh": "0 3 6 9",
    "augmented-seventh": "0 4 8 10", "half-diminished": "0 3 6 10", "major-minor": "0 3 7 11", "major-sixth": "0 4 7 9",
    "minor-sixth": "0 3 7 9", "dominant-ninth": "0 4 7 10 2", "major-ninth": "0 4 7 11 2", "minor-ninth": "0 3 7 10 2",
    "dominant-11th": "0 4 7 10 2 5", "major-11th": "0 4 7 11 2 5", "minor-11th": "0 3 7 10 2 5",
    "dominant-13th": "0 4 7 10 2 9", "major-13th": "0 4 7 11 2 9", "minor-13th": "0 3 7 10 2 5 9",
    "suspended-second": "0 2 7", "suspended-fourth": "0 5 7", "power": "0 7", "pedal": "0",
}  # fmt: skip
DEGREE = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 2, 11: 5, 13: 9}
"""Of a dominant chord, from which added degrees are counted."""


def tones_as_specified(kind: str, degrees: list[tuple[int, int, str]]) -> set[int]:
    """The tones that the specification gives to a kind with (value, alter, type) of its degrees."""
    tones = {int(tone) for tone in TONES_OF_KIND[kind].split()}
    for value, alter, how in degrees:
        if how == "add":
            tones.add((DEGREE[value] + alter) % 12)
            continue
        there = [tone for tone in tones if abs((tone - DEGREE[value] + 6) % 12 - 6) <= 1]
        # A third may be 3 or 4, a fifth 6, 7 or 8: what the kind has of it.
        (old,) = [tone for tone in there if _same_degree(tone, value)]
        tones.discard(old)
        if how == "alter":
            tones.add((old + alter) % 12)
    return tones


def _same_degree(tone: int, value: int) -> bool:
    return tone in {3: {3, 4}, 5: {6, 7, 8}, 7: {9, 10, 11}, 9: {2}, 11: {5}, 13: {9}, 6: {9}}[value]


@pytest.mark.parametrize("key", ["C major", "Db major", "F# minor"])
def test_every_chord_as_specified(key: str) -> None:
    """Root, kind, degrees and bass by the specification, on all roots; the text is the name."""
    for chord in every_named_chord(tuple(range(12))):
        element = harmony_element(chord, key_named(key))
        assert _chord_of(element) == (chord.root, set(chord.template.semitones), chord.bass_or_root)
        root, bass = _name(element, "root"), _name(element, "bass")
        kind = element.find("kind")
        assert kind is not None
        written = f"{root}{kind.get('text', '')}{f'/{bass}' if bass else ''}"
        assert written == chord.name(key_named(key)) and read_symbol(written) == chord


def test_chords_without_a_name_as_specified() -> None:
    """Any tones above a root at all: the degrees say what the kind does not."""
    for tones in ALL_TYPES[::16]:
        assert _chord_of(harmony_element(Chord(0, quality_of(tones)), None))[1] == set(tones)


def _chord_of(harmony: ElementTree.Element) -> tuple[int, set[int], int]:
    degrees = [
        (
            int(found.findtext("degree-value", "")),
            int(found.findtext("degree-alter", "")),
            found.findtext("degree-type", ""),
        )
        for found in harmony.iter("degree")
    ]
    root = pitch_class_at(place_of_name(_name(harmony, "root"))) % 12
    bass = _name(harmony, "bass")
    tones = tones_as_specified(harmony.findtext("kind", ""), degrees)
    return root, tones, pitch_class_at(place_of_name(bass)) % 12 if bass else root


def _name(harmony: ElementTree.Element, what: str) -> str:
    alter = int(harmony.findtext(f"{what}/{what}-alter", "0"))
    return harmony.findtext(f"{what}/{what}-step", "") + ("#" * alter if alter > 0 else "b" * -alter)


def opened(sheet: LeadSheet) -> Any:
    """The part as music21 reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score: Any = music21.converter.parseData(music_xml(sheet).decode(), format="musicxml")
    return score.parts[0]


def symbols(part: Any) -> list[tuple[Fraction, Any]]:
    """(beat, symbol) of each chord symbol."""
    return [
        (Fraction(measure.offset) + Fraction(found.offset).limit_denominator(1000), found)
        for measure in part.getElementsByClass("Measure")
        for found in measure.getElementsByClass(music21.harmony.Harmony)
    ]


def music21_name(pitch: Any) -> str:
    return str(pitch.name.replace("-", "b"))


KINDS_RENAMED = {
    "dominant": "dominant-seventh",
    "major-minor": "minor-major-seventh",
    "half-diminished": "half-diminished-seventh",
}
"""What music21 calls otherwise."""


def test_every_chord_symbol_is_found_by_music21() -> None:
    """All chord types, some roots, all inversions: root, kind, bass, degrees and text."""
    chords = every_named_chord((6,))
    sheet = LeadSheet(tuple(Step(chord, Fraction(4)) for chord in chords), key_named("C major"))
    found = symbols(opened(sheet))
    assert [beat for beat, _ in found] == list(sheet.starts[:-1])
    for chord, (_, symbol) in zip(chords, found, strict=True):
        element = harmony_element(chord, sheet.key)
        kind = element.findtext("kind", "")
        assert symbol.chordKind == KINDS_RENAMED.get(kind, kind)
        assert symbol.chordKindStr == chord.template.suffix
        assert music21_name(symbol.root()) == _name(element, "root")
        assert music21_name(symbol.bass()) == (_name(element, "bass") or _name(element, "root"))
        degrees = [(found.findtext("degree-value"), found.findtext("degree-type")) for found in element.iter("degree")]
        read = [(str(found.degree), found.modType) for found in symbol.getChordStepModifications()]
        assert read == degrees
        # music21 gives a thirteenth chord its eleventh, and counts a seventh that is added from the major scale.
        is_misread = "13" in kind or ("7", "add") in degrees
        assert is_misread or set(symbol.pitchClasses) == chord.pitch_classes, chord.name()
    assert {harmony_element(chord, sheet.key).findtext("kind") for chord in chords} == set(KINDS.values())


def test_melody_ties_triplets_key_and_metre() -> None:
    sheet = sheet_of("| Cm7 | Ab / Bb/D | Eb N.C. |", "C minor", (3, 4), bpm=96.0, title="A tune")
    third, quarter = 16, 48
    melody = [(0, 60, quarter), (48, 63, 2 * quarter + 24), (168, 66, 12), (192, 68, third), (208, 67, third),
              (224, 70, third), (240, 71, quarter + 36)]  # fmt: skip
    part = opened(LeadSheet(sheet.steps, sheet.key, sheet.meter, 96.0, sheet.title, tuple(_notes(melody))))
    measures = list(part.getElementsByClass("Measure"))
    assert [measure.duration.quarterLength for measure in measures] == [3, 3, 3]
    assert measures[0].timeSignature.ratioString == "3/4"
    (key,) = part.flatten().getElementsByClass("Key")
    assert (key.tonic.name, key.mode, key.sharps) == ("C", "minor", -3)
    assert part.flatten().getElementsByClass("MetronomeMark")[0].number == 96
    notes = part.stripTies().flatten().notes
    read = [(n.offset * 48, n.pitch.midi, n.quarterLength * 48) for n in notes if not hasattr(n, "chordKind")]
    assert [tuple(round(float(value)) for value in row) for row in read] == melody
    names = [n.pitch.nameWithOctave for n in notes if not hasattr(n, "chordKind")]
    assert names == ["C4", "E-4", "F#4", "A-4", "G4", "B-4", "B4"]
    assert [round(float(beat), 4) for beat, _ in symbols(part)] == [0, 3, 5, 6, 7.5]
    assert {n.duration.tuplets[0].numberNotesActual for n in notes if n.duration.tuplets} == {3}


def marks(part: Any) -> list[tuple[float, str]]:
    """(beat, text) of each rehearsal mark."""
    return [
        (float(measure.offset + found.offset), found.content)
        for measure in part.getElementsByClass("Measure")
        for found in measure.getElementsByClass("RehearsalMark")
    ]


def test_sections_are_rehearsal_marks_where_they_begin() -> None:
    """Also while a note lasts."""
    sheet = sheet_of("[Verse] C | F [A & B] G | [Outro] C", melody=(Note(0, 60, 8 * 48, 80),))
    assert marks(opened(sheet)) == [(0.0, "Verse"), (6.0, "A & B"), (8.0, "Outro")]


def _notes(rows: list[tuple[int, int, int]]) -> list[Note]:
    return [Note(onset, pitch, length, 80) for onset, pitch, length in rows]


def test_a_melody_is_spelt_by_its_chord() -> None:
    part = opened(sheet_of("E7 | Ab", "C major", melody=(Note(0, 68, 96, 80), Note(192, 68, 96, 80))))
    notes = [n for n in part.stripTies().flatten().notes if not hasattr(n, "chordKind")]
    assert [n.pitch.name for n in notes] == ["G#", "A-"]


@given(sheets(any_beats))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sheet_is_read_again(sheet: LeadSheet) -> None:
    """Chords where they begin, notes as long as they are, measures as long as the metre says."""
    part = opened(sheet)
    found = symbols(part)
    # music21 rounds places whose denominators are large.
    assert [float(beat) for beat, _ in found] == pytest.approx([float(start) for start in sheet.starts[:-1]], abs=1e-3)
    for chord, (_, symbol) in zip((step.chord for step in sheet.steps), found, strict=True):
        if isinstance(chord, NoChord):
            assert symbol.chordKind == "none" and symbol.chordKindStr == chord.value
        else:
            assert symbol.root().pitchClass == chord.root and symbol.bass().pitchClass == chord.bass_or_root
    named = sections_of(sheet)
    assert [name for _, name in marks(part)] == [name for _, name in named]
    assert [beat for beat, _ in marks(part)] == pytest.approx([float(beat) for beat, _ in named], abs=1e-3)
    measures = list(part.getElementsByClass("Measure"))
    assert {Fraction(measure.barDuration.quarterLength) for measure in measures} == {sheet.bar_beats}
    notes = [n for n in part.stripTies().flatten().notes if not hasattr(n, "chordKind")]
    assert [(n.offset * 48, n.pitch.midi, n.quarterLength * 48) for n in notes] == [
        (note.onset_tick, note.pitch, note.duration_ticks) for note in sheet.melody
    ]


@given(st.lists(st.builds(Note, st.integers(0, 2000), st.integers(0, 127), st.integers(1, 400), st.integers(1, 127))))
@settings(max_examples=50)
def test_any_playing_is_written(playing: list[Note]) -> None:
    """However it lies in time: values that fill each bar, with the types that belong to them."""
    sheet = sheet_of("C | F G", melody=tuple(playing))
    root = ElementTree.fromstring(music_xml(sheet))
    parts = int(root.findtext(".//divisions", ""))
    for measure in root.iter("measure"):
        assert sum(int(note.findtext("duration", "")) for note in measure.iter("note")) == 4 * parts
        kinds = [found.get("type") for found in measure.iter("tuplet")]
        assert kinds == ["start", "stop"] * (len(kinds) // 2)
    ties = [found.get("type") for found in root.iter("tie")]
    assert ties == ["start", "stop"] * (len(ties) // 2)


def test_where_a_note_ends_divides_a_beat_before_a_chord_does() -> None:
    """A note that ends on a sixteenth, in a beat in which a chord begins on its third fifth."""
    steps = tuple(Step(NoChord.SILENT, beats) for beats in (Fraction(1), Fraction(28, 5), Fraction(1)))
    part = opened(LeadSheet(steps, None, (4, 4), 20.0, "", (Note(60, 40, 240, 80),)))
    notes = [n for n in part.stripTies().flatten().notes if not hasattr(n, "chordKind")]
    assert [n.quarterLength for n in notes] == [5.0]


def test_a_tied_note_keeps_its_name_under_the_next_chord() -> None:
    """C#, held from an A into a D flat, is not tied to a D flat."""
    sheet = sheet_of("A | Db", melody=(Note(144, 61, 96, 80),))
    names = [
        note.findtext("pitch/step")
        for note in ElementTree.fromstring(music_xml(sheet)).iter("note")
        if note.find("pitch") is not None
    ]
    assert names == ["C", "C"]

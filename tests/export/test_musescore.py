"""MusicXML opened by MuseScore: what the program shows is what was written."""

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from cocomposer.export.lead_sheet import LeadSheet
from cocomposer.export.music_xml import music_xml
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import key_named
from cocomposer.harmony.names.chart import Step
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.pitch_class import name_at
from cocomposer.music.note import Note
from tests.export.musescore import needs_musescore, opened_file
from tests.export.sheets import every_named_chord, sheet_of

pytestmark = needs_musescore
SHOWN_OTHERWISE = {"6/9", "m6/9", "1", "m(maj9)", "dim(maj7)", "maj7sus4", "7alt"}
C_OF_MUSESCORE = 14
"""C on its line of fifths."""


def opened(sheet: LeadSheet, folder: Path) -> ElementTree.Element:
    """The score in MuseScore's own format."""
    source = folder / "sheet.musicxml"
    source.write_bytes(music_xml(sheet))
    return opened_file(source, folder)


def names(score: ElementTree.Element) -> list[str]:
    """The chord symbols as it shows them."""
    found = []
    for harmony in score.iter("Harmony"):
        root, base = harmony.findtext("root"), harmony.findtext("base")
        over = f"/{name_at(int(base) - C_OF_MUSESCORE)}" if base else ""
        start = name_at(int(root) - C_OF_MUSESCORE) if root else ""
        found.append(f"{start}{harmony.findtext('name', '')}{over}")
    return found


def unbracketed(name: str) -> str:
    return name.replace("(", "").replace(")", "")


def test_every_chord_symbol_is_shown_as_written(tmp_path: Path) -> None:
    """All chord types with all their basses, and silence.

    Some few are shown by another name of the same chord. MuseScore has its own brackets, and version 3 shows the root
    that MusicXML has even where no chord is.
    """
    key = key_named("Eb major")
    chords: list[Chord | NoChord] = [*every_named_chord((8,)), NoChord.SILENT, Chord(0)]
    sheet = LeadSheet(tuple(Step(chord, Fraction(2)) for chord in chords), key)
    for chord, shown in zip(chords, names(opened(sheet, tmp_path)), strict=True):
        if isinstance(chord, NoChord):
            assert shown.removeprefix("C") == chord.value.removeprefix("C")
        elif chord.template.suffix in SHOWN_OTHERWISE:
            assert read_symbol(shown.replace("pedal", "1").replace("m9maj7", "m(maj9)")) == chord
        else:
            assert unbracketed(shown) == unbracketed(chord.name(key))


def test_melody_measures_and_facts(tmp_path: Path) -> None:
    melody = (Note(0, 60, 48, 80), Note(48, 63, 120, 80), Note(192, 68, 16, 80), Note(208, 67, 32, 80))
    sheet = sheet_of(
        "| [Intro] Cm7 | Ab / [Ärger & B] Bb/D | [A] G7b9 |", "C minor", (3, 4), title="A tune", melody=melody
    )
    score = opened(sheet, tmp_path)
    assert names(score) == ["Cm7", "Ab", "Bb/D", "G7b9"]
    assert [float(chord.findtext("len") or 0) for chord in score.iter("Measure")] == [0, 0, 0]
    assert [note.findtext("pitch") for note in score.iter("Note")] == ["60", "63", "63", "68", "67"]
    assert [len(list(note.iter("prev"))) for note in score.iter("Note")] == [0, 0, 1, 0, 0]
    assert [score.findtext(f".//TimeSig/{name}") for name in ("sigN", "sigD")] == ["3", "4"]
    assert score.findtext(".//KeySig/accidental") == "-3"
    assert "A tune" in {text.text for text in score.iter("text")}
    assert len(list(score.iter("Tuplet"))) == 1
    assert ["".join(mark.itertext()).strip() for mark in score.iter("RehearsalMark")] == ["Intro", "Ärger & B", "A"]

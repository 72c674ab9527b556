"""A progression as JSON and back."""

import json

import pytest
from hypothesis import given

from cocomposer.export.chord_json import chord_json, read_chord_json
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from tests.export.sheets import sheet_of, sheets


@given(sheets())
def test_it_reads_back(sheet: LeadSheet) -> None:
    """All of it."""
    found = read_chord_json(chord_json(sheet))
    assert [(step.chord, step.beats, step.section) for step in found.steps] == [
        (step.chord, step.beats, step.section) for step in sheet.steps
    ]
    assert (found.key, found.meter, found.bpm, found.title) == (sheet.key, sheet.meter, sheet.bpm, sheet.title)
    assert found.melody == sheet.melody
    assert chord_json(found) == chord_json(sheet)


def test_its_schema() -> None:
    found = json.loads(chord_json(sheet_of("[Verse] Am7 | F*4/3 Bbmaj7*8/3", "A minor", title="x")))
    assert found["format"] == "cocomposer chords" and found["version"] == 1 and found["key"] == "A minor"
    assert found["chords"] == [
        {"symbol": "Am7", "beats": 4, "start": 0, "harte": "A:min7", "numeral": "i7", "section": "Verse"},
        {"symbol": "F", "beats": "4/3", "start": 4, "harte": "F:maj", "numeral": "VI", "section": None},
        {"symbol": "Bbmaj7", "beats": "8/3", "start": "16/3", "harte": "Bb:maj7", "numeral": "bIImaj7",
         "section": None},
    ]  # fmt: skip
    assert found["melody"] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "another", "version": 1, "chords": []}',
        '{"format": "cocomposer chords", "version": 2, "chords": []}',
        '{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "Foo", "beats": 4}]}',
        '{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "C", "beats": 0}]}',
        '{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "C", "beats": 1, "section": 7}]}',
        '{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "C", "beats": "1/0"}]}',
        '{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "C", "beats": 1e999}]}',
        '{"format": "cocomposer chords", "version": 1, "chords": [], "key": "H dur"}',
        '{"format": "cocomposer chords", "version": 1, "chords": [], "meter": [4, 0]}',
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(SheetError, match=r"\.$"):
        read_chord_json(text.encode())


def test_a_section_of_another_program_becomes_a_name_that_a_chart_can_hold() -> None:
    head = b'{"format": "cocomposer chords", "version": 1, "chords": [{"symbol": "C", "beats": 4'
    (step,) = read_chord_json(head + b', "section": " [Verse]\\n|2 in the manner of a very old song"}]}').steps
    assert step.section == "Verse 2 in the manner of"
    assert read_chord_json(head + b"}]}").steps[0].section == ""

"""Chart, ChordPro and iReal Pro: what is written is read by a reader of the format, with the same chords and beats."""

import re
from fractions import Fraction
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.export.chart_text import chart_lines, chart_text
from cocomposer.export.chord_pro import MOST_CELLS, chord_pro
from cocomposer.export.ireal import QUALITIES, TIMES, ireal_link
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.chart import Step, read_chart
from cocomposer.harmony.names.suffixes import read_suffix
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.names.writing import Style
from tests.export.sheets import (
    Heard,
    every_named_chord,
    heard,
    sheet_of,
    sheets,
    silent_where_unknown,
    whole_beats,
    without_last_silence,
)


def test_a_chart_is_what_people_write() -> None:
    sheet = sheet_of("| Am7 | F / / G | % | C G/B | Am7*6 |", "A minor", bpm=92.0, title="A  song\n")
    assert chart_text(sheet) == ("A song\nA minor, 4/4, 92 BPM\n\n| Am7 | F / / G | % | C G/B |\n| Am7 | Am7*2 |\n")
    assert chart_lines(sheet_of("ii7 V7 | Imaj7", "Bb major"), Style.ROMAN) == ["| ii7 V7 | Imaj7 |"]
    assert chart_lines(sheet_of("C G | Am F", meter=(7, 8))) == ["| C G | Am F |"]


@given(sheets(), st.sampled_from(Style))
def test_a_chart_is_read_again(sheet: LeadSheet, style: Style) -> None:
    """Any chords, lengths, metre and style."""
    chart = read_chart("\n".join(chart_lines(sheet, style)), sheet.key, sheet.bar_beats)
    assert not chart.faults
    assert heard(list(chart.steps)) == heard(sheet)
    assert chart_text(sheet, style).split("\n\n")[-1].splitlines() == chart_lines(sheet, style)


CELL = re.compile(r"\{start_of_grid shape=\"4x(\d+)\"\}\n(.*?)\{end_of_grid\}", re.DOTALL)


def read_chord_pro(text: str) -> tuple[dict[str, str], Heard]:
    """Directives, and the chords of the grid by its specification: each token a cell, "%" the bar before."""
    facts = dict(re.findall(r"^\{(\w+): (.*)\}$", text, re.MULTILINE))
    found = CELL.search(text)
    assert found is not None
    cells = int(found[1])
    numerator, denominator = map(int, facts["time"].split("/"))
    cell = Fraction(4 * numerator, denominator * cells)
    steps: list[Step] = []
    before: list[str] = []
    for line in found[2].splitlines():
        assert line.startswith("| ") and line.endswith(" |")
        for bar in line[2:-2].split(" | "):
            words = bar.split()
            assert len(words) == cells
            if words[0] == "%":
                assert set(words[1:]) <= {"."}
                words = before
            before = words
            for word in words:
                if word == ".":
                    steps[-1] = Step(steps[-1].chord, steps[-1].beats + cell)
                else:
                    steps.append(Step(read_symbol(word), cell))
    return facts, heard(steps)


def test_chord_pro_has_a_cell_a_beat() -> None:
    text = chord_pro(sheet_of("Am | F C | F C | G6/9*3 N.C.*1", "A minor", bpm=92.5, title="One {two}"))
    assert text == (
        "{title: One (two)}\n{key: Am}\n{time: 4/4}\n{tempo: 92.5}\n"
        '{start_of_grid shape="4x4"}\n'
        "| Am . . . | F . C . | % . . . | G69 . . N.C. |\n"
        "{end_of_grid}\n"
    )


@given(sheets(whole_beats | st.sampled_from([Fraction(1, 2), Fraction(3, 2), Fraction(4, 3), Fraction(2, 3)])))
def test_chord_pro_is_read_again(sheet: LeadSheet) -> None:
    facts, chords = read_chord_pro(chord_pro(sheet))
    assert without_last_silence(chords) == without_last_silence(heard(silent_where_unknown(sheet)))
    assert float(facts["tempo"]) == sheet.bpm
    assert ("key" in facts) is (sheet.key is not None)


def test_chord_pro_refuses_what_no_page_holds() -> None:
    with pytest.raises(SheetError, match="begin on beats"):
        chord_pro(sheet_of(f"C*1/{MOST_CELLS} G*1/7"))


IREAL_CHORD = re.compile(r"([A-G][b#]?)((?:sus|alt|add|[+\-^\dhob#])*)(\*[^*]*\*)?(/[A-G][b#]?)?|n|p| ")
"""As in the readers of ireal-musicxml and ireal-renderer."""


def read_ireal(link: str) -> tuple[list[str], Heard]:
    """Fields of an irealbook link, and its chords by the documented meaning of cells."""
    scheme, rest = link.split("://")
    assert scheme == "irealbook" and re.fullmatch(r"[\w.~%-]*", rest)
    *fields, progression = unquote(rest).split("=")
    assert len(fields) == 5
    time, bars = re.fullmatch(r"\[(T\d\d)(.*)Z", progression).groups()  # type: ignore[union-attr]
    meter = next(meter for meter, written in TIMES.items() if written == time)
    steps: list[Step] = []
    for bar in bars.split("|"):
        cells = [found[0] for found in IREAL_CHORD.finditer(bar.replace(",", ""))]
        assert "".join(cells) == bar.replace(",", "") and len(cells) % 4 == 0
        steps += _bar_of_ireal([_ireal_chord(cell) for cell in cells], cells, meter)
    return fields, heard(steps)


def _ireal_chord(cell: str) -> Chord | NoChord:
    found = IREAL_CHORD.fullmatch(cell)
    if found is None or not found[1]:
        return NoChord.SILENT
    return read_symbol(f"{found[1]}{found[2]}{(found[3] or '').strip('*')}{found[4] or ''}")


def _bar_of_ireal(chords: list[Chord | NoChord], cells: list[str], meter: tuple[int, int]) -> list[Step]:
    """By beats where each has a cell, else the chords share the bar."""
    beat = Fraction(4, meter[1])
    full = [number for number, cell in enumerate(cells) if cell != " "]
    if "p" in cells or len(full) == meter[0]:
        assert full == list(range(meter[0]))
        steps: list[Step] = []
        for number in full:
            if cells[number] == "p":
                steps[-1] = Step(steps[-1].chord, steps[-1].beats + beat)
            else:
                steps.append(Step(chords[number], beat))
        return steps
    share = beat * meter[0] / len(full)
    assert [number * len(full) % len(cells) for number in full] == [0] * len(full)
    return [Step(chords[number], share) for number in full]


def test_an_ireal_link_as_the_documentation_has_it() -> None:
    link = ireal_link(sheet_of("Am7 | Fmaj7 G7 | F / / G7 | C6/9*8", "A minor", title="A = B"))
    assert link.startswith("irealbook://A%20-%20B%3Dcocomposer%3DMedium%20Swing%3DA-%3Dn%3D%5BT44A-7%20%20%20%7C")
    assert unquote(link).endswith("=[T44A-7   |F^7 G7 |F,p,p,G7|C69   |C69   Z")
    waltz = ireal_link(sheet_of("F#dim7 | F G / ", "F# major", meter=(3, 4)))
    assert unquote(waltz).endswith("=Gb=n=[T34F#o7   |F,G,p Z")


@given(sheets(whole_beats, [(4, 4), (3, 4), (5, 4), (7, 8), (6, 8), (12, 8)]))
def test_an_ireal_link_is_read_again(sheet: LeadSheet) -> None:
    fields, chords = read_ireal(ireal_link(sheet))
    assert without_last_silence(chords) == without_last_silence(heard(silent_where_unknown(sheet)))
    assert fields[0] == (" ".join(sheet.title.replace("=", "-").split()) or "Chords")


def test_every_named_chord_in_every_text() -> None:
    for chord in every_named_chord():
        sheet = LeadSheet((Step(chord, Fraction(4)),))
        expected = [(chord, Fraction(4))]
        assert read_ireal(ireal_link(sheet))[1] == expected
        assert read_chord_pro(chord_pro(sheet))[1] == expected
        assert heard(list(read_chart(chart_lines(sheet)[0]).steps)) == expected


def test_qualities_of_ireal_are_read_as_different_chords() -> None:
    """But for four that are second names: ^, h and -7b5, 2."""
    assert len({read_suffix(quality) for quality in QUALITIES}) == len(QUALITIES) - 4


@pytest.mark.parametrize(
    ("text", "meter", "says"),
    [("C*3/2 G*5/2", (4, 4), "bar 1"), ("C | G*1.5 F", (4, 4), "bar 2"), ("C", (11, 8), "11/8")],
)
def test_ireal_refuses_what_it_cannot_hold(text: str, meter: tuple[int, int], says: str) -> None:
    with pytest.raises(SheetError, match=says):
        ireal_link(sheet_of(text, meter=meter))

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
    sections_of,
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


def test_a_chart_has_its_sections_on_lines_of_their_own() -> None:
    sheet = sheet_of("[Intro] C | % | [Verse] % | % | % | G [Turn] C | F C | [A] G*8")
    assert chart_lines(sheet) == [
        "[Intro]", "| C | % |", "[Verse]", "| C | % | % | G [Turn] C |", "| F C |", "[A]", "| G | % |",
    ]  # fmt: skip


@given(sheets(), st.sampled_from(Style))
def test_a_chart_is_read_again(sheet: LeadSheet, style: Style) -> None:
    """Any chords, lengths, metre and style."""
    chart = read_chart("\n".join(chart_lines(sheet, style)), sheet.key, sheet.bar_beats)
    assert not chart.faults
    assert heard(list(chart.steps)) == heard(sheet)
    assert sections_of(chart.steps) == sections_of(sheet)
    assert chart_text(sheet, style).split("\n\n")[-1].splitlines() == chart_lines(sheet, style)


GRIDS = re.compile(r"((?:\{\w+: .*\}\n)+)\{start_of_grid shape=\"4x(\d+)\"\}\n((?:\|.*\|\n)+)\{end_of_grid\}\n")


def read_chord_pro(text: str) -> tuple[dict[str, str], Heard, list[tuple[int, str]]]:
    """Directives, the chords of the grids by their specification (each token a cell, "%" the bar before), and the
    comments with the number of the bar that each is before.
    """
    facts = dict(re.findall(r"^\{(\w+): (.*)\}$", text, re.MULTILINE))
    grids = GRIDS.findall(text)
    assert GRIDS.sub("", text) == ""
    (cells,) = {int(cells) for _, cells, _ in grids}
    numerator, denominator = map(int, facts["time"].split("/"))
    cell = Fraction(4 * numerator, denominator * cells)
    steps: list[Step] = []
    comments: list[tuple[int, str]] = []
    number = 0
    for head, _, lines in grids:
        comments += [(number, name) for name in re.findall(r"^\{comment: (.*)\}$", head, re.MULTILINE)]
        before: list[str] = []
        bars = [bar for line in lines.splitlines() for bar in line[2:-2].split(" | ")]
        number += len(bars)
        for bar in bars:
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
    return facts, heard(steps), comments


def test_chord_pro_has_a_cell_a_beat() -> None:
    text = chord_pro(sheet_of("Am | F C | F C | G6/9*3 N.C.*1", "A minor", bpm=92.5, title="One {two}"))
    assert text == (
        "{title: One (two)}\n{key: Am}\n{time: 4/4}\n{tempo: 92.5}\n"
        '{start_of_grid shape="4x4"}\n'
        "| Am . . . | F . C . | % . . . | G69 . . N.C. |\n"
        "{end_of_grid}\n"
    )


def test_chord_pro_has_a_grid_for_each_section() -> None:
    text = chord_pro(sheet_of("C | [Verse] C | % | F [Up {2}] G"))
    grid = '{start_of_grid shape="4x4"}'
    assert text.splitlines()[3:] == [
        grid, "| C . . . |", "{end_of_grid}",
        "{comment: Verse}", grid, "| C . . . | % . . . |", "{end_of_grid}",
        "{comment: Up (2)}", grid, "| F . G . |", "{end_of_grid}",
    ]  # fmt: skip


@given(sheets(whole_beats | st.sampled_from([Fraction(1, 2), Fraction(3, 2), Fraction(4, 3), Fraction(2, 3)])))
def test_chord_pro_is_read_again(sheet: LeadSheet) -> None:
    facts, chords, comments = read_chord_pro(chord_pro(sheet))
    assert comments == [
        (int(beat / sheet.bar_beats), name.replace("{", "(").replace("}", ")")) for beat, name in sections_of(sheet)
    ]
    assert without_last_silence(chords) == without_last_silence(heard(silent_where_unknown(sheet)))
    assert float(facts["tempo"]) == sheet.bpm
    assert ("key" in facts) is (sheet.key is not None)


def test_chord_pro_refuses_what_no_page_holds() -> None:
    with pytest.raises(SheetError, match="begin on beats"):
        chord_pro(sheet_of(f"C*1/{MOST_CELLS} G*1/7"))


IREAL_CHORD = re.compile(r"([A-G][b#]?)((?:sus|alt|add|[+\-^\dhob#])*)(\*[^*]*\*)?(/[A-G][b#]?)?|n|p| ")
"""As in the readers of ireal-musicxml and ireal-renderer."""


IREAL_MARK = re.compile(r"\*[A-DVi](?=T\d\d|[A-Gn])")


def read_ireal(link: str) -> tuple[list[str], Heard, dict[int, str]]:
    """Fields of an irealbook link, its chords by the documented meaning of cells, and bar → rehearsal mark."""
    scheme, rest = link.split("://")
    assert scheme == "irealbook" and re.fullmatch(r"[\w.~%-]*", rest)
    *fields, progression = unquote(rest).split("=")
    assert len(fields) == 5
    content = re.fullmatch(r"\[(.*)Z", progression)[1]  # type: ignore[index]
    marks = {}
    for number, bar in enumerate(bars := content.split("|")):
        if found := IREAL_MARK.match(bar):
            marks[number], bars[number] = found[0], bar[found.end() :]
    (time,) = re.findall(r"^T\d\d", bars[0])
    bars[0] = bars[0].removeprefix(time)
    meter = next(meter for meter, written in TIMES.items() if written == time)
    steps: list[Step] = []
    for bar in bars:
        cells = [found[0] for found in IREAL_CHORD.finditer(bar.replace(",", ""))]
        assert "".join(cells) == bar.replace(",", "") and len(cells) % 4 == 0
        steps += _bar_of_ireal([_ireal_chord(cell) for cell in cells], cells, meter)
    return fields, heard(steps), marks


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


def test_an_ireal_link_has_the_rehearsal_marks_that_the_program_knows() -> None:
    text = "[Intro] C | [verse 1] Am(maj7) [B] F | [Chorus] C | [A] N.C. | [D] D | Dm(maj7,b9) | [Bee] C"
    assert unquote(ireal_link(sheet_of(text))).endswith(
        "=[*iT44C   |*VA-^7 F |C   |*An   |*DD   |D*m(maj7)(b9)*   |C   Z"
    )


@given(sheets(whole_beats, [(4, 4), (3, 4), (5, 4), (7, 8), (6, 8), (12, 8)]))
def test_an_ireal_link_is_read_again(sheet: LeadSheet) -> None:
    fields, chords, marks = read_ireal(ireal_link(sheet))
    known = {"A": "*A", "b": "*B", "Verse 2": "*V", "Intro": "*i"}
    on_bar_lines = {
        int(beat / sheet.bar_beats): name for beat, name in sections_of(sheet) if not beat % sheet.bar_beats
    }
    assert {bar: known.get(name) for bar, name in on_bar_lines.items() if name in known} == {
        bar: mark for bar, mark in marks.items() if on_bar_lines[bar] in known
    }
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

"""Lines of chords: lengths, repeats, mixed notations, faults with their place, and writing them again."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.names.chart import (
    LONGEST_SECTION,
    Step,
    read_chart,
    section_name,
    with_section,
    write_chart,
)
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.harmony.qualities import quality_of
from tests.harmony.chord_types import ALL_TYPES

any_chord = st.sampled_from(NoChord) | st.builds(
    lambda root, tones: Chord(root, quality_of(tones)), st.integers(0, 11), st.sampled_from(ALL_TYPES)
)
any_section = st.sampled_from(["", "A", "Verse 2"]) | st.text(max_size=8).map(section_name)
beats = st.sampled_from([1, 2, 3, 4, 8, 16]) | st.fractions(Fraction(1, 4), 16, max_denominator=12)


def _said(text: str, **how: object) -> str:
    """What was read, as "chord:beats" words."""
    return " ".join(f"{write_chord(step.chord)}:{step.beats}" for step in read_chart(text, **how).steps)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Am F C G", "Am:4 F:4 C:4 G:4"),
        ("Am, F, C, G", "Am:4 F:4 C:4 G:4"),
        ("Am - F → C; G", "Am:4 F:4 C:4 G:4"),
        ("Am F | C G", "Am:2 F:2 C:2 G:2"),
        ("| Am | F G C |", "Am:4 F:4/3 G:4/3 C:4/3"),
        ("|: C | G :|", "C:4 G:4"),
        ("C\nF G\nAm", "C:4 F:2 G:2 Am:4"),
        ("| C | % | F G | % |", "C:4 C:4 F:2 G:2 F:2 G:2"),
        ("C % G %", "C:4 C:4 G:4 G:4"),
        ("| C % |", "C:2 C:2"),
        ("| C / / G | Am . F . |", "C:3 G:1 Am:2 F:2"),
        ("C / / / G / / /", "C:4 G:4"),
        ("| C | / / G / |", "C:4 C:2 G:2"),
        ("Am*2 F*1.5 G*1/2", "Am:2 F:3/2 G:1/2"),
        ("| Am*3 F | G |", "Am:3 F:1 G:4"),
        ("| Am*6 F | G |", "Am:6 F:4 G:4"),
        ("Dm7 (b5) G7 (Db7) C", "Dm7b5:4 G7:4 Db7:4 C:4"),
        ("C7(b9, #11) F|G7[b9 b13]|", "C7b9#11:2 F:2 G7b9b13:4"),
        ("N.C. | C:min7/b3 G:7", "N.C.:4 Cm7/Eb:2 G7:2"),
        ("C6/9 D/F# | | G", "C6/9:2 D/F#:2 G:4"),
        ("", ""),
        (" | | ", ""),
    ],
)
def test_lengths(text: str, said: str) -> None:
    """A chord lasts a bar, or its share of one."""
    assert _said(text) == said
    assert not read_chart(text).faults


def test_metre_and_key() -> None:
    """Bars of three beats; numerals in the key that is given, in C major without one."""
    assert _said("I IV | V7", key=key_named("D major"), beats_per_bar=3) == "D:3/2 G:3/2 A7:3"
    assert _said("ii V7/V N.C.") == "Dm:4 D7:4 N.C.:4"
    assert _said("H B", german=True) == "B:4 Bb:4"


@pytest.mark.parametrize(
    ("text", "said", "faults"),
    [
        ("Am Foo C", "Am:4 X:4 C:4", [("Foo", 4, "Fo")]),
        ("Am Bridge C", "Am:4 X:4 C:4", [("Bridge", 4, "")]),
        ("C maj7 | G", "C:2 X:2 G:4", [("maj7", 3, "Cmaj7")]),
        ("Cmj9x\nG7(b9 Am", "X:4 X:2 Am:2", [("Cmj9x", 1, "Cmaj9"), ("G7(b9", 7, "G7b9")]),
        ("ii7 V77 I", "Dm7:4 X:4 C:4", [("V77", 5, "V7")]),
        ("H7 C", "X:4 C:4", [("H7", 1, "B7")]),
        ("% C", "C:4", [("%", 1, "")]),
        ("C*0 F", "X:4 F:4", [("C*0", 1, "")]),
        ("C | G7/H F", "C:4 X:2 F:2", [("G7/H", 5, "G7/B")]),
    ],
)
def test_what_is_not_read_is_named_and_the_rest_kept(text: str, said: str, faults: list[tuple[str, int, str]]) -> None:
    """Its place is its column in the text, and time is not shifted by it."""
    chart = read_chart(text)
    assert _said(text) == said
    assert [(fault.text, fault.column) for fault in chart.faults] == [fault[:2] for fault in faults]
    for fault, (word, column, nearest) in zip(chart.faults, faults, strict=True):
        assert text[column - 1 :].startswith(word)
        assert fault.message.startswith(f"Column {column}: ") and repr(word) in fault.message
        assert fault.nearest[:1] == ((nearest,) if nearest else ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[Verse] Am F C G [Chorus] F G", "[Verse] Am:4 F:4 C:4 G:4 [Chorus] F:4 G:4"),
        ("[Verse]\nAm F C G\n\n[Chorus]\nF G\n", "[Verse] Am:4 F:4 C:4 G:4 [Chorus] F:4 G:4"),
        ("[Verse 2]\n| Am F | C |\n[  Solo \t (sax) ]\n| G |", "[Verse 2] Am:2 F:2 C:4 [Solo (sax)] G:4"),
        ("[A]\nAm F\nC G\n[B]\nF", "[A] Am:2 F:2 C:2 G:2 [B] F:4"),
        ("| [A] Am F | C [B] G / / |", "[A] Am:2 F:2 C:1 [B] G:3"),
        ("| C | [A] % | F G | [B]\n| % |", "C:4 [A] C:4 F:2 G:2 [B] F:2 G:2"),
        ("| C [A] / / G |", "C:1 [A] C:2 G:1"),
        ("C / [A] / / G", "C:2 [A] C:2 G:1"),
        ("[A]Am [Am]F [Bridge], G", "[A] Am:4 [Am] F:4 [Bridge] G:4"),
        ("[x] ii V [I] I", "[x] Dm:4 G:4 [I] C:4"),
        ("[Verse] Am*2 - [B] F*6", "[Verse] Am:2 [B] F:6"),
        ("[A] G7[b9 b13] [B] C7[#11] (b9)", "[A] G7b9b13:4 [B] C7b9#11:4"),
    ],
)
def test_sections(text: str, said: str) -> None:
    """A mark takes no time, and lines of marks make no bars."""
    steps = read_chart(text).steps
    assert " ".join(with_section(f"{write_chord(step.chord)}:{step.beats}", step.section) for step in steps) == said


@pytest.mark.parametrize(
    ("text", "said", "column", "word", "why"),
    [
        ("C [Verse Am F", "C:4 Am:4 F:4", 3, "[Verse", "no bracket at its end"),
        ("C [[A]] F", "C:4 F:4", 3, "[[A]]", "no bracket at its end"),
        ("[] C", "C:4", 1, "[]", "names no section"),
        ("| C | [ \t] F |", "C:4 F:4", 7, "[ \t]", "names no section"),
        (f"C [{'x' * 25}] F", "C:4 F:4", 3, f"[{'x' * 25}]", "24 letters at most"),
        ("[A] [B] C", "C:4", 1, "[A]", "no chord stands before the next"),
        ("| C |\n[Outro]", "C:4", 7, "[Outro]", "no chord follows"),
    ],
)
def test_a_section_that_is_none_is_named_and_the_rest_kept(
    text: str, said: str, column: int, word: str, why: str
) -> None:
    (fault,) = read_chart(text).faults
    assert _said(text) == said
    assert (fault.column, fault.text, fault.nearest) == (column, word, ())
    assert fault.message.startswith(f"Column {column}: {word!r} ") and why in fault.message


@given(st.text(max_size=40))
def test_any_name_of_a_section_can_be_written_and_read(text: str) -> None:
    name = section_name(text)
    assert section_name(name) == name and len(name) <= LONGEST_SECTION
    (step,) = read_chart(write_chart([Step(Chord(0), Fraction(4), section=text)])).steps
    assert step.section == name


def test_steps_know_where_they_were_written() -> None:
    """So that a window can mark them."""
    text = "  Am7 | C/E, G7 (b9)"
    steps = read_chart(text).steps
    assert [(step.column, step.text) for step in steps] == [(3, "Am7"), (9, "C/E"), (14, "G7(b9)")]


@given(
    st.lists(st.builds(Step, any_chord, beats.map(Fraction), section=any_section), max_size=8),
    st.sampled_from(Style),
    st.sampled_from(KEYS),
)
def test_round_trip(steps: list[Step], style: Style, key) -> None:  # type: ignore[no-untyped-def]
    """Any progression with any lengths and sections in any style."""
    written = write_chart(steps, style, key)
    chart = read_chart(written, key)
    assert not chart.faults
    assert [(step.chord, step.beats, step.section) for step in chart.steps] == [
        (step.chord, step.beats, step.section) for step in steps
    ]
    assert write_chart(chart.steps, style, key) == written


def test_written_in_bars_where_chords_share_them() -> None:
    """As musicians would."""
    steps = read_chart("| Dm7 G7 | Cmaj7 |").steps
    assert write_chart(steps) == "| Dm7 G7 | Cmaj7 |"
    assert write_chart(steps, Style.ROMAN, C_MAJOR) == "| ii7 V7 | Imaj7 |"
    assert write_chart(read_chart("C F G").steps, Style.JAZZ) == "C F G"
    assert write_chart(read_chart("C*6 G*2").steps) == "C*6 G*2"


@given(st.text(max_size=30) | st.text("ACGm7b#/|%.()[]*:, IVi\n", max_size=30))
def test_any_text_is_read(text: str) -> None:
    """Nothing is raised; each fault stands where it says."""
    chart = read_chart(text)
    for fault in chart.faults:
        assert text[fault.column - 1 :].startswith(fault.text[:1])
    assert all(step.beats > 0 for step in chart.steps)

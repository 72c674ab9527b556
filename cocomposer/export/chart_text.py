"""A progression as a chart that people read and type: four bars a line, "%" for a bar like the one before.

A section has a line [Verse] of its own before its first bar, or [Verse] before its first chord within one. Written so
that `read_chart` reads the same chords, beats and sections; equal neighbours become one. Knows no file format.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from cocomposer.export.lead_sheet import Bar, LeadSheet, Slice, bars_of
from cocomposer.harmony.key import C_MAJOR
from cocomposer.harmony.names.chart import with_section
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.writing import Style, write_chord

BARS_PER_LINE: Final = 4


def chart_text(sheet: LeadSheet, style: Style = Style.PLAIN) -> str:
    """Title, a line with key, metre and tempo, an empty line, then the bars."""
    facts = [sheet.key.name] if sheet.key else []
    facts += ["{}/{}".format(*sheet.meter), f"{sheet.bpm:g} BPM"]
    head = [" ".join(sheet.title.split())] if sheet.title.strip() else []
    return "\n".join([*head, ", ".join(facts), "", *chart_lines(sheet, style), ""])


def chart_lines(sheet: LeadSheet, style: Style = Style.PLAIN) -> list[str]:
    """The bars alone, in lines that `read_chart` reads with the sheet's key and the length of its bars."""
    bars = bars_of(sheet)
    words = _named(bars, sheet, style)
    before: tuple[tuple[object, Fraction], ...] = ()
    lines: list[str] = []
    written: list[str] = []
    for bar, names in zip(bars, words, strict=True):
        content = tuple((piece.chord, piece.beats) for piece in bar)
        like = content == before and not any(piece.section for piece in bar)
        before = content
        if len(written) == BARS_PER_LINE or (bar[0].section and written):
            lines.append(_line(written))
            written = []
        if bar[0].section:
            lines.append(with_section("", bar[0].section).strip())
        written.append("%" if like else _bar_text(bar, names, sheet.bar_beats))
    return [*lines, _line(written)] if written else lines


def _line(bars: Sequence[str]) -> str:
    return f"| {' | '.join(bars)} |"


def _named(bars: Sequence[Bar], sheet: LeadSheet, style: Style) -> Iterator[list[str]]:
    """The names of each bar's chords, with the sections that begin within the bar."""
    chords = [piece.chord for bar in bars for piece in bar]
    if style is Style.ROMAN:
        names = iter(write_numerals(chords, sheet.key or C_MAJOR))
    else:
        names = (write_chord(chord, style, sheet.key) for chord in chords)
    for bar in bars:
        yield [with_section(next(names), piece.section if piece.start else "") for piece in bar]


def _bar_text(bar: Bar, names: Sequence[str], bar_beats: Fraction) -> str:
    full = sum(piece.beats for piece in bar) == bar_beats
    if full and len({piece.beats for piece in bar}) == 1:
        return " ".join(names)
    if full and all(piece.beats.denominator == 1 for piece in bar):
        return " ".join(_held(piece, name) for piece, name in zip(bar, names, strict=True))
    return " ".join(f"{name}*{piece.beats}" for piece, name in zip(bar, names, strict=True))


def _held(piece: Slice, name: str) -> str:
    return " ".join([name, *["/"] * (int(piece.beats) - 1)])

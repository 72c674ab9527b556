"""What the commands of chords print and how they name what they save: tables of chords, and formats by ending."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.key import C_MAJOR
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.writing import write_chord


def format_of(output: Path | None) -> str:
    """The name in `CHORD_FORMATS` that an ending says; a chart where nothing is saved. SheetError if it says none."""
    if output is None:
        return "chart"
    found = [one.name for one in CHORD_FORMATS.values() if output.name.lower().endswith(one.suffix)]
    more = {".xml": "musicxml", ".pro": "chordpro", ".chopro": "chordpro", ".chordpro": "chordpro", ".midi": "midi"}
    # The longest ending last: .ireal.txt is no chart.
    named = found[-1] if found else more.get(output.suffix.lower())
    if named is None:
        raise SheetError(f"The ending of {output} says no format; choose one with --format.")
    return named


def table(sheet: LeadSheet) -> list[str]:
    """Bar and beat, name, numeral and beats of each chord, and before it the section that begins with it."""
    chords = [step.chord for step in sheet.steps]
    names = [write_chord(chord, key=sheet.key) for chord in chords]
    numerals = write_numerals(chords, sheet.key or C_MAJOR)
    places = [_place(start, sheet) for start in sheet.starts[:-1]]
    lengths = [f"{float(step.beats):g}" for step in sheet.steps]
    sections = [step.section and f"[{step.section}]" for step in sheet.steps]
    columns = [places, names, numerals if sheet.key else [""] * len(names), lengths]
    if any(sections):
        columns.insert(0, sections)
    widths = [max(len(word) for word in column) for column in columns]
    return ["  ".join(_cells(row, widths)) for row in zip(*columns, strict=True)]


def _cells(words: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [word.ljust(width) for word, width in zip(words, widths, strict=True)]


def _place(start: Fraction, sheet: LeadSheet) -> str:
    """Bar and beat from 1: "3.2"."""
    bar, within = divmod(start, sheet.bar_beats)
    return f"{bar + 1}.{float(within * sheet.meter[1] / 4) + 1:.4g}"

"""What the commands of chords print and how they name what they save: tables of chords, and formats by ending."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.key import C_MAJOR, Key
from cocomposer.harmony.key_tracking import KeySpan
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.writing import write_chord
from cocomposer.music.ticks import TICKS_PER_BEAT


def format_of(output: Path | None) -> str:
    """The name in `CHORD_FORMATS` that an ending says; a chart where nothing is saved. SheetError if it says none."""
    if output is None:
        return "chart"
    found = [one.name for one in CHORD_FORMATS.values() if output.name.lower().endswith(one.suffix)]
    more = {".xml": "musicxml", ".pro": "chordpro", ".chopro": "chordpro", ".chordpro": "chordpro", ".midi": "midi"}
    # The longest ending last: .ireal.txt is no chart.
    named = found[-1] if found else more.get(output.suffix.lower())
    if named is None:
        endings = ", ".join(one.suffix for one in CHORD_FORMATS.values())
        raise SheetError(f"The ending of {output} says no format; choose one of {endings}.")
    return named


def table(sheet: LeadSheet, keys: Sequence[KeySpan] = ()) -> list[str]:
    """Bar and beat, name, numeral and beats of each chord, and before it the section that begins with it."""
    names, numerals = names_in(sheet, keys)
    places = [place_of(start, sheet) for start in sheet.starts[:-1]]
    lengths = [f"{float(step.beats):g}" for step in sheet.steps]
    sections = [step.section and f"[{step.section}]" for step in sheet.steps]
    columns = [places, names, numerals if sheet.key else [""] * len(names), lengths]
    if any(sections):
        columns.insert(0, sections)
    widths = [max(len(word) for word in column) for column in columns]
    return ["  ".join(_cells(row, widths)) for row in zip(*columns, strict=True)]


def _cells(words: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [word.ljust(width) for word, width in zip(words, widths, strict=True)]


def names_in(sheet: LeadSheet, keys: Sequence[KeySpan] = ()) -> tuple[list[str], list[str]]:
    """Names and numerals of the chords, each in the key in which it begins, where there are several."""
    names: list[str] = []
    numerals: list[str] = []
    begun = [
        (_key_at(start, keys) or sheet.key, step.chord) for step, start in zip(sheet.steps, sheet.starts, strict=False)
    ]
    for key, group in groupby(begun, key=lambda one: one[0]):
        chords = [chord for _, chord in group]
        names += [write_chord(chord, key=key) for chord in chords]
        numerals += write_numerals(chords, key or C_MAJOR)
    return names, numerals


def _key_at(start: Fraction, keys: Sequence[KeySpan]) -> Key | None:
    return next((span.key for span in reversed(keys) if span.tick <= start * TICKS_PER_BEAT), None)


def place_of(start: Fraction, sheet: LeadSheet) -> str:
    """Bar and beat from 1: "3.2"."""
    bar, within = divmod(start, sheet.bar_beats)
    return f"{bar + 1}.{float(within * sheet.meter[1] / 4) + 1:.4g}"

"""A progression as JSON, and read back: for programs, and to keep what was found.

One object:

    format   "cocomposer chords"
    version  1
    title    text
    key      "A minor", or null
    meter    [4, 4]
    bpm      quarter notes a minute
    chords   in order, without gaps: symbol "Am7" ("N.C." none, "X" unknown), beats in quarter notes (a number, or
             "4/3" where a number would be rounded), section "Verse" (the one that begins with it; null where none
             does), and for the reader's convenience, not read back: start in beats, harte "A:min7", numeral "i7" (null
             without a key)
    melody   onset, pitch (60 is middle C), duration, velocity 1-127; onset and duration in ticks of 1/48 beat

Only format, version and chords must be there; a program may add others.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, Literal

import msgspec

from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.names.chart import Step, section_name
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.symbols import UnknownChord, read_symbol
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.music.note import Note
from cocomposer.music.ticks import NOMINAL_BPM

FORMAT: Final = "cocomposer chords"


class _ChordObject(msgspec.Struct):
    symbol: str
    beats: float | str
    start: float | str | None = None
    harte: str | None = None
    numeral: str | None = None
    section: str | None = None


class _NoteObject(msgspec.Struct):
    onset: int
    pitch: int
    duration: int
    velocity: int


class _SheetObject(msgspec.Struct):
    format: Literal["cocomposer chords"]
    version: Literal[1]
    chords: list[_ChordObject]
    title: str = ""
    key: str | None = None
    meter: tuple[int, int] = (4, 4)
    bpm: float = NOMINAL_BPM
    melody: list[_NoteObject] = []


def sheet_object(sheet: LeadSheet) -> dict[str, Any]:
    """The object, of plain values."""
    numerals: Sequence[str | None] = [None] * len(sheet.steps)
    if sheet.key is not None:
        numerals = write_numerals([step.chord for step in sheet.steps], sheet.key)
    chords = [
        _ChordObject(
            write_chord(step.chord, Style.PLAIN, sheet.key),
            _number(step.beats),
            _number(start),
            write_chord(step.chord, Style.HARTE, sheet.key),
            numeral,
            step.section or None,
        )
        for step, start, numeral in zip(sheet.steps, sheet.starts[:-1], numerals, strict=True)
    ]
    melody = [_NoteObject(note.onset_tick, note.pitch, note.duration_ticks, note.velocity) for note in sheet.melody]
    key = None if sheet.key is None else sheet.key.name
    whole = _SheetObject(FORMAT, 1, chords, sheet.title, key, sheet.meter, sheet.bpm, melody)
    found: dict[str, Any] = msgspec.to_builtins(whole)
    return found


def chord_json(sheet: LeadSheet) -> bytes:
    """The file."""
    return msgspec.json.format(msgspec.json.encode(sheet_object(sheet)), indent=2) + b"\n"


def read_chord_json(text: bytes) -> LeadSheet:
    """The sheet of a file; SheetError if it is none."""
    try:
        found = msgspec.json.decode(text, type=_SheetObject)
        steps = tuple(
            Step(read_symbol(one.symbol), _fraction(one.beats), 0, one.symbol, section_name(one.section or ""))
            for one in found.chords
        )
        key: Key | None = None if found.key is None else key_named(found.key)
    except (msgspec.DecodeError, UnknownChord, ValueError, ZeroDivisionError) as error:
        raise SheetError(f"This is no file of chords ({str(error).rstrip('.;')}); export it again.") from error
    melody = tuple(Note(note.onset, note.pitch, note.duration, note.velocity) for note in found.melody)
    return LeadSheet(steps, key, found.meter, found.bpm, found.title, melody)


def _number(beats: Fraction) -> float | str:
    """As a number where it is exact."""
    as_float = float(beats)
    if Fraction(as_float) != beats:
        return str(beats)
    return int(beats) if beats.denominator == 1 else as_float


def _fraction(beats: float | str) -> Fraction:
    found = Fraction(beats)
    if not 0 < found <= 1_000_000:
        raise ValueError(f"a chord lasts longer than 0 beats, not {beats}")
    return found

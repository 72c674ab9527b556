"""A progression as a ChordPro song: a grid of bars for each section, for songbook programs.

Source of the format: https://www.chordpro.org/chordpro/directives-env_grid/ (cells between bar lines, "." for a cell
in which the chord goes on, "%" for a bar like the one before). A bar has as many cells as its chords need. A section's
name is a comment, which all programs show, before the grid that begins with the bar in which the section begins: what
is within start_of_verse is lyrics to them, and not all know other names.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Final

from cocomposer.export.lead_sheet import Bar, LeadSheet, SheetError, bars_of, filled
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Mode
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.pitch_class import name_at

BARS_PER_LINE: Final = 4
MOST_CELLS: Final = 64
"""Of one bar; a page holds no more."""


def chord_pro(sheet: LeadSheet) -> str:
    """The song. A chord that is not known is written as N.C. SheetError if its chords fall between all cells."""
    whole = filled(sheet)
    bars = bars_of(whole)
    cell = _cell(bars, Fraction(4, sheet.meter[1]), sheet.bar_beats)
    cells = int(sheet.bar_beats / cell)
    lines = [f"{{title: {_plain(sheet.title) or 'Chords'}}}"]
    if sheet.key:
        minor = "m" if sheet.key.mode is Mode.MINOR else ""
        lines.append(f"{{key: {name_at(sheet.key.tonic_place)}{minor}}}")
    lines += ["{{time: {}/{}}}".format(*sheet.meter), f"{{tempo: {sheet.bpm:g}}}"]
    starts = [number for number, bar in enumerate(bars) if number == 0 or any(piece.section for piece in bar)]
    for first, end in pairwise((*starts, len(bars))):
        lines += [f"{{comment: {_plain(piece.section)}}}" for piece in bars[first] if piece.section]
        lines.append(f'{{start_of_grid shape="{BARS_PER_LINE}x{cells}"}}')
        lines += _grid([_words(bar, cell, sheet) for bar in bars[first:end]])
        lines.append("{end_of_grid}")
    return "\n".join([*lines, ""])


def _grid(bars: Sequence[list[str]]) -> Iterator[str]:
    """The lines of bars, each given as its cells."""
    like = [bar == before for bar, before in zip(bars, ([], *bars), strict=False)]
    written = [" ".join(["%", *["."] * (len(bar) - 1)] if same else bar) for bar, same in zip(bars, like, strict=True)]
    for first in range(0, len(written), BARS_PER_LINE):
        yield f"| {' | '.join(written[first : first + BARS_PER_LINE])} |"


def _cell(bars: tuple[Bar, ...], beat: Fraction, bar_beats: Fraction) -> Fraction:
    """The longest cell, a beat of the metre at most, on which all chords begin."""
    lengths = [beat, *(piece.beats for bar in bars for piece in bar)]
    denominator = lcm(*(length.denominator for length in lengths))
    cell = Fraction(gcd(*(int(length * denominator) for length in lengths)), denominator)
    if bar_beats / cell > MOST_CELLS:
        raise SheetError(
            f"ChordPro would need bars of {bar_beats / cell} cells for the lengths of these chords;"
            " let them begin on beats or simple parts of beats."
        )
    return cell


def _words(bar: Bar, cell: Fraction, sheet: LeadSheet) -> list[str]:
    words: list[str] = []
    for piece in bar:
        words += [_name(piece.chord, sheet), *["."] * (int(piece.beats / cell) - 1)]
    return words


def _name(chord: Chord | NoChord, sheet: LeadSheet) -> str:
    if not isinstance(chord, Chord):
        return NoChord.SILENT.value
    # ChordPro takes what follows a slash for a bass.
    return chord.name(sheet.key).replace("6/9", "69")


def _plain(text: str) -> str:
    """A title or a name on one line, without the braces that would end it."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())

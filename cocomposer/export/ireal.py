"""A progression as a link that iReal Pro opens as a chart.

Source of the format: https://www.irealpro.com/ireal-pro-custom-chord-chart-protocol ("irealbook://", six fields between
"=", percent-encoded: title, composer, style, key, "n", progression), and for a quality of one's own between asterisks
the reader of https://github.com/infojunkie/ireal-musicxml. The other form, "irealb://", is scrambled by the program for
its own exports and says no more. A row has 16 cells; what shares a bar evenly stands with empty cells after it, else
each beat has a cell, "p" where the chord goes on. Whole beats of the metre only. A section that begins with a bar has
its rehearsal mark there, if the program has one for its name. Knows no melody and no tempo.
"""

from fractions import Fraction
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from cocomposer.export.lead_sheet import Bar, LeadSheet, SheetError, bars_of, filled
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key, Mode
from cocomposer.harmony.names.suffixes import read_suffix
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.pitch_class import name_at
from cocomposer.harmony.qualities import Tones

SCHEME: Final = "irealbook://"
TIMES: Final = {
    (2, 2): "T22", (3, 2): "T32", (2, 4): "T24", (3, 4): "T34", (4, 4): "T44", (5, 4): "T54", (6, 4): "T64",
    (7, 4): "T74", (3, 8): "T38", (5, 8): "T58", (6, 8): "T68", (7, 8): "T78", (9, 8): "T98", (12, 8): "T12",
}  # fmt: skip
"""Metre → how it is written."""
QUALITIES: Final = tuple(
    """
    - ^7 -7 7 7sus h7 o7 + o sus 5 add9 6 -6 69 -69 ^ -^7 -^9 ^9 -9 9 9sus ^13 -11 13 13sus ^7#11 ^9#11 -b6 -#5 ^7#5 h9
    7b9 7#9 7b5 7#5 7b13 7#11 9#11 13#11 11 7b9sus 7b13sus 7susadd3 9b5 9#5 13b9 13#9 7b9b13 7b9#5 7b9b5 7b9#9 7#9#5
    7#9b5 7#9#11 7b9#11 7alt 2 h -7b5
    """.split()
)
"""Those of the program, besides the plain major triad; of two with the same tones the first is written."""
MARKS: Final = {"a": "*A", "b": "*B", "c": "*C", "d": "*D", "verse": "*V", "intro": "*i"}
"""First word of a section's name → the program's rehearsal mark; it has no others."""
_WHITE_KEYS: Final = {"E#": "F", "B#": "C", "Fb": "E"}
"""Names of notes that the program does not have; it has Cb."""
_CELLS: Final = 4
_EVEN_SHARES: Final = frozenset({1, 2, 4})


def ireal_link(sheet: LeadSheet, style: str = "Medium Swing") -> str:
    """The link. A chord that is not known is written as N.C. SheetError for a metre or a length it cannot hold."""
    time = TIMES.get(sheet.meter)
    if time is None:
        names = ", ".join(f"{numerator}/{denominator}" for numerator, denominator in TIMES)
        raise SheetError("iReal Pro has no metre {}/{}; it has {}.".format(*sheet.meter, names))
    beat = Fraction(4, sheet.meter[1])
    bars = [
        f"{_mark(bar)}{time if number == 1 else ''}{_bar(bar, number, beat, sheet)}"
        for number, bar in enumerate(bars_of(filled(sheet)), 1)
    ]
    progression = f"[{'|'.join(bars)}Z"
    fields = [_field(sheet.title) or "Chords", "cocomposer", _field(style), _key_name(sheet.key or C_MAJOR), "n"]
    return SCHEME + quote("=".join([*fields, progression]), safe="")


def _mark(bar: Bar) -> str:
    word, *_ = bar[0].section.lower().split() or [""]
    return MARKS.get(word, "")


def _bar(bar: Bar, number: int, beat: Fraction, sheet: LeadSheet) -> str:
    for piece in bar:
        if (piece.beats / beat).denominator != 1 or (piece.start / beat).denominator != 1:
            name = piece.chord.name(sheet.key) if isinstance(piece.chord, Chord) else piece.chord.value
            raise SheetError(
                f"iReal Pro has chords on whole beats only, and {name} in bar {number} is not; let it begin and end on"
                " a beat."
            )
    names = [_name(piece.chord, sheet.key) for piece in bar]
    if len(bar) in _EVEN_SHARES and len({piece.beats for piece in bar}) == 1:
        empty = " " * (_CELLS // len(bar) - 1)
        return ",".join(names) if not empty else "".join(f"{name}{empty}" for name in names)
    cells = []
    for piece, name in zip(bar, names, strict=True):
        cells += [name, *["p"] * (int(piece.beats / beat) - 1)]
    return ",".join(cells) + " " * (-len(cells) % _CELLS)


def _name(chord: Chord | NoChord, key: Key | None) -> str:
    if not isinstance(chord, Chord):
        return "n"
    template = chord.template
    name = name_at(chord.root_place(key))
    bass = chord.name(key).removeprefix(name + template.suffix).removeprefix("/")
    root = _WHITE_KEYS.get(name, name)
    over = f"/{_WHITE_KEYS.get(bass, bass)}" if bass else ""
    if template.semitones == read_suffix(""):
        return f"{root}{over}"
    return f"{root}{_known().get(template.semitones, f'*{template.suffix}*')}{over}"


@lru_cache(maxsize=1)
def _known() -> dict[Tones, str]:
    """Tones → the program's name for them."""
    found: dict[Tones, str] = {}
    for quality in QUALITIES:
        found.setdefault(read_suffix(quality), quality)
    return found


def _key_name(key: Key) -> str:
    name = name_at(key.tonic_place)
    if key.mode is Mode.MINOR:
        return f"{name}-"
    return "Gb" if name == "F#" else name  # six flats are the only ones it has


def _field(text: str) -> str:
    """On one line and without the sign that parts the fields."""
    return " ".join(text.replace("=", "-").split())

"""A chord's name in the style that is wanted, spelt in the key, such that it is read as the same chord again."""

import re
from enum import StrEnum
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key
from cocomposer.harmony.names.harte import write_harte
from cocomposer.harmony.names.numeral_writing import write_numeral
from cocomposer.harmony.names.symbols import NoChord


class Style(StrEnum):
    """How chords are written."""

    PLAIN = "plain"
    """F#m7b5, Bbmaj7/D: letters that every program reads."""
    JAZZ = "jazz"
    """F#ø7, BbΔ7/D, C-7, G7sus: short, as in fake books."""
    UNICODE = "unicode"
    """F♯m7♭5, B♭maj7/D: plain, with real accidentals, for the eye."""
    HARTE = "harte"
    """F#:hdim7, Bb:maj7/3: corpora and research programs."""
    ROMAN = "roman"
    """viiø7/V, IV65: Roman numerals of the key, or of C major where none is known."""


_JAZZ: Final = re.compile(r"^m\(maj(7|9)\)|^m7b5|^maj|^m|^dim|^aug|sus4")
_OF_JAZZ: Final = {"m7b5": "ø7", "maj": "Δ", "m": "-", "dim": "°", "aug": "+", "sus4": "sus"}
_FLAT_OF_DEGREE: Final = re.compile(r"b(?=\d)")
_HARTE_OF: Final = {NoChord.SILENT: "N", NoChord.UNKNOWN: "X"}


def write_chord(
    chord: Chord | NoChord, style: Style = Style.PLAIN, key: Key | None = None, following: Chord | None = None
) -> str:
    """The name of a chord; `following`, the next one, matters to Roman numerals only."""
    if isinstance(chord, NoChord):
        return _HARTE_OF[chord] if style is Style.HARTE else chord.value
    match style:
        case Style.HARTE:
            return write_harte(chord, chord.root_place(key))
        case Style.ROMAN:
            return write_numeral(chord, key or C_MAJOR, following)
        case Style.PLAIN:
            return chord.name(key)
    root, suffix, bass = _parts(chord, key)
    if style is Style.JAZZ:
        return root + _JAZZ.sub(_jazz_word, suffix) + bass
    flat_signs = _FLAT_OF_DEGREE.sub("♭", suffix)
    return f"{root.replace('b', '♭')}{flat_signs}{bass.replace('b', '♭')}".replace("#", "♯")


def _parts(chord: Chord, key: Key | None) -> tuple[str, str, str]:
    """(root, suffix, slash and bass) of the plain name."""
    suffix = chord.template.suffix
    name = chord.name(key)
    root = name[: 1 + (name[1:2] in {"b", "#"})]
    return root, suffix, name[len(root) + len(suffix) :]


def _jazz_word(found: re.Match[str]) -> str:
    return f"-Δ{found[1]}" if found[1] else _OF_JAZZ[found[0]]

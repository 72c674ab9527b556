"""A chord symbol read as a value: "F#m7b5", "B♭Δ7/D", "C7(b9,#11)", "N.C.", and Harte's "C:min7/b3".

Unicode and ASCII signs are one. H is no root unless German names are asked for, because there B means Bb. A symbol that
is none says so with the nearest ones that are. Knows no key (`numerals` does) and no line of chords (`chart` does).
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.harte import read_harte
from cocomposer.harmony.names.suffixes import plain_text, read_suffix
from cocomposer.harmony.pitch_class import PITCH_CLASSES, pitch_class_at, place_of_name
from cocomposer.harmony.qualities import NAMED, quality_of

# A second accidental is one unless it begins an alteration: Bbb7 is B double-flat, Bbb9 is Bb with a flat ninth.
_NOTE: Final = r"[A-Ga-g](?:##(?!5|9|11|13)|bb(?!5|9|11|13|6)|[#b])?"
_SYMBOL: Final = re.compile(rf"({_NOTE})(.*?)(?:[/\\]({_NOTE}))?")
_GERMAN_NOTE: Final = re.compile(r"([CDEFGAH])is|([CDFG])es|([EA])s(?!us)|Hes|H|B(?!b)")
_UNSOUNDED: Final = frozenset({"N.C.", "N.C", "NC", "N", "NC."})
_SPELLINGS: Final = tuple(
    dict.fromkeys(
        [named.suffix for named in NAMED.values()]
        + "M7 maj min m7b5 dim7 aug7 sus 7sus 9sus add2 69 mM7 m7 7b9 7#9 7#5 7b5 7#11 7alt maj9 13b9 min7 -7".split()
    )
)
_SUGGESTIONS: Final = 3
_ALIKE: Final = 0.5


class NoChord(StrEnum):
    """What may be written where no chord is; the value is how."""

    SILENT = "N.C."
    """No chord sounds."""
    UNKNOWN = "X"
    """One may sound, but which is not said."""


class UnknownChord(ValueError):
    """No chord symbol; its message names it and says what to write."""

    def __init__(self, text: str, nearest: tuple[str, ...] = ()) -> None:
        """`nearest`: symbols that can be read and look alike, best first."""
        self.text = text
        self.nearest = nearest
        hint = f"did you mean {' or '.join(nearest)}?" if nearest else "write it like C, F#m7, Bbmaj7/D or C:min7."
        super().__init__(f"{text!r} is no chord that can be read; {hint}")


@lru_cache(maxsize=1024)
def read_symbol(text: str, german: bool = False) -> Chord | NoChord:
    """The chord of a symbol; UnknownChord if it is none.

    `german`: H is B, B is Bb, and Fis, Es and the like are read too.
    """
    plain = plain_text(text).strip()
    if plain.upper() in _UNSOUNDED and plain != "n":
        return NoChord.SILENT
    if plain == NoChord.UNKNOWN:
        return NoChord.UNKNOWN
    try:
        chord = read_harte(plain) if ":" in plain else _read(_english(plain) if german else plain)
    except ValueError as error:
        raise UnknownChord(text, _nearest(plain)) from error
    return chord


def _read(plain: str) -> Chord:
    found = _SYMBOL.fullmatch(plain)
    if found is None:
        raise ValueError("no root")
    root, suffix, bass = found.groups()
    return chord_of(_pitch_class(root), read_suffix(suffix), None if bass is None else _pitch_class(bass))


def chord_of(root: int, tones: frozenset[int], bass: int | None) -> Chord:
    """The chord of tones above a root; a bass that is the root is none."""
    return Chord(root, quality_of(tones), None if bass in {None, root} else bass)


def _pitch_class(note: str) -> int:
    return pitch_class_at(place_of_name(note[0].upper() + note[1:])) % PITCH_CLASSES


def _english(symbol: str) -> str:
    """A symbol with German names of root and bass, with English ones."""
    return "/".join(
        _english_note(found) + part[found.end() :] if (found := _GERMAN_NOTE.match(part)) else part
        for part in symbol.split("/")
    )


def _english_note(found: re.Match[str]) -> str:
    sharp, flat, vowel = found.groups()
    if sharp:
        return "B#" if sharp == "H" else f"{sharp}#"
    if flat or vowel:
        return f"{flat or vowel}b"
    return "B" if found[0] == "H" else "Bb"


def _nearest(plain: str) -> tuple[str, ...]:
    """Symbols that can be read and look like one that cannot."""
    found = re.match(rf"({_NOTE}|[Hh])(.*?)(?:[/\\](.*))?$", plain)
    if found is None:
        return ()
    root, suffix, bass = found.groups()
    roots = ["B", "Bb"] if root in "Hh" else [root[0].upper() + root[1:]]
    lowest = re.match(_NOTE, (bass or "").lstrip("/\\"))
    below = f"/{lowest[0]}" if lowest else "/B" if bass and bass in "Hh" else ""
    suffixes = [suffix] if _is_readable(f"C{suffix}") else []
    suffixes += get_close_matches(suffix, _SPELLINGS, _SUGGESTIONS, _ALIKE)
    beginning = longest_beginning(f"{roots[0]}{suffix}", _is_readable)
    suffixes += [beginning.removeprefix(roots[0])] if beginning else []
    candidates = [f"{note}{near}{over}" for over in (below, "") for near in suffixes for note in roots]
    return tuple(dict.fromkeys(filter(_is_readable, candidates)))[:_SUGGESTIONS]


def longest_beginning(text: str, is_readable: Callable[[str], bool]) -> str | None:
    """What can be read of a text if its end is left out: one letter, or less than half of it."""
    lengths = range(len(text) - 1, 0, -1)
    fitting = (text[:n] for n in lengths if n == len(text) - 1 or 2 * n > len(text))
    return next(filter(is_readable, fitting), None)


def _is_readable(symbol: str) -> bool:
    try:
        _read(symbol)
    except ValueError:
        return False
    return True

"""What stands after the root of a chord symbol, read as tones: "m7b5", "-Δ7", "7(b9,#11)", "sus", "6/9", "alt".

One suffix has one reading, whatever the style: a "-" or "+" at its beginning is minor or augmented ("C-7", "C+7"), and
before a number further on it is b or # ("C7-9", "CM7+5"); a number in brackets or after "/" or "add" adds that one
degree, elsewhere 9, 11 and 13 bring the seventh with them. C2 is Cadd9, C4 is Csus4, C+7 is C7#5, C7M is Cmaj7. Knows
no root, bass or key.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from cocomposer.harmony.qualities import Tones, altered, tones_of

_GLYPHS: Final = str.maketrans(
    {
        "♯": "#",
        "♭": "b",
        "♮": "",
        "𝄪": "##",
        "𝄫": "bb",
        **dict.fromkeys("Δ△∆", "^"),
        **dict.fromkeys("Ø⌀∅", "ø"),
        **dict.fromkeys("°º˚", "o"),
        **dict.fromkeys("−–—‐‑", "-"),
    }
)
_TOKEN: Final = re.compile(
    r"""
    (?P<gap>[,\s]+) | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<omit>(?:omit|no)\s*[35](?:rd|th)?(?:[,/]\s*(?:omit|no)?\s*[35](?:rd|th)?(?!\d))?)
    | add\s*(?P<added>maj7|M7|(?:bb|[b\#+-])?\d{1,2})
    | (?P<sus>(?:suspended|sus)(?:2/?4|4/?2|2sus4|4sus2|[24])?)
    | (?P<alt>altered|alt) | (?P<power>power|pow) | (?P<dominant>dominant|dom)
    | (?P<hdim>half-?dim(?:inished)? | hdim | h | ø)
    | (?P<dim>diminished | dim | o)
    | (?P<aug>augmented | aug)
    | (?P<delta>\^)
    | (?P<major>[Mm]ajor | MAJ | [Mm]aj | MA | [Mm]a(?!dd|lt|ug) | [Mm]?j | M(?![Ii]))
    | (?P<minor>[Mm]inor | MIN | [Mm]in | MI | [Mm]i | m)
    | (?P<number>6/9|9/6|69|11|13|[245679])
    | (?P<slash>/(?=[b\#+-]?\d|[Mm]aj|M|\^))
    | (?P<altered>[b\#](?:13|11|[245679]))
    | (?P<plus>\+) | (?P<minus>-)
    """,
    re.VERBOSE,
)
_SIGNED: Final = re.compile(r"5|7|9|11|13|4|6")
_THIRD_AND_FIFTH: Final = {
    "": (4, 7),
    "dominant": (4, 7),
    "aug": (4, 8),
    "minor": (3, 7),
    "dim": (3, 6),
    "hdim": (3, 6),
}
_TRIADS: Final = frozenset({"power", *_THIRD_AND_FIFTH})
_SEVENTHS: Final = frozenset({"7", "9", "11", "13"})
_TONES_OF_NUMBER: Final[dict[str, set[int]]] = {
    "": set(),
    "2": {2},
    "4": set(),
    "6": {9},
    "69": {9, 2},
    "7": set(),
    "9": {2},
    "11": {5},
    "13": {9},
}
"""Besides the seventh."""
_OMISSIBLE: Final = {("3", 3): "b3", ("3", 4): "3", ("5", 6): "b5", ("5", 7): "5", ("5", 8): "#5"}
_TONES_OF: Final = {"3": {3, 4}, "5": {6, 7, 8}}
_BRACKETED_WORD: Final = re.compile(r"(add|omit|no)\s*\(([^()]*)\)")
_SAME_DEGREE: Final = {
    "b2": "b9",
    "#2": "#9",
    "#4": "#11",
    "b6": "b13",
    "4": "11",
    "6": "13",
    "2": "9",
}
_SENSELESS: Final = frozenset({"b4", "#6", "b11"})
"""Degrees that would be another tone of the chord."""
_ALTERED_DOMINANT: Final = "7(b9,#9,#11,b13,*5)"
_SUSPENSIONS: Final = {"": (5,), "4": (5,), "2": (2,), "24": (2, 5), "42": (2, 5)}


def plain_text(text: str) -> str:
    """The text with ♭ ♯ Δ ø ° and typographic digits and dashes as one would type them."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_GLYPHS))


@lru_cache(maxsize=1024)
def read_suffix(text: str) -> Tones:
    """The tones of a suffix in plain text; ValueError if it is none."""
    if text == "1":
        return frozenset({0})  # the root alone: how the corpus' unison, Harte's "1", is written
    found = _Suffix()
    depth = position = 0
    if "(" in text:
        text = _BRACKETED_WORD.sub(r"\1\2", text)
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"{text[position:]!r} is not understood")
        kind, word = str(token.lastgroup), token[str(token.lastgroup)]
        if kind in {"plus", "minus"}:
            signed = _SIGNED.match(text, token.end())
            # At the beginning C-5 and C+5 alter the fifth, C-6 and C+9 name the triad.
            if signed and (position > 0 or signed[0] == "5"):
                token, kind, word = signed, "altered", ("#" if kind == "plus" else "b") + signed[0]
        if kind in {"open", "close"}:
            depth += 1 if kind == "open" else -1
            if depth not in {0, 1}:
                raise ValueError("brackets do not match")
            found.is_listing = depth == 1
        elif kind == "slash":
            found.is_listing = True
        elif kind != "gap":
            found.take(kind, word, position == 0)
        position = token.end()
    if depth:
        raise ValueError("a bracket is not closed")
    return found.tones()


class _Suffix:
    """What has been read of one suffix."""

    def __init__(self) -> None:
        self.is_listing = False
        """Within brackets or after a slash: a number adds one degree and brings nothing with it."""
        self._triad = ""
        self._is_major = self._is_delta = self._is_altered_dominant = False
        self._number = ""
        self._swallows_seven = False
        """After a "maj" that already added the seventh."""
        self._suspension: str | None = None
        self._added: list[str] = []
        self._omitted: list[str] = []

    def take(self, kind: str, word: str, is_first: bool) -> None:
        """One token more; ValueError if it cannot follow."""
        if kind in _TRIADS:
            if self._triad or self._number or self._is_major:
                raise ValueError(f"{word!r} cannot follow")
            self._triad = kind
        elif kind in {"major", "delta"}:
            self._take_major(kind)
        elif kind == "number":
            self._take_number("69" if "/" in word else word)
        elif kind == "altered" and word == "#7":
            self._take_major("delta")
        elif kind == "altered":
            self._added.append(word)
        elif kind == "added":
            self._added.append("7" if word in {"maj7", "M7"} else word.replace("+", "#").replace("-", "b"))
        elif kind == "omit":
            self._omitted += [letter for letter in word if letter in "35"]
        elif kind == "sus" and self._suspension is None:
            self._suspension = "".join(letter for letter in word if letter in "24")
        elif kind == "alt":
            self._is_altered_dominant = True
        elif kind == "minus" and is_first:
            self._triad = "minor"
        elif kind == "plus" and is_first:
            self._triad = "aug"
        elif kind == "plus":
            self._added.append("#5")
        else:
            raise ValueError(f"{word!r} cannot follow")

    def _take_major(self, kind: str) -> None:
        if self._is_major:
            raise ValueError("major twice")
        if self._number and (self.is_listing or self._number in {"6", "69"}):
            self._added.append("7")  # C6(maj7) has both
            self._swallows_seven = True
        else:
            self._is_major, self._is_delta = True, kind == "delta"

    def _take_number(self, word: str) -> None:
        if self._swallows_seven and word == "7":
            self._swallows_seven = False
        elif not self._number and (not self.is_listing or self._is_major or word == "7"):
            self._number = word
        elif self.is_listing and word != "7":
            self._added += ["6", "9"] if word == "69" else [word]
        else:
            raise ValueError(f"{word!r} cannot follow {self._number!r}")

    def tones(self) -> Tones:
        """All tones of what was read; ValueError if it contradicts itself."""
        if self._is_altered_dominant:
            if self._triad not in {"", "dominant"} or self._number not in {"", "7"} or self._added or self._is_major:
                raise ValueError("alt says it all")
            return tones_of(_ALTERED_DOMINANT)
        tones, implied = self._unaltered()
        added = [_SAME_DEGREE.get(degree, degree) for degree in self._added]
        if not _SENSELESS.isdisjoint(added) or ("#9" in added and 3 in tones):
            raise ValueError("it has that tone already")
        omitted = [_OMISSIBLE[number, semitones] for number in self._omitted for semitones in tones & _TONES_OF[number]]
        return altered(tones, implied, added, omitted)

    def _unaltered(self) -> tuple[set[int], set[int]]:
        """(tones, those that are only implied) of triad, number and suspension."""
        triad, number, is_major = self._triad, self._number, self._is_major
        if triad == "power" or number == "5":
            if (triad and number) or triad not in {"", "power"} or is_major or self._suspension is not None:
                raise ValueError("a power chord has a root and a fifth only")
            return {0, 7}, set()
        if not number and (self._is_delta or triad in {"hdim", "dominant"}):
            number = "7"
        if is_major and (triad in {"hdim", "dominant"} or number == "4" or (triad and not number)):
            raise ValueError("major of what?")
        third, fifth = _THIRD_AND_FIFTH[triad]
        suspended = self._suspension
        if number == "4":
            if triad or suspended is not None:
                raise ValueError("a suspended fourth of what?")
            suspended = "4"
        tones = {0, third, fifth}
        if suspended is not None:
            if triad in {"dim", "hdim"}:
                raise ValueError("a diminished chord is not suspended")
            tones = {0, fifth, *_SUSPENSIONS[suspended]}
        implied: set[int] = set()
        if number in _SEVENTHS:
            tones.add(11 if is_major else 9 if triad == "dim" else 10)
            implied = {2} if number in {"11", "13"} else set()
            if number == "13" and 3 in tones:
                implied.add(5)
        return tones | implied | _TONES_OF_NUMBER[number], implied

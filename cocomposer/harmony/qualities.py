"""Every chord type there can be, as a quality: any set of tones above a root ↔ one Harte shorthand with its list.

`templates` holds the few that are told apart by ear; the grammar and the corpus have many more ("7(b9,#11)"). Two
spellings of the same tones are one quality: C7#5 is C7b13 without a fifth. Knows no root, no key and no notation but
Harte's (Harte et al., ISMIR 2005), with two customs of musicians: a listed b5 or #5 stands for the fifth, and a listed
b9, #9 or #11 for a ninth or eleventh that the shorthand only implies ("13(b9)"). Writes what stands after a root as
musicians write it; `names` reads it, and everything else that is written.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.templates import DEGREES, TEMPLATES, Template, template

Tones = frozenset[int]
"""Semitones above the root, 0–11; the root itself is always among them."""

_UNHEARD_TABLE: Final = (
    # Named by musicians, but not listened for: too rare, or too near another.
    ("1", "1", "1", 2.5),
    ("11", "11", "1 (3) 5 b7 (9) 11", 1.8),
    ("maj11", "maj11", "1 (3) 5 7 (9) 11", 2.2),
    ("min13", "m13", "1 b3 5 b7 (9) (11) 13", 2.0),
    ("sus4(b7,9,13)", "13sus4", "1 4 5 b7 (9) 13", 1.8),
    ("minmaj7(9)", "m(maj9)", "1 b3 5 7 9", 2.0),
    ("dim(7)", "dim(maj7)", "1 b3 b5 7", 2.2),
    ("sus4(7)", "maj7sus4", "1 4 5 7", 2.2),
    ("sus2(b7)", "7sus2", "1 2 5 b7", 2.0),
    # Which of its altered tones sound is the player's; #9 and b13 are the usual two.
    ("7(b9,#9,#11,b13,*5)", "7alt", "1 3 b7 (b9) #9 (#11) b13", 2.0),
)
NAMED: Final[dict[str, Template]] = TEMPLATES | {row[0]: template(*row) for row in _UNHEARD_TABLE}
"""Quality → template, of all that have a name of their own."""
_TONES_OF_NAME: Final[dict[str, Tones]] = {quality: named.semitones for quality, named in NAMED.items()}
_NAME_OF_TONES: Final[dict[Tones, str]] = {tones: quality for quality, tones in _TONES_OF_NAME.items()}
_IMPLIED: Final[dict[str, Tones]] = {
    quality: frozenset(tone.semitones for tone in named.tones if tone.is_optional) for quality, named in NAMED.items()
}
"""The tones of a named quality that it only implies: those that its table has in brackets."""
_AMBIGUOUS: Final[dict[str, list[tuple[int, int]]]] = {
    quality: [(tone.semitones, tone.fifths) for tone in named.tones if tone.semitones in {3, 6, 8, 9}]
    for quality, named in NAMED.items()
}
"""(semitones, spelling on the line of fifths) of the tones that have two names."""
_SHORTHANDS: Final = tuple(quality for quality in NAMED if "(" not in quality)
_EXTENSIBLE: Final = tuple(
    quality
    for quality, named in NAMED.items()
    if quality == "hdim7"
    or not ({"b", "#"} & set(named.suffix) or quality == "min(9)" or named.suffix in {"1", "7alt"})
)
"""Those to whose suffix more is written; of altered ones only m7b5."""
_ALTERATIONS: Final = frozenset("b5 #5 b9 #9 #11 b13".split())
_ADDED: Final = {"7": "maj7"}
_RARITY_PER_CHANGE: Final = 0.5
_THIRDS_AND_FIFTHS: Final = frozenset({3, 4, 7})
"""Only these are ever said to be left out; a chord without another tone has another name."""
_OMITTED_THIRD_COSTS: Final = 3
"""In Harte's notation "5(b7)" is plainer than "7(*3)"."""

_QUALITY: Final = re.compile(r"([a-z]*\d*)(?:\(([^()]*)\))?")
_DEGREE: Final = re.compile(r"([b#]*)(\d+)")
_MAJOR_SCALE: Final = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 11}
_ONE_NAME: Final = {0: "1", 1: "b9", 2: "9", 4: "3", 5: "11", 7: "5", 10: "b7", 11: "7"}
_ALTERED_FIFTHS: Final = frozenset({"b5", "#5"})
_REPLACES_IMPLIED: Final = {"b9": ("9", 2), "#9": ("9", 2), "#11": ("11", 5)}


@dataclass(frozen=True, slots=True)
class Description:
    """A chord type as a simpler one with changes."""

    quality: str
    """One of NAMED."""
    added: tuple[str, ...]
    """Degrees that are added or altered, in the order in which they are written."""
    omitted: tuple[str, ...]
    """Degrees that are left out."""


@lru_cache(maxsize=256)
def semitones_of_degree(degree: str) -> int:
    """Semitones above the root, 0–11, of a degree such as "b7", "#11" or "bb13"; ValueError if it is none."""
    found = _DEGREE.fullmatch(degree)
    if found is None or not 1 <= int(found[2]) <= 13:
        raise ValueError(f"{degree!r} is no degree of a chord")
    accidentals = found[1].count("#") - found[1].count("b")
    return (_MAJOR_SCALE[(int(found[2]) - 1) % 7 + 1] + accidentals) % PITCH_CLASSES


def degree_in(tones: Collection[int], semitones: int) -> str:
    """How the tone so many semitones above the root is called within a chord: 6 is "#11" beside a fifth, else "b5"."""
    match semitones:
        case 3:
            return "#9" if 4 in tones else "b3"
        case 6:
            return "#11" if 7 in tones or (8 in tones and 4 in tones) else "b5"
        case 8:
            return "b13" if 7 in tones or (6 in tones and 4 not in tones) else "#5"
        case 9:
            return "bb7" if {3, 6} <= set(tones) and not {4, 7, 10} & set(tones) else "13"
        case _:
            return _ONE_NAME[semitones]


def altered(
    tones: Collection[int], implied: Collection[int], added: Collection[str], omitted: Iterable[str] = ()
) -> Tones:
    """The tones with degrees added and left out; ValueError for a word that is no degree or for an omitted root."""
    result = set(tones)
    if _ALTERED_FIFTHS.intersection(added) and "5" not in added:
        result.discard(7)
    for degree in added:
        natural, semitones = _REPLACES_IMPLIED.get(degree, ("", 0))
        if semitones in implied and natural not in added:
            result.discard(semitones)
    result -= {semitones_of_degree(degree) for degree in omitted}
    if 0 not in result:
        raise ValueError("a chord keeps its root")
    return frozenset(result | {semitones_of_degree(degree) for degree in added})


@lru_cache(maxsize=1024)
def tones_of(quality: str) -> Tones:
    """The tones of a quality, whether or not it is the canonical one: "7(b9)", "9(13,#11)", "(3,5,b7)", "maj(*5)".

    ValueError if it is none.
    """
    found = _QUALITY.fullmatch(quality)
    if found is None:
        raise ValueError(f"{quality!r} is no quality of a chord")
    shorthand, listed = found[1], found[2]
    if shorthand and shorthand not in _SHORTHANDS:
        raise ValueError(f"{shorthand!r} is no shorthand of a chord quality")
    shorthand = shorthand or ("maj" if listed is None else "1")
    words = [word.strip() for word in (listed or "").split(",") if word.strip()]
    added = [word for word in words if not word.startswith("*")]
    omitted = [word[1:] for word in words if word.startswith("*")]
    return altered(_TONES_OF_NAME[shorthand], _IMPLIED[shorthand], added, omitted)


@lru_cache(maxsize=2048)
def quality_of(tones: Tones) -> str:
    """The one quality that stands for these tones."""
    named = _NAME_OF_TONES.get(tones)
    if named is not None:
        return named
    found = describe(tones, _SHORTHANDS, _OMITTED_THIRD_COSTS)
    return f"{found.quality}({','.join([*found.added, *(f'*{degree}' for degree in found.omitted)])})"


@lru_cache(maxsize=2048)
def template_of(quality: str) -> Template:
    """The tones of any quality with their spelling, importance and suffix; KeyError if it is none."""
    named = NAMED.get(quality)
    if named is not None:
        return named
    try:
        tones = tones_of(quality)
    except ValueError as error:
        raise KeyError(str(error)) from error
    found = describe(tones, _SHORTHANDS, _OMITTED_THIRD_COSTS)
    listed = {semitones_of_degree(degree) for degree in found.added}
    spelt = {tone.semitones: tone.degree for tone in NAMED[found.quality].tones if tone.semitones not in listed}
    degrees = [spelt.get(semitones, degree_in(tones, semitones)) for semitones in sorted(tones)]
    optional = _IMPLIED[found.quality]
    words = [
        f"({spelt[tone]})" if tone in optional and tone in spelt else degree
        for tone, degree in zip(sorted(tones), degrees, strict=True)
    ]
    rarity = NAMED[found.quality].rarity + _RARITY_PER_CHANGE * (len(found.added) + len(found.omitted))
    return template(quality, _suffix_of(tones), " ".join(words), rarity)


def describe(tones: Tones, among: Iterable[str], omitted_third_costs: int = 1) -> Description:
    """The tones as one of the named qualities `among` with the fewest changes; of equals the fullest, then the first.

    ValueError if none of them serves.
    """
    best: tuple[int, int, Description] | None = None
    for quality in among:
        named, implied = _TONES_OF_NAME[quality], _IMPLIED[quality]
        if (best is not None and len(tones - named) > best[0]) or not _is_spelt_alike(quality, tones):
            continue
        added = [degree_in(tones, semitones) for semitones in tones - named]
        # What an alteration would have pushed out, though it sounds.
        added += [degree_in(tones, semitones) for semitones in tones - altered(named, implied, added)]
        excess = altered(named, implied, added) - tones
        if not excess <= _THIRDS_AND_FIFTHS:
            continue
        cost = len(added) + sum(1 if semitones == 7 else omitted_third_costs for semitones in excess)
        if best is None or (cost, -len(named)) < best[:2]:
            omitted = tuple(tone.degree for tone in NAMED[quality].tones if tone.semitones in excess)
            best = cost, -len(named), Description(quality, tuple(sorted(added, key=_written_order)), omitted)
    if best is None:
        raise ValueError(f"none of the given qualities is near the tones {sorted(tones)}")
    return best[2]


def _is_spelt_alike(quality: str, tones: Tones) -> bool:
    """Whether the named quality calls the tones that both have what they are: in 7(#9) there is no minor third."""
    return all(DEGREES[degree_in(tones, tone)][1] == fifths for tone, fifths in _AMBIGUOUS[quality] if tone in tones)


def _suffix_of(tones: Tones) -> str:
    """What musicians write after the root: "13b9", "m7add11", "(add9,#11)"."""
    found = describe(tones, _EXTENSIBLE)
    suffix = NAMED[found.quality].suffix
    words = [degree if degree in _ALTERATIONS else _ADDED.get(degree, f"add{degree}") for degree in found.added]
    if not found.omitted:
        ends_in_number = suffix[-1:].isdigit() and suffix != "5"
        if ends_in_number and len(words) <= 2 and _ALTERATIONS.issuperset(words):
            return suffix + "".join(words)
        if len(words) == 1 and words[0].startswith("add") and (ends_in_number or not suffix):
            return suffix + words[0]
    words += [f"no{degree.lstrip('b')}" for degree in found.omitted]
    return f"{suffix}({','.join(words)})"


def _written_order(degree: str) -> tuple[int, int]:
    """By number, flats before sharps: b5 b7 b9 9 #9 #11 b13 13."""
    number = degree.lstrip("b#")
    return int(number), degree.count("#") - degree.count("b")

"""Roman numerals read as chords of a key: "ii7", "V7/V", "viio7/ii", "subV7/V", "bVImaj7", "V65", "iv", "Ger65".

The number's case says major or minor, and what follows is read as after a root: V7, I7 and IV7 are dominant sevenths,
Imaj7 is not. The figures of thorough-bass 6, 64, 65, 43 and 42 invert; with 65, 43 and 42 the seventh is the key's own,
as in analysis (IV42 is a major seventh). So a sixth chord is Iadd6 and not I6. "/" and a Roman number: applied to that
degree; "/" and an Arabic one: over that degree of the key. Both "IIm7" and "ii7" are read.
"""

import re
from contextlib import suppress
from difflib import get_close_matches
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key, Mode
from cocomposer.harmony.names.degrees import ROMANS, semitones_of_arabic, step_of_roman
from cocomposer.harmony.names.suffixes import plain_text, read_suffix
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, chord_of, longest_beginning, read_symbol
from cocomposer.harmony.pitch_class import PITCH_CLASSES, pitch_class_at
from cocomposer.harmony.qualities import Tones, tones_of
from cocomposer.harmony.scales import pitch_classes_of

_ROMAN: Final = r"([b#]{0,2})(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)"
_HEAD: Final = re.compile(rf"{_ROMAN}(.*)")
_TARGET: Final = re.compile(_ROMAN)
_ARABIC: Final = re.compile(r"[b#]?[1-7]")
_FIGURED: Final = re.compile(r"(o|ø|\+|maj|M|\^|)(6/5|6/4|4/3|4/2|65|64|43|42|6|2)")
_BEFORE_FIGURES: Final = re.compile(rf"(?:Cad|It|Fr|Ger|{_ROMAN})")
_MINOR_MARK: Final = re.compile(r"m(?!aj|a\d)|-|o|ø|h|dim")
_TONE_OF_FIGURE: Final = {"6": 1, "65": 1, "64": 2, "43": 2, "42": 3, "2": 3}
"""Which tone of the chord in thirds is the bass."""
_SEVENTHS_OF_MARKS: Final = {"o": "dim7", "ø": "hdim7", "+": "aug(b7)"}
_TRIADS_OF_MARKS: Final = {"o": "dim", "+": "aug"}
_AUGMENTED_SIXTHS: Final = {"It": "7(*5)", "Fr": "7(b5)", "Ger": "7"}
_AUGMENTED_SIXTH: Final = re.compile(r"(It|Fr|Ger)\+?(?:6/5|4/3|65|43|6)?")
_CADENTIAL: Final = re.compile(r"Cad6/?4")
_TRITONE_SUBSTITUTE: Final = re.compile(r"[Ss]ubV(.*)")
_BEGINNING: Final = re.compile(rf"{_ROMAN}|It|Fr|Ger|Cad6|N6|[Ss]ubV")
_MIXED_CASE: Final = re.compile(r"([b#]{0,2})([IViv]+)(.*)")
_SPELLINGS: Final = (
    " 7 maj7 m7 m7b5 o o7 ø7 + 6 64 65 43 42 sus4 7sus4 9 maj9 add9 add6 69 11 13 7b9 7#9 m dim dim7 aug".split(" ")
)
_SUGGESTIONS: Final = 3
_ALIKE: Final = 0.4


def looks_roman(text: str) -> bool:
    """Whether it begins as Roman numerals do, and no chord symbol does."""
    return _BEGINNING.match(plain_text(text)) is not None


def read_numeral(text: str, key: Key = C_MAJOR) -> Chord | NoChord:
    """The chord of a Roman numeral in a key; N.C. and X as in symbols. UnknownChord if it is none."""
    plain = plain_text(text).strip()
    if not looks_roman(plain):
        with suppress(UnknownChord):
            symbol = read_symbol(plain)
            if isinstance(symbol, NoChord):
                return symbol
        raise UnknownChord(text)
    try:
        return _read(plain, key)
    except ValueError as error:
        raise UnknownChord(text, _nearest(plain, key)) from error


def _read(plain: str, key: Key) -> Chord:
    head, *rest = plain.split("/")
    targets: list[str] = []
    bass: str | None = None
    for part in rest:
        if not targets and bass is None and _FIGURED.fullmatch(_BEFORE_FIGURES.sub("", f"{head}/{part}", count=1)):
            head += f"/{part}"
        elif _TARGET.fullmatch(part) and bass is None:
            targets.append(part)
        elif _ARABIC.fullmatch(part) and bass is None:
            bass = part
        elif not targets and bass is None:
            head += f"/{part}"
        else:
            raise ValueError(f"{part!r} cannot follow a slash")
    within = key
    for target in reversed(targets):
        within = _key_of(target, within)
    chord = _special(head, within) or _chord(head, within)
    if bass is None:
        return chord
    over = (key.tonic + semitones_of_arabic(bass)) % PITCH_CLASSES
    return Chord(chord.root, chord.quality, None if over == chord.root else over)


def _key_of(target: str, key: Key) -> Key:
    found = _TARGET.fullmatch(target)
    if found is None:
        raise ValueError(f"{target!r} is no degree")
    # As the tonic of a passing key, vi of A minor is the natural one, on F.
    mode = Mode.MINOR if found[2].islower() else Mode.MAJOR
    return Key(_root(key, found[1], found[2], is_minor=False), mode)


def _root(key: Key, accidentals: str, roman: str, is_minor: bool) -> int:
    degree = ROMANS.index(roman.upper()) + 1
    return pitch_class_at(key.tonic_place + step_of_roman(key, accidentals, degree, is_minor))


def _special(head: str, key: Key) -> Chord | None:
    """Chords with names of their own: augmented sixths, tritone substitutes, the Neapolitan, the cadential six-four."""
    if found := _TRITONE_SUBSTITUTE.fullmatch(head):
        return chord_of((key.tonic + 1) % PITCH_CLASSES, read_suffix(found[1] or "7"), None)
    if found := _AUGMENTED_SIXTH.fullmatch(head):
        return Chord((key.tonic + 8) % PITCH_CLASSES, _AUGMENTED_SIXTHS[found[1]])
    if head == "N6":
        return Chord((key.tonic + 1) % PITCH_CLASSES, "maj", (key.tonic + 5) % PITCH_CLASSES)
    if _CADENTIAL.fullmatch(head):
        return Chord(key.tonic, "min" if key.mode is Mode.MINOR else "maj", (key.tonic + 7) % PITCH_CLASSES)
    return None


def _chord(head: str, key: Key) -> Chord:
    found = _HEAD.fullmatch(head)
    if found is None:
        raise ValueError(f"{head!r} is no Roman numeral")
    accidentals, roman, rest = found.groups()
    is_minor = roman.islower()
    root = _root(key, accidentals, roman, is_minor or bool(re.match(r"o|ø|h|dim", rest)))
    figured = _FIGURED.fullmatch(rest)
    if figured:
        tones = _tones_of_figure(figured[1], figured[2].replace("/", ""), is_minor, root, key)
        if tones is not None:
            in_thirds = sorted(tones)
            return chord_of(
                root, tones, (root + in_thirds[_TONE_OF_FIGURE[figured[2].replace("/", "")]]) % PITCH_CLASSES
            )
    prefix = "m" if is_minor and not _MINOR_MARK.match(rest) else ""
    return chord_of(root, read_suffix(prefix + rest), None)


def _tones_of_figure(mark: str, figure: str, is_minor: bool, root: int, key: Key) -> Tones | None:
    """The triad or seventh chord that is inverted; None if the mark bears no such figure, as in Imaj6."""
    has_seventh = figure not in {"6", "64"}
    if mark in {"maj", "M", "^"}:
        return tones_of("minmaj7" if is_minor else "maj7") if has_seventh else None
    if not has_seventh:
        return None if mark == "ø" else tones_of(_TRIADS_OF_MARKS.get(mark, "min" if is_minor else "maj"))
    if mark:
        return tones_of(_SEVENTHS_OF_MARKS[mark])
    if is_minor:
        return tones_of("min7")
    return tones_of("maj7" if has_major_seventh_in(key, root) else "7")


def has_major_seventh_in(key: Key, root: int) -> bool:
    """Whether the seventh above a root of the key is a major one there: IV of major, VI of minor."""
    scale = pitch_classes_of(key.mode, key.tonic)
    return root in scale and (root + 11) % PITCH_CLASSES in scale and (root + 10) % PITCH_CLASSES not in scale


def _nearest(plain: str, key: Key) -> tuple[str, ...]:
    """Numerals that can be read and look like one that cannot."""
    head, slash, after = plain.partition("/")
    found = _HEAD.match(head)
    if found is None:
        return ()

    def is_readable(numeral: str) -> bool:
        try:
            _read(numeral, key)
        except ValueError:
            return False
        return True

    heads = [head]
    mixed = _MIXED_CASE.match(head)
    if mixed is not None and not (mixed[2].isupper() or mixed[2].islower()):
        heads += [f"{mixed[1]}{number}{mixed[3]}" for number in (mixed[2].lower(), mixed[2].upper())]
    heads += [
        f"{found[1]}{found[2]}{suffix}" for suffix in get_close_matches(found[3], _SPELLINGS, _SUGGESTIONS, _ALIKE)
    ]
    heads += [longest_beginning(head, is_readable) or head]
    candidates = dict.fromkeys(f"{one}{over}" for over in (slash + after, "") for one in heads)
    return tuple(filter(is_readable, candidates))[:_SUGGESTIONS]

"""Chords of a key as Roman numerals, such that `numerals` reads the same chord: "ii7", "V7/V", "bVI", "V65", "IV/5".

A dominant or diminished chord that is foreign to the key is named after the degree that it leads to, where it leads
there or nothing is known to follow; on the tonic itself only where it does lead on, and not to a dominant: the I7 and
IV7 of a blues keep their names. A minor chord that is foreign to the key and moves to such a dominant is named with it
(ii7/IV V7/IV). All others are named by their root. Augmented sixths are read, but written as they sound: bVI7.
"""

from collections.abc import Sequence
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.names.degrees import arabic_of, roman_of_step
from cocomposer.harmony.names.numerals import has_major_seventh_in
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.scales import pitch_classes_of

_TARGETS: Final = {
    Mode.MAJOR: {2: "ii", 4: "iii", 5: "IV", 7: "V", 9: "vi"},
    Mode.MINOR: {3: "III", 5: "iv", 7: "V", 8: "VI", 10: "VII"},
}
"""Semitones above the tonic → degree that chords are applied to."""
_FIGURES: Final = {
    "maj": ("6", "64"),
    "min": ("6", "64"),
    "dim": ("o6", "o64"),
    "aug": ("+6", "+64"),
    "7": ("65", "43", "42"),
    "min7": ("65", "43", "42"),
    "maj7": ("maj65", "maj43", "maj42"),
    "minmaj7": ("maj65", "maj43", "maj42"),
    "hdim7": ("ø65", "ø43", "ø42"),
    "dim7": ("o65", "o43", "o42"),
}
"""Quality → what is written for its inversions."""
_BEGINNINGS_OF_MINOR: Final = (("m(maj7)", "maj7"), ("m(maj9)", "maj9"), ("m7b5", "ø7"), ("dim", "o"), ("m", ""))
_FOURTH = 5


def write_numerals(chords: Sequence[Chord | NoChord], key: Key) -> list[str]:
    """The numerals of a progression, each with regard to the next other chord."""
    written: list[str] = []
    following: Chord | None = None
    after: Chord | None = None
    last: Chord | None = None
    for chord in reversed(chords):
        if isinstance(chord, NoChord):
            written.append(chord.value)
            continue
        if last is not None and (last.root, last.quality) != (chord.root, chord.quality):
            following, after = last, following
        written.append(write_numeral(chord, key, following, after))
        last = chord
    return written[::-1]


def write_numeral(chord: Chord, key: Key, following: Chord | None = None, after: Chord | None = None) -> str:
    """The numeral of a chord, where `following` comes next, and `after` after that."""
    target = _target(chord, key, following, after)
    if target is None:
        return _written(chord, key, key, "")
    degree = _TARGETS[key.mode][target]
    within = Key((key.tonic + target) % PITCH_CLASSES, Mode.MINOR if degree.islower() else Mode.MAJOR)
    return _written(chord, within, key, f"/{degree}")


def _target(chord: Chord, key: Key, following: Chord | None, after: Chord | None) -> int | None:
    """Semitones from the tonic to the degree that a chord is applied to; None if it is named by its own root."""
    tones = chord.template.semitones
    if {(chord.root + tone) % PITCH_CLASSES for tone in tones} <= _own_tones(key):
        return None
    if 4 in tones and 11 not in tones and (10 in tones or chord.quality in {"maj", "aug"}):
        aim = chord.root + _FOURTH
        arrives = following is not None and following.root == aim % PITCH_CLASSES
        is_blues = chord.root == key.tonic and (not arrives or _is_dominant_on(following, aim))
        if is_blues or (following is not None and not arrives and 10 not in tones):
            return None
    elif 3 in tones and 10 in tones and following is not None and _is_dominant_on(following, chord.root + _FOURTH):
        return _target(following, key, after, None)
    elif {3, 6} <= tones:
        aim = chord.root + 1
        if following is not None and following.root != aim % PITCH_CLASSES:
            return None
    else:
        return None
    above = (aim - key.tonic) % PITCH_CLASSES
    return above if above in _TARGETS[key.mode] else None


def _is_dominant_on(chord: Chord | None, root: int) -> bool:
    return chord is not None and chord.root == root % PITCH_CLASSES and {4, 10} <= chord.template.semitones


def _own_tones(key: Key) -> frozenset[int]:
    """The tones of the key; in minor with the raised sixth and seventh."""
    if key.mode is Mode.MAJOR:
        return key.scale
    return key.scale | pitch_classes_of("melodic minor", key.tonic)


def _written(chord: Chord, within: Key, key: Key, applied: str) -> str:
    plain = chord.template.suffix
    is_minor = plain.startswith(("m", "dim")) and not plain.startswith("maj")
    suffix = _suffix(plain, is_minor)
    roman = roman_of_step(within, chord.root_step(within), is_minor, suffix.startswith(("o", "ø")))
    if chord.bass in {None, chord.root}:
        return f"{roman}{suffix}{applied}"
    figure = _figure(chord, within)
    if figure:
        return f"{roman}{figure}{applied}"
    return f"{roman}{suffix}{applied}/{arabic_of(chord.bass_or_root - key.tonic)}"


def _suffix(plain: str, is_minor: bool) -> str:
    """What follows the number, of what follows the root of a symbol."""
    if is_minor:
        beginning, instead = next(pair for pair in _BEGINNINGS_OF_MINOR if plain.startswith(pair[0]))
        plain = instead + plain.removeprefix(beginning)
    elif plain.startswith("aug"):
        plain = "+" + plain.removeprefix("aug")
    return "add6" if plain == "6" else plain.replace("6/9", "69")


def _figure(chord: Chord, within: Key) -> str | None:
    """The quality with its figures, if it is inverted as thorough-bass writes it."""
    figures = _FIGURES.get(chord.quality)
    above = (chord.bass_or_root - chord.root) % PITCH_CLASSES
    if figures is None or above not in chord.template.semitones:
        return None
    if chord.quality == "7" and has_major_seventh_in(within, chord.root):
        return None  # I65 would be read with the key's own seventh
    return figures[sorted(chord.template.semitones).index(above) - 1]

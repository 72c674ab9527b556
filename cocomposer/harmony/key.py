"""A key as a value: its name, its pitch classes, and how pitch classes and pitches are written in it.

How a key is found in music is `key_finding`'s.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cocomposer.harmony.pitch_class import (
    FLATTEST_STEP,
    PITCH_CLASSES,
    name_at,
    pitch_class_at,
    place_of_name,
    spelling,
)
from cocomposer.harmony.scales import SCALES, pitch_classes_of

MIDDLE_C_OCTAVE: Final = 4
"""Of pitch 60, as in scientific pitch notation; some programs say 3."""
SEMITONES_TO_RELATIVE_MAJOR: Final = 3


class Mode(StrEnum):
    """A key's mode; the value is also the name of its scale."""

    MAJOR = "major"
    MINOR = "minor"


# The spelling with fewer accidentals; of six sharps and six flats F# major and Eb minor, the commoner ones.
_TONICS: Final[dict[Mode, dict[int, int]]] = {
    mode: {pitch_class_at(place_of_name(name)): place_of_name(name) for name in names.split()}
    for mode, names in (
        (Mode.MAJOR, "C Db D Eb E F F# G Ab A Bb B"),
        (Mode.MINOR, "C C# D Eb E F F# G G# A Bb B"),
    )
}
_FIFTHS_TO_MINOR_TONIC: Final = 3
_STEP_TO_FLAT_FIFTH: Final = -6
"""A minor scale without a fifth has a flat one, so it is spelt a step flatter than others."""
_MINOR_THIRD, _MAJOR_THIRD, _FIFTH = 3, 4, 7
_EITHER_WAY: Final = 6
"""So many sharps sound like as many flats."""
_TO_THE_OTHER_WAY: Final = {Mode.MAJOR: -PITCH_CLASSES, Mode.MINOR: PITCH_CLASSES}
"""On the line of fifths, from F# to Gb major and from Eb to D# minor."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A tonic (pitch class 0–11) and a mode."""

    tonic: int
    mode: Mode = Mode.MAJOR
    other_way: bool = False
    """A key of six accidentals is written in its less usual way, Gb major or D# minor; always False for other keys."""

    def __post_init__(self) -> None:
        if self.other_way and abs(Key(self.tonic, self.mode).fifths) != _EITHER_WAY:
            object.__setattr__(self, "other_way", False)

    @property
    def tonic_place(self) -> int:
        """The tonic's place on the line of fifths (see `pitch_class`)."""
        usual = _TONICS[self.mode][self.tonic]
        return usual + (_TO_THE_OTHER_WAY[self.mode] if self.other_way else 0)

    @property
    def fifths(self) -> int:
        """Its signature: the number of sharps, or minus that of flats."""
        return self.tonic_place - (_FIFTHS_TO_MINOR_TONIC if self.mode is Mode.MINOR else 0)

    @property
    def name(self) -> str:
        """Such as "D minor"."""
        return f"{name_at(self.tonic_place)} {self.mode}"

    @property
    def scale(self) -> frozenset[int]:
        """Its pitch classes; those of the natural scale in minor."""
        return pitch_classes_of(self.mode, self.tonic)

    @property
    def relative(self) -> "Key":
        """The key of the other mode with the same signature."""
        if self.mode is Mode.MAJOR:
            return Key((self.tonic - SEMITONES_TO_RELATIVE_MAJOR) % PITCH_CLASSES, Mode.MINOR)
        return Key((self.tonic + SEMITONES_TO_RELATIVE_MAJOR) % PITCH_CLASSES, Mode.MAJOR)

    def spell(self, pitch_class: int) -> str:
        """The name of a pitch class in this key: a degree of its scale, else b2, #4 or the other mode's degree."""
        return name_at(spelling(pitch_class, self.tonic_place))

    def spell_pitch(self, pitch: int) -> str:
        """The name of a pitch with its octave, such as "Bb3"; pitch 60 is C4."""
        return pitch_name(pitch, spelling(pitch % PITCH_CLASSES, self.tonic_place))

    @property
    def usual(self) -> "Key":
        """The same key, written as it is where nothing else is known."""
        return Key(self.tonic, self.mode)

    def beside(self, before: "Key | None") -> "Key":
        """The same key, written as it is after another one: Gb major after Db major, F# major after B major.

        A key has the accidentals of its other way too, where they are nearer to those of the key before.
        """
        ways = (self, Key(self.tonic, self.mode, not self.other_way))
        return self if before is None else min(ways, key=lambda way: abs(way.fifths - before.fifths))

    def transposed(self, semitones: int) -> "Key":
        """The same mode on another tonic."""
        return Key((self.tonic + semitones) % PITCH_CLASSES, self.mode)


C_MAJOR: Final = Key(0)
"""How pitch classes are written where no key is known."""


def key_named(name: str) -> Key:
    """The key of a name such as "Bb minor", written so where keys are at all: "Cb major" is B major, which sounds the
    same. ValueError if it is none.
    """
    tonic, _, mode = name.partition(" ")
    try:
        place = place_of_name(tonic[:1].upper() + tonic[1:])
        usual = Key(pitch_class_at(place), Mode(mode.strip().lower()))
    except ValueError:
        raise ValueError(f"{name!r} names no key; write it like D minor") from None
    return _written_at(place, usual)


def key_of_signature(fifths: int, minor: bool) -> Key:
    """The key of a signature of so many sharps, or minus flats."""
    place = fifths + (_FIFTHS_TO_MINOR_TONIC if minor else 0)
    return _written_at(place, Key(pitch_class_at(place), Mode.MINOR if minor else Mode.MAJOR))


def _written_at(place: int, usual: Key) -> Key:
    """The key with its tonic at this place, if that is a way to write it."""
    other = Key(usual.tonic, usual.mode, True)
    return other if other.tonic_place == place else usual


def pitch_name(pitch: int, place: int) -> str:
    """The name with octave of a pitch spelt at `place`: B# is in the octave below the C that it sounds like."""
    name = name_at(place)
    natural = pitch - name.count("#") + name.count("b")
    return f"{name}{natural // PITCH_CLASSES + MIDDLE_C_OCTAVE - 5}"


def tinted(tonic: int, scale: str | None, key: Key | None) -> frozenset[int]:
    """Pitch classes whose rows the roll tints: those of the named scale if one is chosen, else the key's, else none.

    KeyError for a scale that is not in `scales.SCALES`.
    """
    if scale is not None:
        return pitch_classes_of(scale, tonic)
    return key.scale if key is not None else frozenset()


def spell_in_scale(pitch_class: int, tonic: int, scale: str) -> str:
    """The name of a pitch class where a scale rather than a key is chosen, such as Gb in C locrian."""
    steps = SCALES[scale]
    mode = Mode.MINOR if _MINOR_THIRD in steps and _MAJOR_THIRD not in steps else Mode.MAJOR
    flattest = FLATTEST_STEP if _FIFTH in steps or _MINOR_THIRD not in steps else _STEP_TO_FLAT_FIFTH
    return name_at(spelling(pitch_class, Key(tonic, mode).tonic_place, flattest))

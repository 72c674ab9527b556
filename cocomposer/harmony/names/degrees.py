"""Degrees of a key as Roman and Arabic numbers with their accidentals, as steps on the line of fifths from the tonic.

In minor the third, sixth and seventh degree are those of the natural scale, but a minor or diminished chord on the
sixth or seventh stands on the raised one, as it mostly does: viio7 of A minor is on G#. A written accidental says which
of the two is meant: b the natural one, # the raised one. Arabic numbers always count from the major scale.
"""

from typing import Final

from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.pitch_class import LETTERS, PITCH_CLASSES

ROMANS: Final = ("I", "II", "III", "IV", "V", "VI", "VII")
_DEGREES_BY_STEP: Final = (4, 1, 5, 2, 6, 3, 7)
"""Degree of the major scale of the steps -1 … 5 on the line of fifths."""
_VARIABLE_IN_MINOR: Final = frozenset({3, 6, 7})
_RAISED_UNDER_MINOR_CHORDS: Final = frozenset({6, 7})
_ARABIC: Final = ("1", "b2", "2", "b3", "3", "4", "#4", "5", "b6", "6", "b7", "7")


def step_of_roman(key: Key, accidentals: str, degree: int, is_minor_chord: bool) -> int:
    """Steps from the tonic of the key to its degree 1–7 as the root of a chord."""
    raised = accidentals.count("#") - accidentals.count("b")
    if key.mode is Mode.MINOR and degree in _VARIABLE_IN_MINOR:
        # b and # choose between the two; a second one goes beyond.
        if raised > 0:
            raised -= 1
        elif raised == 0 and not (is_minor_chord and degree in _RAISED_UNDER_MINOR_CHORDS):
            raised = -1
    return _DEGREES_BY_STEP.index(degree) - 1 + raised * len(LETTERS)


def roman_of_step(key: Key, step: int, is_minor_chord: bool, is_diminished: bool) -> str:
    """Accidentals and number of a root so many steps from the tonic; small for a minor chord."""
    raised, index = divmod(step + 1, len(LETTERS))
    degree = _DEGREES_BY_STEP[index]
    number = ROMANS[degree - 1].lower() if is_minor_chord else ROMANS[degree - 1]
    if key.mode is Mode.MINOR and degree in _VARIABLE_IN_MINOR:
        says_itself = raised == -1 and not (is_minor_chord and degree in _RAISED_UNDER_MINOR_CHORDS)
        leads = raised == 0 and degree == 7 and is_diminished
        # The raised sixth under a minor chord needs no sign, but readers differ, so it gets one.
        raised = 0 if says_itself or leads else raised + (raised >= 0)
    return ("#" * raised if raised > 0 else "b" * -raised) + number


def arabic_of(semitones: int) -> str:
    """The degree so many semitones above a tonic: "b7"."""
    return _ARABIC[semitones % PITCH_CLASSES]


def semitones_of_arabic(text: str) -> int:
    """Semitones above the tonic of a degree such as "b7"; ValueError if it is none."""
    number = text.lstrip("b#")
    if number not in {"1", "2", "3", "4", "5", "6", "7"}:
        raise ValueError(f"{text!r} is no degree of a key")
    accidentals = text[: len(text) - len(number)]
    natural = _ARABIC.index(number)
    return (natural + accidentals.count("#") - accidentals.count("b")) % PITCH_CLASSES

"""Voicings that players know by heart: shells, guide tones, rootless forms, power chords, blocks, as tones from below.

Each is a row of semitones above the root, none of them lower than the one before it. Knows no register.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.templates import DEGREES, Template
from cocomposer.harmony.voicing.tones import (
    degree,
    fifth_of,
    has_minor_third,
    is_dominant,
    seventh_of,
    third_of,
)

Formula = tuple[tuple[int, ...], float]
"""Semitones above the root, ascending, and a cost."""

_NINTHS: Final = frozenset({"b9", "#9", "9"})
_COLOURED_FIFTHS: Final = frozenset({"b13", "13", "#11", "11"})
"""What takes the fifth's place in a rootless voicing."""
_OTHER_CHOICE: Final = 0.5
_SEVENTH_OF_DIMINISHED: Final = "bb7"


def stacked(tones: tuple[int, ...]) -> tuple[int, ...]:
    """Each tone in the first octave above the one before it."""
    pitches = [tones[0]]
    for tone in tones[1:]:
        pitches.append(pitches[-1] + ((tone - pitches[-1] - 1) % PITCH_CLASSES) + 1)
    return tuple(pitches)


def shells(template: Template, bass: int) -> Iterator[Formula]:
    """Bass, third and seventh in either order; a triad has its fifth for the seventh."""
    third, other = third_of(template), seventh_of(template) or fifth_of(template)
    tones = [tone.semitones for tone in (third, other) if tone is not None and tone.semitones != bass]
    if len(tones) < 2:
        # A bare fifth, or a slash chord that stands on one of the two: the root fills up.
        tones.append(0)
    yield stacked((bass, *tones)), 0.0
    yield stacked((bass, *reversed(tones))), 0.0


def guide_tones(template: Template) -> Iterator[Formula]:
    """Third and seventh in either order; in a triad the root or the fifth leads on the seventh's line."""
    third, seventh, fifth = third_of(template), seventh_of(template), fifth_of(template)
    others = [0, *([fifth.semitones] if fifth else [])]
    if seventh:
        others = [seventh.semitones]
    first = next((tone.semitones for tone in (third, fifth) if tone), 0)
    if first in others and len(others) == 1:
        yield (first, first + PITCH_CLASSES), 0.0  # a single tone
    for other in others:
        if other != first:
            yield stacked((first, other)), 0.0
            yield stacked((other, first)), 0.0


def powers(template: Template, bass: int, voices: int) -> Iterator[Formula]:
    """Bass, fifth, root an octave higher."""
    fifth = fifth_of(template)
    tones = [bass, fifth.semitones if fifth else 7, 0] if bass != 7 else [7, 0, 7]
    yield stacked(tuple(tones[:voices])), 0.0


def blocks(template: Template, bass: int, voices: int) -> Iterator[Formula]:
    """All tones in thirds from the root; over another bass, close above it. What `voices` leaves out is the top."""
    if bass == 0:
        heights = [tone.semitones + PITCH_CLASSES * (int(tone.degree.lstrip("b#")) >= 9) for tone in template.tones]
        yield tuple(sorted(heights)[:voices]), 0.0
        return
    above = sorted((tone - bass) % PITCH_CLASSES for tone in template.semitones - {bass})
    yield (bass, *[bass + step for step in above][: voices - 1]), 0.0


def rootless(template: Template, voices: int, colours: bool, into_minor: bool) -> Iterator[Formula]:
    """Forms A (from the third) and B (from the seventh); triads and diminished sevenths have their plain inversions.

    Source: M. Levine, The Jazz Piano Book, "Left-hand voicings". A dominant that leads `into_minor` gets b9 and b13.
    """
    third, seventh = third_of(template), seventh_of(template)
    # Those that the chord only implies come last.
    degrees = [tone.degree for tone in sorted(template.tones, key=lambda tone: tone.is_optional)]
    if third is None or seventh is None or seventh.degree == _SEVENTH_OF_DIMINISHED:
        tones = tuple(sorted(template.semitones))
        yield from ((stacked(tones[k:] + tones[:k]), 0.0) for k in range(len(tones)))
        return
    for fifth, cost in _fifths(template, degrees, colours, into_minor):
        ninth = _ninth(template, degrees, colours, into_minor)
        form_a = [third.semitones, fifth, seventh.semitones, ninth]
        if fifth in {third.semitones, seventh.semitones, ninth}:
            continue
        if voices == 3:  # the ninth in A, the fifth in B: third and seventh stay
            yield stacked((form_a[0], form_a[2], form_a[3])), cost
            yield stacked((form_a[2], form_a[0], form_a[1])), cost
            continue
        # A thirteenth lies above the third and below the seventh as a fifth does, so the two forms are rotations.
        yield stacked(tuple(form_a)), cost
        yield stacked((*form_a[2:], *form_a[:2])), cost


def _fifths(template: Template, degrees: Sequence[str], colours: bool, into_minor: bool) -> Iterator[tuple[int, float]]:
    """What may stand in the fifth's place."""
    named = [name for name in degrees if name in _COLOURED_FIFTHS]
    if named:
        yield DEGREES[named[0]][0], 0.0
        return
    fifth = fifth_of(template)
    plain_fifth = fifth.semitones if fifth else 7
    is_plain = fifth is None or fifth.degree == "5"
    if colours and is_plain and is_dominant(template):
        yield DEGREES["b13" if into_minor or {"b9", "#9"}.intersection(degrees) else "13"][0], 0.0
        yield plain_fifth, _OTHER_CHOICE
    else:
        yield plain_fifth, 0.0


def _ninth(template: Template, degrees: Sequence[str], colours: bool, into_minor: bool) -> int:
    """What may stand in the root's place; the root itself where a ninth would be a stranger."""
    named = [name for name in degrees if name in _NINTHS]
    if named:
        return DEGREES[named[0]][0]
    is_half_diminished = has_minor_third(template) and degree(template, 6) is not None
    if not colours or is_half_diminished:
        return 0
    return DEGREES["b9" if into_minor and is_dominant(template) else "9"][0]

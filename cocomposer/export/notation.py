"""A melody as notes of written values: one voice on a grid of sixteenths and triplet eighths, in bars, with ties.

Each beat is divided into four or into three, whichever its onsets are nearer to. Knows no pitch names and no format.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

STRAIGHT: Final = 4
TRIPLET: Final = 3
"""Parts of a beat."""
_STRAIGHT_VALUES: Final = (4, 3, 2, Fraction(3, 2), 1, Fraction(3, 4), Fraction(1, 2), Fraction(1, 4))
"""Beats that one note can be written with."""
_WITHIN_BEAT: Final = {
    STRAIGHT: (Fraction(3, 4), Fraction(1, 2), Fraction(1, 4)),
    TRIPLET: (Fraction(2, 3), Fraction(1, 3)),
}
_TRIPLET_COSTS: Final = 0.02
"""Beats that the onsets of a beat must lie nearer to a triplet for it to be written as one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One note or rest, before it is divided. Beats from the first bar line."""

    start: Fraction
    end: Fraction
    pitch: int | None
    """None: a rest."""


@dataclass(frozen=True, slots=True)
class Value:
    """One written note or rest."""

    start: Fraction
    """Beats from the first bar line."""
    beats: Fraction
    pitch: int | None
    tied_from: bool = False
    """To the note before it."""
    tied_to: bool = False
    """To the note after it."""
    is_triplet: bool = False


def divisions_of(melody: Sequence[Note], chord_starts: Iterable[Fraction], beats: int) -> list[int]:
    """STRAIGHT or TRIPLET for each beat: what suits the onsets of the melody, else its ends, else where
    chords begin.

    Only for metres whose bars begin on beats.
    """
    kinds = (
        [Fraction(note.onset_tick, TICKS_PER_BEAT) for note in melody],
        [Fraction(note.end_tick, TICKS_PER_BEAT) for note in melody],
        list(chord_starts),
    )
    within: list[tuple[list[Fraction], ...]] = [tuple([] for _ in kinds) for _ in range(beats)]
    for kind, moments in enumerate(kinds):
        for moment in moments:
            if 0 <= moment < beats:
                within[floor(moment)][kind].append(moment % 1)
    return [_division(struck or ended or changed) for struck, ended, changed in within]


def _division(moments: Sequence[Fraction]) -> int:
    straight, triplet = (
        sum(abs(moment - Fraction(round(moment * parts), parts)) for moment in moments) for parts in (STRAIGHT, TRIPLET)
    )
    return TRIPLET if triplet + len(moments) * Fraction(_TRIPLET_COSTS) < straight else STRAIGHT


def snapped(moment: Fraction, divisions: Sequence[int]) -> Fraction:
    """The nearest place of the grid."""
    beat = min(max(floor(moment), 0), len(divisions) - 1)
    parts = divisions[beat]
    return beat + Fraction(round((moment - beat) * parts), parts)


def voice_of(melody: Sequence[Note], divisions: Sequence[int], end: Fraction) -> list[Voice]:
    """One voice on the grid, with rests, from the first bar line to the end, in beats.

    Of notes that begin together the highest is written; a note ends where the next begins. Rests shorter than a place
    of the grid vanish.
    """
    highest: dict[Fraction, tuple[int, Fraction]] = {}
    for note in melody:
        start = snapped(Fraction(note.onset_tick, TICKS_PER_BEAT), divisions)
        if start < end:
            sounding = note.pitch, snapped(Fraction(note.end_tick, TICKS_PER_BEAT), divisions)
            highest[start] = max(sounding, highest.get(start, sounding))
    starts = [*sorted(highest), end]
    found: list[Voice] = []
    at = Fraction(0)
    for start, following in pairwise(starts):
        pitch, until = highest[start]
        if at < start:
            found.append(Voice(at, start, None))
        # What ends before the next place of the grid lasts until that place.
        at = min(max(until, start + Fraction(1, divisions[floor(start)])), following)
        found.append(Voice(start, at, pitch))
    if at < end:
        found.append(Voice(at, end, None))
    return found


def written_values(
    voice: Iterable[Voice], divisions: Sequence[int], bar_beats: Fraction, rest_edges: Iterable[Fraction] = ()
) -> list[Value]:
    """The voice in written values, none over a bar line; rests are also divided at `rest_edges` that are on the grid.

    A rest of a whole bar is one value, whatever the metre.
    """
    edges = sorted({edge for edge in rest_edges if snapped(edge, divisions) == edge})
    found: list[Value] = []
    for one in voice:
        cuts = [edge for edge in edges if one.start < edge < one.end] if one.pitch is None else []
        for start, end in pairwise([one.start, *cuts, one.end]):
            found += _values(Voice(start, end, one.pitch), divisions, bar_beats)
    return found


def _values(one: Voice, divisions: Sequence[int], bar_beats: Fraction) -> list[Value]:
    found: list[Value] = []
    at = one.start
    while at < one.end:
        bar_end = (at // bar_beats + 1) * bar_beats
        if one.pitch is None and at % bar_beats == 0 and bar_end <= one.end:
            beats = bar_beats
        else:
            beats = _longest(at, min(one.end, bar_end), divisions)
        is_triplet = divisions[floor(at)] == TRIPLET and beats < 1
        sounds = one.pitch is not None
        last = at + beats >= one.end
        found.append(Value(at, beats, one.pitch, sounds and at > one.start, sounds and not last, is_triplet))
        at += beats
    return found


def _longest(at: Fraction, end: Fraction, divisions: Sequence[int]) -> Fraction:
    """The longest value from here that does not hide a beat."""
    if at.denominator == 1:
        longest = floor(end - at)
        # Half beats more are written with a dot where they end in a straight beat.
        whole = end - at == Fraction(3, 2) and divisions[floor(at) + 1] == STRAIGHT
        if longest >= 1 or whole:
            return next(
                Fraction(value)
                for value in _STRAIGHT_VALUES
                if value <= end - at and (Fraction(value).denominator == 1 or whole)
            )
    within = min(end, Fraction(ceil(at) if at.denominator != 1 else floor(at) + 1)) - at
    parts = divisions[floor(at)]
    return next(value for value in _WITHIN_BEAT[parts] if value <= within)

"""Which chords are to be expected: those given, else as the player's own progression went before, else no change.

A progression comes round when the last beats went, chord by chord and change by change, as others did whole bars
before; then the beats after those tell the next ones. Pure functions of the chords so far.
"""

from collections.abc import Callable, Sequence
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan
from cocomposer.music.ticks import TICKS_PER_BEAT

REMEMBERED_BEATS: Final = 192
"""A progression may come round after half of this."""
MATCHED_BEATS: Final = 4
"""So many beats at least must have gone as they went before, and a change of chord among them."""
LONGEST_MATCH: Final = 32
"""A longer likeness says no more."""

ALIKE: Final = 0.7
"""Share of all tones of two chords that both have."""

Given = Callable[[int], Chord | None]
"""The chord that is given at a tick; None where none is."""


def alike(one: Chord | None, other: Chord | None) -> bool:
    """Whether both are the same chord to an accompanist: they have most tones in common, whatever they are called.

    What is heard as C6 once may be Am7 the next time, and C when the melody has no A.
    """
    if one is None or other is None:
        return one is other
    mine, theirs = one.pitch_classes, other.pitch_classes
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def period_of(chords: Sequence[Chord | None], beats_per_bar: int) -> int | None:
    """After how many beats the progression is coming round just now; None if it is not, as far as can be told."""
    return coming_round(chords, beats_per_bar)[0]


def coming_round(chords: Sequence[Chord | None], beats_per_bar: int) -> tuple[int | None, int]:
    """The period in beats, and how many beats went as they went before: the longest likeness to earlier ones.

    Of equal ones the nearest; (None, 0) if there is none.
    """
    best, found = 0, None
    for period in range(beats_per_bar, len(chords), beats_per_bar):
        matched = 0
        for back in range(1, min(len(chords) - period, LONGEST_MATCH) + 1):
            if chords[-back] is None or not alike(chords[-back], chords[-back - period]):
                break
            matched = back
        if matched > best and matched >= MATCHED_BEATS and _tells(chords, matched, period):
            best, found = matched, period
    return found, best


def _tells(chords: Sequence[Chord | None], matched: int, period: int) -> bool:
    """Whether a likeness is more than that one chord lasts: it has a change, or begins with its chord both times."""
    if _changes(chords[-matched:]):
        return True
    first, then = len(chords) - matched, len(chords) - matched - period
    begins = not alike(chords[first - 1], chords[first])
    began = then == 0 or not alike(chords[then - 1], chords[then])
    return begins and began


def expected(
    chords: Sequence[Chord | None], now_tick: int, first_tick: int, end_tick: int, metre: Metre, given: Given | None
) -> list[ChordSpan]:
    """The chords to expect from `first_tick` to `end_tick`, in order and without gaps; `chords` are `beats_so_far`."""
    origin = metre.beat_at(now_tick)
    period = None if given is not None else period_of(chords, metre.beats_per_bar)
    foreseen = list(chords)
    spans: list[ChordSpan] = []
    tick = first_tick
    while tick < end_tick:
        end = min(end_tick, metre.beat_at(tick) + TICKS_PER_BEAT)
        number = len(chords) - 1 + (metre.beat_at(tick) - origin) // TICKS_PER_BEAT
        while period is not None and len(foreseen) <= number:
            foreseen.append(foreseen[-period])
        chord = given(tick) if given is not None else foreseen[max(0, min(number, len(foreseen) - 1))]
        if chord is None and given is None:
            chord = chords[-1]
        if spans and spans[-1].chord == chord:
            spans[-1] = ChordSpan(spans[-1].tick, end, chord)
        else:
            spans.append(ChordSpan(tick, end, chord))
        tick = end
    return spans


def spliced(before: Sequence[ChordSpan], after: Sequence[ChordSpan]) -> list[ChordSpan]:
    """Spans that go on with `after` from where that begins; two alike that meet become one."""
    if not after:
        return list(before)
    begins = after[0].tick
    spans = [ChordSpan(s.tick, min(s.end_tick, begins), s.chord) for s in before if s.tick < begins]
    for span in after:
        if spans and spans[-1].chord == span.chord and spans[-1].end_tick == span.tick:
            spans[-1] = ChordSpan(spans[-1].tick, span.end_tick, span.chord)
        else:
            spans.append(span)
    return spans


def chord_at(spans: Sequence[ChordSpan], tick: int) -> ChordSpan | None:
    """The span that a tick lies in; None if it lies in none."""
    return next((span for span in spans if span.tick <= tick < span.end_tick), None)


def _changes(chords: Sequence[Chord | None]) -> bool:
    return any(not alike(chord, chords[0]) for chord in chords)

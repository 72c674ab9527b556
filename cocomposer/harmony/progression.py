"""The chords of a passage: the division into stretches and the chord of each that together explain the notes best.

Every stretch between two edges of the metre is judged as a whole, so the tones of an arpeggio, or a melody and bass,
add up to one chord; each change costs, less on bar lines, so passing notes do not make a new one. The best division of
all is found by dynamic programming. Knows no key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.evidence import NO_PITCH, Evidence, evidence_of
from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.recognition import CHORDS, NO_BASS, PASSAGE, chord_at, chord_scores
from cocomposer.music.note import Note

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LONGEST_STRETCH: Final = 8
"""Edges that one stretch spans at most; equal neighbours are joined afterwards."""
CHANGE: Final = 0.3
CHANGE_ON_HALF_BAR: Final = 0.15
CHANGE_ON_BAR: Final = 0.05
NO_CHORD_PER_WEIGHT: Final = 0.4
"""A stretch that no chord explains better than this share of its weight has none."""
NO_CHORD_PER_SILENT_BEAT: Final = 0.08
_NO_CHORD: Final = -1
_TONES: Final = tuple(chord_at(number, None).pitch_classes for number in range(len(CHORDS)))
"""Pitch classes of each of CHORDS."""


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """One chord and how long it lasts."""

    tick: int
    end_tick: int
    chord: Chord | None
    """None: no chord."""


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """What may be the last chord of a passage, by `recognition.CHORDS`."""

    totals: Floats
    """[chords] how well the passage is explained with that end; -inf where it cannot be."""
    firsts: Integers
    """[chords] the edge at which the last stretch then begins."""


def chords_of(notes: Sequence[Note], metre: Metre | None = None) -> tuple[ChordSpan, ...]:
    """The chords of the notes, in order and without gaps from first to last edge; no two neighbours are alike.

    Drums are not heard. Empty without pitched notes.
    """
    pitched = sorted(note for note in notes if note.channel != DRUM_CHANNEL)
    if not pitched:
        return ()
    metre = metre or Metre()
    start, end = pitched[0].onset_tick, max(note.end_tick for note in pitched)
    return spans_between(pitched, metre.edges(start, end, [note.onset_tick for note in pitched]), metre)


def spans_between(pitched: Sequence[Note], edges: Sequence[int], metre: Metre) -> tuple[ChordSpan, ...]:
    """The chords from the first to the last of ascending edges."""
    return best_spans(scored(pitched, edges), edges, metre)


def best_spans(stretches: "Stretches", edges: Sequence[int], metre: Metre) -> tuple[ChordSpan, ...]:
    """The chords of scored stretches: the second half of the work of `spans_between`."""
    heard = stretches.heard
    spans: list[ChordSpan] = []
    for first, last, number in _best_division(stretches, edges, metre):
        if number == _NO_CHORD:
            _append(spans, ChordSpan(edges[first], edges[last], None))
            continue
        for start, end, bass in _basses(heard, first, last, edges, metre, number):
            _append(spans, ChordSpan(edges[start], edges[end], chord_at(number, bass)))
    return tuple(spans)


def _append(spans: list[ChordSpan], span: ChordSpan) -> None:
    """Put a span at the end, or make the last one longer where it is the same chord."""
    if spans and spans[-1].chord == span.chord:
        spans[-1] = ChordSpan(spans[-1].tick, span.end_tick, span.chord)
    else:
        spans.append(span)


def best_totals(heard: Evidence, edges: Sequence[int], metre: Metre) -> list[float]:
    """How well the music up to each edge is explained at best."""
    return _divide(_stretches(heard), edges, metre)[0]


def ending_scores(heard: Evidence, edges: Sequence[int], metre: Metre, best: Sequence[float]) -> Ending:
    """How well the music is explained if it ends in each chord, each in its best last stretch.

    `best`: see `best_totals`; up to the last edge but one.
    """
    count = len(edges) - 1
    longest = min(LONGEST_STRETCH, count)
    reversed_weights = heard.weights[: count - longest - 1 if count > longest else None : -1].cumsum(axis=0)
    firsts = np.arange(count - 1, count - longest - 1, -1)
    begins_on = _first_sounding(heard.first_lowest[firsts].tolist())
    lows = np.minimum.accumulate(heard.lowest[firsts])
    scores = chord_scores(reversed_weights, _bass_class(np.array(begins_on)), _bass_class(lows), PASSAGE)
    before = [best[first] - (_cost_of_change(metre, edges[first]) if first else 0.0) for first in firsts.tolist()]
    totals = scores.astype(np.float64) + np.array(before)[:, None]
    totals[(reversed_weights > 0).sum(axis=1) < 2] = -np.inf  # a lone tone is no chord
    rows = totals.argmax(axis=0)
    return Ending(totals[rows, np.arange(totals.shape[1])], firsts[rows])


def bass_of_ending(parts: Sequence["BassPart"], number: int) -> int | None:
    """The pitch class on which a chord stands at the end of a stretch of these parts."""
    bass = None
    for part, tones in ((part, _TONES[number]) for part in parts):
        if bass is None or part.carries(bass, tones):
            bass = part.begins_on
    return bass


def _first_sounding(backwards: Sequence[int]) -> list[int]:
    """Of each stretch, the latest one first, the first pitch that sounds from it on."""
    found = NO_PITCH
    return [found := found if pitch == NO_PITCH else pitch for pitch in backwards]


def _divide(stretches: "Stretches", edges: Sequence[int], metre: Metre) -> tuple[list[float], list[int]]:
    """Best total up to each edge, and the edge at which its last stretch begins."""
    count, scores = len(edges) - 1, stretches.scores
    changes = [_cost_of_change(metre, tick) for tick in edges]
    best = [0.0] * (count + 1)
    begun = [0] * (count + 1)
    for last in range(1, count + 1):
        firsts = range(max(0, last - LONGEST_STRETCH), last)
        totals = [
            best[first] + scores[last - first - 1][first] - (changes[first] if first else 0.0) for first in firsts
        ]
        top = max(totals)
        best[last], begun[last] = top, firsts[totals.index(top)]
    return best, begun


def _best_division(stretches: "Stretches", edges: Sequence[int], metre: Metre) -> list[tuple[int, int, int]]:
    """(first edge, last edge, number of its chord) of each stretch."""
    _, begun = _divide(stretches, edges, metre)
    division = []
    last = len(edges) - 1
    while last:
        first = begun[last]
        division.append((first, last, stretches.chords[last - first - 1][first]))
        last = first
    return division[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """All stretches of a passage that may have one chord, by [length - 1][first edge]."""

    heard: Evidence
    scores: list[list[float]]
    """The best score that a chord reaches in each."""
    chords: list[list[int]]
    """The chord that reaches it."""


def scored(pitched: Sequence[Note], edges: Sequence[int]) -> Stretches:
    """The stretches between ascending edges: the first half of the work of `spans_between`."""
    return _stretches(evidence_of(pitched, edges))


def _stretches(heard: Evidence) -> Stretches:
    count = len(heard.beats)
    longest = min(LONGEST_STRETCH, count)
    sums = np.concatenate([np.zeros((1, PITCH_CLASSES)), heard.weights.cumsum(axis=0)])
    silence = np.concatenate([[0.0], np.where(heard.lowest == NO_PITCH, heard.beats, 0.0).cumsum()])
    weights, firsts, lows, silent = [], [], [], []
    first, low = heard.first_lowest, heard.lowest
    for length in range(1, longest + 1):
        if length > 1:
            low = np.minimum(low[:-1], heard.lowest[length - 1 :])
            # A stretch that begins with a rest has its bass where it begins to sound.
            first = np.where(first[:-1] == NO_PITCH, heard.first_lowest[length - 1 :], first[:-1])
        weights.append(sums[length:] - sums[:-length])
        silent.append(silence[length:] - silence[:-length])
        firsts.append(first)
        lows.append(low)
    all_weights = np.concatenate(weights)
    basses = _bass_class(np.concatenate(firsts)), _bass_class(np.concatenate(lows))
    scores = chord_scores(all_weights, *basses, PASSAGE)
    numbers = scores.argmax(axis=1)
    chord_best = scores[np.arange(len(numbers)), numbers]
    chord_best[(all_weights > 0).sum(axis=1) < 2] = -np.inf  # a lone tone is no chord
    nothing = NO_CHORD_PER_WEIGHT * all_weights.sum(axis=1) + NO_CHORD_PER_SILENT_BEAT * np.concatenate(silent)
    numbers = np.where(nothing > chord_best, _NO_CHORD, numbers)
    chord_best = np.maximum(nothing, chord_best)
    ends = np.cumsum([count - length for length in range(longest)])[:-1]
    return Stretches(
        heard,
        [row.tolist() for row in np.split(chord_best, ends)],
        [row.tolist() for row in np.split(numbers, ends)],
    )


def _bass_class(pitches: Integers) -> Integers:
    return np.where(pitches == NO_PITCH, NO_BASS, pitches % PITCH_CLASSES)


def _basses(
    heard: Evidence, first: int, last: int, edges: Sequence[int], metre: Metre, number: int
) -> Iterator[tuple[int, int, int | None]]:
    """(first edge, last edge, pitch class that it stands on) of the parts of a stretch that has one chord.

    The bass is the first one; it changes only where a bar begins on another tone of the chord that stays its lowest.
    """
    bass = None
    start = first
    for part in bass_parts(heard, first, last, edges, metre):
        if bass is None:
            bass = part.begins_on
        elif part.carries(bass, _TONES[number]):
            yield start, part.edge, bass
            start, bass = part.edge, part.begins_on
    yield start, last, bass


@dataclass(frozen=True, slots=True)
class BassPart:
    """What of a stretch lies in one bar, where it sounds."""

    edge: int
    """Where it begins."""
    begins_on: int
    """Pitch class."""
    lowest: int
    """Pitch class."""

    def carries(self, bass: int, tones: frozenset[int]) -> bool:
        """Whether a chord of these tones goes on over another bass than before."""
        return self.begins_on == self.lowest != bass and self.begins_on in tones


def bass_parts(heard: Evidence, first: int, last: int, edges: Sequence[int], metre: Metre) -> list[BassPart]:
    """The bars of a stretch from one edge to another, as far as anything sounds in them."""
    lowest, first_lowest = heard.lowest[first:last].tolist(), heard.first_lowest[first:last].tolist()
    bars = [edge for edge in range(first + 1, last) if metre.is_bar(edges[edge])]
    parts = []
    for begin, end in pairwise([first, *bars, last]):
        low = min(lowest[begin - first : end - first])
        if low != NO_PITCH:
            sounding = next(unit for unit in range(begin - first, end - first) if lowest[unit] != NO_PITCH)
            parts.append(BassPart(begin, first_lowest[sounding] % PITCH_CLASSES, low % PITCH_CLASSES))
    return parts


def _cost_of_change(metre: Metre, tick: int) -> float:
    if metre.is_bar(tick):
        return CHANGE_ON_BAR
    return CHANGE_ON_HALF_BAR if metre.is_half_bar(tick) else CHANGE

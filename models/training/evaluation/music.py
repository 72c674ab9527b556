"""What a continuation is like beside its seed: pitch, time, register, repetition, form. Numbers, no verdicts.

Each measure is read on the true continuation too, and nearness to that is what is wanted, not a high or low value.
Knows no model. Sources: divergences of histograms after Yang and Lerch 2020 (On the evaluation of generative models in
music), with the Jensen-Shannon divergence of Lin 1991; pitch-class entropy and grooving similarity from Wu and Yang
2020 (The Jazz Transformer on the front line); pitch in scale from Dong et al. 2020 (MusPy); self-similarity by lag is
a row of Foote's 1999 self-similarity matrix; keys are found by the product's own `harmony.key_finding`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.generation.drum_leans import KICKS, PLACE, SNARES
from cocomposer.generation.request import OnsetGrid
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_finding import KEYS, key_probabilities, weights_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]

TOGETHER_TICKS: Final = 2
"""Onsets this close (about 20 ms) count as struck together."""
CLASSES_OF_LENGTH: Final = 24
N_GRAM: Final = 4
LAGS: Final = (1, 2, 4)
FREE_BAR: Final = 4 * TICKS_PER_BEAT
"""What stands for a bar where none is known: about two seconds."""
_LEAST_CIRCLING: Final = 8
"""Notes that come again before anything is a circle."""
POSITION: Final = TICKS_PER_BEAT // 4
"""Grooving is told in sixteenths."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A passage beside the seed that it follows; both in order of onset, neither empty."""

    seed: Sequence[Note]
    notes: Sequence[Note]
    metre: Metre
    """Of both; its beat is known where the music is a score."""
    pitched: bool = True
    """Not drums."""

    @property
    def bar(self) -> int:
        """Ticks in a bar."""
        return self.metre.ticks_per_bar if self.metre.beat_known else FREE_BAR

    def bar_of(self, note: Note) -> int:
        """Number of the bar in which a note begins."""
        return (note.onset_tick - (self.metre.bar_tick or 0)) // self.bar


def divergence(one: Floats, other: Floats) -> float:
    """Jensen-Shannon divergence of two histograms in bits, 0–1; nan if one is empty."""
    if one.sum() <= 0 or other.sum() <= 0:
        return float("nan")
    p, q = one / one.sum(), other / other.sum()
    middle = (p + q) / 2

    def from_middle(r: Floats) -> float:
        there = r > 0
        return float((r[there] * np.log2(r[there] / middle[there])).sum())

    return (from_middle(p) + from_middle(q)) / 2


def pitch_classes(notes: Sequence[Note]) -> Floats:
    """[12] notes of each pitch class."""
    return np.bincount([note.pitch % 12 for note in notes], minlength=12).astype(np.float64)


def length_classes(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Half octaves, so that loosely played lengths of one note value agree; 0 for what is together."""
    classes = 1 + np.rint(2 * np.log2(np.maximum(ticks, TOGETHER_TICKS + 1) / (TOGETHER_TICKS + 1))).astype(np.int64)
    return np.where(ticks <= TOGETHER_TICKS, 0, np.minimum(classes, CLASSES_OF_LENGTH - 1))


def onset_intervals(notes: Sequence[Note]) -> Floats:
    """[CLASSES_OF_LENGTH] distances from one onset to the next."""
    ticks = np.diff([note.onset_tick for note in notes]).astype(np.int64)
    return np.bincount(length_classes(ticks), minlength=CLASSES_OF_LENGTH).astype(np.float64)


def note_lengths(notes: Sequence[Note]) -> Floats:
    """[CLASSES_OF_LENGTH] key-down durations."""
    ticks = np.asarray([note.duration_ticks for note in notes], dtype=np.int64)
    return np.bincount(length_classes(ticks), minlength=CLASSES_OF_LENGTH).astype(np.float64)


def melodic_intervals(notes: Sequence[Note]) -> Floats:
    """[49] semitones from each note to the next, from -24 or less to 24 or more."""
    steps = np.clip(np.diff([note.pitch for note in notes]), -24, 24) + 24
    return np.bincount(steps.astype(np.int64), minlength=49).astype(np.float64)


def key_of(notes: Sequence[Note]) -> Key:
    """The likeliest key, however unsure."""
    return KEYS[int(key_probabilities(weights_of(notes)).argmax())]


def notes_per_beat(notes: Sequence[Note]) -> float:
    """Density over the span of the onsets, the last note's distance taken as the mean one; nan without a span."""
    span = notes[-1].onset_tick - notes[0].onset_tick
    return (len(notes) - 1) * TICKS_PER_BEAT / span if span > 0 else float("nan")


def _pitch_class_divergence(heard: Heard) -> float:
    return divergence(pitch_classes(heard.seed), pitch_classes(heard.notes)) if heard.pitched else float("nan")


def _drum_divergence(heard: Heard) -> float:
    if heard.pitched:
        return float("nan")
    struck = [np.bincount([n.pitch for n in notes], minlength=128) for notes in (heard.seed, heard.notes)]
    return divergence(struck[0].astype(np.float64), struck[1].astype(np.float64))


def _backbeat_divergence(heard: Heard) -> float:
    """Of the eighths of the bar on which kick and snare are struck."""
    if heard.pitched:
        return float("nan")
    return divergence(_backbeat(heard, heard.seed), _backbeat(heard, heard.notes))


def _backbeat(heard: Heard, notes: Sequence[Note]) -> Floats:
    """[2 · eighths in a bar] strokes of the kick, then of the snare."""
    since = np.array([note.onset_tick for note in notes]) - (heard.metre.bar_tick or 0)
    # A stroke a hair before the bar line is the next bar's first.
    count = heard.bar // PLACE
    places = (since + PLACE // 2) // PLACE % count
    pitches = np.array([note.pitch for note in notes])
    struck = [np.bincount(places[np.isin(pitches, drums)], minlength=count) for drums in (KICKS, SNARES)]
    return np.concatenate(struck).astype(np.float64)


def _onset_interval_divergence(heard: Heard) -> float:
    return divergence(onset_intervals(heard.seed), onset_intervals([heard.seed[-1], *heard.notes]))


def _note_length_divergence(heard: Heard) -> float:
    return divergence(note_lengths(heard.seed), note_lengths(heard.notes))


def _same_key(heard: Heard) -> float:
    if not heard.pitched:
        return float("nan")
    # A signature: fifths of C flat and of B are one.
    return float(key_of(heard.seed).fifths % 12 == key_of(heard.notes).fifths % 12)


def _in_scale(heard: Heard) -> float:
    if not heard.pitched:
        return float("nan")
    scale = key_of(heard.seed).scale
    return float(np.mean([note.pitch % 12 in scale for note in heard.notes]))


def _pitch_class_entropy(heard: Heard) -> float:
    if not heard.pitched:
        return float("nan")
    shares = pitch_classes(heard.notes) / len(heard.notes)
    return float(-(shares[shares > 0] * np.log2(shares[shares > 0])).sum())


def _density_octaves(heard: Heard) -> float:
    return float(np.log2(notes_per_beat([heard.seed[-1], *heard.notes]) / notes_per_beat(heard.seed)))


def _register_shift(heard: Heard) -> float:
    means = [float(np.mean([note.pitch for note in notes])) for notes in (heard.seed, heard.notes)]
    return means[1] - means[0] if heard.pitched else float("nan")


def _register_octaves(heard: Heard) -> float:
    """Spread of pitches (standard deviation) beside the seed's, in octaves of ratio."""
    spreads = [float(np.std([note.pitch for note in notes])) for notes in (heard.seed, heard.notes)]
    if not heard.pitched or min(spreads) <= 0:
        return float("nan")
    return float(np.log2(spreads[1] / spreads[0]))


def _absolute(signed: Callable[[Heard], float]) -> Callable[[Heard], float]:
    return lambda heard: abs(signed(heard))


def _on_grid(heard: Heard) -> float:
    if not heard.metre.beat_known or not heard.pitched:
        return float("nan")
    return float(np.mean([OnsetGrid.TRIPLETS.allows(note.onset_tick % TICKS_PER_BEAT) for note in heard.notes]))


def _on_beat(heard: Heard) -> float:
    if not heard.metre.beat_known or not heard.pitched:
        return float("nan")
    return float(np.mean([note.onset_tick % TICKS_PER_BEAT == 0 for note in heard.notes]))


def _n_grams(pitches: Sequence[int]) -> list[tuple[int, ...]]:
    return [tuple(pitches[n : n + N_GRAM]) for n in range(len(pitches) - N_GRAM + 1)]


def _recalled(heard: Heard) -> float:
    """Share of the continuation's pitch n-grams that the seed has."""
    known = set(_n_grams([note.pitch for note in heard.seed]))
    mine = _n_grams([note.pitch for note in heard.notes])
    return float(np.mean([gram in known for gram in mine])) if mine else float("nan")


def _repeated(heard: Heard) -> float:
    """Share of the continuation's pitch n-grams that it has had before itself."""
    mine = _n_grams([note.pitch for note in heard.notes])
    return 1 - len(set(mine)) / len(mine) if mine else float("nan")


def _circling(heard: Heard) -> float:
    """Share of notes that go on, in pitch and rhythm, with what has just come three times over."""
    if not heard.pitched:
        return float("nan")
    pitch = np.asarray([note.pitch for note in heard.notes])
    # What comes before the first note is like any gap.
    gaps = np.diff([note.onset_tick for note in heard.notes], prepend=math.nan)
    circling = np.zeros(len(pitch), dtype=np.bool_)
    for period in range(1, len(pitch) // 3 + 1):
        alike = ~(np.abs(gaps[period:] - gaps[:-period]) > np.maximum(2, 0.15 * gaps[:-period]))
        run = 0
        for place, again in enumerate(alike & (pitch[period:] == pitch[:-period]), start=period):
            run = run + 1 if again else 0
            circling[place] |= run > max(2 * period, _LEAST_CIRCLING)
    return float(circling.mean())


def _bars(heard: Heard) -> tuple[dict[int, list[Note]], range]:
    """Notes of each bar from the seed on, and the bars that are wholly the continuation's or begun by it."""
    bars: dict[int, list[Note]] = {}
    for note in (*heard.seed, *heard.notes):
        bars.setdefault(heard.bar_of(note), []).append(note)
    return bars, range(heard.bar_of(heard.notes[0]), heard.bar_of(heard.notes[-1]) + 1)


def _similarity(lag: int) -> Callable[[Heard], float]:
    def measure(heard: Heard) -> float:
        bars, mine = _bars(heard)
        # Of drums, which one is struck; of all else the pitch class.
        size = 12 if heard.pitched else 128
        found = []
        for bar in mine:
            if bar in bars and bar - lag in bars:
                one, other = (np.bincount([n.pitch % size for n in bars[b]], minlength=size) for b in (bar, bar - lag))
                found.append(float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other))))
        return float(np.mean(found)) if found else float("nan")

    return measure


def _grooving(heard: Heard) -> float:
    """Mean over pairs of a bar of the continuation and the bar before it: share of sixteenths that agree."""
    if not heard.metre.beat_known:
        return float("nan")
    bars, mine = _bars(heard)
    found = []
    for bar in mine[:-1]:  # the last one is cut short
        if bar in bars and bar - 1 in bars:
            patterns = []
            for each in (bar, bar - 1):
                pattern = np.zeros(-(-heard.bar // POSITION), dtype=np.bool_)
                start = (heard.metre.bar_tick or 0) + each * heard.bar
                pattern[[(note.onset_tick - start) // POSITION for note in bars[each]]] = True
                patterns.append(pattern)
            found.append(float(np.mean(patterns[0] == patterns[1])))
    return float(np.mean(found)) if found else float("nan")


MEASURES: Final[Mapping[str, Callable[[Heard], float]]] = {
    "pitch-class divergence": _pitch_class_divergence,
    "drum divergence": _drum_divergence,
    "backbeat divergence": _backbeat_divergence,
    "onset-interval divergence": _onset_interval_divergence,
    "note-length divergence": _note_length_divergence,
    "same key": _same_key,
    "in the seed's scale": _in_scale,
    "pitch-class entropy": _pitch_class_entropy,
    "density ratio, octaves": _density_octaves,
    "density ratio either way, octaves": _absolute(_density_octaves),
    "register shift, semitones": _register_shift,
    "register shift either way, semitones": _absolute(_register_shift),
    "register spread ratio, octaves": _register_octaves,
    "on the grid": _on_grid,
    "on a beat": _on_beat,
    "4-grams from the seed": _recalled,
    "4-grams repeated": _repeated,
    "in circles": _circling,
    **{f"similarity to {lag} bar{'s' * (lag > 1)} before": _similarity(lag) for lag in LAGS},
    "grooving similarity": _grooving,
}
"""What is measured, by name: nan where a measure says nothing of the passage."""


def measured(heard: Heard) -> dict[str, float]:
    """All measures of one passage."""
    return {name: measure(heard) for name, measure in MEASURES.items()}

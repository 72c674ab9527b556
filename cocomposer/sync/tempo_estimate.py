"""The beat behind a phrase played without one: tempo, a beat's moment and how sure that is.

First the finest even pulse that the onsets fall on (their phases on it agree more than chance would have them),
then which multiple of that pulse is the beat (tempo near what is usual, accents and long notes on beats).
Knows no grid. Playing without a steady pulse gives a low confidence. Half or double the felt tempo may be found.
"""

import cmath
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.music.note import PlayedNote

BPM_LEAST: Final = 50.0
BPM_MOST: Final = 200.0
ONSETS_LEAST: Final = 6
ONSETS_MOST: Final = 40
SPAN_MOST_SECONDS: Final = 12.0
"""Only the last so many onsets and seconds are judged: tempo drifts, and the work stays small."""
CHORD_SECONDS: Final = 0.03
_PULSE_SLOWEST_HZ: Final = BPM_LEAST / 60.0
_PULSE_FASTEST_HZ: Final = 11.0
_STEPS_A_TURN: Final = 6.0
"""Frequencies tried are so close that phases over the whole span change by a sixth of a turn."""
_GOOD_SHARE: Final = 0.88
"""Of pulses that agree this well with the best one, the slowest is taken: its subdivisions agree too."""
_USUAL_BPM: Final = 108.0
_USUAL_OCTAVES: Final = 0.6
_PULSES_A_BEAT: Final = (1, 2, 3, 4, 6)
_PULSES_A_BEAT_LIKING: Final = {1: 0.0, 2: 0.3, 3: -0.4, 4: 0.2, 6: -1.0}
"""In nats: how likely a beat is divided so, other things being equal."""
_ACCENT_FORCE: Final = 6.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A tempo and a phase."""

    bpm: float
    beat_seconds: float
    """The moment of a beat near the last onset."""
    confidence: float
    """0–1; 0 as good as chance."""


@dataclass(frozen=True, slots=True)
class _Accent:
    """A chord or note: its onset relative to the last one, and how strongly it stands out."""

    seconds: float
    weight: float


@dataclass(frozen=True, slots=True)
class _Pulse:
    period: float
    phase: float
    """The moment of a pulse, relative to the last onset."""
    agreement: float


def estimate(played: Sequence[PlayedNote]) -> Estimate | None:
    """The beat of a phrase (notes in order of onset); None if there is too little to judge by."""
    if not played:
        return None
    origin = played[-1].onset_seconds
    accents = _accents(played, origin)
    if len(accents) < ONSETS_LEAST:
        return None
    span = accents[-1].seconds - accents[0].seconds
    pulse, tried_turns = _pulse(accents, span)
    if pulse is None:
        return None
    period, phase = _beat(accents, pulse)
    by_chance = math.sqrt(min(1.0, (math.log(max(tried_turns, 1.0)) + 1.0) / len(accents)))
    confidence = (pulse.agreement - by_chance) / (1.0 - by_chance) if by_chance < 1.0 else 0.0
    return Estimate(60.0 / period, origin + phase, max(0.0, min(1.0, confidence)))


def _accents(played: Sequence[PlayedNote], origin: float) -> list[_Accent]:
    """Chords merged; louder, lower-voiced and fuller chords and those followed by a long gap weigh more."""
    chords: list[list[PlayedNote]] = []
    for note in played:
        if note.onset_seconds < origin - SPAN_MOST_SECONDS:
            continue
        if chords and note.onset_seconds - chords[-1][0].onset_seconds < CHORD_SECONDS:
            chords[-1].append(note)
        else:
            chords.append([note])
    chords = chords[-ONSETS_MOST:]
    onsets = [sum(note.onset_seconds for note in chord) / len(chord) for chord in chords]
    gaps = [later - earlier for earlier, later in itertools.pairwise(onsets)]
    usual_gap = sorted(gaps)[len(gaps) // 2] if gaps else 1.0
    gaps.append(usual_gap)
    loudest = max((note.velocity for chord in chords for note in chord), default=1)
    return [
        _Accent(
            onset - origin,
            0.4
            + 0.6 * (max(note.velocity for note in chord) / loudest) ** 2
            + 0.2 * min(len(chord) - 1, 3)
            + 0.4 * (min(gap / usual_gap, 3.0) - 1.0 if gap > usual_gap > 0 else 0.0),
        )
        for onset, gap, chord in zip(onsets, gaps, chords, strict=True)
    ]


def _resultant(accents: Sequence[_Accent], frequency: float, weighted: bool) -> complex:
    """Mean of unit arrows that turn `frequency` times a second: its length tells how well the onsets' phases agree."""
    turn = 2j * math.pi * frequency
    if weighted:
        total = sum(accent.weight for accent in accents)
        return sum((accent.weight * cmath.exp(turn * accent.seconds) for accent in accents), 0j) / total
    return sum((cmath.exp(turn * accent.seconds) for accent in accents), 0j) / len(accents)


def _pulse(accents: Sequence[_Accent], span: float) -> tuple[_Pulse | None, float]:
    """The slowest pulse that most onsets fall on; and how many turns of phase were tried (chances to agree)."""
    gaps = [later.seconds - earlier.seconds for earlier, later in itertools.pairwise(accents)]
    fastest = min(_PULSE_FASTEST_HZ, 1.3 / max(sorted(gaps)[len(gaps) // 5], 1e-3))
    slowest = _PULSE_SLOWEST_HZ
    if span <= 0 or fastest <= slowest:
        return None, 0.0
    step = 1.0 / (_STEPS_A_TURN * span)
    count = int((fastest - slowest) / step) + 1
    # One more on the slow side: in a short run all onsets agree ever better with ever slower pulses, which is no peak.
    frequencies = [slowest + index * step for index in range(-1, count)]
    agreements = [abs(_resultant(accents, frequency, weighted=False)) for frequency in frequencies]
    best = max(agreements[1:])
    for index, agreement in enumerate(agreements[1:], 1):
        is_peak = agreement >= max(agreements[index - 1 : index + 2])
        if is_peak and agreement >= _GOOD_SHARE * best:
            return _refined(accents, frequencies[index], step), (fastest - slowest) * span
    return None, 0.0


def _refined(accents: Sequence[_Accent], frequency: float, step: float) -> _Pulse:
    """The peak near `frequency`, found by halving the step."""
    best = abs(_resultant(accents, frequency, weighted=False))
    while step * (accents[-1].seconds - accents[0].seconds) > 0.002:
        for candidate in (frequency - step, frequency + step):
            agreement = abs(_resultant(accents, candidate, weighted=False))
            if agreement > best and candidate >= _PULSE_SLOWEST_HZ:
                best, frequency = agreement, candidate
        step /= 2
    arrow = _resultant(accents, frequency, weighted=False)
    return _Pulse(1.0 / frequency, cmath.phase(arrow) / (2 * math.pi * frequency), abs(arrow))


def _beat(accents: Sequence[_Accent], pulse: _Pulse) -> tuple[float, float]:
    """Period and phase (relative to the last onset) of the beat: the likeliest multiple of the pulse."""
    places = [round((accent.seconds - pulse.phase) / pulse.period) for accent in accents]
    total = sum(accent.weight for accent in accents)
    best_score, best = -math.inf, (pulse.period, pulse.phase)
    for multiple in _PULSES_A_BEAT:
        bpm = 60.0 / (pulse.period * multiple)
        if not BPM_LEAST * 0.99 <= bpm <= BPM_MOST * 1.01:
            continue
        shares = [0.0] * multiple
        for place, accent in zip(places, accents, strict=True):
            shares[place % multiple] += accent.weight / total
        strongest = max(range(multiple), key=lambda residue: shares[residue])
        octaves = math.log2(bpm / _USUAL_BPM) / _USUAL_OCTAVES
        score = (
            -0.5 * octaves * octaves
            + _PULSES_A_BEAT_LIKING[multiple]
            + _ACCENT_FORCE * (shares[strongest] - 1.0 / multiple)
        )
        if score > best_score:
            best_score = score
            best = (pulse.period * multiple, pulse.phase + pulse.period * strongest)
    return best

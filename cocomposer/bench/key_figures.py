"""How soon the key tracker hears a modulation, how calm it is, and what its confidence is worth."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.bench.key_changes import SignedPiece
from cocomposer.harmony.evidence import evidence_of
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.key_tracking import KeyTracker, beliefs
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

BARS: Final = 8
"""Of each key of a made modulation."""
WITHIN_BARS: Final = 8
"""A change of signature is found if it is shown so soon."""
BINS: Final = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)
_BAR: Final = 4 * TICKS_PER_BEAT
_DEGREES: Final = {
    Mode.MAJOR: ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14), (0, 4, 7), (5, 9, 12), (7, 11, 14, 17), (0, 4, 7)),
    Mode.MINOR: ((0, 3, 7), (8, 12, 15), (5, 8, 12), (7, 11, 14), (0, 3, 7), (5, 8, 12), (7, 11, 14, 17), (0, 3, 7)),
}
"""I vi IV V I IV V7 I, a chord a bar; in minor i VI iv V i iv V7 i."""


def modulation(first: Key, second: Key) -> list[Note]:
    """BARS bars in each key: bass and chord on the beats."""
    notes = []
    for number, (key, degrees) in enumerate(
        (each, chord) for each in (first, second) for chord in _DEGREES[each.mode][:BARS]
    ):
        tick = number * _BAR
        notes.append(Note(tick, 36 + (key.tonic + degrees[0]) % 12, _BAR, 80))
        notes += [
            Note(tick + beat * TICKS_PER_BEAT, 60 + (key.tonic + step) % 12, TICKS_PER_BEAT, 70)
            for beat in range(4)
            for step in degrees
        ]
    return notes


def tracked(weights: NDArray[np.float64]) -> list[tuple[Key | None, float]]:
    """(key shown, its confidence) after each beat of pitch-class weights [n, 12]."""
    tracker = KeyTracker()
    found: list[tuple[Key | None, float]] = []
    for row in weights:
        tracker.hear(row)
        now = tracker.found
        found.append((None, 0.0) if now is None else (now.key, now.confidence))
    return found


def measure_modulations() -> dict[str, float]:
    """Every pair of keys that are no relatives (those share all notes but one): how many beats until it is shown."""
    waits, wrong, found, pairs, changes = [], 0, 0, 0, 0
    for first in (Key(0, Mode.MAJOR), Key(0, Mode.MINOR)):
        for second in KEYS:
            if second in {first, first.relative}:
                continue
            pairs += 1
            notes = modulation(first, second)
            weights = evidence_of(notes, range(0, 2 * BARS * _BAR + 1, TICKS_PER_BEAT)).weights
            shown = [key for key, _ in tracked(weights)]
            border = BARS * 4
            wrong += sum(key != first for key in shown[8:border])
            changes += sum(a != b for a, b in pairwise(shown[8:]))
            if shown[-1] == second:
                found += 1
                waits.append(next(beat for beat in range(border, 2 * border) if shown[beat] == second) - border + 1)
    return {
        "pairs of keys": pairs,
        "found": found / pairs,
        "beats until shown, median": float(np.median(waits)),
        "beats until shown, most": float(max(waits)),
        "wrong beats before it": wrong / (pairs * (BARS * 4 - 8)),
        "changes shown for each": changes / pairs,
    }


def measure_signed(pieces: Iterable[SignedPiece]) -> dict[str, object]:
    """Against printed signatures, from the ninth beat on: the key or its relative is right."""
    right: dict[str, int] = {"live": 0, "whole": 0}
    beats = flips = changes = found = count = 0
    waits: list[float] = []
    bins: dict[int, list[tuple[float, bool]]] = {}
    for piece in pieces:
        count += 1
        edges = piece.metre.edges(0, piece.end_tick, ())
        weights = evidence_of(piece.notes, edges).weights
        wanted = [piece.fifths_at(edge) % 12 for edge in edges[:-1]]
        live = tracked(weights)
        whole = [_fifths(KEYS[number]) for number in beliefs(weights).argmax(axis=1).tolist()]
        shown = [_fifths(key) for key, _ in live]
        for beat in range(8, len(wanted)):
            if not weights[beat].any():
                continue
            beats += 1
            right["live"] += shown[beat] == wanted[beat]
            right["whole"] += whole[beat] == wanted[beat]
            flips += shown[beat] != shown[beat - 1]
            if shown[beat] is not None:
                bin_number = next(n for n, edge in enumerate(BINS[1:]) if live[beat][1] < edge)
                bins.setdefault(bin_number, []).append((live[beat][1], shown[beat] == wanted[beat]))
        for wait in _waits(piece, shown, wanted):
            changes += 1
            if wait is not None:
                found += 1
                waits.append(wait)
    rows = [bins[number] for number in sorted(bins)]
    return {
        "pieces": count,
        "live": right["live"] / max(1, beats),
        "whole": right["whole"] / max(1, beats),
        "changes shown in 100 beats": 100 * flips / max(1, beats),
        "changes of signature": changes,
        f"found within {WITHIN_BARS} bars": found / max(1, changes),
        "beats until shown, median": float(np.median(waits)) if waits else 0.0,
        "beats until shown, 90 %": float(np.quantile(waits, 0.9)) if waits else 0.0,
        "confidence, share right, beats": [
            (sum(c for c, _ in row) / len(row), sum(r for _, r in row) / len(row), len(row)) for row in rows
        ],
    }


def _waits(piece: SignedPiece, shown: Sequence[int | None], wanted: Sequence[int]) -> list[float | None]:
    found: list[float | None] = []
    for tick, _ in piece.signatures[1:]:
        beat = tick // TICKS_PER_BEAT
        if beat >= len(wanted):
            continue
        until = range(beat, min(len(wanted), beat + WITHIN_BARS * piece.metre.beats_per_bar))
        found.append(next((float(at - beat) for at in until if shown[at] == piece.fifths_at(tick) % 12), None))
    return found


def _fifths(key: Key | None) -> int | None:
    return None if key is None else key.fifths % 12

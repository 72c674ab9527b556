"""What it costs to go from any voicing of one chord to any of the next: semitones moved, unresolved tones, parallels.

Arrays for the search; `parallels` and `motion_between` say the same of two voicings, for reports and tests.
"""

from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.voicing.candidates import Candidates, Costs, Marks, Pitches
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.voicing import Voicing

BASS_WEIGHT: Final = 0.3
"""A bass that the symbols give leaps as they say; only its octave is chosen."""
ENTERING_COST: Final = 1.0
"""For each voice that enters or falls silent."""
UNRESOLVED: Final = 1.5
"""For a seventh that neither stays nor falls a step, and a leading tone that neither stays nor rises a semitone."""
FORBIDDEN: Final = 1000.0
"""For each forbidden parallel: so much that one is taken only where every way has one."""
_FIFTH: Final = 7
_FOURTH: Final = 5
_STEP: Final = 2


def transition(before: Candidates, after: Candidates, rules: VoicingRules) -> Costs:
    """[voicings before, voicings after]: the cost of each pair."""
    a, b = before.pitches, after.pitches
    weight = BASS_WEIGHT if after.is_bass_given else 1.0
    if a.shape[1] != b.shape[1]:
        cost = _motion_unequal(a, b, weight)
        if rules.is_strict:
            outer = [0, -1]
            cost += FORBIDDEN * _forbidden(a[:, outer], b[:, outer], rules)
        return cost
    moves = [b[None, :, voice] - a[:, None, voice] for voice in range(a.shape[1])]
    cost = np.zeros((len(a), len(b)), np.float32)
    for voice, move in enumerate(moves):
        cost += np.abs(move) if voice else weight * np.abs(move).astype(np.float32)
    cost += UNRESOLVED * _unresolved(before, after, moves)
    if rules.is_strict:
        cost += FORBIDDEN * _forbidden(a, b, rules)
    return cost


def _motion_unequal(a: Pitches, b: Pitches, weight: float) -> Costs:
    """Motion where voices enter or fall silent: the cheapest matching that crosses no voices.

    Lowest goes to lowest; of the others, all voices of the smaller chord go on in the larger.
    """
    if a.shape[1] > b.shape[1]:
        return _motion_unequal(b, a, weight).T
    fewer, more = a.shape[1], b.shape[1]
    bass = weight * np.abs(a[:, None, 0] - b[None, :, 0]).astype(np.float32)
    # best[i][j]: the first i upper voices of the smaller among the first j of the larger
    zero = np.zeros((len(a), len(b)), np.float32)
    best = [zero] * more
    for i in range(1, fewer):
        row: list[Costs] = list(best)
        for j in range(i, more):
            matched = best[j - 1] + np.abs(a[:, None, i] - b[None, :, j])
            row[j] = np.minimum(matched, row[j - 1]) if j > i else matched
        best = row
    total: Costs = bass + best[-1] + np.float32(ENTERING_COST * (more - fewer))
    return total


def _unresolved(before: Candidates, after: Candidates, moves: list[Pitches]) -> NDArray[np.int8]:
    """[before, after]: tones that do not go where they want to."""
    count = np.zeros(moves[0].shape, np.int8)
    sevenths = before.sevenths
    if before.chord != after.chord and sevenths.any():
        for voice, move in enumerate(moves):
            count += sevenths[:, voice, None] & ((move > 0) | (move < -_STEP))
    if (after.chord.root - before.chord.root) % PITCH_CLASSES == _FOURTH:
        leading = before.leading_tones
        for voice, move in enumerate(moves):
            count += leading[:, voice, None] & ((move < 0) | (move > 1))
    return count


def _perfect(low: Pitches, high: Pitches) -> NDArray[np.int8]:
    """2 where two voices are a perfect octave (or unison) apart, 1 for a fifth, compound ones too, else 0."""
    interval = (high - low) % PITCH_CLASSES
    kinds: NDArray[np.int8] = (interval == _FIFTH) + np.int8(2) * (interval == 0)
    return kinds


def _forbidden(a: Pitches, b: Pitches, rules: VoicingRules) -> NDArray[np.int8]:
    """[before, after]: pairs of voices that move from one fifth or octave to another."""
    count = np.zeros((len(a), len(b)), np.int8)
    moved: list[Marks] = [a[:, None, voice] != b[None, :, voice] for voice in range(a.shape[1])]
    for low, high in combinations(range(a.shape[1]), 2):
        kinds_a, kinds_b = _perfect(a[:, low], a[:, high]), _perfect(b[:, low], b[:, high])
        rows, columns = np.flatnonzero(kinds_a), np.flatnonzero(kinds_b)
        if len(rows) and len(columns):
            where = np.ix_(rows, columns)
            same = kinds_a[rows][:, None] == kinds_b[columns][None]
            count[where] += same & moved[low][where] & moved[high][where]
    if rules.no_hidden:
        bass, top = b[None, :, 0] - a[:, None, 0], b[None, :, -1] - a[:, None, -1]
        perfect = _perfect(b[:, 0], b[:, -1]) > 0
        count += perfect[None] & (bass * top > 0) & (np.abs(top) > _STEP)
    return count


def parallels(before: Voicing, after: Voicing) -> int:
    """How many pairs of voices move, both, from a fifth to a fifth or from an octave to an octave.

    Compound intervals and contrary motion count. Where the numbers of voices differ, only the outer voices are voices.
    """
    a, b = before.pitches, after.pitches
    if len(a) != len(b):
        a, b = (a[0], a[-1]), (b[0], b[-1])
    count = 0
    for low, high in combinations(range(len(a)), 2):
        interval = (a[high] - a[low]) % PITCH_CLASSES
        if interval in {0, _FIFTH} and interval == (b[high] - b[low]) % PITCH_CLASSES:
            count += a[low] != b[low] and a[high] != b[high]
    return count


def motion_between(before: Voicing, after: Voicing) -> int:
    """Semitones that the voices move, together; only for equally many voices, ValueError otherwise."""
    return sum(abs(high - low) for low, high in zip(before.pitches, after.pitches, strict=True))

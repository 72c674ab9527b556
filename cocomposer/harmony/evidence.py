"""What is heard in each stretch between two edges: weight of pitch classes and the bass, as arrays.

Each stretch speaks about as loudly as every other of its length, however many notes it has, so that a full texture
does not make chords change more readily than a thin one. Knows no chord.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.metre import SAME_MOMENT_TICKS
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STRIKE: Final = 0.15
"""Beats that a note's onset is worth beside its duration, so that short notes of an arpeggio are heard."""
ON_EDGE: Final = 0.2
"""Beats more for an onset on the beat: passing notes are mostly off it."""
HALF_HEARD: Final = 0.6
"""Beats of notes in a beat at which it has half of the evidence that it can have."""
NO_PITCH: Final = 999
"""Higher than any pitch: the lowest of a silent stretch."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Between edge u and edge u+1."""

    weights: Floats
    """[u, 12]; a row sums to less than its length in beats."""
    first_lowest: Integers
    """[u] lowest pitch that sounds when the stretch begins, else the lowest in it; NO_PITCH if it is silent."""
    lowest: Integers
    """[u] lowest pitch; NO_PITCH if it is silent."""
    beats: Floats
    """[u] length."""

    def without_last(self) -> "Evidence":
        """What the same notes say between the same edges without the last."""
        return Evidence(self.weights[:-1], self.first_lowest[:-1], self.lowest[:-1], self.beats[:-1])


def evidence_of(notes: Sequence[Note], edges: Sequence[int]) -> Evidence:
    """What pitched `notes`, in any order, say between ascending `edges`."""
    bounds = np.asarray(edges, np.int64)
    count = len(bounds) - 1
    lengths = bounds[1:] - bounds[:-1]
    weights = np.zeros((count, PITCH_CLASSES))
    lowest = np.full(count, NO_PITCH, np.int64)
    first_lowest = np.full(count, NO_PITCH, np.int64)
    if notes:
        table = np.array(
            [(n.onset_tick, n.onset_tick + n.duration_ticks, n.pitch, n.velocity) for n in notes], np.int64
        )
        onset, end, pitch, velocity = table.T
        on_edge = _snap(onset, end, bounds)
        note, unit = _met(onset, end, bounds)
        onset, end, pitch = onset[note], end[note], pitch[note]
        begins, ends = bounds[unit], bounds[unit + 1]
        starts = np.maximum(onset, begins)
        sounding = np.maximum(np.minimum(end, ends) - starts, 0)
        begun = onset >= begins
        # A release that is a little late does not carry a tone into the next chord.
        late = sounding <= np.minimum(2 * SAME_MOMENT_TICKS, lengths[unit] // 2)
        sounding[late & ~begun] = 0
        worth = (sounding / TICKS_PER_BEAT + begun * (STRIKE + ON_EDGE * on_edge[note])) * np.sqrt(velocity / 127)[note]
        places = unit * PITCH_CLASSES + pitch % PITCH_CLASSES
        weights += np.bincount(places, worth, count * PITCH_CLASSES).reshape(count, PITCH_CLASSES)
        heard = sounding > 0
        at_start = heard & (starts - begins <= SAME_MOMENT_TICKS)
        np.minimum.at(lowest, unit[heard], pitch[heard])
        np.minimum.at(first_lowest, unit[at_start], pitch[at_start])
        first_lowest = np.where(first_lowest == NO_PITCH, lowest, first_lowest)
    beats = lengths / TICKS_PER_BEAT
    total = weights.sum(axis=1)
    weights *= (beats / (total + HALF_HEARD * beats))[:, None]
    return Evidence(weights, first_lowest, lowest, beats)


def _met(onset: Integers, end: Integers, bounds: Integers) -> tuple[Integers, Integers]:
    """(number of a note, stretch in which it sounds or begins) of all such pairs, note by note."""
    last_unit = len(bounds) - 2
    # np.clip takes several times as long.
    first = np.minimum(np.maximum(bounds.searchsorted(onset, side="right") - 1, 0), last_unit)
    last = np.minimum(np.maximum(bounds.searchsorted(end, side="left") - 1, first), last_unit)
    inside = (onset < bounds[-1]) & (end > bounds[0])
    counts = np.where(inside, last - first + 1, 0)
    note = np.repeat(np.arange(len(onset)), counts)
    before = np.repeat(counts.cumsum() - counts, counts)
    return note, first[note] + np.arange(len(note)) - before


def _snap(onset: Integers, end: Integers, bounds: Integers) -> NDArray[np.bool_]:
    """Move onsets that are just before an edge onto it, in place; which notes begin on an edge."""
    nearest = np.minimum(bounds.searchsorted(onset), len(bounds) - 1)
    ahead = bounds[nearest] - onset
    early = (ahead > 0) & (ahead <= SAME_MOMENT_TICKS) & (end > bounds[nearest] + SAME_MOMENT_TICKS)
    onset[early] = bounds[nearest[early]]
    behind = onset - bounds[np.maximum(bounds.searchsorted(onset, side="right") - 1, 0)]
    return np.asarray((behind >= 0) & (behind <= SAME_MOMENT_TICKS))

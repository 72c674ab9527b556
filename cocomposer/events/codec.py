"""Notes to rows and back. Knows the layout, not the network and not where the notes come from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import (
    BEAT_UNKNOWN,
    COLUMN,
    COLUMNS,
    PART_UNKNOWN,
    PHASE_UNKNOWN,
    PITCH_NONE,
    QUALITY_UNKNOWN,
    RECENT,
    ROOT_UNKNOWN,
    STYLES,
    VELOCITY_BIN,
    VELOCITY_UNKNOWN,
)
from cocomposer.events.steps import step_of, ticks_of
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Metre:
    """What is known of the beat while encoding: nothing, beats (ticks that are multiples of 48), or bars too."""

    beat_known: bool = False
    bar_tick: int | None = None
    ticks_per_bar: int = 4 * TICKS_PER_BEAT

    def position(self, onset_tick: int) -> tuple[int, int]:
        """(phase, beat) classes of an onset."""
        if not self.beat_known:
            return PHASE_UNKNOWN, BEAT_UNKNOWN
        if self.bar_tick is None:
            return onset_tick % TICKS_PER_BEAT, BEAT_UNKNOWN
        in_bar = (onset_tick - self.bar_tick) % self.ticks_per_bar
        return in_bar % TICKS_PER_BEAT, min(in_bar // TICKS_PER_BEAT, BEAT_UNKNOWN - 1)


def velocity_class(velocity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class 1–32 of a velocity 1–127; 0 (unknown) stays VELOCITY_UNKNOWN."""
    # np.clip takes several times as long.
    return np.where(velocity <= 0, VELOCITY_UNKNOWN, 1 + np.minimum(np.maximum(velocity, 0), 127) // VELOCITY_BIN)


def velocity_of(velocity_classes: int) -> int:
    """The middle velocity of a class; 80 where it is unknown."""
    if velocity_classes == VELOCITY_UNKNOWN:
        return 80
    return min(127, (velocity_classes - 1) * VELOCITY_BIN + VELOCITY_BIN // 2)


def rows_of(
    onset: NDArray[np.int64],
    pitch: NDArray[np.int64],
    duration: NDArray[np.int64],
    velocity: NDArray[np.int64],
    pedal: NDArray[np.int64],
    phase: NDArray[np.int64],
    beat: NDArray[np.int64],
    style: int,
    chord_root: NDArray[np.int64] | int = ROOT_UNKNOWN,
    chord_quality: NDArray[np.int64] | int = QUALITY_UNKNOWN,
    part: NDArray[np.int64] | int = PART_UNKNOWN,
) -> Rows:
    """Rows int64 [notes, COLUMNS] from arrays [notes] in order of (onset, pitch); ticks, velocity 0 = unknown."""
    rows = np.empty((len(onset), len(COLUMNS)), dtype=np.int64)
    since = np.zeros_like(onset)
    np.subtract(onset[1:], onset[:-1], out=since[1:])
    rows[:, COLUMN["onset"]] = step_of(since)
    rows[:, COLUMN["pitch"]] = pitch
    rows[:, COLUMN["duration"]] = np.maximum(step_of(duration), 1)
    rows[:, COLUMN["velocity"]] = velocity_class(velocity)
    rows[:, COLUMN["pedal"]] = pedal
    rows[:, COLUMN["phase"]] = phase
    rows[:, COLUMN["beat"]] = beat
    rows[:, COLUMN["style"]] = style
    rows[:, COLUMN["chord_root"]] = chord_root
    rows[:, COLUMN["chord_quality"]] = chord_quality
    rows[:, COLUMN["part"]] = part
    for back in range(1, RECENT + 1):
        column = rows[:, COLUMN[f"before_{back}"]]
        column[:back] = PITCH_NONE
        column[back:] = pitch[:-back]
    return rows


def encode(
    notes: Sequence[Note], metre: Metre, style: str = "unknown", before: Sequence[Note] = ()
) -> tuple[Rows, NDArray[np.int64]]:
    """Rows and onset ticks of `notes` (sorted), as they follow the notes `before` them."""
    lead = list(before[-RECENT:])
    whole = [*lead, *notes]
    if not whole:
        return np.empty((0, len(COLUMNS)), dtype=np.int64), np.empty(0, dtype=np.int64)
    table = np.asarray(
        [(n.onset_tick, n.pitch, n.duration_ticks, n.velocity, n.pedal, *metre.position(n.onset_tick)) for n in whole],
        dtype=np.int64,
    )
    onset = np.maximum.accumulate(table[:, 0])
    pitch, duration, velocity, pedal, phase, beat = table[:, 1:].T
    rows = rows_of(onset, pitch, duration, velocity, pedal, phase, beat, STYLES.index(style))
    return rows[len(lead) :], onset[len(lead) :]


def note_of(drawn: Sequence[int], last_onset: int, channel: int = 0) -> Note:
    """The note that the DRAWN classes (onset, pitch, duration, velocity, pedal) mean after `last_onset`."""
    onset, pitch, duration, velocity, pedal = drawn
    steps = ticks_of(np.asarray((onset, duration), dtype=np.int64))
    return Note(last_onset + int(steps[0]), pitch, max(1, int(steps[1])), velocity_of(velocity), channel, Pedal(pedal))

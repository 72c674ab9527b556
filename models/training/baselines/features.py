"""What a counting baseline may look at: columns of notes, and what follows from a note's past, [notes] each.

Every column is a function of its note and of those before it in its piece; who counts says how far a note may look.
Knows no counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN, GIVEN
from cocomposer.events.steps import LONGEST, STEP_COUNT, ticks_of
from cocomposer.music.note import Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

Column = NDArray[np.int16]

REACH = 8
"""Notes back that the derived columns look."""
NONE = -300
"""Stands for "there is none"; no difference of two pitches."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Columns of many pieces in one long array each, and how deep each note lies in its piece."""

    columns: dict[str, Column]
    depth: NDArray[np.int32]

    @classmethod
    def of(cls, pieces: Sequence[Rows]) -> "Notes":
        """All rows of all pieces, each int64 [notes, COLUMNS]."""
        depth = np.concatenate([np.arange(len(piece), dtype=np.int32) for piece in pieces])
        columns = {
            field.name: np.concatenate([piece[:, COLUMN[field.name]].astype(np.int16) for piece in pieces])
            for field in (*DRAWN, *GIVEN)
        }
        notes = cls(columns, depth)
        columns["together"] = (columns["onset"] == 0).astype(np.int16)
        columns["interval"] = columns["pitch"] - notes.back("pitch", 1, 0)
        for group in (_regions, _chords, _sounding, _same_pitch, _pitch_classes, _pedal):
            columns.update(group(notes))
        return notes

    def back(self, name: str, notes: int, absent: int = NONE) -> Column:
        """A column as it stood `notes` before each note; `absent` before the piece began."""
        column = self.columns[name]
        if notes == 0:
            return column
        return np.where(self.depth >= notes, np.roll(column, notes), absent).astype(np.int16)


def region(ticks: NDArray[np.int64]) -> Column:
    """Class of a length in ticks: 0 for none, else half octaves."""
    return np.where(ticks <= 0, 0, 1 + np.rint(2 * np.log2(np.maximum(ticks, 1)))).astype(np.int16)


_REGION_OF_STEP = region(ticks_of(np.arange(STEP_COUNT)))


def _regions(notes: Notes) -> dict[str, Column]:
    """Lengths and places, coarser, for music that is not on the grid."""
    columns = notes.columns
    return {
        "onset_region": _REGION_OF_STEP[columns["onset"]],
        "duration_region": _REGION_OF_STEP[columns["duration"]],
        # The nearest 16th; 8 where no beat is known.
        "sixteenth": np.where(
            columns["phase"] < TICKS_PER_BEAT, np.rint(columns["phase"] / (TICKS_PER_BEAT / 4)) % 4, 8
        ).astype(np.int16),
    }


def _chords(notes: Notes) -> dict[str, Column]:
    """Notes struck together as one chord: its distance from those before, and who in it stands where this note does."""
    pitch, onset, depth = notes.columns["pitch"], notes.columns["onset"], notes.depth
    place = np.arange(len(pitch), dtype=np.int32)
    start = np.maximum.accumulate(np.where((onset != 0) | (depth == 0), place, 0))
    rank = place - start
    last = notes.back("pitch", 1, 0)
    result = {"rank": np.minimum(rank, 9).astype(np.int16), "gap_1": onset[start]}
    upper, is_there = start, depth >= 0
    for back in range(1, 4):
        # The chord `back` before this one: notes [lower, upper).
        is_there = is_there & (depth[upper] > 0)
        lower = start[np.maximum(upper - 1, 0)]
        inside = is_there & (lower + rank < upper)
        voice = np.where(inside, pitch[np.minimum(lower + rank, len(pitch) - 1)] - last, NONE)
        result[f"voice_{back}"] = voice.astype(np.int16)
        result[f"gap_{back + 1}"] = np.where(is_there, onset[lower], NONE).astype(np.int16)
        if back == 1:
            result["chord_size"] = np.where(is_there, np.minimum(upper - lower, 9), 0).astype(np.int16)
            twin = np.where(inside, lower + rank, place)
            for name in ("duration", "velocity"):
                result[f"voice_{name}"] = np.where(inside, notes.columns[name][twin], NONE).astype(np.int16)
            above = np.full(len(pitch), 500, dtype=np.int16)
            for offset in range(REACH):
                there = is_there & (lower + offset < upper)
                step = pitch[np.minimum(lower + offset, len(pitch) - 1)] - last
                above = np.where(there & (step > 0) & (step < above), step, above)
            result["above"] = above
        upper = lower
    return result


def _sounding(notes: Notes) -> dict[str, Column]:
    """Ticks until the first and the second of the notes that still sound at this onset end; 0 if none does."""
    onset = np.cumsum(ticks_of(notes.columns["onset"].astype(np.int64))).astype(np.int32)
    end = onset + ticks_of(notes.columns["duration"].astype(np.int64)).astype(np.int32)
    first = np.full(len(onset), LONGEST + 1, dtype=np.int32)
    second = first.copy()
    for back in range(REACH):
        left = np.where(notes.depth >= back, np.roll(end, back) - onset, 0)
        left = np.where(left > 0, np.minimum(left, LONGEST), LONGEST + 1)
        second = np.where(left < first, first, np.where(left > first, np.minimum(second, left), second))
        first = np.minimum(first, left)
    return {
        name: np.where(left <= LONGEST, left, 0).astype(np.int16)
        for name, left in (("end_1", first), ("end_2", second))
    }


def _same_pitch(notes: Notes) -> dict[str, Column]:
    """What the last note of this pitch in the piece was like."""
    piece = np.cumsum(notes.depth == 0)
    key = piece * 128 + notes.columns["pitch"]
    order = np.argsort(key, kind="stable")
    again = np.diff(key[order], prepend=-1) == 0
    result = {}
    for name in ("velocity", "duration"):
        column = np.empty_like(notes.columns[name])
        column[order] = np.where(again, np.roll(notes.columns[name][order], 1), NONE)
        result[f"same_{name}"] = column
    return result


def _pitch_classes(notes: Notes) -> dict[str, Column]:
    """Which pitch classes the last notes had, seen from the last note: the key, as far as it shows, in no key."""
    last = notes.back("pitch", 1, 0)
    heard = np.zeros(len(last), dtype=np.int16)
    result = {}
    for back in range(1, 2 * REACH + 1):
        seen = np.int16(1) << ((notes.back("pitch", back, 0) - last) % 12)
        heard = np.where(notes.depth >= back, heard | seen, heard)
        if back in (REACH // 2, REACH, 2 * REACH):
            result[f"heard_{back}"] = heard
    return result


def _pedal(notes: Notes) -> dict[str, Column]:
    """How long, in half octaves of ticks, the pedal has been as it is."""
    onset = np.cumsum(ticks_of(notes.columns["onset"].astype(np.int64)))
    pedal = notes.columns["pedal"]
    changed = (pedal == Pedal.FRESH) | (pedal != notes.back("pedal", 1)) | (notes.depth == 0)
    since = np.maximum.accumulate(np.where(changed, onset, 0))
    return {"pedal_age": region(onset - since)}

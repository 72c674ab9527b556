"""Chorales as arrays of steps: reading the benchmark's two files, and what a step looks like from within a piece.

A step has four slots. On the 16th grid they are the voices S, A, T, B; on the quarter grid they are the sounding
pitches from the top down, and slots beyond the last pitch are NONE. A value is a key of the piano, 0–87 (MIDI 21–108),
or NONE. Knows no network and no scores.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SLOTS = 4
KEYS = 88
LOWEST = 21
NONE = KEYS
"""Silence of a voice; in a quarter frame, the end of the frame."""
VALUES = KEYS + 1
SPLITS = ("train", "valid", "test")
FILES = {"sixteenth": "jsb16_satb.json", "quarter": "jsb_quarter.json"}
TONIC = {"sixteenth": None, "quarter": 0}
"""Pitch class that every piece of the file was moved to (the quarter file: all in C), if it was."""
NO_CLASS = 12
"""The pitch class of silence, or one without a reference."""

Values = NDArray[np.int64]
"""[steps, SLOTS] keys or NONE."""


@dataclass(frozen=True)
class Rows:
    """What is known before each step of a piece, one row per step; nothing in a row knows its step or a later one."""

    before: Values
    """Values of the step before (NONE before the first)."""
    distinct: Values
    """The last pitch of each slot other than its value in `before`; NONE if there was none."""
    held: Values
    """For how many steps each slot has had its value, 0 before the first step."""
    tonic: NDArray[np.int64]
    """[steps] pitch class that degrees are counted from: the piece's key where the file tells it, else that of the
    lowest pitch of the first sounding step (NO_CLASS until it has sounded)."""
    index: NDArray[np.int64]
    """[steps] number of the step in the piece."""


def read_split(folder: Path, grid: str, split: str) -> list[Values]:
    """Pieces of a split of the grid "sixteenth" or "quarter"; ValueError where the file is not what the grid needs."""
    path = folder / FILES[grid]
    if not path.exists():
        raise ValueError(f"{path} does not exist; name the benchmark's folder with --benchmark.")
    pieces = json.loads(path.read_text(encoding="utf-8"))[split]
    read = voices if grid == "sixteenth" else frames
    try:
        return [read(piece) for piece in pieces]
    except ValueError as fault:
        raise ValueError(f"{path}: {fault}") from fault


def voices(steps: list[list[int]]) -> Values:
    """Values of steps [S, A, T, B] in MIDI pitches, -1 = silence."""
    pitches = np.array(steps, np.int64)
    if pitches.ndim != 2 or pitches.shape[1] != SLOTS:
        raise ValueError(f"a step has not {SLOTS} voices.")
    return np.where(pitches < 0, NONE, _keys(pitches, pitches >= 0))


def frames(steps: list[list[int]]) -> Values:
    """Values of frames that list their pitches in any order, from the top down."""
    values = np.full((len(steps), SLOTS), NONE, np.int64)
    for row, pitches in zip(values, steps, strict=True):
        ordered = np.array(sorted(set(pitches), reverse=True), np.int64)
        if len(ordered) > SLOTS:
            raise ValueError(f"a frame has {len(ordered)} pitches; a chorale has at most {SLOTS} voices.")
        row[: len(ordered)] = _keys(ordered, np.ones(len(ordered), bool))
    return values


def _keys(pitches: NDArray[np.int64], sounding: NDArray[np.bool_]) -> NDArray[np.int64]:
    keys = pitches - LOWEST
    if ((keys < 0) | (keys >= KEYS))[sounding].any():
        raise ValueError(f"a pitch lies outside {LOWEST}–{LOWEST + KEYS - 1}.")
    return keys


def transposed(values: Values, semitones: int) -> Values:
    """The piece higher by so many semitones; NONE stays."""
    return np.where(values == NONE, NONE, values + semitones)


def room(pieces: list[Values]) -> list[tuple[int, int]]:
    """By how many semitones each piece can move while each slot stays within its range in all the pieces."""
    lows, highs = zip(*(_ranges(values) for values in pieces), strict=True)
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    return [(int((low - own).max()), int((high - top).min())) for own, top in zip(lows, highs, strict=True)]


def _ranges(values: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lowest and highest key of each slot; a slot that is silent throughout has any range."""
    sounding = values != NONE
    return np.where(sounding, values, KEYS).min(0), np.where(sounding, values, -1).max(0)


def rows_of(values: Values, key: int | None) -> Rows:
    """What is known before each of the steps of a piece in the key of a pitch class (None: not told)."""
    steps = len(values)
    before = np.concatenate((np.full((1, SLOTS), NONE, np.int64), values[:-1]))
    numbers = np.arange(steps)[:, None]
    changed = np.concatenate((np.zeros((1, SLOTS), bool), before[1:] != before[:-1]))
    # Row number of the last change of each slot; the value before it is the other pitch.
    since = np.maximum.accumulate(np.where(changed, numbers, 0), axis=0)
    distinct = np.take_along_axis(before, np.maximum(since - 1, 0), axis=0)
    distinct = np.where(since > 0, distinct, NONE)
    held = np.minimum(numbers - np.maximum(since, 1) + 1, numbers)
    sounds = (values != NONE).any(1)
    tonic = np.full(steps, NO_CLASS if key is None else key % 12, np.int64)
    if key is None and sounds.any():
        first = int(sounds.argmax())
        tonic[first + 1 :] = (values[first][values[first] != NONE].min() + LOWEST) % 12
    return Rows(before, distinct, held, tonic, numbers[:, 0])

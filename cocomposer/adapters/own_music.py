"""A folder of the player's own MIDI files, to be played like ("play like these"): read one by one, with progress.

A file that cannot be used is skipped with a sentence, and so says a folder without music. Knows no memory: whoever
asks gives the rows on.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, is_on_beats, read_midi_file
from cocomposer.events.codec import Rows, rows_of
from cocomposer.events.layout import BEAT_UNKNOWN, PHASE_UNKNOWN
from cocomposer.music.note import Pedal
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT, NOMINAL_SECONDS_PER_TICK, TICKS_PER_BEAT

MOST_FILES: Final = 1000
MOST_NOTES: Final = 100_000
"""Of all files together; the last file is cut where it reaches this, and the rest are left out."""
MOST_FOLDERS: Final = 10_000
SUFFIXES: Final = frozenset({".mid", ".midi"})
DRUM_CHANNEL: Final = 9


@dataclass(frozen=True, slots=True)
class OwnPiece:
    """One file, and how far the reading is."""

    number: int
    """From 1."""
    total: int
    name: str
    rows: Rows
    """int64 [notes, COLUMNS]; empty where the file was skipped."""
    sentence: str | None = None
    """Why it was skipped or cut, for the player."""


def own_files(folder: str | Path) -> list[Path]:
    """The MIDI files in `folder` and below, in order; hidden ones, and what links lead to, left out.

    MidiFileError, in one sentence, where there is none.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MidiFileError(f"{folder} is no folder; give one with MIDI files in it.")
    found: list[Path] = []
    for number, (root, folders, names) in enumerate(os.walk(folder)):
        if number >= MOST_FOLDERS:
            break
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(root, name)
            for name in sorted(names)
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES
        ]
    if not found:
        raise MidiFileError(f"{folder} holds no MIDI files; give a folder with files that end in .mid.")
    return found


def read_own(paths: list[Path], drums: bool = False) -> Iterator[OwnPiece]:
    """The pieces in these files, each as soon as it is read; at most MOST_FILES, and MOST_NOTES in all.

    `drums`: their drums only; else all but those. MidiFileError at the end where not one had any music.
    """
    total = min(len(paths), MOST_FILES)
    room = MOST_NOTES
    for number, path in enumerate(paths[:MOST_FILES], 1):
        nothing = _rows(np.empty((0, 4), dtype=np.int64), 0)
        try:
            rows = own_rows(read_midi_file(path), drums)
        except MidiFileError as error:
            yield OwnPiece(number, total, path.name, nothing, str(error))
            continue
        sentence = None
        if not len(rows):
            what = "no drums" if drums else "nothing but drums"
            sentence = f"{path.name} has {what} and was left out."
        elif len(rows) > room:
            rows = rows[:room]
            sentence = f"{path.name} and what follows was cut: {MOST_NOTES:,} notes are remembered at most."
        room -= len(rows)
        yield OwnPiece(number, total, path.name, rows, sentence)
        if not room:
            return
    if room == MOST_NOTES:
        raise MidiFileError("None of these files has music that can be used; choose others.")


def own_rows(piece: MidiPiece, drums: bool = False) -> Rows:
    """The notes of a file, all parts together, int64 [notes, COLUMNS]; on beats if the file's notes lie on them."""
    notes = piece.notes[(piece.notes[:, 4] == DRUM_CHANNEL) == drums]
    on_beats = is_on_beats(piece)
    if on_beats:
        moments = piece.beats_of(notes[:, :2]) * TICKS_PER_BEAT
    else:
        moments = piece.seconds_of(notes[:, :2]) / NOMINAL_SECONDS_PER_TICK
    ticks = np.rint(moments).astype(np.int64)
    placed = np.column_stack((ticks[:, 0], notes[:, 2], np.maximum(ticks[:, 1] - ticks[:, 0], 1), notes[:, 3]))
    # Of a pitch struck twice at once the longer note stays, and notes that begin together come in order of pitch.
    placed = placed[np.lexsort((-placed[:, 2], placed[:, 1], placed[:, 0]))]
    if len(placed):
        placed = placed[np.r_[True, (np.diff(placed[:, :2], axis=0) != 0).any(axis=1)]]
    return _rows(placed, _beats_per_bar(piece) if on_beats else 0)


def _rows(placed: np.ndarray[tuple[int, ...], np.dtype[np.int64]], beats_per_bar: int) -> Rows:
    """Rows of notes [notes, 4] (onset, pitch, duration in ticks, velocity); 0 beats a bar: no beat is known."""
    onset, pitch, duration, velocity = placed.T
    phase, beat = np.full_like(onset, PHASE_UNKNOWN), np.full_like(onset, BEAT_UNKNOWN)
    if beats_per_bar:
        phase, beat = onset % TICKS_PER_BEAT, onset // TICKS_PER_BEAT % beats_per_bar
    pedal = np.full_like(onset, Pedal.UNKNOWN)
    return rows_of(onset, pitch, duration, velocity, pedal, phase, beat, style=0)


def _beats_per_bar(piece: MidiPiece) -> int:
    """Quarter notes in a bar of the first metre; what is no whole number of them, or is not told, is usual."""
    if piece.meters:
        quarters, rest = divmod(piece.meters[0][1] * 4, piece.meters[0][2])
        if not rest and 1 <= quarters <= BEAT_UNKNOWN:
            return quarters
    return BEATS_PER_BAR_DEFAULT

"""The chord in force at each note of a training piece, found by the app's own ear, as one small number per note.

So a model learns what a chord symbol means, and can be told one while playing. Melodies alone are left
without: what could be harmonised in many ways teaches nothing. Knows no network.
"""

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import CHORD_QUALITIES, QUALITY_UNKNOWN, ROOT_UNKNOWN
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.progression import chords_of
from cocomposer.music.note import Note
from models.training.pieces import Piece

NO_CHORD = 0
"""Nothing is known, or there is no chord."""
QUALITIES = len(ChordClass)
LEAST_SOUNDING = 1.3
"""Where fewer notes than this sound at a time, from first to last, the music is a melody."""
LONGEST_PASSAGE = 2_000
"""Notes that are divided into chords at once."""


def labels_of(piece: Piece) -> NDArray[np.uint8]:
    """Labels [notes] of a piece with pitches."""
    ticks = np.rint(piece.onset).astype(np.int64)
    labels = np.full(len(ticks), NO_CHORD, dtype=np.uint8)
    lengths = np.maximum(1, np.rint(piece.duration).astype(np.int64))
    if lengths.sum() < LEAST_SOUNDING * ((ticks + lengths).max() - ticks[0]):
        return labels
    for start in range(0, len(ticks), LONGEST_PASSAGE):
        now = slice(start, start + LONGEST_PASSAGE)
        metre = Metre(bar_tick=None, beat_known=False)
        if piece.in_bar[start] >= 0:
            metre = Metre(bar_tick=int(ticks[start] - np.rint(piece.in_bar[start])))
        columns = (ticks[now].tolist(), piece.pitch[now].tolist(), lengths[now].tolist())
        for span in chords_of([Note(*note, velocity=80) for note in zip(*columns, strict=True)], metre):
            if span.chord is not None:
                inside = (ticks[now] >= span.tick) & (ticks[now] < span.end_tick)
                labels[now][inside] = label(span.chord.root, fold(span.chord))
    return labels


def label(root: int, quality: ChordClass) -> int:
    """One number for a folded chord, 1–96."""
    return 1 + root * QUALITIES + CHORD_QUALITIES.index(quality) - 1


def roots_of(labels: NDArray[np.uint8], shift: int = 0) -> NDArray[np.int64]:
    """Classes of the layout's chord_root, after a transposition by `shift` semitones."""
    known = labels.astype(np.int64) - 1
    return np.where(labels == NO_CHORD, ROOT_UNKNOWN, (known // QUALITIES + shift) % 12)


def qualities_of(labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Classes of the layout's chord_quality."""
    known = labels.astype(np.int64) - 1
    return np.where(labels == NO_CHORD, QUALITY_UNKNOWN, 1 + known % QUALITIES)

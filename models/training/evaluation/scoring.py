"""What a piece costs a model, in nats, and the sums of a piece that every table is made of.

A scorer takes many passages at once, so that a model with a cache and a count of n-grams look alike to the tables.
Knows no corpus layout beyond a `Source`, and no intervals.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.generation.likelihood import costs
from models.training.pieces import Piece, Source, load

Ticks = NDArray[np.int64]
Nats = NDArray[np.float64]
"""[fields, notes - 1]: what each note after the first costs; nan where a field says nothing."""


class Passage(NamedTuple):
    """Notes that are scored from their second on: rows [notes, COLUMNS] and onset ticks [notes]."""

    rows: Rows
    ticks: Ticks


Scorer = Callable[[Sequence[Passage]], list[Nats]]
"""What each passage costs, each heard from its beginning and by itself."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A piece to be scored; `piece` is what the file says, `passage` what a model reads of it."""

    source: Source
    piece: Piece
    passage: Passage


def read_pieces(sources: Iterable[Source]) -> list[HeldOut]:
    """Each readable file with at least two notes, without augmentation; others are named and skipped."""
    pieces = []
    for source in sources:
        try:
            piece = load(source)
        except MidiFileError as error:
            print(f"skipped: {error}", file=sys.stderr)
            continue
        except OSError as error:
            print(f"skipped: {source.path} cannot be read ({error.strerror})", file=sys.stderr)
            continue
        if len(piece) < 2:
            print(f"skipped: {source.path} has fewer than two notes", file=sys.stderr)
            continue
        pieces.append(HeldOut(source, piece, Passage(*piece.rows(source.style))))
    return pieces


def onnx_scorer(model: OnnxNoteModel) -> Scorer:
    """The model through its ONNX graphs, each note given all before it as far as the window reaches."""
    scoring = _OnnxScoring(model)
    return lambda passages: [scoring.nats(*passage) for passage in passages]


class _OnnxScoring:
    """Scores passages in turn; what a passage begins with as the one before it did is not computed again."""

    def __init__(self, model: OnnxNoteModel) -> None:
        self._model = model
        self._rows = np.empty((0, len(COLUMN)), dtype=np.int64)
        self._ticks = np.empty(0, dtype=np.int64)
        self._nats = np.empty((len(DRAWN), 0))

    def nats(self, rows: Rows, ticks: Ticks) -> Nats:
        model, ticks = self._model, ticks - ticks[0]
        # The last note that both begin with is fed again: what it expects was compared with another note.
        start = max(0, self._common(rows, ticks) - 1)
        if not start or not model.rewind(start):
            model.reset()
            start = 0
        parts = [self._nats[:, :start]]
        for begin in range(start, len(rows) - 1, model.chunk):
            now = slice(begin, min(begin + model.chunk, len(rows) - 1))
            hidden = model.feed(rows[now], ticks[now])
            parts.append(costs(model, hidden, rows[now], rows[now.start + 1 : now.stop + 1]).T)
        self._rows, self._ticks, self._nats = rows[:-1], ticks[:-1], np.concatenate(parts, axis=1)
        return uncounted(self._nats, rows)

    def _common(self, rows: Rows, ticks: Ticks) -> int:
        """How many notes fed before this passage begins with."""
        most = min(len(self._rows), len(rows) - 1)
        same = (self._rows[:most] == rows[:most]).all(axis=1) & (self._ticks[:most] == ticks[:most])
        return most if same.all() else int(np.argmin(same))


def uncounted(nats: Nats, rows: Rows) -> Nats:
    """`nats` [fields, notes - 1] with nan where a field of the note says nothing (unknown velocity or pedal)."""
    lowest = np.asarray([field.first_drawn for field in DRAWN])[:, None]
    return np.where(lowest <= rows[1:, : len(DRAWN)].T, nats, np.nan)


@dataclass(frozen=True, slots=True)
class Sums:
    """What whole pieces cost: enough to form every mean and to draw pieces anew."""

    nats: NDArray[np.float64]
    """[pieces, fields]"""
    counted: NDArray[np.int64]
    """[pieces, fields] notes whose field says something."""
    notes: NDArray[np.int64]
    """[pieces] notes after the first."""

    @classmethod
    def of(cls, costs: Sequence[Nats]) -> "Sums":
        """Sums over the notes of each piece."""
        return cls(
            np.stack([np.nansum(cost, axis=1) for cost in costs]),
            np.stack([(~np.isnan(cost)).sum(axis=1) for cost in costs]),
            np.asarray([cost.shape[1] for cost in costs]),
        )

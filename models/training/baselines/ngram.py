"""The counting baseline: n-grams with back-off on the very fields of a note, in all keys, several ladders blended.

`ngram_nats` counts in the training music only; `memory_nats` counts in the piece so far too, since music repeats
itself: its ladders stand on what the training music says. Pitch is counted as an interval (one ladder aside); what an
interval would put beyond the keyboard is lost, so the probabilities of all 128 pitches sum to one or a trifle less. The
weights in `ngram_weights.json` were tuned on the valid split (see `tune`). Knows no network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import DRAWN, Field
from models.training.baselines.blending import LadderWeights, Weights, blend, climb, read_weights
from models.training.baselines.counting import Counts, contexts, counted, counted_before
from models.training.baselines.features import Notes
from models.training.baselines.ladders import LADDERS, Ladder

WEIGHTS = Path(__file__).with_name("ngram_weights.json")
Nats = list[NDArray[np.float64]]
_LARGEST_INTERVAL = 127


@cache
def _weights() -> Weights:
    return read_weights(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Question:
    """What one field of some notes is after what came before, and where it can be learnt."""

    field: Field
    learnt: Notes
    asked: Notes
    is_learnable: NDArray[np.bool_]
    """[notes of `learnt`]"""
    places: NDArray[np.int64]
    """The notes of `asked` that count: no first ones, none whose field is unknown."""

    @classmethod
    def of(cls, field: Field, learnt: Notes, asked: Notes) -> "Question":
        """The question for a field of DRAWN."""
        counts = [(notes.columns[field.name] >= field.first_drawn) & (notes.depth > 0) for notes in (learnt, asked)]
        return cls(field, learnt, asked, counts[0], np.flatnonzero(counts[1]))

    @property
    def base(self) -> NDArray[np.float64]:
        """Chance, [places]."""
        return np.full(len(self.places), 1 / (self.field.classes - self.field.first_drawn))

    @property
    def style(self) -> NDArray[np.int64]:
        """The kind of music, [places]."""
        return self.asked.columns["style"][self.places].astype(np.int64)

    def corpus(self, ladder: Ladder) -> list[Counts]:
        """Counts in the training music for each step of a ladder, the empty context first."""
        seen = _symbols(self.learnt, ladder)[self.is_learnable]
        wanted = _symbols(self.asked, ladder)[self.places]
        both = zip(contexts(self.learnt, ladder.steps), contexts(self.asked, ladder.steps), strict=True)
        return [counted(known[self.is_learnable], seen, mine[self.places], wanted) for known, mine in both]

    def memory(self, ladder: Ladder) -> list[Counts]:
        """Counts in the piece so far for each step of a ladder, the empty context first."""
        piece = np.cumsum(self.asked.depth == 0)[self.places]
        wanted = _symbols(self.asked, ladder)[self.places]
        return [counted_before(mine[self.places], wanted, piece) for mine in contexts(self.asked, ladder.steps)]


def _symbols(notes: Notes, ladder: Ladder) -> NDArray[np.int64]:
    column = notes.columns[ladder.symbol].astype(np.int64)
    return column + _LARGEST_INTERVAL if ladder.symbol == "interval" else column


def ngram_nats(train: Sequence[Rows], pieces: Sequence[Rows]) -> Nats:
    """Negative log-likelihoods of `pieces`, learnt from `train`: for each piece [fields, notes - 1].

    nan where a field of a note says nothing. Rows are int64 [notes, COLUMNS]; ValueError if `train` is empty.
    """
    return both_nats(train, pieces)[0]


def memory_nats(train: Sequence[Rows], pieces: Sequence[Rows]) -> Nats:
    """As `ngram_nats`, with a memory of each piece's own notes before the one that is asked."""
    return both_nats(train, pieces)[1]


def both_nats(train: Sequence[Rows], pieces: Sequence[Rows], weights: Weights | None = None) -> tuple[Nats, Nats]:
    """`ngram_nats` and `memory_nats` in the time of one."""
    if not train:
        raise ValueError("The n-gram has nothing to learn from; give it a train split.")
    if not pieces:
        return [], []
    learnt, asked = Notes.of(train), Notes.of(pieces)
    tables = weights or _weights()
    whole = np.full((2, len(DRAWN), len(asked.depth)), np.nan)
    for number, field in enumerate(DRAWN):
        question = Question.of(field, learnt, asked)
        plain = _plain(question, tables["corpus"][field.name])
        whole[0, number, question.places] = -np.log(plain)
        whole[1, number, question.places] = -np.log(_remembering(question, plain, tables["memory"][field.name]))
    ends = np.cumsum([len(rows) for rows in pieces])
    plain_nats, memory = (
        [table[:, end - len(rows) + 1 : end].copy() for rows, end in zip(pieces, ends, strict=True)] for table in whole
    )
    return plain_nats, memory


def _plain(question: Question, weights: Sequence[LadderWeights]) -> NDArray[np.float64]:
    ladders = LADDERS[question.field.name]
    climbed = [climb(question.corpus(ladder), question.base, w) for ladder, w in zip(ladders, weights, strict=True)]
    return blend(climbed, question.style, weights)


def _remembering(
    question: Question, plain: NDArray[np.float64], weights: Sequence[LadderWeights]
) -> NDArray[np.float64]:
    ladders = LADDERS[question.field.name]
    climbed = [climb(question.memory(ladder), plain, w) for ladder, w in zip(ladders, weights, strict=False)]
    return blend([*climbed, climb([], plain, weights[-1])], question.style, weights)

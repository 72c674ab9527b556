"""Pieces to be heard with a memory, and what the model and the memory say of each of their notes.

A held-out piece is heard from its beginning; the memory is that of the product, of the piece so far and, if asked, of
other pieces by the same composer, as if they were the player's own files. Of those, other held-out pieces are taken
first; what is from the train split the model has learnt from, as it has learnt from other music of the composer, with
or without a memory. Knows no figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.events.codec import Rows
from cocomposer.events.layout import DRAWN, PLACE_COLUMNS, RECENT_COLUMNS, Field
from cocomposer.memory.recall import Recall, Votes
from cocomposer.memory.store import Store
from models.training.evaluation.scoring import Passage
from models.training.pieces import Source

DRUMS: Final = "drums"
NOBODY: Final = frozenset({"", "traditional", "anonim", "anonymous", "anon"})
"""What stands for a composer where there is none."""
OTHERS: Final = 5
"""Pieces of the composer in memory."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A held-out piece, and others by its composer; none where the piece is heard alone."""

    held: Source
    others: tuple[Source, ...] = ()


def of_composers(sources: Sequence[Source], split: str, seed: int = 1) -> list[Trial]:
    """For each composer with a piece in `split` and OTHERS more (none of its group), one piece drawn at random."""
    rng = np.random.default_rng(seed)
    pieces = defaultdict(list)
    for source in sources:
        if source.composer.lower() not in NOBODY:
            pieces[source.composer].append(source)
    trials = []
    for _, mine in sorted(pieces.items()):
        held = [source for source in mine if source.split == split]
        if not held:
            continue
        chosen = held[int(rng.integers(len(held)))]
        rest = [s for s in mine if s is not chosen and (not s.group or s.group != chosen.group)]
        shuffled = [rest[int(n)] for n in rng.permutation(len(rest))]
        # Stable: among the held-out ones, and among the others, the random order stays.
        others = sorted(shuffled, key=lambda source: source.split == "train")[:OTHERS]
        if len(others) == OTHERS:
            trials.append(Trial(chosen, tuple(others)))
    return trials


def alone(sources: Sequence[Source], split: str, kind: str, most: int, seed: int = 1) -> list[Trial]:
    """At most so many pieces of a kind, drawn at random, each heard alone."""
    mine = [source for source in sources if source.split == split and source.kind == kind]
    order = np.random.default_rng(seed).permutation(len(mine))
    return [Trial(mine[int(n)]) for n in sorted(order[:most])]


def logits_of(model: OnnxNoteModel, passage: Passage) -> Iterator[list[NDArray[np.float32]]]:
    """For each note after the first the model's logits of every field, [classes] each."""
    rows, ticks = passage.rows, passage.ticks - passage.ticks[0]
    model.reset()
    for begin in range(0, len(rows) - 1, model.chunk):
        now = slice(begin, min(begin + model.chunk, len(rows) - 1))
        hidden = model.feed(rows[now], ticks[now])
        following = rows[now.start + 1 : now.stop + 1]
        place = np.ascontiguousarray(following[:, PLACE_COLUMNS])
        recent = rows[now][:, RECENT_COLUMNS]
        drawn = np.ascontiguousarray(following[:, : len(DRAWN)])
        heads = [model.head(number, hidden, drawn, place, recent) for number in range(len(DRAWN))]
        for note in range(len(following)):
            yield [head[note] for head in heads]


class Asked(NamedTuple):
    """One field of one note: what the model says, what each memory says, and what came."""

    note: int
    field: Field
    logits: NDArray[np.float64]
    votes: tuple[Votes, ...]
    target: int


def store_of(pieces: Iterable[Rows], kind: str) -> Store:
    """The player's own pieces as a memory."""
    store = Store(by_interval=kind != DRUMS)
    for rows in pieces:
        store.extend(rows, begins_piece=True)
    return store


def ask(
    said: Iterable[Sequence[NDArray[np.float32]]], rows: Rows, files: Sequence[Store | None], kind: str
) -> Iterator[Asked]:
    """Every field of every note after the first that says something; a memory of the piece with each of `files`."""
    heard = Store(by_interval=kind != DRUMS)
    for number, logits in enumerate(said):
        heard.extend(rows[number : number + 1])
        recalls = [Recall(heard, store) for store in files]
        following = [int(value) for value in rows[number + 1, : len(DRAWN)]]
        for place, field in enumerate(DRAWN):
            if following[place] >= field.first_drawn:
                votes = tuple(recall.votes(following[:place]) for recall in recalls)
                yield Asked(number, field, logits[place].astype(np.float64), votes, following[place])

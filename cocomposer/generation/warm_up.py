"""First runs of a model are slow (memory is taken, kernels are chosen): have them before anybody waits for a note."""

import numpy as np

from cocomposer.events.codec import Metre, encode
from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.music.note import Note
from cocomposer.ports import NoteModel


def warm_up(model: NoteModel, rounds: int = 4) -> None:
    """Feed and draw a few notes in all sizes that a jam uses, then forget them."""
    scale = [Note(24 * number, 60 + number % 12, 20, 64) for number in range(model.chunk)]
    rows, ticks = encode(scale, Metre())
    for _ in range(rounds):
        for size in (model.chunk, 16, 4, 2, 1):
            model.feed(rows[:size], ticks[:size])
        drawn: list[int] = []
        for field in DRAWN:
            logits = model.logits(drawn, UNPLACED)
            drawn.append(max(field.first_drawn, int(np.argmax(logits))))
    model.reset()

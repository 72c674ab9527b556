"""What given notes cost a note model, in nats: their negative log-likelihood, field by field.

Many notes at once, for they are given and need not be drawn. Knows neither who asks nor what is done with it.
"""

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import DRAWN, PLACE_COLUMNS, RECENT_COLUMNS
from cocomposer.ports import NoteModel

Nats = NDArray[np.float64]


def costs(model: NoteModel, hidden: NDArray[np.float32], before: Rows, notes: Rows) -> Nats:
    """What each of `notes` costs, [notes, DRAWN], every field counted.

    `hidden` [notes, width] are the model's states after the notes `before` each of them.
    """
    place = np.ascontiguousarray(notes[:, PLACE_COLUMNS])
    recent = np.ascontiguousarray(before[:, RECENT_COLUMNS])
    drawn = np.ascontiguousarray(notes[:, : len(DRAWN)])
    heads = (model.head(number, hidden, drawn, place, recent) for number in range(len(DRAWN)))
    return np.stack([cost(logits, drawn[:, number]) for number, logits in enumerate(heads)], axis=1)


def cost(logits: NDArray[np.float32], target: NDArray[np.int64]) -> Nats:
    """Nats [notes] of the classes `target` [notes] by `logits` [notes, classes]."""
    wide = logits.astype(np.float64)
    top = wide.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(wide - top).sum(axis=1)) + top[:, 0]
    return np.asarray(log_sum - wide[np.arange(len(target)), target])

"""What a model pays for a piece, worked out in the plainest way: note by note and field by field. For tests only."""

import numpy as np
import torch
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import DRAWN, PLACE_COLUMNS
from cocomposer.ports import NoteModel
from models.training.network import Network, losses


def nats_through(model: NoteModel, rows: Rows, ticks: NDArray[np.int64]) -> float:
    """Nats per note of all but the first, drawn through the interface that the app uses."""
    model.reset()
    total = 0.0
    for note in range(len(rows) - 1):
        model.feed(rows[note : note + 1], ticks[note : note + 1])
        target = rows[note + 1]
        place = [int(value) for value in target[PLACE_COLUMNS]]
        for number, field in enumerate(DRAWN):
            if target[number] >= field.first_drawn:
                logits = model.logits([int(value) for value in target[:number]], place).astype(np.float64)
                total += float(np.logaddexp.reduce(logits) - logits[target[number]])
    return total / (len(rows) - 1)


@torch.no_grad()
def nats_per_note(network: Network, rows: Rows, ticks: NDArray[np.int64]) -> float:
    """The same from the network that trains, in single precision."""
    whole = torch.from_numpy(rows)[None]
    nats, counted = losses(network.eval()(whole, torch.from_numpy(ticks)[None]), whole)
    return float((nats * counted).sum() / (len(rows) - 1))

"""What a model pays for a piece, worked out in the plainest way: note by note and field by field. For tests only."""

import numpy as np
import torch
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.ports import NoteModel
from models.training.network import Network, losses


def nats_through(model: NoteModel, rows: Rows, ticks: NDArray[np.int64]) -> float:
    """Nats per note of all but the first, drawn through the interface that the app uses."""
    model.reset()
    total = 0.0
    for number in range(len(rows) - 1):
        model.feed(rows[number : number + 1], ticks[number : number + 1])
        target = rows[number + 1]
        position = [int(value) for value in target[COLUMN["phase"] : COLUMN["phase"] + 2]]
        for place, field in enumerate(DRAWN):
            if target[place] >= field.first_drawn:
                logits = model.logits([int(value) for value in target[:place]], position).astype(np.float64)
                total += float(np.logaddexp.reduce(logits) - logits[target[place]])
    return total / (len(rows) - 1)


@torch.no_grad()
def nats_per_note(network: Network, rows: Rows, ticks: NDArray[np.int64]) -> float:
    """The same from the network that trains, in single precision."""
    whole = torch.from_numpy(rows)[None]
    nats, counted = losses(network.eval()(whole, torch.from_numpy(ticks)[None]), whole)
    return float((nats * counted).sum() / (len(rows) - 1))

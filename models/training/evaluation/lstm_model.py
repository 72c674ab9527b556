"""The LSTM baseline in PyTorch, float32: as a scorer of whole pieces, and as a `NoteModel` for the product's composer.

Its state is carried from a piece's first note to its last, in chunks that fit into memory. Knows no files.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN, PLACE_COLUMNS, RECENT
from models.training.evaluation.scoring import Nats, Passage, Ticks, uncounted
from models.training.network import LstmBackbone, Network, RecurrentBlock, recent_of

_AT_ONCE: Final = 128
"""Notes of each piece in one go: the gates of all layers are large."""
_ABREAST: Final = 32
"""Pieces scored side by side: one weight read serves them all."""
_UNBOUNDED: Final = 1 << 30

States = list[tuple[Tensor, Tensor] | None]
"""Of each layer; None at the beginning."""


class LstmNetwork:
    """An LSTM that can be run a stretch at a time; ValueError for a network of another kind."""

    def __init__(self, network: Network) -> None:
        if not isinstance(network.backbone, LstmBackbone):
            raise ValueError("The run given for the LSTM baseline holds a network of another kind; name another run.")
        self._backbone = network.backbone
        self.heads = list(network.eval().float().heads)
        self.width = network.shape.width

    def beginning(self) -> States:
        """The states before anything was heard."""
        return [None] * len(self._backbone.blocks)

    @torch.no_grad()
    def hidden(self, rows: Tensor, states: States) -> Tensor:
        """Hidden states [pieces, events, width] of rows [pieces, events, COLUMNS]; `states` are moved on in place."""
        x = self._backbone.embed(rows)
        for number, block in enumerate(self._backbone.blocks):
            assert isinstance(block, RecurrentBlock)
            remembered, states[number] = block.lstm(block.norm(x), states[number])
            x = x + block.out(remembered)
        normed: Tensor = self._backbone.norm(x)
        return normed

    def score(self, passages: Sequence[Passage]) -> list[Nats]:
        """A `Scorer`: what each passage costs, [fields, notes - 1] each."""
        costs: dict[int, Nats] = {}
        # Pieces of like length stand abreast, so that little is computed for the padding.
        order = sorted(range(len(passages)), key=lambda number: len(passages[number].rows))
        for start in range(0, len(order), _ABREAST):
            numbers = order[start : start + _ABREAST]
            together = self._score_abreast([passages[number].rows for number in numbers])
            costs.update(zip(numbers, together, strict=True))
        return [costs[number] for number in range(len(passages))]

    @torch.no_grad()
    def _score_abreast(self, pieces: Sequence[Rows]) -> list[Nats]:
        longest = max(len(rows) for rows in pieces)
        padded = torch.zeros(len(pieces), longest, len(COLUMN), dtype=torch.int64)
        for number, rows in enumerate(pieces):
            padded[number, : len(rows)] = torch.from_numpy(rows)
        costs = np.zeros((len(pieces), len(DRAWN), longest - 1))
        states = self.beginning()
        for start in range(0, longest - 1, _AT_ONCE):
            end = min(start + _AT_ONCE, longest - 1)
            hidden = self.hidden(padded[:, start:end], states)
            new = padded[:, start + 1 : end + 1]
            real = torch.tensor([len(rows) for rows in pieces])[:, None] > torch.arange(start + 1, end + 1)
            heard, target, recent = hidden[real], new[real], recent_of(padded[:, start:end])[real]
            place = target[:, PLACE_COLUMNS]
            where = real.numpy()
            for number, head in enumerate(self.heads):
                logits = head(heard, target[:, : len(DRAWN)], place, recent)
                cost = F.cross_entropy(logits.float(), target[:, number], reduction="none")
                costs[:, number, start:end][where] = cost.double().numpy()
        return [uncounted(costs[n, :, : len(rows) - 1], rows) for n, rows in enumerate(pieces)]


class LstmNoteModel:
    """An LSTM as a `NoteModel`: fed once, it cannot be rewound."""

    window = _UNBOUNDED
    chunk = 64

    def __init__(self, network: LstmNetwork) -> None:
        self._network = network
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._states = self._network.beginning()
        self._length = 0
        self._hidden = torch.zeros(1, self._network.width)
        self._recent = torch.zeros(1, RECENT + 1, dtype=torch.int64)

    def rewind(self, length: int) -> bool:
        """A recurrent state has no way back."""
        return length >= self._length

    def feed(self, rows: Rows, ticks: Ticks) -> NDArray[np.float32]:  # noqa: ARG002  # it knows time from the rows
        """Append events; their hidden states [events, width]."""
        new = torch.from_numpy(np.ascontiguousarray(rows))
        hidden = self._network.hidden(new[None], self._states)[0]
        self._length += len(rows)
        self._hidden, self._recent = hidden[-1:], recent_of(new[-1:])
        return np.asarray(hidden.numpy())

    @torch.no_grad()
    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        """Logits [classes] of the field after the `drawn` ones of the next event."""
        fields = torch.zeros(1, len(DRAWN), dtype=torch.int64)
        fields[0, : len(drawn)] = torch.tensor(drawn, dtype=torch.int64)
        known = torch.tensor([list(place)], dtype=torch.int64)
        head = self._network.heads[len(drawn)]
        return np.asarray(head(self._hidden, fields, known, self._recent)[0].numpy())

    @torch.no_grad()
    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Logits [events, classes] of field `number` after events with these hidden states."""
        given = (torch.from_numpy(np.ascontiguousarray(part)) for part in (hidden, drawn, place, recent))
        return np.asarray(self._network.heads[number](*given).numpy())

"""The chorale network: the product's transformer blocks over steps, and a head for each of a step's four slots.

A step's slots are drawn one after another, each with the earlier ones of its step as input, so the product of their
probabilities is the exact probability of the step. In quarter frames a slot must lie under the one before, or end
the frame, and nothing follows the end: each set of pitches has exactly one way to be drawn. Knows no files and no
scores.
"""

from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.training.jsb.chorales import KEYS, LOWEST, NO_CLASS, NONE, SLOTS, VALUES
from models.training.network import Block, Norm, Rotary, Shape

REACH = 24
"""Intervals up to ±24 semitones have a class of their own; wider ones share the outermost."""
INTERVALS = 2 * REACH + 2
"""One more for an interval to silence."""
CLASSES = NO_CLASS + 1
HELD = 20
"""Durations in steps that are told apart; longer ones share the last class."""
BAR = 16
"""Steps are counted modulo so many; on the quarter grid these are four bars."""
TICKS_PER_STEP = {"sixteenth": 12, "quarter": 48}


@dataclass
class Batch:
    """Rows (see `chorales.Rows`) of many pieces or crops, and the steps that follow them."""

    before: Tensor
    """[batch, steps, SLOTS]"""
    distinct: Tensor
    held: Tensor
    tonic: Tensor
    """[batch, steps]"""
    index: Tensor
    target: Tensor
    """[batch, steps, SLOTS] values to be predicted."""
    weight: Tensor
    """[batch, steps] how much a step counts; 0 where there is none or it is not predicted."""

    def predicted(self) -> "Batch":
        """The steps that count, in one row: all arrays [steps, …]."""
        chosen = self.weight > 0
        return Batch(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def interval(a: Tensor, b: Tensor) -> Tensor:
    """Class of the interval from b up to a."""
    inside = (a - b).clamp(-REACH, REACH) + REACH
    return torch.where((a == NONE) | (b == NONE), INTERVALS - 1, inside)


def degree(value: Tensor, tonic: Tensor) -> Tensor:
    """Pitch class above the tonic."""
    return torch.where((value == NONE) | (tonic == NO_CLASS), NO_CLASS, (value + LOWEST - tonic) % 12)


class Dropout(nn.Module):
    """Sets a share of the numbers to 0 while training and scales the others up.

    Eight from each random integer: torch's own draws one for each number, an eighth of a training step on a CPU.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.dropped = round(256 * share)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.dropped:
            return x
        drawn = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: x.numel()].view_as(x) >= self.dropped
        return x * (kept * (256 / (256 - self.dropped))).to(x.dtype)


class Sum(nn.Module):
    """Sum of embeddings, one table for each feature; in training a share of the features is left out by chance."""

    def __init__(self, sizes: list[int], width: int, left_out: float) -> None:
        super().__init__()
        self.left_out = left_out
        self.nothing = sum(sizes)
        """The last row of the tables, which adds nothing."""
        self.tables = nn.Parameter(torch.randn(sum(sizes) + 1, width) * 0.05)
        starts = torch.tensor([0, *sizes[:-1]]).cumsum(0)
        self.register_buffer("starts", starts, persistent=False)
        self.starts: Tensor

    def forward(self, features: list[Tensor]) -> Tensor:
        """[..., width] of features [...], each a class of its table."""
        places = torch.stack(features, -1) + self.starts
        if self.training and self.left_out:
            places = places.masked_fill(torch.rand(places.shape) < self.left_out, self.nothing)
        flat = places.reshape(-1, places.shape[-1])
        summed = F.embedding_bag(flat, self.tables, mode="sum", padding_idx=self.nothing)
        return summed.reshape(*places.shape[:-1], -1)


class Trunk(nn.Module):
    """Rows to hidden states, one for each step to be predicted."""

    def __init__(self, shape: Shape, dropout: float, left_out: float) -> None:
        super().__init__()
        self.shape = shape
        slot = [VALUES, CLASSES, INTERVALS, HELD + 1]
        between = [INTERVALS] * (SLOTS * (SLOTS - 1) // 2)
        self.embed = Sum([*slot * SLOTS, *between, BAR, CLASSES], shape.width, left_out)
        self.rotary = Rotary(shape)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)
        self.dropout = Dropout(dropout)

    def forward(self, rows: Batch, ticks_per_step: int) -> Tensor:
        """Hidden states [batch, steps, width]."""
        features = []
        for slot in range(SLOTS):
            value = rows.before[..., slot]
            features += [
                value,
                degree(value, rows.tonic),
                interval(value, rows.distinct[..., slot]),
                rows.held[..., slot].clamp(max=HELD),
            ]
        for upper in range(SLOTS):
            for lower in range(upper + 1, SLOTS):
                features.append(interval(rows.before[..., upper], rows.before[..., lower]))
        x = self.dropout(self.embed([*features, rows.index % BAR, rows.tonic]))
        cosine, sine = self.rotary(rows.index, rows.index * ticks_per_step)
        age = torch.arange(x.shape[1])[:, None] - torch.arange(x.shape[1])[None, :]
        mask = torch.where((age >= 0) & (age < self.shape.window), 0.0, float("-inf"))
        for block in self.blocks:
            x = x + self.dropout(block(x, cosine, sine, mask) - x)
        hidden: Tensor = self.norm(x)
        return hidden


class Mixer(nn.Module):
    """A gated feed-forward block behind a norm."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.norm = Norm(width)
        self.feed_in = nn.Linear(width, 2 * inner, bias=False)
        self.feed_out = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate, value = self.feed_in(self.norm(x)).chunk(2, dim=-1)
        fed: Tensor = self.feed_out(F.silu(gate) * value)
        return fed


class SlotHead(nn.Module):
    """Logits of one slot from the hidden state and the slots drawn before it in the same step."""

    def __init__(self, shape: Shape, slot: int, dropout: float, left_out: float) -> None:
        super().__init__()
        self.slot = slot
        drawn = [VALUES, CLASSES, INTERVALS, INTERVALS, INTERVALS]
        self.embed = Sum([*drawn * slot, BAR], shape.width, left_out)
        self.blocks = nn.ModuleList(Mixer(shape.width, shape.head_width) for _ in range(2))
        self.norm = Norm(shape.width)
        self.dropout = Dropout(dropout)
        self.references = SLOTS + 1 + slot
        """Values that logits are relative to: the step before, this slot's pitch before that, the slots drawn."""
        keys = torch.arange(KEYS)
        self.register_buffer("interval_from", interval(keys, torch.arange(VALUES)[:, None]), persistent=False)
        self.register_buffer("degree_above", degree(keys, torch.arange(CLASSES)[:, None]), persistent=False)
        self.interval_from: Tensor
        self.degree_above: Tensor
        self.absolute = nn.Linear(shape.width, VALUES + CLASSES)
        self.relative = nn.Linear(shape.width, self.references * INTERVALS, bias=False)

    def forward(self, hidden: Tensor, rows: Batch) -> Tensor:
        """Logits [..., VALUES] from hidden states [..., width]."""
        own, target = self.slot, rows.target
        # The slot above; for the lowest, the highest: the outer voices are heard together.
        partner = own - 1 if own < SLOTS - 1 else 0
        features = []
        for slot in range(own):
            value = target[..., slot]
            features += [
                value,
                degree(value, rows.tonic),
                interval(value, rows.before[..., slot]),
                interval(value, rows.before[..., own]),
                interval(value, target[..., partner]),
            ]
        x = hidden + self.dropout(self.embed([*features, rows.index % BAR]))
        for block in self.blocks:
            x = x + self.dropout(block(x))
        x = self.norm(x)
        by_value, by_class = self.absolute(x).split((VALUES, CLASSES), dim=-1)
        tables = self.relative(x).unflatten(-1, (self.references, INTERVALS))
        from_values = torch.cat((rows.before, rows.distinct[..., own, None], target[..., :own]), -1)
        by_interval = torch.gather(tables, -1, self.interval_from[from_values]).sum(-2)
        pitched = by_interval + torch.gather(by_class, -1, self.degree_above[rows.tonic])
        logits: Tensor = by_value + F.pad(pitched, (0, 1))
        return logits


class ChoraleNetwork(nn.Module):
    """Trunk and heads together. `grid` says what a slot is ("sixteenth": a voice; "quarter": next pitch down)."""

    def __init__(self, shape: Shape, grid: str, dropout: float, left_out: float) -> None:
        super().__init__()
        self.grid = grid
        self.trunk = Trunk(shape, dropout, left_out)
        self.heads = nn.ModuleList(SlotHead(shape, slot, dropout, left_out) for slot in range(SLOTS))
        for name, parameter in self.named_parameters():
            if name.endswith(
                ("attention_out.weight", "feed_out.weight", "absolute.weight", "absolute.bias", "relative.weight")
            ):
                nn.init.zeros_(parameter)
            elif parameter.dim() == 2 and "embed" not in name:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)

    def forward(self, rows: Batch) -> Tensor:
        """Nats [steps, SLOTS] of what came at each step that counts, each slot given all before it."""
        hidden = self.trunk(rows, TICKS_PER_STEP[self.grid])[rows.weight > 0]
        wanted = rows.predicted()
        drawable = allowed(wanted.target) if self.grid == "quarter" else None
        nats = []
        for slot, head in enumerate(self.heads):
            logits = head(hidden, wanted).float()
            if drawable is not None:
                logits = logits.masked_fill(~drawable[..., slot, :], float("-inf"))
            nats.append(F.cross_entropy(logits, wanted.target[..., slot], reduction="none"))
        return torch.stack(nats, -1)


def allowed(target: Tensor) -> Tensor:
    """Which values [..., SLOTS, VALUES] a slot of a quarter frame can have: a pitch below the one before, or the end.

    After the end only the end.
    """
    above = torch.cat((torch.full_like(target[..., :1], KEYS), target[..., :-1]), -1)
    ended = torch.cat((torch.zeros_like(target[..., :1]), (target[..., :-1] == NONE).cumsum(-1)), -1) > 0
    pitch = (torch.arange(KEYS) < above[..., None]) & ~ended[..., None]
    return torch.cat((pitch, torch.ones_like(pitch[..., :1])), -1)

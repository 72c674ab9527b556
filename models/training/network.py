"""The networks of note events: one backbone step per note, then small heads that draw its fields in turn.

The transformer is what is released; the LSTM is the baseline that it is held against, with the same
embeddings and the same heads, so that only the memory of the past differs.

`Network.forward` is the training view (whole sequences); `Backbone.step` is the live view (a ring of
keys and values, exported to ONNX); a test holds them to the same logits. Knows no data and no files.

Half of the attention heads see how many notes lie between (rotary position = index), the other half
how much music lies between (rotary position = onset tick; its slowest turns span many bars), so "what
sounded a bar ago" is one step away. The pitch head adds, for each of the last notes, a table over
the interval from it: what it learns in one key holds in all.
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cocomposer.events.layout import COLUMN, DRAWN, GIVEN, PITCH_NONE, PLACE, PLACE_COLUMNS, RECENT, ROOT_UNKNOWN

INTERVAL_REACH = 25
"""Intervals up to ±24 semitones have a class of their own; wider ones share the outermost."""
PITCHES = 128
GIVEN_BY_NAME = {field.name: field for field in GIVEN}
ROOT_PLACE = PLACE.index("chord_root")


@dataclass(frozen=True)
class Shape:
    """Sizes of a network; part of the recipe and of the bundle."""

    kind: Literal["transformer", "lstm"] = "transformer"
    width: int = 256
    layers: int = 6
    heads: int = 8
    feedforward: int = 704
    """Width inside a block: of the gated feed-forward, or of the LSTM's state."""
    head_width: int = 384
    window: int = 512
    relative_pitch: bool = True
    tick_heads: bool = True


class Norm(nn.Module):
    """Root-mean-square norm (Zhang and Sennrich 2019), written out so that it exports to plain operators."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        x32 = x.float()
        return (x32 * torch.rsqrt(x32.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight).to(x.dtype)


class Rotary(nn.Module):
    """Rotary angles (Su et al. 2021): heads [0, half) turn with the note index, the others with the onset tick."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        pairs = shape.width // shape.heads // 2
        index = 1.0 / 10_000 ** (torch.arange(pairs) / pairs)
        # Periods from a 16th (12 ticks) to 64 bars of four beats, evenly in the logarithm.
        periods = 12 * (64 * 192 / 12) ** (torch.arange(pairs) / (pairs - 1))
        tick = 2 * math.pi / periods if shape.tick_heads else torch.zeros(pairs)
        self.by_tick = shape.heads // 2 if shape.tick_heads else 0
        self.heads = shape.heads
        self.register_buffer("index_frequency", index, persistent=False)
        self.register_buffer("tick_frequency", tick, persistent=False)
        self.index_frequency: Tensor
        self.tick_frequency: Tensor

    def forward(self, index: Tensor, ticks: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and sine [..., heads, events, pairs] for note indices and onset ticks [..., events]."""
        by_index = index.float()[..., None, :, None] * self.index_frequency
        by_tick = ticks.float()[..., None, :, None] * self.tick_frequency
        repeat = [1] * (by_index.dim() - 3)
        angles = torch.cat(
            (
                by_index.repeat(*repeat, self.heads - self.by_tick, 1, 1),
                by_tick.repeat(*repeat, self.by_tick, 1, 1),
            ),
            dim=-3,
        )
        return angles.cos(), angles.sin()


def turn(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotate the halves of the last axis by the angles."""
    a, b = x.float().chunk(2, dim=-1)
    return torch.cat((a * cosine - b * sine, a * sine + b * cosine), dim=-1).to(x.dtype)


class Block(nn.Module):
    """Attention and gated feed-forward, both behind a norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention_norm = Norm(shape.width)
        self.attention_in = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.attention_out = nn.Linear(shape.width, shape.width, bias=False)
        self.feed_norm = Norm(shape.width)
        self.feed_in = nn.Linear(shape.width, 2 * shape.feedforward, bias=False)
        self.feed_out = nn.Linear(shape.feedforward, shape.width, bias=False)

    def queries(self, x: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value [..., heads, events, width of a head]; query and key turned to their place."""
        parts = self.attention_in(self.attention_norm(x)).chunk(3, dim=-1)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(-2, -3) for part in parts)
        return turn(q, cosine, sine), turn(k, cosine, sine), v

    def finish(self, x: Tensor, attended: Tensor) -> Tensor:
        """Residual sums after attention [..., heads, events, width of a head]."""
        x = x + self.attention_out(attended.transpose(-2, -3).flatten(-2))
        gate, value = self.feed_in(self.feed_norm(x)).chunk(2, dim=-1)
        fed: Tensor = self.feed_out(F.silu(gate) * value)
        return x + fed

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor, mask: Tensor) -> Tensor:
        q, k, v = self.queries(x, cosine, sine)
        # Written out: on a CPU in bfloat16 torch's fused attention takes 1.3 times as long at 256 notes.
        scores = torch.matmul(q * (q.shape[-1] ** -0.5), k.transpose(-1, -2)) + mask.to(q.dtype)
        return self.finish(x, torch.matmul(torch.softmax(scores, dim=-1), v))


class RowEmbedding(nn.Module):
    """What both kinds of backbone begin with: a row of classes as one vector."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.columns = [COLUMN[f.name] for f in (*DRAWN, *GIVEN)] + [COLUMN[f"before_{n + 1}"] for n in range(RECENT)]
        sizes = [f.classes for f in (*DRAWN, *GIVEN)] + [2 * INTERVAL_REACH + 2] * RECENT
        sizes[1] += 1
        self.embeddings = nn.ModuleList(nn.Embedding(size, shape.width) for size in sizes)
        self.pitch_class = nn.Embedding(12, shape.width)

    def embed(self, rows: Tensor) -> Tensor:
        """Sum of the embeddings of a row's columns; pitches before it and the chord's root count as intervals."""
        pitch = rows[..., COLUMN["pitch"]]
        x: Tensor = self.pitch_class(pitch % 12)
        for number, (column, table) in enumerate(zip(self.columns, self.embeddings, strict=True)):
            value = rows[..., column]
            if column == COLUMN["chord_root"]:
                value = chord_tone(pitch, value)
            elif number >= len(DRAWN) + len(GIVEN):
                interval = (pitch - value).clamp(-INTERVAL_REACH, INTERVAL_REACH) + INTERVAL_REACH
                value = torch.where(value == PITCH_NONE, 2 * INTERVAL_REACH + 1, interval)
            x = x + table(value)
        return x


class Backbone(RowEmbedding):
    """Rows to hidden states, one per note; a hidden state knows all up to and with its note."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.rotary = Rotary(shape)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)

    def forward(self, rows: Tensor, ticks: Tensor) -> Tensor:
        """Hidden states [batch, events, width] of rows [batch, events, COLUMNS]; ticks [batch, events]."""
        index = torch.arange(rows.shape[1], device=rows.device).expand(rows.shape[:2])
        cosine, sine = self.rotary(index, ticks)
        x = self.embed(rows)
        age = index[0, :, None] - index[0, None, :]
        mask = torch.where((age >= 0) & (age < self.shape.window), 0.0, float("-inf"))
        for block in self.blocks:
            x = block(x, cosine, sine, mask)
        hidden: Tensor = self.norm(x)
        return hidden

    def step(
        self, rows: Tensor, ticks: Tensor, index: Tensor, slots: Tensor, held: Tensor, cache: list[Tensor]
    ) -> tuple[Tensor, list[Tensor]]:
        """Hidden states [events, width] of new `rows` given a ring of earlier keys and values.

        index [events]: absolute note numbers; slots [events]: ring places that they take; held [ring]:
        note number in each place once they are in (-1: empty); cache: key and value of each layer in
        turn, [heads, ring, width of a head]. Returns the cache with the new notes in it.
        """
        cosine, sine = self.rotary(index, ticks)
        x = self.embed(rows)
        age = index[:, None] - held[None, :]
        seen = (age >= 0) & (age < self.shape.window) & (held[None, :] >= 0)
        mask = torch.where(seen, 0.0, -1e9)
        renewed: list[Tensor] = []
        for number, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            q, k, v = block.queries(x, cosine, sine)
            place = slots[None, :, None].expand(k.shape)
            keys = torch.scatter(cache[2 * number], 1, place, k)
            values = torch.scatter(cache[2 * number + 1], 1, place, v)
            renewed += [keys, values]
            scores = torch.matmul(q, keys.transpose(-1, -2)) * (q.shape[-1] ** -0.5) + mask
            x = block.finish(x, torch.matmul(torch.softmax(scores, dim=-1), values))
        return self.norm(x), renewed


class RecurrentBlock(nn.Module):
    """One LSTM layer (Hochreiter and Schmidhuber 1997) behind a norm, its output added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = Norm(shape.width)
        self.lstm = nn.LSTM(shape.width, shape.feedforward, batch_first=True)
        for name, bias in self.lstm.named_parameters():
            if name == "bias_ih_l0":
                # The forget gate begins open (Jozefowicz et al. 2015); torch stacks input, forget, cell, output.
                nn.init.ones_(bias.data[shape.feedforward : 2 * shape.feedforward])
        self.out = nn.Linear(shape.feedforward, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        remembered, _ = self.lstm(self.norm(x))
        out: Tensor = self.out(remembered)
        return x + out


class LstmBackbone(RowEmbedding):
    """The baseline's rows to hidden states; it remembers the whole sequence, as well as an LSTM can."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.blocks = nn.ModuleList(RecurrentBlock(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)

    def forward(self, rows: Tensor, _ticks: Tensor) -> Tensor:
        """As `Backbone.forward`; time is known from the rows' onset steps alone."""
        x = self.embed(rows)
        for layer in self.blocks:
            x = layer(x)
        hidden: Tensor = self.norm(x)
        return hidden


def chord_tone(pitch: Tensor, root: Tensor) -> Tensor:
    """Semitones of a pitch above the chord's root, 0–11; ROOT_UNKNOWN where there is none."""
    return torch.where(root == ROOT_UNKNOWN, ROOT_UNKNOWN, (pitch - root) % 12)


class FieldHead(nn.Module):
    """Logits of one field from the hidden state, the fields drawn before it and the place of the new onset."""

    def __init__(self, shape: Shape, number: int) -> None:
        super().__init__()
        self.number = number
        self.relative = shape.relative_pitch and DRAWN[number].name == "pitch"
        self.drawn = nn.ModuleList(nn.Embedding(f.classes, shape.width) for f in DRAWN[:number])
        self.placed = [
            (index, field)
            for index, field in enumerate(GIVEN_BY_NAME[name] for name in PLACE)
            if field.name == "part" or (number and field.name != "chord_root")
        ]
        self.place = nn.ModuleList(nn.Embedding(field.classes, shape.width) for _, field in self.placed)
        self.inner = nn.Linear(shape.width, shape.head_width, bias=False)
        self.outer = nn.Linear(shape.head_width, shape.width, bias=False)
        self.norm = Norm(shape.width)
        self.out = nn.Linear(shape.width, DRAWN[number].classes)
        if self.relative:
            self.intervals = nn.Linear(shape.width, (RECENT + 1) * (2 * PITCHES - 1), bias=False)
            self.chord_tones = nn.Linear(shape.width, 12, bias=False)

    def forward(self, hidden: Tensor, drawn: Tensor, place: Tensor, recent: Tensor) -> Tensor:
        """Logits [..., classes].

        drawn [..., DRAWN]: classes of the new note (those from this field on are not read);
        place [..., PLACE]: what else is known of it; recent [..., RECENT + 1]: the pitches before it,
        nearest first.
        """
        x = hidden
        for number, table in enumerate(self.drawn):
            x = x + table(drawn[..., number])
        for (index, _), table in zip(self.placed, self.place, strict=True):
            x = x + table(place[..., index])
        x = self.norm(x + self.outer(F.gelu(self.inner(x))))
        logits: Tensor = self.out(x)
        if self.relative:
            tables = self.intervals(x).unflatten(-1, (RECENT + 1, 2 * PITCHES - 1))
            pitches = torch.arange(PITCHES, device=x.device)
            known = recent < PITCH_NONE
            interval = pitches - torch.where(known, recent, 60)[..., None] + PITCHES - 1
            by_interval = torch.gather(tables, -1, interval)
            logits = logits + (by_interval * known[..., None].to(x.dtype)).sum(-2)
            root = place[..., ROOT_PLACE, None]
            by_tone = torch.gather(self.chord_tones(x), -1, (pitches - root) % 12)
            logits = logits + by_tone * (root != ROOT_UNKNOWN).to(x.dtype)
        return logits


class Network(nn.Module):
    """Backbone and heads together: what is trained."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.backbone: Backbone | LstmBackbone = LstmBackbone(shape) if shape.kind == "lstm" else Backbone(shape)
        self.heads = nn.ModuleList(FieldHead(shape, number) for number in range(len(DRAWN)))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                scale = 0.02 if "embed" in name or "drawn" in name or "place" in name or "pitch_class" in name else None
                nn.init.normal_(parameter, std=scale or parameter.shape[1] ** -0.5)
            if name.endswith(
                (
                    "attention_out.weight",
                    "feed_out.weight",
                    "outer.weight",
                    "out.weight",
                    "out.bias",
                    "intervals.weight",
                    "chord_tones.weight",
                )
            ):
                nn.init.zeros_(parameter)

    def forward(self, rows: Tensor, ticks: Tensor) -> list[Tensor]:
        """Logits of each field [batch, events - 1, classes]: at event i for the note after it."""
        hidden = self.backbone(rows, ticks)[:, :-1]
        new = rows[:, 1:]
        drawn = new[..., : len(DRAWN)]
        place = new[..., PLACE_COLUMNS]
        recent = recent_of(rows[:, :-1])
        return [head(hidden, drawn, place, recent) for head in self.heads]


def recent_of(rows: Tensor) -> Tensor:
    """The pitches that stand before the note after each row, nearest first [..., RECENT + 1]."""
    before = rows[..., COLUMN["before_1"] : COLUMN["before_1"] + RECENT]
    return torch.cat((rows[..., COLUMN["pitch"], None], before), dim=-1)


def losses(network_logits: list[Tensor], rows: Tensor) -> tuple[Tensor, Tensor]:
    """Per-note negative log-likelihood [fields, notes] and which of them count.

    Unknown velocity or pedal is no target: a class below `first_drawn` is left out.
    """
    target = rows[:, 1:].reshape(-1, rows.shape[-1])
    nats, counted = [], []
    for number, (field, logits) in enumerate(zip(DRAWN, network_logits, strict=True)):
        wanted = target[:, number]
        nats.append(F.cross_entropy(logits.reshape(len(wanted), -1).float(), wanted, reduction="none"))
        counted.append(wanted >= field.first_drawn)
    return torch.stack(nats), torch.stack(counted)

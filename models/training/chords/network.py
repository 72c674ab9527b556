"""A small network for the next chord: a GRU over the song so far, and weights for the places that it remembers.

The GRU says what comes in songs like this one. Beside it each earlier place that resembles this one (see
`harmony.progressions.matches`) gets a strength from its classes, from how probable its chord is anyway, and from how
alike the GRU's states are at both places. Several networks of this kind are the members of one. What they know of all
songs is too sure of itself in new ones, so the members are smoothed with a bigram (see `bigram`).
"""

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cocomposer.harmony.progressions.inputs import MODES
from cocomposer.harmony.progressions.matches import FEATURES, USE_CLASSES
from cocomposer.harmony.progressions.song import DURATION_CLASSES, METRE_CLASSES, PHRASE_CLASSES, POSITION_CLASSES
from cocomposer.harmony.progressions.vocabulary import BEGINNING, CLASSES, TOKENS

STYLES: Final = 5
"""The sources of the corpus, the scores, and unknown."""
_NEVER: Final = -1e4
_STRONGEST: Final = 15.0
_RULED_OUT: Final = -30.0
_LEAST: Final = -12.0
_SHARES: Final = {"position": POSITION_CLASSES, "phrase": PHRASE_CLASSES, "duration": DURATION_CLASSES}


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one member."""

    chord_width: int = 48
    place_width: int = 16
    states: int = 128
    match_width: int = 24
    likeness_width: int = 24
    dropout: float = 0.3


class ChordNetwork(nn.Module):
    """One member. All inputs are those of `harmony.progressions.inputs`."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, place, states = shape.chord_width, shape.place_width, shape.states
        # What two chords have in common, root or class, is shared; the third table is what only this chord has.
        self.roots = nn.Embedding(BEGINNING // len(CLASSES) + 1, width)
        self.qualities = nn.Embedding(len(CLASSES) + 1, width)
        self.chords = nn.Embedding(TOKENS + 1, width)
        self.where = nn.ModuleDict({name: nn.Embedding(count, place) for name, count in _SHARES.items()})
        self.metre = nn.Embedding(METRE_CLASSES, place // 2)
        self.style = nn.Embedding(STYLES, place // 2)
        self.mode = nn.Embedding(len(MODES), place // 2)
        self.recurrent = nn.GRU(width + 4 * place + place // 2, states, batch_first=True)
        self.dropout = nn.Dropout(shape.dropout)
        self.next = nn.Linear(states, TOKENS)
        self.used = nn.Linear(states, USE_CLASSES)
        self.match = nn.Embedding(sum(FEATURES.values()), shape.match_width)
        self.hidden = nn.Linear(shape.match_width + 2, shape.match_width)
        self.strength = nn.Linear(shape.match_width, 1)
        self.readiness = nn.Linear(states, 1)
        self.asks = nn.Linear(states, shape.likeness_width)
        self.answers = nn.Linear(states, shape.likeness_width)
        nn.init.normal_(self.chords.weight, std=0.1)
        nn.init.normal_(self.match.weight, std=0.3)
        nn.init.constant_(self.strength.bias, -1.0)
        offsets = torch.tensor([0, *FEATURES.values()])[:-1].cumsum(0)
        self.register_buffer("offsets", offsets, persistent=False)
        self.offsets: Tensor

    def forward(
        self, before: Tensor, position: Tensor, phrase: Tensor, duration: Tensor, metre: Tensor, style: Tensor,
        mode: Tensor, uses: Tensor, places: Tensor, earlier: Tensor, tokens: Tensor, classes: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """(log-probabilities [songs, places, TOKENS] from all songs, strengths [matches])"""
        root = torch.div(before, len(CLASSES), rounding_mode="floor")
        quality = torch.where(before == BEGINNING, len(CLASSES), before % len(CLASSES))
        chord = self.roots(root) + self.qualities(quality) + self.chords(before)
        where = [self.where["position"](position), self.where["phrase"](phrase), self.where["duration"](duration)]
        states, _ = self.recurrent(
            torch.cat([self.dropout(chord), *where, self.metre(metre), self.style(style), self.mode(mode)], dim=-1)
        )
        logits = self.next(self.dropout(states)) + self.used(states).gather(-1, uses)
        repeats = F.one_hot(before, TOKENS + 1)[..., :TOKENS].bool()
        general = F.log_softmax(logits.masked_fill(repeats, _NEVER), dim=-1)

        flat = states.reshape(-1, self.shape.states)
        alike = (self.asks(flat)[places] * self.answers(flat)[earlier]).sum(-1) * self.shape.likeness_width**-0.5
        anyway = general.reshape(-1, TOKENS)[places, tokens].clamp(min=_LEAST) / -_LEAST
        numbers = classes + self.offsets
        # The bag is quicker to train; ONNX has none.
        summed = (
            F.embedding_bag(numbers, self.match.weight, mode="sum") if self.training else self.match(numbers).sum(1)
        )
        hidden = F.relu(self.hidden(torch.cat([F.relu(summed), anyway[:, None], alike[:, None]], dim=-1)))
        strength = self.strength(hidden)[:, 0] + self.readiness(flat)[places, 0]
        repeated = before.reshape(-1)[places] == tokens
        return general, strength.clamp(-_STRONGEST, _STRONGEST).masked_fill(repeated, _RULED_OUT)


class Members(nn.Module):
    """Several networks side by side, each smoothed with what was counted after each chord."""

    def __init__(self, members: list[ChordNetwork], counted: Tensor, share: float) -> None:
        """`counted` [TOKENS + 1, TOKENS] are probabilities after each chord; they get `share` of what is general."""
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("counted", counted.clamp(min=math.exp(_RULED_OUT)).log() + math.log(share))
        self.counted: Tensor
        self.own = math.log(1 - share)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(log-probabilities [members, songs, places, TOKENS], strengths [members, matches])"""
        found = [member(*inputs) for member in self.members]
        general = torch.stack([general for general, _ in found])
        smoothed = torch.logaddexp(general + self.own, self.counted[inputs[0]])
        return smoothed, torch.stack([strength for _, strength in found])


def log_mixture(general: Tensor, strength: Tensor, places: Tensor, tokens: Tensor) -> Tensor:
    """Log-probabilities [songs · places, TOKENS]: what `harmony.progressions.mixture` says, where it can be trained."""
    known = general.reshape(-1, TOKENS).exp()
    whole = known.index_put((places, tokens), strength.exp(), accumulate=True)
    return whole.clamp(min=1e-12).log() - whole.sum(-1, keepdim=True).log()

"""Tunes the weights of the n-gram's ladders and writes them beside it: how far to trust which context.

    python -m models.training.baselines.tune --corpus ../shared/corpus

Counts are those of the train split, the weights are fitted by gradient to the likelihood of notes of the valid split,
drawn evenly from each kind of music and weighted by the kinds' shares. The test split is not read.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cocomposer.events.layout import DRAWN, STYLES
from models.training.baselines.counting import Counts
from models.training.baselines.features import Notes
from models.training.baselines.ladders import LADDERS
from models.training.baselines.ngram import WEIGHTS, Question
from models.training.evaluation.scoring import read_pieces
from models.training.pieces import read_manifest

NOTES_PER_KIND = 8_000
CLIMB_STEPS = 40
BLEND_STEPS = 80
_MOST = torch.tensor((1.0, 2.0, 3.0))
"""A discount is at most what it is taken from."""
_COLUMNS = ("symbol", "total", "once", "twice", "often")


def sample(style: NDArray[np.int64], most: int = NOTES_PER_KIND) -> tuple[NDArray[np.int64], Tensor]:
    """At most so many notes of each kind, spread evenly, and the weight [notes] that makes up for it (sum: 1)."""
    chosen, weights = [], []
    for kind in np.unique(style):
        mine = np.flatnonzero(style == kind)
        taken = mine[np.linspace(0, len(mine) - 1, min(most, len(mine))).astype(np.int64)]
        chosen.append(taken)
        weights.append(np.full(len(taken), len(mine) / len(taken) / len(style)))
    return np.concatenate(chosen), torch.tensor(np.concatenate(weights), dtype=torch.float32)


def climbed(counts: Sequence[Tensor], base: Tensor, raw: Tensor) -> Tensor:
    """What `blending.climb` says, for counts [5, notes] of each step and free parameters [steps, 4]."""
    probability = base
    for (symbol, total, once, twice, often), free in zip(counts, raw, strict=True):
        first, second, third = torch.sigmoid(free[:3]) * _MOST
        concentration = torch.exp(free[3])
        zero = torch.zeros(())
        mine = torch.where(symbol > 2, third, torch.where(symbol > 1, second, torch.where(symbol > 0, first, zero)))
        rest = concentration + first * once + second * twice + third * often
        probability = (symbol - mine + rest * probability) / (total + concentration)
    return probability


def fit_ladder(counts: Sequence[Tensor], base: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Free parameters [steps, 4] of a ladder alone, and the probabilities [notes] that it then gives."""
    raw = torch.zeros(len(counts), 4, requires_grad=True)
    optimizer = torch.optim.Adam([raw], lr=0.2)
    for step in range(CLIMB_STEPS):
        optimizer.param_groups[0]["lr"] = 0.2 * (1 - step / CLIMB_STEPS) + 0.01
        loss = -(weight * torch.log(climbed(counts, base, raw))).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        return raw.detach(), climbed(counts, base, raw)


def fit_blend(
    said: Sequence[Tensor], met: Sequence[Tensor], sizes: Sequence[int], style: Tensor, weight: Tensor
) -> tuple[Tensor, list[Tensor], Tensor]:
    """Logits by kind [STYLES, ladders] and by steps met of each ladder; and the blend [notes]."""
    by_style = torch.zeros(len(STYLES), len(said), requires_grad=True)
    by_depth = [torch.zeros(size + 1, requires_grad=True) for size in sizes]
    optimizer = torch.optim.Adam([by_style, *by_depth], lr=0.1)
    probability = torch.stack(list(said))
    for step in range(BLEND_STEPS + 1):
        logits = by_style[style].T + torch.stack([table[depth] for table, depth in zip(by_depth, met, strict=True)])
        blended = (torch.softmax(logits, dim=0) * probability).sum(dim=0)
        if step == BLEND_STEPS:
            break
        # A kind with few notes stays near the others.
        loss = -(weight * torch.log(blended)).sum() + 1e-4 * by_style.square().sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return by_style.detach(), [table.detach() for table in by_depth], blended.detach()


def tensors(counts: Sequence[Counts], places: NDArray[np.int64]) -> list[Tensor]:
    """Counts of some notes, [5, notes] for each step."""
    return [torch.tensor(np.stack([getattr(step, name)[places] for name in _COLUMNS])) for step in counts]


def entries(raws: Sequence[Tensor], by_style: Tensor, by_depth: Sequence[Tensor]) -> list[dict[str, Any]]:
    """The fitted numbers of a field as they stand in the table."""
    return [
        {
            "discounts": [[round(value, 3) for value in step] for step in (torch.sigmoid(raw[:, :3]) * _MOST).tolist()],
            "concentration": [round(value, 4) for value in torch.exp(raw[:, 3]).tolist()],
            "style": [round(value, 3) for value in by_style[:, number].tolist()],
            "depth": [round(value, 3) for value in by_depth[number].tolist()],
        }
        for number, raw in enumerate(raws)
    ]


def tune_field(question: Question) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The entries of a field for "corpus" and for "memory"."""
    places, weight = sample(question.style)
    style = torch.tensor(question.style[places])
    base = torch.tensor(question.base[places], dtype=torch.float32)
    table: list[list[dict[str, Any]]] = []
    for part, count in (("corpus", question.corpus), ("memory", question.memory)):
        raws, said, met = [], [], []
        for ladder in LADDERS[question.field.name]:
            counts = tensors(count(ladder), places)
            raw, probability = fit_ladder(counts, base, weight)
            raws.append(raw)
            said.append(probability)
            met.append(torch.stack([step[1] > 0 for step in counts]).sum(dim=0))
        if part == "memory":
            # The last one: nothing is remembered.
            raws.append(torch.zeros(0, 4))
            said.append(base)
            met.append(torch.zeros(len(base), dtype=torch.int64))
        by_style, by_depth, blended = fit_blend(said, met, [len(raw) for raw in raws], style, weight)
        print(f"{question.field.name} {part}: {-(weight * torch.log(blended)).sum():.3f}", flush=True)
        table.append(entries(raws, by_style, by_depth))
        base = blended
    return table[0], table[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    sources = [s for s in read_manifest(options.corpus) if s.jsb_leak != 1 or s.split != "train"]
    learnt, asked = (
        Notes.of([piece.passage.rows for piece in read_pieces(s for s in sources if s.split == split)])
        for split in ("train", "valid")
    )
    fitted = {field.name: tune_field(Question.of(field, learnt, asked)) for field in DRAWN}
    weights = {part: {field: fitted[field][n] for field in fitted} for n, part in enumerate(("corpus", "memory"))}
    about = "Weights of the ladders in ladders.py: counts of the train split, fitted to the valid split by tune.py."
    text = json.dumps({"about": about, "weights": weights})
    options.out.write_text(text.replace('{"discounts"', '\n{"discounts"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Fits the weights of the product's memory to the valid split and writes them as cocomposer/memory/weights.py.

    python -m models.training.evaluation.memory_fit --bundle models/live --corpus ../shared/corpus

Pieces of composers are heard alone and with five others of the composer in memory, folk tunes and drums alone; of their
notes a share is drawn at random. By gradient, the likelihood of what came is raised; each fourth piece is left aside,
and a field for which the memory does not help there is left to the model. The test split is not read.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.memory import mixture
from cocomposer.memory.recall import FEATURES
from models.training.evaluation.remembering import DRUMS, Asked, Trial, alone, ask, logits_of, of_composers, store_of
from models.training.evaluation.scoring import Passage, read_pieces
from models.training.pieces import read_manifest

WEIGHTS: Final = Path(mixture.__file__).with_name("weights.py")
STEPS: Final = 200
OPEN_STEPS: Final = 80
"""So long the gate stands at START and only the votes learn: else it closes before they are worth anything."""
NOTES_AT_ONCE: Final = 1000
RATE: Final = 0.1
SHRINKAGE: Final = 1e-4
"""Per squared weight: a class that was hardly met stays near 0."""
START: Final = (-1.0, 0.0, 0.0, 0.0)
ASIDE: Final = 4
LEAST_GAIN: Final = 0.001
"""Nats per note that a field's memory must save on the pieces left aside."""


class Batch:
    """Some questions, laid out for one step."""

    def __init__(self, asked: list[tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float16], int]]) -> None:
        classes = len(asked[0][2])
        row = np.repeat(np.arange(len(asked)), [len(votes) for _, votes, _, _ in asked])
        voted = np.concatenate([votes for _, votes, _, _ in asked])
        logs = np.stack([log for _, _, log, _ in asked]).astype(np.float32)
        self.features = torch.tensor(np.concatenate([features for features, _, _, _ in asked], axis=1).astype(np.int64))
        self.place = torch.tensor(row * classes + voted)
        self.target = torch.tensor(np.asarray([target for _, _, _, target in asked]))[:, None]
        self.logs = torch.log_softmax(torch.tensor(logs), dim=1)

    def nats(self, tables: list[Tensor], gate: Tensor) -> Tensor:
        """What came costs, [questions], by the formula of `mixture.Mixture.mixed`."""
        counts = torch.exp(torch.stack([t[mine] for t, mine in zip(tables, self.features, strict=True)]).sum(dim=0))
        shape = self.logs.shape
        by_class = torch.zeros(shape.numel()).index_add(0, self.place, counts).view(shape)
        total = by_class.sum(dim=1)
        some = total > 0
        total = torch.where(some, total, torch.ones(()))
        most = torch.where(some, by_class.amax(dim=1), torch.ones(()))
        terms = (
            torch.ones(len(total)),
            torch.log(total),
            torch.log(most / total),
            self.logs.amax(dim=1),
        )
        believed = torch.sigmoid(torch.stack(terms, dim=1) @ gate) * some
        own = torch.exp(self.logs.gather(1, self.target)[:, 0])
        remembered = by_class.gather(1, self.target)[:, 0] / total
        return -torch.log((1 - believed) * own + believed * remembered)


Question = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float16], int]
"""Features, votes, the model's logits and what came: small, for there are many."""


def small(asked: Asked, memory: int) -> Question:
    """A question as it is kept."""
    votes = asked.votes[memory]
    logits = np.maximum(asked.logits - asked.logits.max(), -30.0)
    return votes.features.astype(np.uint8), votes.classes.astype(np.uint8), logits.astype(np.float16), asked.target


def gather(
    model: OnnxNoteModel, trials: list[Trial], most_notes: int, share: float, seed: int = 2
) -> dict[tuple[bool, str], list[Question]]:
    """Questions by (drums, field)."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[bool, str], list[Question]] = defaultdict(list)
    for number, trial in enumerate(trials):
        held = read_pieces([trial.held])
        if not held:
            continue
        passage = Passage(*(part[:most_notes] for part in held[0].passage))
        kind = trial.held.kind
        files = [store_of((piece.passage.rows for piece in read_pieces(trial.others)), kind)] if trial.others else []
        drawn = rng.random(len(passage.rows)) < share
        for asked in ask(logits_of(model, passage), passage.rows, (None, *files), kind):
            if drawn[asked.note]:
                # Alone or with the files, each as often.
                found[kind == DRUMS, asked.field.name].append(small(asked, int(rng.integers(1 + len(files)))))
        if number % 20 == 19:
            print(f"{number + 1} of {len(trials)} pieces", flush=True)
    return found


def fit(questions: list[Question], steps: int = STEPS, seed: int = 3) -> dict[str, Any]:
    """Weights of a field."""
    rng = np.random.default_rng(seed)
    tables = [torch.zeros(classes, requires_grad=True) for classes in FEATURES.values()]
    gate = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.Adam([*tables, gate], lr=RATE)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / steps) + 0.002
        chosen = rng.choice(len(questions), min(NOTES_AT_ONCE, len(questions)), replace=False)
        nats = Batch([questions[int(n)] for n in chosen]).nats(tables, gate)
        loss = nats.mean() + SHRINKAGE * sum(table.square().sum() for table in tables)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if step < OPEN_STEPS:
            gate.grad = None
        optimizer.step()
    weights = {name: [round(w, 2) for w in t.tolist()] for name, t in zip(FEATURES, tables, strict=True)}
    return {"features": weights, "gate": [round(term, 3) for term in gate.tolist()]}


@torch.no_grad()
def cost(questions: list[Question], fitted: dict[str, Any]) -> tuple[float, float]:
    """Nats per note of the questions without and with the memory."""
    tables, gate = [torch.tensor(fitted["features"][name]) for name in FEATURES], torch.tensor(fitted["gate"])
    without, remembering = 0.0, 0.0
    for begin in range(0, len(questions), NOTES_AT_ONCE):
        batch = Batch(questions[begin : begin + NOTES_AT_ONCE])
        without -= float(batch.logs.gather(1, batch.target).sum())
        remembering += float(batch.nats(tables, gate).sum())
    return without / len(questions), remembering / len(questions)


def source_of(tables: dict[str, dict[str, Any]]) -> str:
    """The module of weights."""
    lines = [
        '"""How much each remembered vote counts, and how far a memory is believed: made by',
        "`models.training.evaluation.memory_fit` from the valid split, not to be edited. Pitched music, and drums.",
        '"""',
        "",
        "from typing import Final",
        "",
        "from cocomposer.memory.mixture import FieldWeights, Gate",
        "",
    ]
    for name, fields in tables.items():
        lines.append(f"{name}: Final[dict[str, FieldWeights]] = {{")
        for field, weights in fields.items():
            lines.append(f'    "{field}": FieldWeights(')
            lines.append("        {")
            # One line for each feature, as long as it may be.
            lines += [
                f'            "{feature}": ({", ".join(map(str, table))}),'
                for feature, table in weights["features"].items()
            ]
            lines.append("        },")
            lines.append(f"        Gate({', '.join(map(str, weights['gate']))}),")
            lines.append("    ),")
        lines.append("}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--notes", type=int, default=600, help="of each piece, from its beginning")
    parser.add_argument("--share", type=float, default=0.25, help="of the notes that are asked")
    parser.add_argument("--alone", type=int, default=80, help="folk tunes and drums, each")
    parser.add_argument("--every", type=int, default=1, help="each so manieth trial only")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    torch.manual_seed(0)
    sources = read_manifest(options.corpus)
    trials = of_composers(sources, "valid")
    for kind in ("folk", DRUMS):
        trials += alone(sources, "valid", kind, options.alone)
    model = OnnxNoteModel(options.bundle, Provider.CPU)
    trials = trials[:: options.every]
    aside = gather(model, trials[::ASIDE], options.notes, options.share)
    questions = gather(model, [t for n, t in enumerate(trials) if n % ASIDE], options.notes, options.share)
    tables: dict[str, dict[str, Any]] = {"PITCHED": {}, "DRUMS": {}}
    for (drums, field), mine in sorted(questions.items()):
        fitted = fit(mine)
        without, remembering = cost(aside[drums, field], fitted)
        is_kept = remembering < without - LEAST_GAIN
        figures = {"drums": drums, "field": field, "questions": len(mine), "aside": len(aside[drums, field])}
        print(json.dumps(figures | {"without": without, "with": remembering, "kept": is_kept}), flush=True)
        if is_kept:
            tables["DRUMS" if drums else "PITCHED"][field] = fitted
    options.out.write_text(source_of(tables), encoding="utf-8")


if __name__ == "__main__":
    main()

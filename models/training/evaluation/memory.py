"""Measures the memory of the player: are a composer's pieces better predicted with others of the composer in memory?

    python -m models.training.evaluation.memory --bundle models/live --corpus ../shared/corpus --split test

For each composer with a piece in the split and five more anywhere, nats per note of the model alone, with a memory of
the piece so far (as of a jam), and with the five pieces in memory as well; folk tunes and drums with a memory of the
piece alone. The weights are those of the product, fitted to the valid split. Each note's own cost is that of
`models.training.evaluate`; intervals are by piece. `--every` takes each so manieth composer or piece, for a quick look.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.layout import DRAWN, DRAWN_INDEX
from cocomposer.generation.memory import mixtures
from models.training.evaluation.intervals import ALL, Resampling, estimate
from models.training.evaluation.remembering import DRUMS, Trial, alone, ask, logits_of, of_composers, store_of
from models.training.evaluation.scoring import Passage, read_pieces
from models.training.pieces import read_manifest

MODEL, JAM, FILES = CONDITIONS = ("model", "jam", "files")
"""The model alone; with a memory of the piece so far; with the other pieces as well."""
FOLK: Final = "folk"


def costs(model: OnnxNoteModel, trial: Trial, most_notes: int) -> tuple[NDArray[np.float64], int] | None:
    """Nats [CONDITIONS, fields] of a trial's piece, and its notes after the first; None if it cannot be read.

    Without other pieces FILES costs what JAM does.
    """
    held = read_pieces([trial.held])
    if not held:
        return None
    kind = trial.held.kind
    passage = Passage(*(part[:most_notes] for part in held[0].passage))
    files = store_of((piece.passage.rows for piece in read_pieces(trial.others)), kind) if trial.others else None
    table = mixtures(drums=kind == DRUMS)
    result = np.zeros((len(CONDITIONS), len(DRAWN)))
    memories = (None,) if files is None else (None, files)
    for asked in ask(logits_of(model, passage), passage.rows, memories, kind):
        said = [asked.logits]
        mixture = table.get(asked.field.name)
        for votes in asked.votes:
            said.append(mixture.mixed(asked.logits, votes) if mixture is not None else asked.logits)
        if files is None:
            said.append(said[-1])
        for number, logits in enumerate(said):
            cost = np.logaddexp.reduce(logits) - logits[asked.target]
            result[number, DRAWN_INDEX[asked.field.name]] += cost
    return result, len(passage.rows) - 1


def table_of(trials: Sequence[Trial], nats: NDArray[np.float64], notes: NDArray[np.int64]) -> dict[str, Any]:
    """Figures for JSON from nats [trials, CONDITIONS, fields] and notes [trials]."""
    drawn = Resampling([trial.held.kind for trial in trials])
    totals = nats.sum(axis=2)
    ratios = [drawn.ratios(ALL, totals[:, number], notes) for number in range(len(CONDITIONS))]
    table: dict[str, Any] = {
        "pieces": len(trials),
        "notes": int(notes.sum()),
        "nats_per_note": {name: estimate(ratio).as_json() for name, ratio in zip(CONDITIONS, ratios, strict=True)},
        "by_field": {
            field.name: {
                name: float(nats[:, number, place].sum() / notes.sum()) for number, name in enumerate(CONDITIONS)
            }
            for place, field in enumerate(DRAWN)
        },
        "better": {},
    }
    for name, one, other in (("jam than model", 1, 0), ("files than jam", 2, 1), ("files than model", 2, 0)):
        lower = (totals[:, one] < totals[:, other]).astype(np.float64)
        table["better"][name] = {
            "nats_per_note": estimate(ratios[other] - ratios[one]).as_json(),
            "share_of_pieces": drawn.estimate(ALL, lower, np.ones(len(trials))).as_json(),
        }
    columns = ["path", "composer", "kind", "others_held_out", "notes", *CONDITIONS]
    rows = [
        [
            trial.held.path.name,
            trial.held.composer,
            trial.held.kind,
            sum(source.split != "train" for source in trial.others),
            int(count),
            *(round(float(total), 3) for total in of_piece),
        ]
        for trial, count, of_piece in zip(trials, notes, totals, strict=True)
    ]
    return {**table, "by_piece": {"columns": columns, "rows": rows}}


def measure(model: OnnxNoteModel, trials: Sequence[Trial], most_notes: int) -> dict[str, Any] | None:
    """Figures of some trials; None if none of their pieces can be read."""
    done, nats, notes = [], [], []
    for number, trial in enumerate(trials, 1):
        found = costs(model, trial, most_notes)
        if found is not None:
            done.append(trial)
            nats.append(found[0])
            notes.append(found[1])
        if number % 10 == 0:
            print(f"{number} of {len(trials)} pieces", file=sys.stderr, flush=True)
    return table_of(done, np.stack(nats), np.asarray(notes)) if done else None


def lines(name: str, table: dict[str, Any]) -> list[str]:
    """For people."""
    text = [f"{name}: {table['pieces']} pieces, {table['notes']} notes"]
    for condition, figure in table["nats_per_note"].items():
        text.append(f"  {condition:<8}{_with_interval(figure)} nats per note")
    for pair, figures in table["better"].items():
        share = _with_interval(figures["share_of_pieces"])
        text.append(f"  {pair}: lower by {_with_interval(figures['nats_per_note'])}, in a share of {share}")
    for field, of_field in table["by_field"].items():
        text.append(f"  {field:<10}" + "".join(f"{of_field[condition]:>9.4f}" for condition in CONDITIONS))
    return text


def _with_interval(figure: dict[str, Any]) -> str:
    ends = figure.get("interval")
    return f"{figure['value']:.4f}" + (f" [{ends[0]:.4f}, {ends[1]:.4f}]" if ends else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--split", default="test")
    parser.add_argument("--notes", type=int, default=1500, help="of each piece, from its beginning")
    parser.add_argument("--alone", type=int, default=60, help="folk tunes and drums, each")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        sources = read_manifest(options.corpus)
        model = OnnxNoteModel(options.bundle, Provider.CPU)
    except (BundleError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    sets = {"composers": of_composers(sources, options.split)}
    sets |= {kind: alone(sources, options.split, kind, options.alone) for kind in (FOLK, DRUMS)}
    tables = {name: measure(model, trials[:: options.every], options.notes) for name, trials in sets.items()}
    found = {name: table for name, table in tables.items() if table is not None}
    if not found:
        print(f"{options.corpus} has nothing to measure in its split {options.split!r}.", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"split": options.split, "notes": options.notes, **found}))
    else:
        print("\n".join(line for name, table in found.items() for line in lines(name, table)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

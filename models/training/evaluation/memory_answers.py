"""Do answers take up the player's phrase more with a memory of it? The share of pitch 4-grams that the seed has too.

    python -m models.training.evaluation.memory_answers --bundle models/live --corpus ../shared/corpus --split test

Each seed is continued by the product's composer with the product's settings, without and with a memory of the seed at
several weights, and stands beside its true continuation. Every 4-gram of an answer that the answer itself had before
is told as well: a memory that only turns in circles shows there.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.generation.memory import MemoryShaper, PlayerMemory
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.ports import NoteModel
from models.training.evaluation.comparison import TRUE, values_of
from models.training.evaluation.continuations import Seed, composed, seeds_of, true_candidate
from models.training.evaluation.intervals import Resampling
from models.training.evaluation.music import MEASURES
from models.training.evaluation.scoring import read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest

KINDS: Final = ("folk", "drums")
WEIGHTS: Final = (0.0, 0.5, 1.0, 2.0)
TOLD: Final = ("4-grams from the seed", "4-grams repeated")


def continued(model: NoteModel, seeds: Sequence[Seed], weight: float) -> list[Sequence[Note]]:
    """What is played with a memory of each seed at this weight."""
    played = []
    for seed in seeds:
        shaper = MemoryShaper(PlayerMemory(drums=not seed.pitched), seed.metre, jam=weight)
        played.append(composed(model, Settings(), (shaper,) if weight else ())(seed))
    return played


def table_of(seeds: Sequence[Seed], played: Mapping[str, Sequence[Sequence[Note]]]) -> dict[str, Any]:
    """Means of TOLD with intervals by seed, for each kind of music and each candidate."""
    drawn = Resampling([seed.kind for seed in seeds])
    table: dict[str, Any] = {}
    for name, continuations in played.items():
        values = values_of(seeds, continuations)
        for measure in TOLD:
            column = values[:, list(MEASURES).index(measure)]
            counted = ~np.isnan(column)
            for kind in drawn.members:
                figure = drawn.estimate(kind, np.where(counted, column, 0), counted.astype(np.float64))
                table.setdefault(kind, {}).setdefault(measure, {})[name] = figure.as_json()
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--split", default="test")
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--seeds", type=int, default=40, help="of each kind")
    parser.add_argument("--weights", type=float, nargs="+", default=WEIGHTS)
    options = parser.parse_args()
    try:
        sources = [source for source in read_manifest(options.corpus) if source.split == options.split]
        model = OnnxNoteModel(options.bundle, Provider.CPU)
    except (BundleError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    seeds: list[Seed] = []
    for kind in options.kinds:
        pieces = read_pieces(source for source in sources if source.kind == kind)
        seeds += seeds_of(pieces, choose(pieces, CONTINUED, options.seeds))
    if not seeds:
        print("These pieces are too short to be continued; name another folder, split or kind.", file=sys.stderr)
        return 1
    played: dict[str, Sequence[Sequence[Note]]] = {TRUE: [true_candidate(seed) for seed in seeds]}
    for weight in options.weights:
        played[f"memory {weight:g}"] = continued(model, seeds, weight)
        print(f"weight {weight:g}: {len(seeds)} answers", file=sys.stderr, flush=True)
    print(json.dumps({"split": options.split, "seeds": len(seeds), **table_of(seeds, played)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

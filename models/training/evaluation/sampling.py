"""Which of the musician's settings bring continuations nearest to the true ones, one setting or some at a time.

    python -m models.training.evaluation.sampling --try follow_key=0,0.15,0.5 --try "creativity=1.05 follow_key=0.4"

Defaults of the product are chosen with this on the valid split, never on the test split. All variants continue the same
seeds with the same chance.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.jam.settings import Settings, changed
from models.training.evaluate import DEFAULT_CORPUS, changes_of
from models.training.evaluation.comparison import POOLED, TRUE, music_table
from models.training.evaluation.continuations import Seed, composed, seeds_of, true_candidate
from models.training.evaluation.likelihood import MODEL
from models.training.evaluation.scoring import read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest

SHOWN = (
    "pitch-class divergence", "onset-interval divergence", "same key", "in the seed's scale", "density ratio, octaves",
    "4-grams repeated", "similarity to 1 bar before",
)  # fmt: skip


def variants(base: Settings, tries: Sequence[str]) -> Iterator[tuple[str, Settings]]:
    """The base, then each value of NAME=VALUE,VALUE… by itself, or all of "NAME=VALUE NAME=VALUE…" together.

    SettingsError for one that cannot be.
    """
    yield "as it is", base
    for each in tries:
        name, _, values = each.partition("=")
        together = [each] if " " in each else [f"{name}={value}" for value in values.split(",")]
        for text in together:
            yield text, changed(base, changes_of(text.split()))


def measure(model: OnnxNoteModel, seeds: Sequence[Seed], settings: Settings) -> dict[str, Any]:
    """The table of continuations of the model alone."""
    play = composed(model, settings)
    return music_table(seeds, {TRUE: [true_candidate(s) for s in seeds], MODEL: [play(s) for s in seeds]})


def line(name: str, table: dict[str, Any]) -> str:
    """Mean distance, mean pooled divergence, and differences from the truth in some measures."""
    rows = table["measures"][MODEL]
    bits = table["pooled"][MODEL]
    far = table["distance"][MODEL]
    cells = [f"{rows[m]['from_true']['value']:>+12.3f}" if m in rows else f"{'':>12}" for m in SHOWN]
    mean_bits = sum(bits[name] for name in POOLED if name in bits) / max(1, len(bits))
    return f"{name:<44}{'' if far is None else f'{far:.3f}':>10}{mean_bits:>10.4f}" + "".join(cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="what all variants share")
    parser.add_argument(
        "--try", dest="tries", action="append", default=[], metavar="NAME=VALUE,VALUE", help="see above"
    )
    options = parser.parse_args()
    try:
        base = changed(Settings(), changes_of(options.set))
        tried = list(variants(base, options.tries))
        pieces = read_pieces(s for s in read_manifest(options.corpus) if s.split == options.split)
        seeds = seeds_of(pieces, choose(pieces, CONTINUED, options.seeds))
        if not seeds:
            raise ValueError(f"{options.corpus} has nothing to continue in its split {options.split!r}.")
        model = OnnxNoteModel(options.bundle, Provider.CPU)
        print(f"{'variant':<44}{'distance':>10}{'bits':>10}" + "".join(f"{m[:11]:>12}" for m in SHOWN), flush=True)
        for name, settings in tried:
            table = measure(model, seeds, settings)
            print(line(name, table), flush=True)
            print(json.dumps({"variant": name, **table}), file=sys.stderr, flush=True)
    except (BundleError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Step 5: measure a bundle on the held-out splits and write its metrics.json and MODEL_CARD.md.

    python -m models.training.release --bundle models/live --corpus ../shared/corpus

The card says what was trained on what, what it scores beside the baselines, and whom to credit. --from-metrics renders
it without measuring, from a metrics.json or from files that `evaluate --out` wrote (on two cores, at once).
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.providers import ProviderError
from cocomposer.jam.settings import Settings
from models.training.card import card
from models.training.evaluate import (
    LIKELIHOOD,
    MEASURES,
    PREFERENCE,
    add_options,
    baseline_corpus,
    evaluate_splits,
    plan_from,
)
from models.training.pieces import read_manifest

MEASURED: Final[Mapping[str, Sequence[str]]] = {"valid": (LIKELIHOOD, PREFERENCE), "test": MEASURES}
"""What of each split; continuations are those of the test seeds."""


def as_text(value: Any, depth: int = 0) -> str:
    """JSON that a diff can show: an object's members stand on a line each, and so do the rows of a table."""
    if isinstance(value, dict) and value:
        parts = [f"{json.dumps(name)}: {as_text(inner, depth + 1)}" for name, inner in value.items()]
    elif isinstance(value, list) and any(isinstance(inner, list) for inner in value):
        parts = [json.dumps(inner) for inner in value]
    else:
        return json.dumps(value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    inside = ",\n".join(" " * (depth + 1) + part for part in parts)
    return f"{begin}\n{inside}\n{' ' * depth}{end}"


def read_metrics(files: Sequence[Path]) -> dict[str, Any]:
    """Figures by split, from files that hold those of several splits or of one; later ones add to earlier ones."""
    metrics: dict[str, Any] = {}
    for file in files:
        found = json.loads(file.read_text(encoding="utf-8"))
        for split, measured in ({found["split"]: found} if "split" in found else found).items():
            metrics[split] = metrics.get(split, {}) | measured
    return {split: metrics[split] for split in sorted(metrics, key=lambda name: [*MEASURED, name].index(name))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument(
        "--from-metrics", type=Path, nargs="+", metavar="FILE", help="do not measure: take these figures"
    )
    add_options(parser)
    options = parser.parse_args()
    try:
        if options.from_metrics is not None:
            metrics = read_metrics(options.from_metrics)
        else:
            plans = {split: plan_from(options, measures, Settings()) for split, measures in MEASURED.items()}
            metrics = evaluate_splits(options.bundle, options.corpus, plans, baseline_corpus(options))
        trained = [s for s in read_manifest(baseline_corpus(options)) if s.split == "train" and s.jsb_leak != 1]
        text = card(options.bundle, metrics, trained)
        (options.bundle / "metrics.json").write_text(as_text(metrics) + "\n", encoding="utf-8")
        (options.bundle / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    except (BundleError, ProviderError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Step 5: measure a bundle on the held-out splits and write its metrics.json and MODEL_CARD.md.

    python -m models.training.release --bundle models/live --corpus ../shared/corpus

The card says what was trained on what, what it scores beside the baseline, and whom to credit.
"""

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any

from cocomposer.adapters.bundle import open_bundle
from models.training.evaluate import DEFAULT_CORPUS, evaluate
from models.training.pieces import Source, read_manifest

SOURCES = Path(__file__).parent / "sources.toml"
TEMPLATE = """\
# {name}

A note-event transformer of {weights:.1f} million weights that continues what is played: one backbone step for
each note, then small heads that draw its onset, pitch, duration, velocity and pedal in turn. It looks back on
{window} notes.

Made by `models/training`, recipe `{recipe}`: {steps:,} steps of {batch} × {length} notes ({seen:.0f} million notes,
with augmentation), {done:,} steps done.

## Held-out likelihood

Nats per note (lower is better), measured through the ONNX graphs of this bundle. The n-gram has back-off, knows all
keys, and learnt from the same pieces.

Split `valid`:

{valid}

Split `test`:

{test}

By field on `valid`: {by_field}.

To repeat: `python -m models.training.evaluate --bundle models/{name} --split valid`.

## What it is for, and what not

For playing along with a keyboard player: piano music of the 18th to early 20th century, songs, hymns, string quartets,
dance tunes, and drum patterns. It has heard no pop or jazz newer than 1930, because no such music was free to learn
from. It knows no words, chords or plans: it continues, a few bars sensibly, a page less so.

## Trained on

The train split only; pieces close to chorales of the JSB validation and test sets were left out.

{sources}

Please keep these credits with the weights.
"""


def _score_table(metrics: dict[str, Any]) -> list[str]:
    table = ["| music | notes | model | n-gram | better by |", "|---|---:|---:|---:|---:|"]
    for kind, mine in metrics["model"].items():
        theirs = metrics["ngram"][kind]["nats_per_note"]
        gain = 1 - mine["nats_per_note"] / theirs
        table.append(f"| {kind} | {mine['notes']:,} | {mine['nats_per_note']:.3f} | {theirs:.3f} | {gain:.0%} |")
    return table


def _source_table(trained: list[Source]) -> list[str]:
    with SOURCES.open("rb") as file:
        known = tomllib.load(file)
    table = ["| source | pieces | licence | credit |", "|---|---:|---|---|"]
    for name in sorted({s.source for s in trained}):
        facts = known.get(name, {"licence": "see its manifest", "credit": name})
        count = sum(s.source == name for s in trained)
        table.append(f"| {facts.get('upstream', name)} | {count:,} | {facts['licence']} | {facts['credit']} |")
    return table


def card(folder: Path, metrics: dict[str, Any], trained: list[Source]) -> str:
    """The text of MODEL_CARD.md."""
    bundle = open_bundle(folder)
    recipe = bundle.training["recipe"]
    fields = [name for name in metrics["valid"]["model"]["all"] if name not in ("nats_per_note", "notes", "pieces")]
    by_field = ", ".join(f"{name} {metrics['valid']['model']['all'][name]:.3f}" for name in fields)
    steps = recipe["steps"] * recipe["batch"] * recipe["length"]
    return TEMPLATE.format(
        name=bundle.name,
        weights=bundle.weights / 1e6,
        window=bundle.window,
        recipe=recipe["name"],
        steps=recipe["steps"],
        batch=recipe["batch"],
        length=recipe["length"],
        seen=steps / 1e6,
        done=bundle.training.get("steps_done", recipe["steps"]),
        valid="\n".join(_score_table(metrics["valid"])),
        test="\n".join(_score_table(metrics["test"])),
        by_field=by_field,
        sources="\n".join(_source_table(trained)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    options = parser.parse_args()
    metrics = {split: evaluate(options.bundle, options.corpus, split, options.corpus) for split in ("valid", "test")}
    (options.bundle / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    trained = [s for s in read_manifest(options.corpus) if s.split == "train" and s.jsb_leak != 1]
    text = card(options.bundle, metrics, trained)
    (options.bundle / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

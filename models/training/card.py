"""The text of a bundle's MODEL_CARD.md, from its description, its figures and the sources that it learnt from.

Figures come as `evaluate` gives them for each split; what was not measured has no section. Measures nothing.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.bundle import open_bundle
from cocomposer.events.layout import DRAWN
from models.training.evaluate import CONTINUATIONS, PREFERENCE
from models.training.evaluation.candidates import BASELINES
from models.training.evaluation.comparison import POOLED, TRUE
from models.training.evaluation.intervals import ALL, RESAMPLES
from models.training.evaluation.likelihood import MODEL
from models.training.evaluation.music import MEASURES
from models.training.evaluation.preference import WAYS
from models.training.pieces import Source

SOURCES: Final = Path(__file__).parent / "sources.toml"
TITLES: Final = {
    MODEL: "this model",
    "ngram": "n-gram",
    "ngram-memory": "n-gram with memory",
    "lstm": "LSTM",
    "suffix": "suffix model",
    TRUE: "true continuation",
}
TEMPLATE: Final = """\
# {name}

A note-event transformer of {weights:.1f} million weights that continues what is played: one backbone step for
each note, then small heads that draw its onset, pitch, duration, velocity and pedal in turn. It looks back on
{window} notes.

Made by `models/training`, recipe `{recipe}`: {steps:,} steps of {batch} × {length} notes ({seen:.0f} million notes,
with augmentation), {done:,} steps done, begun with {start}.
What went before stands in `models/training/LOG.md`.

## Held-out likelihood

Nats per note (lower is better), measured through the ONNX graphs of this bundle, with 95 % intervals from {resamples:,}
draws of whole pieces. {baselines}

{likelihood}

To repeat: `python -m models.training.evaluate --bundle models/{name} --split test`. What each piece cost, field by
field, is in `metrics.json`.
{music}{preference}
## What it is for, and what not

For playing along with a keyboard player: piano music of the 18th to early 20th century, songs, hymns, string quartets,
dance tunes, and drum patterns. It has heard no pop or jazz newer than 1930, because no such music was free to learn
from. It knows no words and no plans: it continues, a few bars sensibly, a page less so. Of chords it knows those that
it is told, folded to eight classes.

## Trained on

The train split only; pieces close to chorales of the JSB validation and test sets were left out.
`pieces.csv` lists them; `cocomposer originality FILE.mid` tells what a file shares with them.

{sources}

Please keep these credits with the weights.
"""
BASELINES_SAID: Final = {
    "ngram": "The n-gram has back-off and knows all keys; it learnt from the same pieces.",
    "ngram-memory": "With memory, it also counts in the piece that it reads.",
    "lstm": "The LSTM has as many weights and the same heads; how long it was trained stands in the log.",
}
MUSIC_TEXT: Final = """
## Music of its continuations

{seeds} seeds of the test split ({kinds}), each continued by as many notes as the truth (up to 64), with the product's
own settings (creativity {creativity}, top_p {top_p}, follow_key {follow_key}). Nearness to the true continuation is
what is wanted. Mean, with its 95 % interval by piece; then the distance of the values from the true ones, in standard
deviations. What each measure is: `models/training/evaluation/music.py`.

{table}

All notes of a kind together against all notes of the true continuations, Jensen-Shannon divergence in bits; for scale,
the true continuations of one half of the seeds against those of the other half, which are other pieces:

{pooled}

To repeat: `python -m models.training.evaluate --bundle models/{name} --split test --measure continuations`.
"""
PREFERENCE_TEXT: Final = """
## True continuation preferred to a wrong one

Wrong ones are real music of the same length from elsewhere, up to {notes} notes; shares of trials, with 95 % intervals
by piece. *Likelihood*: the truth is the likelier one after the seed. *Information*: the truth gains more from the seed,
beside each by itself. *Succession*: the truth gains more by coming at once, beside each after the seed and a long rest.
The likelihood ratio that suits the trial is in bold; why is in `models/training/evaluation/preference.py`.

{table}

To repeat: `python -m models.training.evaluate --bundle models/{name} --split test --measure preference`.
"""


def _interval(row: Mapping[str, Any], shape: str) -> str:
    value = format(row.get("value", row.get("nats_per_note")), shape)
    ends = row.get("interval")
    return f"{value} [{ends[0]:{shape}}, {ends[1]:{shape}}]" if ends else value


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def likelihood_text(metrics: Mapping[str, Any]) -> str:
    """Tables by kind for each split, then by field."""
    parts = []
    for split, measured in metrics.items():
        if MODEL not in measured:
            continue
        names = [MODEL, *(name for name in BASELINES if name in measured)]
        rows = []
        for kind, mine in measured[MODEL].items():
            cells = [_interval(measured[name][kind], ".3f") for name in names]
            cells += [_interval(measured["better_by"][name][kind]["share"], ".1%") for name in names[1:]]
            rows.append([kind, f"{mine['notes']:,}", *cells])
        head = ["music", "notes", *(TITLES[name] for name in names)]
        parts.append(f"Split `{split}`:\n\n" + _table([*head, *(f"less than {TITLES[n]}" for n in names[1:])], rows))
        fields = [field.name for field in DRAWN if field.name in measured[MODEL][ALL]]
        by_field = [[TITLES[name], *(f"{measured[name][ALL][field]:.3f}" for field in fields)] for name in names]
        parts.append(f"By field on `{split}`:\n\n" + _table(["", *fields], by_field))
    return "\n\n".join(parts)


def music_text(name: str, measured: Mapping[str, Any]) -> str:
    """The section on continuations; empty if they were not measured."""
    if CONTINUATIONS not in measured:
        return ""
    table = measured[CONTINUATIONS]
    names = list(table["measures"])
    rows = []
    for measure in MEASURES:
        found = [table["measures"][who].get(measure) for who in names]
        if any(found):
            rows.append([measure, *("" if row is None else _with_distance(row) for row in found)])
    far = [table["distance"].get(who) for who in names]
    rows.append(["mean distance", *("" if value is None else f"{value:.2f}" for value in far)])
    pooled = table["pooled"]
    pooled_rows = [[each, *(f"{row[each]:.3f}" if each in row else "" for row in pooled.values())] for each in POOLED]
    return MUSIC_TEXT.format(
        name=name,
        seeds=sum(table["seeds"].values()),
        kinds=", ".join(f"{kind} {count}" for kind, count in table["seeds"].items()),
        **{each: table["settings"][each] for each in ("creativity", "top_p", "follow_key")},
        table=_table(["measure", *(TITLES[who] for who in names)], rows),
        pooled=_table(["", *(TITLES.get(who, who) for who in pooled)], pooled_rows),
    )


def _with_distance(row: Mapping[str, Any]) -> str:
    return _interval(row, ".2f") + (f"; {row['distance']:.2f}" if "distance" in row else "")


def preference_text(name: str, metrics: Mapping[str, Any]) -> str:
    """The section on preference; empty if it was not measured."""
    rows, notes = [], 0
    for split, measured in metrics.items():
        for place, table in measured.get(PREFERENCE, {}).items():
            notes = table["headline"]["notes"]
            for kind, row in table["by_kind"].items():
                cells = [_interval(row[way][str(notes)], ".1%") for way in WAYS]
                bold = WAYS.index(table["headline"]["way"])
                cells[bold] = f"**{cells[bold]}**"
                rows.append([f"`{split}`, {place}", kind, str(row["trials"]), *cells])
    if not rows:
        return ""
    table_text = _table(["wrong one from", "music", "trials", *WAYS], rows)
    return PREFERENCE_TEXT.format(name=name, notes=notes, table=table_text)


def _source_table(trained: Sequence[Source]) -> str:
    with SOURCES.open("rb") as file:
        known = tomllib.load(file)
    rows = []
    for name in sorted({s.source for s in trained}):
        facts = known.get(name, {"licence": "see its manifest", "credit": name})
        count = sum(s.source == name for s in trained)
        rows.append([facts.get("upstream", name), f"{count:,}", facts["licence"], facts["credit"]])
    return _table(["source", "pieces", "licence", "credit"], rows)


def card(folder: Path, metrics: Mapping[str, Any], trained: Sequence[Source]) -> str:
    """The text of MODEL_CARD.md."""
    bundle = open_bundle(folder)
    recipe = bundle.training["recipe"]
    compared = {name for measured in metrics.values() for name in measured}
    return TEMPLATE.format(
        name=bundle.name,
        weights=bundle.weights / 1e6,
        window=bundle.window,
        recipe=recipe["name"],
        steps=recipe["steps"],
        batch=recipe["batch"],
        length=recipe["length"],
        seen=recipe["steps"] * recipe["batch"] * recipe["length"] / 1e6,
        done=bundle.training.get("steps_done", recipe["steps"]),
        start=bundle.training.get("start", "random weights"),
        resamples=RESAMPLES,
        baselines=" ".join(said for name, said in BASELINES_SAID.items() if name in compared),
        likelihood=likelihood_text(metrics),
        music=music_text(bundle.name, metrics.get("test", {})),
        preference=preference_text(bundle.name, metrics),
        sources=_source_table(trained),
    )

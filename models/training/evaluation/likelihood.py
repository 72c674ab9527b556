"""The table of likelihoods: nats per note of several models on the same pieces, by kind and field, with intervals.

Made from sums by piece alone, which stand beside it, so that others can draw other intervals from them. Nats per note
are all fields' nats by the number of notes; those of a field are by the notes whose field says something. Knows no
model.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cocomposer.events.layout import DRAWN
from models.training.evaluation.intervals import ALL, Resampling, estimate
from models.training.evaluation.scoring import HeldOut, Sums

TOTAL: Final = "nats_per_note"
MODEL: Final = "model"
"""The model that the others are held against; its key in every table."""


def likelihood_table(pieces: Sequence[HeldOut], sums: Mapping[str, Sums]) -> dict[str, Any]:
    """Tables of each model, `better_by` of the model against each other one, and the sums by piece, for JSON.

    sums: by model, MODEL first; [pieces] in the order of `pieces`.
    """
    drawn = Resampling([piece.source.kind for piece in pieces])
    tables: dict[str, Any] = {}
    totals: dict[str, dict[str, Any]] = {}
    for name, cost in sums.items():
        tables[name], totals[name] = {}, {}
        for kind, mine in drawn.members.items():
            figures = drawn.ratios(kind, cost.nats.sum(axis=1), cost.notes)
            totals[name][kind] = figures
            found = estimate(figures)
            row: dict[str, Any] = {TOTAL: found.value}
            if found.low is not None:
                row["interval"] = [found.low, found.high]
            for number, field in enumerate(DRAWN):
                if cost.counted[mine, number].any():
                    of_field = drawn.estimate(kind, cost.nats[:, number], cost.counted[:, number])
                    row[field.name] = of_field.value
                    if of_field.low is not None:
                        row.setdefault("intervals", {})[field.name] = [of_field.low, of_field.high]
            tables[name][kind] = row | {"notes": int(cost.notes[mine].sum()), "pieces": int(mine.sum())}
    better = {
        name: {
            kind: {
                "nats_per_note": estimate(totals[name][kind] - totals[MODEL][kind]).as_json(),
                "share": estimate(1 - totals[MODEL][kind] / totals[name][kind]).as_json(),
            }
            for kind in drawn.members
        }
        for name in sums
        if name != MODEL
    }
    return {**tables, "better_by": better, "by_piece": by_piece(pieces, sums)}


def by_piece(pieces: Sequence[HeldOut], sums: Mapping[str, Sums]) -> dict[str, Any]:
    """Each piece's notes and, for each model, its nats and counted notes by field."""
    fields = [field.name for field in DRAWN]
    columns = ["path", "kind", "notes", *(f"{name}_counted" for name in fields)]
    columns += [f"{model}_{name}" for model in sums for name in fields]
    rows = []
    for number, piece in enumerate(pieces):
        cost = next(iter(sums.values()))
        path = f"{piece.source.path.parent.name}/{piece.source.path.name}"
        row: list[Any] = [path, piece.source.kind, int(cost.notes[number]), *cost.counted[number].tolist()]
        rows.append(row + [round(nats, 3) for each in sums.values() for nats in each.nats[number].tolist()])
    return {"columns": columns, "rows": rows}


def lines(tables: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """For people: a line for each kind with every model's nats per note and interval, then the model's by field."""
    kinds = tables[MODEL]
    text = [f"{'nats per note':<12}{'notes':>9}{'pieces':>8}" + "".join(f"{name:>26}" for name in names)]
    for kind, mine in kinds.items():
        cells = "".join(f"{with_interval(tables[name][kind]):>26}" for name in names)
        text.append(f"{kind:<12}{mine['notes']:>9}{mine['pieces']:>8}{cells}")
    fields = [field.name for field in DRAWN]
    text += ["", f"{'all, by field':<20}" + "".join(f"{name:>12}" for name in fields)]
    for name in names:
        cells = "".join(f"{tables[name][ALL][f]:>12.3f}" if f in tables[name][ALL] else f"{'–':>12}" for f in fields)
        text.append(f"{name:<20}{cells}")
    return text


def with_interval(row: Mapping[str, Any]) -> str:
    """A figure with the ends of its interval: "3.787 [3.612, 3.975]"."""
    value = row.get(TOTAL, row.get("value"))
    ends = row.get("interval")
    return f"{value:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else f"{value:.3f}"

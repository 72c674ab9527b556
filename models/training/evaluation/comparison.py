"""The table of continuations: every candidate beside the true continuations, in each measure, with intervals.

Two summaries follow the means. *Distance* is how far a measure's values over the seeds lie from those of the true
continuations: the Wasserstein distance of the two samples (mean difference of sorted values) of each kind, averaged
over the kinds by their seeds, in standard deviations of the truth over all seeds; 0 is the truth itself. *Pooled*
divergences hold all notes of a kind together against all notes of the truth; for scale, the truth of every other seed
is held against that of its neighbours, which are of other pieces. Knows no model.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.note import Note
from models.training.evaluation.continuations import Seed
from models.training.evaluation.intervals import ALL, Resampling
from models.training.evaluation.music import (
    MEASURES,
    Heard,
    divergence,
    key_of,
    measured,
    melodic_intervals,
    note_lengths,
    onset_intervals,
)

Floats = NDArray[np.float64]
Played = Mapping[str, Sequence[Sequence[Note]]]
"""Continuations of each seed by candidate; TRUE among them."""

TRUE: Final = "true"
POOLED: Final = ("pitch class from the tonic", "melodic interval", "onset interval", "note length")


def music_table(seeds: Sequence[Seed], played: Played) -> dict[str, Any]:
    """All measures of all candidates, for JSON. Intervals draw the pieces that the seeds are from."""
    values = {name: values_of(seeds, continuations) for name, continuations in played.items()}
    kinds = sorted({seed.kind for seed in seeds})
    of_kind = {ALL: np.ones(len(seeds), dtype=np.bool_)}
    of_kind |= {kind: np.asarray([seed.kind == kind for seed in seeds]) for kind in kinds}
    pieces = sorted({(seed.kind, seed.piece) for seed in seeds})
    at = np.asarray([pieces.index((seed.kind, seed.piece)) for seed in seeds])
    drawn = Resampling([kind for kind, _ in pieces])

    def by_piece(column: Floats) -> Floats:
        return np.asarray(np.bincount(at, column, len(pieces)), dtype=np.float64)

    rows: dict[str, Any] = {}
    for name, mine in values.items():
        rows[name] = {}
        for number, measure in enumerate(MEASURES):
            both = ~np.isnan(mine[:, number]) & ~np.isnan(values[TRUE][:, number])
            if not both.any():
                continue
            heard = np.where(both, mine[:, number], 0)
            counted = by_piece(both.astype(np.float64))
            row: dict[str, Any] = drawn.estimate(ALL, by_piece(heard), counted).as_json()
            if name != TRUE:
                beyond = heard - np.where(both, values[TRUE][:, number], 0)
                row["from_true"] = drawn.estimate(ALL, by_piece(beyond), counted).as_json()
                far = distance(mine[:, number], values[TRUE][:, number], of_kind)
                if far is not None:
                    row["distance"] = far
            rows[name][measure] = row
    return {
        "seeds": {kind: int(of_kind[kind].sum()) for kind in kinds},
        "measures": rows,
        "distance": {name: mean_distance(rows[name]) for name in played if name != TRUE},
        "pooled": {name: pooled(seeds, played[name], played[TRUE], kinds) for name in played if name != TRUE}
        | {"halves of true": halves(seeds, played[TRUE], kinds)},
        "by_kind": {
            kind: {
                name: {
                    measure: float(np.nanmean(mine[of_kind[kind], number]))
                    for number, measure in enumerate(MEASURES)
                    if not np.isnan(mine[of_kind[kind], number]).all()
                }
                for name, mine in values.items()
            }
            for kind in kinds
        },
    }


def values_of(seeds: Sequence[Seed], continuations: Sequence[Sequence[Note]]) -> Floats:
    """[seeds, MEASURES]; nan where a measure says nothing."""
    return np.asarray(
        [
            list(measured(Heard(seed.heard, notes, seed.metre, seed.pitched)).values())
            for seed, notes in zip(seeds, continuations, strict=True)
        ]
    )


def distance(mine: Floats, truth: Floats, of_kind: Mapping[str, NDArray[np.bool_]]) -> float | None:
    """See the module; of one measure [seeds]. None where the truth never differs from itself."""
    both = ~np.isnan(mine) & ~np.isnan(truth)
    spread = truth[both].std() if both.any() else 0.0
    if spread == 0:
        return None
    apart = 0.0
    for kind, members in of_kind.items():
        if kind != ALL:
            apart += np.abs(np.sort(mine[members & both]) - np.sort(truth[members & both])).sum()
    return float(apart / both.sum() / spread)


def mean_distance(rows: Mapping[str, Any]) -> float | None:
    """Over all measures that have one; None if none has."""
    found = [row["distance"] for row in rows.values() if "distance" in row]
    return float(np.mean(found)) if found else None


def pooled(
    seeds: Sequence[Seed], mine: Sequence[Sequence[Note]], truth: Sequence[Sequence[Note]], kinds: Sequence[str]
) -> dict[str, float]:
    """Divergence of the pooled histograms from those of the truth, in bits: mean over kinds, weighted by seeds."""
    result = {}
    for name in POOLED:
        found, weights = [], []
        for kind in kinds:
            members = [n for n, seed in enumerate(seeds) if seed.kind == kind]
            one, other = (sum(_histogram(name, seeds[n], notes[n]) for n in members) for notes in (mine, truth))
            bits = divergence(np.asarray(one), np.asarray(other))
            if not np.isnan(bits):
                found.append(bits)
                weights.append(len(members))
        if found:
            result[name] = float(np.average(found, weights=weights))
    return result


def halves(seeds: Sequence[Seed], truth: Sequence[Sequence[Note]], kinds: Sequence[str]) -> dict[str, float]:
    """Every other seed's truth against the others', as if they continued the same seeds."""
    order = [n for kind in kinds for n, seed in enumerate(seeds) if seed.kind == kind]
    pairs = [(a, b) for a, b in zip(order[::2], order[1::2], strict=False) if seeds[a].kind == seeds[b].kind]
    result = {}
    for name in POOLED:
        found, weights = [], []
        for kind in kinds:
            mine = [pair for pair in pairs if seeds[pair[0]].kind == kind]
            sides = [sum(_histogram(name, seeds[p[s]], truth[p[s]]) for p in mine) for s in (0, 1)]
            bits = divergence(np.atleast_1d(sides[0]), np.atleast_1d(sides[1]))
            if not np.isnan(bits):
                found.append(bits)
                weights.append(len(mine))
        if found:
            result[name] = float(np.average(found, weights=weights))
    return result


def _histogram(name: str, seed: Seed, notes: Sequence[Note]) -> Floats:
    """One of POOLED; of drums the drums themselves stand for the pitch classes, and no intervals."""
    match name:
        case "pitch class from the tonic" if seed.pitched:
            tonic = key_of(seed.heard).tonic
            return np.bincount([(note.pitch - tonic) % 12 for note in notes], minlength=128).astype(np.float64)
        case "pitch class from the tonic":
            return np.bincount([note.pitch for note in notes], minlength=128).astype(np.float64)
        case "melodic interval":
            return melodic_intervals([seed.heard[-1], *notes]) if seed.pitched else np.zeros(49)
        case "onset interval":
            return onset_intervals([seed.heard[-1], *notes])
        case _:
            return note_lengths(notes)


def lines(table: Mapping[str, Any]) -> list[str]:
    """For people: a line for each measure, a column for each candidate (mean and interval, distance after it)."""
    names = list(table["measures"])
    text = ["seeds: " + ", ".join(f"{kind} {count}" for kind, count in table["seeds"].items())]
    text.append(f"{'mean [95 %] distance':<38}" + "".join(f"{name:>32}" for name in names))
    for measure in MEASURES:
        cells = [_cell(table["measures"][name].get(measure)) for name in names]
        if any(cells):
            text.append(f"{measure:<38}" + "".join(f"{cell:>32}" for cell in cells))
    far = [table["distance"].get(name) for name in names]
    text.append(f"{'mean distance':<38}" + "".join(f"{'' if d is None else f'{d:.3f}':>32}" for d in far))
    text += ["", f"{'pooled divergence, bits':<38}" + "".join(f"{name:>32}" for name in table["pooled"])]
    for name in POOLED:
        cells = [f"{row[name]:.4f}" if name in row else "" for row in table["pooled"].values()]
        text.append(f"{name:<38}" + "".join(f"{cell:>32}" for cell in cells))
    return text


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    ends = f" [{row['interval'][0]:.3f}, {row['interval'][1]:.3f}]" if "interval" in row else ""
    return f"{row['value']:.3f}{ends}" + (f" {row['distance']:.2f}" if "distance" in row else "")

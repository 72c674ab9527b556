"""Step 4: held-out likelihood of a bundle, through the very ONNX graphs that the app runs, beside the n-gram baseline.

    python -m models.training.evaluate --bundle models/live --corpus ../shared/corpus --split valid --json

Nats per note: the negative log-likelihood of a note's fields, summed (unknown velocity and pedal are
not counted), each note given everything before it in its piece as far as the model's window reaches;
the first note of a piece is not counted. For any folder laid out like the corpus; the baseline learns
from the train split of --baseline-corpus: the corpus, unless another is named.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.providers import ProviderError, choose
from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN, RECENT
from models.training import ngram
from models.training.pieces import Source, load, read_manifest

DEFAULT_CORPUS = Path("../shared/corpus")


@dataclass(frozen=True, slots=True)
class Scored:
    """One piece and what each of its notes after the first cost, [fields, notes - 1]; nan where not counted."""

    source: Source
    nats: NDArray[np.float64]


def read_pieces(sources: Iterable[Source]) -> list[tuple[Source, Rows, NDArray[np.int64]]]:
    """Rows and onset ticks of each readable file; others are named and skipped."""
    pieces = []
    for source in sources:
        try:
            pieces.append((source, *load(source).rows(source.style)))
        except MidiFileError as error:
            print(f"skipped: {error}", file=sys.stderr)
    return [piece for piece in pieces if len(piece[1]) > 1]


def model_nats(model: OnnxNoteModel, rows: Rows, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the model pays for each note after the first, [fields, notes - 1]."""
    model.reset()
    parts = []
    for start in range(0, len(rows) - 1, model.chunk):
        now = slice(start, min(start + model.chunk, len(rows) - 1))
        following = slice(now.start + 1, now.stop + 1)
        hidden = model.feed(rows[now], ticks[now] - ticks[0])
        target = rows[following]
        place = target[:, COLUMN["phase"] : COLUMN["phase"] + 2]
        recent = rows[now][:, [COLUMN["pitch"], *(COLUMN[f"before_{n + 1}"] for n in range(RECENT))]]
        drawn = np.ascontiguousarray(target[:, : len(DRAWN)])
        costs = [
            _cost(model.head(number, hidden, drawn, np.ascontiguousarray(place), recent), target[:, number])
            for number in range(len(DRAWN))
        ]
        parts.append(np.stack(costs))
    return uncounted(np.concatenate(parts, axis=1), rows)


def _cost(logits: NDArray[np.float32], target: NDArray[np.int64]) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    top = wide.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(wide - top).sum(axis=1)) + top[:, 0]
    return np.asarray(log_sum - wide[np.arange(len(target)), target])


def uncounted(nats: NDArray[np.float64], rows: Rows) -> NDArray[np.float64]:
    """`nats` [fields, notes - 1] with nan where a field of the note says nothing."""
    for number, field in enumerate(DRAWN):
        nats[number, rows[1:, number] < field.first_drawn] = np.nan
    return nats


def ngram_nats(train: list[Rows], pieces: list[Rows]) -> list[NDArray[np.float64]]:
    """What the baseline pays, for each piece as `model_nats`."""
    by_field = ngram.nats(ngram.Notes.of(train), ngram.Notes.of(pieces))
    whole = np.stack([by_field[field.name] for field in DRAWN])
    ends = np.cumsum([len(rows) for rows in pieces])
    return [uncounted(whole[:, end - len(rows) + 1 : end].copy(), rows) for rows, end in zip(pieces, ends, strict=True)]


def table(scored: list[Scored]) -> dict[str, Any]:
    """Nats per note in total and by field, over all pieces and by kind of music."""
    result: dict[str, Any] = {"all": _mean(scored)}
    for kind in sorted({s.source.kind for s in scored}):
        result[kind] = _mean([s for s in scored if s.source.kind == kind])
    return result


def _mean(scored: list[Scored]) -> dict[str, float]:
    whole = np.concatenate([s.nats for s in scored], axis=1)
    means: dict[str, float] = {"nats_per_note": float(np.nansum(whole) / whole.shape[1])}
    for number, field in enumerate(DRAWN):
        if not np.isnan(whole[number]).all():
            means[field.name] = float(np.nanmean(whole[number]))
    return means | {"notes": whole.shape[1], "pieces": len(scored)}


def evaluate(
    bundle: Path, corpus: Path, split: str, baseline: Path | None, every: int = 1, provider: str = "cpu"
) -> dict[str, Any]:
    """Both models on a split (each `every`-th piece); ValueError if it holds no notes. `baseline` None: model only."""
    sources = [s for s in read_manifest(corpus) if s.split == split][::every]
    pieces = read_pieces(sources)
    if not pieces:
        raise ValueError(f"{corpus} has no notes in its split {split!r}; name another folder or split.")
    model = OnnxNoteModel(bundle, choose(provider).provider)
    scored = []
    for number, (source, rows, ticks) in enumerate(pieces):
        scored.append(Scored(source, model_nats(model, rows, ticks)))
        if number % 50 == 49:
            print(f"{number + 1} of {len(pieces)} pieces", file=sys.stderr)
    result: dict[str, Any] = {"bundle": model.bundle.name, "split": split, "model": table(scored)}
    if baseline is not None:
        # What the model did not learn from (see `dataset.Mixture.leave_out_jsb`) the baseline does not either.
        learnt = read_pieces(s for s in read_manifest(baseline) if s.split == "train" and s.jsb_leak != 1)
        if not learnt:
            raise ValueError(f"{baseline} has no train split for the baseline; give one with --baseline-corpus.")
        costs = ngram_nats([rows for _, rows, _ in learnt], [rows for _, rows, _ in pieces])
        result["ngram"] = table([Scored(p[0], cost) for p, cost in zip(pieces, costs, strict=True)])
    return result


def lines(result: dict[str, Any]) -> str:
    """The result as a table for people."""
    names = ["nats_per_note", *(field.name for field in DRAWN)]
    text = [f"{'':<12}{'notes':>9}  " + "".join(f"{name:>15}" for name in names)]
    for kind, mine in result["model"].items():
        theirs = result.get("ngram", {}).get(kind, {})
        cells = []
        for name in names:
            other = f" / {theirs[name]:.3f}" if name in theirs else ""
            cells.append(f"{mine[name]:.3f}{other}" if name in mine else "–")
        text.append(f"{kind:<12}{mine['notes']:>9}  " + "".join(f"{cell:>15}" for cell in cells))
    return "\n".join(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--baseline-corpus", type=Path, help="whose train split the n-gram learns from")
    parser.add_argument("--no-baseline", action="store_true", help="the model only")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th piece only, for a quick look")
    parser.add_argument("--provider", default="cpu")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        baseline = None if options.no_baseline else options.baseline_corpus
        if baseline is None and not options.no_baseline:
            # The music that the model learnt from, wherever the held-out music is from.
            baseline = DEFAULT_CORPUS if DEFAULT_CORPUS.is_dir() else options.corpus
        result = evaluate(options.bundle, options.corpus, options.split, baseline, options.every, options.provider)
    except (BundleError, ProviderError, ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result) if options.json else lines(result) + "\n(model / n-gram, nats per note)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

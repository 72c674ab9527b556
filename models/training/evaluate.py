"""Step 4: measure a bundle on held-out music, through the very ONNX graphs that the app runs, beside its baselines.

    python -m models.training.evaluate --bundle models/live --corpus ../shared/corpus --split test

Four measures, chosen with --measure:

likelihood      nats per note by kind of music and by field, of the model and of each baseline, with intervals by piece.
                A note costs the negative log-likelihood of its fields, summed (unknown velocity and pedal are not
                counted), each given everything before it in its piece as far as the model's window reaches; the first
                note of a piece is not counted.
continuations   what each candidate plays after the same seeds is like, with the true continuation as the yardstick.
preference      how often the model prefers the true continuation to a wrong one.
infill          how often it prefers the true middle of two passages to a wrong one.

For any folder laid out like the corpus; baselines learn from the train split of --baseline-corpus: the corpus, unless
another is named. The same line gives the same figures. See `models/training/evaluation` for what each of them is.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.providers import ProviderError
from cocomposer.jam.settings import Settings, changed
from models.training.evaluation import comparison, infilling, likelihood, preference
from models.training.evaluation.candidates import BASELINES, Candidates
from models.training.evaluation.continuations import seeds_of
from models.training.evaluation.likelihood import MODEL
from models.training.evaluation.scoring import HeldOut, Sums, onnx_scorer, read_pieces
from models.training.evaluation.seeds import CONTINUED, PREFERRED, choose
from models.training.pieces import read_manifest

DEFAULT_CORPUS: Final = Path("../shared/corpus")
DEFAULT_LSTM: Final = Path("out/lstm")
LIKELIHOOD, CONTINUATIONS, PREFERENCE, INFILL = MEASURES = ("likelihood", "continuations", "preference", "infill")
NONE, ALL = "none", "all"


@dataclass(frozen=True)
class Plan:
    """What to measure, and on how much."""

    measures: tuple[str, ...] = (LIKELIHOOD,)
    baselines: tuple[str, ...] | None = None
    """Names of BASELINES; None: all that are there."""
    lstm: Path | None = None
    every: int = 1
    """Each so manieth piece only, for a quick look."""
    provider: str = "cpu"
    seeds: int = 200
    trials: int = 300
    """Seeds that wrong continuations are held against, and gaps that wrong middles are."""
    settings: Settings = field(default_factory=Settings)
    """The musician's, for continuations: the product's own unless changed."""


def evaluate(bundle: Path, corpus: Path, split: str, baseline: Path | None, plan: Plan | None = None) -> dict[str, Any]:
    """All that `plan` asks of one split, for JSON; see `evaluate_splits`."""
    return evaluate_splits(bundle, corpus, {split: plan or Plan()}, baseline)[split]


def evaluate_splits(
    bundle: Path, corpus: Path, plans: Mapping[str, Plan], baseline: Path | None
) -> dict[str, dict[str, Any]]:
    """What the plan of each split asks, by split; baselines learn once for all (as the first plan says who they are).

    ValueError if a split holds no notes. `baseline` None: nothing learns.
    """
    pieces = {}
    for split, plan in plans.items():
        found = read_pieces([s for s in read_manifest(corpus) if split in (ALL, s.split)][:: plan.every])
        if not found:
            raise ValueError(f"{corpus} has no notes in its split {split!r}; name another folder or split.")
        pieces[split] = found
    first = next(iter(plans.values()))
    candidates = Candidates(bundle, first.provider, baseline, first.lstm, first.baselines)
    scored = {split: pieces[split] for split, plan in plans.items() if LIKELIHOOD in plan.measures}
    tables = _likelihoods(scored, candidates) if scored else {}
    results = {}
    for split, plan in plans.items():
        result: dict[str, Any] = {"bundle": candidates.model.bundle.name, "split": split, **tables.get(split, {})}
        if CONTINUATIONS in plan.measures:
            result[CONTINUATIONS] = _continuations(pieces[split], candidates, plan)
        if PREFERENCE in plan.measures:
            result[PREFERENCE] = _preference(pieces[split], candidates, plan)
        if INFILL in plan.measures:
            result[INFILL] = _infill(pieces[split], candidates, plan)
        results[split] = result
    return results


def _likelihoods(pieces: Mapping[str, Sequence[HeldOut]], candidates: Candidates) -> dict[str, dict[str, Any]]:
    """The table of each split."""
    passages = [piece.passage for of_split in pieces.values() for piece in of_split]
    costs = {}
    for name, scorer in candidates.scorers().items():
        begun = time.monotonic()
        costs[name] = scorer(passages)
        _say(f"{name}: {len(passages)} pieces", begun)
    tables, start = {}, 0
    for split, of_split in pieces.items():
        mine = slice(start, start + len(of_split))
        tables[split] = likelihood.likelihood_table(
            of_split, {name: Sums.of(cost[mine]) for name, cost in costs.items()}
        )
        start += len(of_split)
    return tables


def _continuations(pieces: Sequence[HeldOut], candidates: Candidates, plan: Plan) -> dict[str, Any]:
    windows = choose(pieces, CONTINUED, plan.seeds)
    if not windows:
        raise ValueError("The pieces are too short to be continued; name another folder or split.")
    seeds = seeds_of(pieces, windows)
    played = {}
    for name, candidate in candidates.players(plan.settings).items():
        begun = time.monotonic()
        played[name] = [candidate(seed) for seed in seeds]
        _say(f"{name}: {len(seeds)} continuations", begun)
    table = comparison.music_table(seeds, played)
    told = {name: getattr(plan.settings, name) for name in ("creativity", "top_p", "follow_key", "grid", "seed")}
    places = [[pieces[w.number].source.path.name, w.begin, w.cut, w.end] for w in windows]
    return {"settings": told, **table, "by_seed": {"columns": ["path", "begin", "cut", "end"], "rows": places}}


def _preference(pieces: Sequence[HeldOut], candidates: Candidates, plan: Plan) -> dict[str, Any]:
    found = preference.trials(pieces, choose(pieces, PREFERRED, plan.trials))
    if not found:
        raise ValueError("The pieces are too short for wrong continuations; name another folder or split.")
    begun = time.monotonic()
    outcomes = preference.decide(pieces, found, onnx_scorer(candidates.model))
    _say(f"{MODEL}: {len(found)} preferences", begun)
    return preference.preference_table(pieces, outcomes)


def _infill(pieces: Sequence[HeldOut], candidates: Candidates, plan: Plan) -> dict[str, Any]:
    found = infilling.gaps(pieces, choose(pieces, infilling.GAP, plan.trials))
    if not found:
        raise ValueError("The pieces are too short for wrong middles; name another folder or split.")
    begun = time.monotonic()
    outcomes = infilling.decide(pieces, found, onnx_scorer(candidates.model))
    _say(f"{MODEL}: {len(found)} gaps", begun)
    return infilling.infill_table(pieces, outcomes)


def _say(what: str, begun: float) -> None:
    print(f"{what} ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)


def lines(result: dict[str, Any]) -> str:
    """The result as tables for people."""
    text = []
    if MODEL in result:
        names = [MODEL, *(name for name in BASELINES if name in result)]
        text += [*likelihood.lines(result, names), ""]
    if CONTINUATIONS in result:
        text += [*comparison.lines(result[CONTINUATIONS]), ""]
    if PREFERENCE in result:
        text += preference.lines(result[PREFERENCE])
    if INFILL in result:
        text += infilling.lines(result[INFILL])
    return "\n".join(text).rstrip()


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that `release` has too."""
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="a folder laid out like the corpus")
    parser.add_argument("--baseline-corpus", type=Path, help="whose train split the baselines learn from")
    parser.add_argument("--baselines", nargs="+", choices=[*BASELINES, NONE], metavar="NAME",
                        help=f"of {', '.join(BASELINES)}, or {NONE} (default: all that are there)")  # fmt: skip
    parser.add_argument("--lstm", type=Path, default=DEFAULT_LSTM, help="folder of the LSTM's run")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th piece only, for a quick look")
    parser.add_argument("--seeds", type=int, default=Plan.seeds, help="how many are continued")
    parser.add_argument("--trials", type=int, default=Plan.trials, help="seeds for the preference")
    parser.add_argument("--provider", default=Plan.provider)


def plan_from(options: argparse.Namespace, measures: Sequence[str], settings: Settings) -> Plan:
    """What the options ask for."""
    baselines = None if options.baselines is None else tuple(name for name in options.baselines if name != NONE)
    return Plan(
        tuple(measures), baselines, options.lstm, max(1, options.every), options.provider, options.seeds,
        options.trials, settings,
    )  # fmt: skip


def baseline_corpus(options: argparse.Namespace) -> Path:
    """The music that the model learnt from, wherever the held-out music is from."""
    named: Path | None = options.baseline_corpus
    return named or (DEFAULT_CORPUS if DEFAULT_CORPUS.is_dir() else options.corpus)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--split", nargs="+", default=["valid"], help=f"valid, test, another, or {ALL} pieces")
    parser.add_argument("--measure", nargs="+", choices=[*MEASURES, ALL], default=[LIKELIHOOD])
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting for the continuations, such as creativity=0.9")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the JSON object there as well")
    add_options(parser)
    options = parser.parse_args()
    try:
        settings = changed(Settings(), changes_of(options.set))
        measures = MEASURES if ALL in options.measure else options.measure
        plan = plan_from(options, measures, settings)
        plans = dict.fromkeys(options.split, plan)
        results = evaluate_splits(options.bundle, options.corpus, plans, baseline_corpus(options))
        result = results if len(results) > 1 else results[options.split[0]]
        if options.out is not None:
            options.out.write_text(json.dumps(result) + "\n", encoding="utf-8")
    except (BundleError, ProviderError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result) if options.json else "\n\n".join(f"{split}\n{lines(r)}" for split, r in results.items()))
    return 0


def changes_of(pairs: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE each, as changes of settings; a value is JSON, or else a word."""
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            changes[name] = json.loads(value)
        except ValueError:
            changes[name] = value
    return changes


if __name__ == "__main__":
    sys.exit(main())

"""How long the player waits for the answer in free mode, and how often he is interrupted, over the corpus' valid split.

The same phrases, cut at the same places, are judged by the model's wait (as the jam does), by the simple rule and by
a fixed wait. `python -m cocomposer.bench.turn_gap --sweep` shows what other numbers in the rule would give.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from cocomposer.adapters.places import default_bundle, models_folder
from cocomposer.bench.corpus import CorpusPiece, NoPieces, default_corpus, pieces
from cocomposer.bench.listening import Heard, listen
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.capture.phrase_end import LONGEST_SILENCE_SECONDS, SILENCE_SECONDS, PhraseEnd
from cocomposer.capture.turn_taking import (
    FIXED_WAIT_SECONDS,
    Floats,
    TurnTaking,
    judge,
    judge_fixed,
    judge_patient,
    simple_waits,
)
from cocomposer.commands.report import as_json
from cocomposer.generation.worker import UNLIKELY
from cocomposer.runtime.composer_process import load_model

NOTES: Final = 40_000
NOTES_QUICK: Final = 3_000
NOTES_IN_A_PIECE: Final = 1_500
"""So that a sample is not one symphony."""
_TOLD_EVERY_SECONDS: Final = 10.0
UNLIKELY_TRIED: Final = (0.005, 0.01, 0.015, 0.02, 0.03, 0.05)
FACTORS_TRIED: Final = (0.1, 0.2, 0.3, 1.0)
"""From one step of patience to the next; 1: no patience is learnt."""
SILENCES_TRIED: Final = (0.25, 0.3, 0.34, 0.38)
LONGEST_TRIED: Final = (1.0, 1.5, 2.0, 2.5)


def hear(subject: Subject, notes: int | None, in_a_piece: int | None = NOTES_IN_A_PIECE) -> Heard:
    """The corpus (a sample of about `notes` notes; None: all) as the model hears it."""
    if subject.corpus is None:
        raise NotMeasured("The turn gap needs the training corpus; give its folder with --corpus DIR.")
    model, _ = load_model(subject.bundle, subject.provider)

    def told() -> Iterator[CorpusPiece]:
        done, at = 0, time.monotonic()
        assert subject.corpus is not None
        for piece in pieces(subject.corpus, notes, in_a_piece):
            yield piece
            done += len(piece.played)
            if time.monotonic() >= at + _TOLD_EVERY_SECONDS:
                at = time.monotonic()
                subject.tell(f"  {done} notes heard")

    try:
        return listen(model, told())
    except NoPieces as error:
        raise NotMeasured(f"{subject.corpus} has no usable piece in its valid split; give another --corpus.") from error


def measure(subject: Subject) -> dict[str, Any]:
    """Median gap (to the moment the phrase is judged over) and false endings, beside the two other rules."""
    everything = subject.everything
    heard = hear(
        subject, None if everything else subject.amount(NOTES, NOTES_QUICK), None if everything else NOTES_IN_A_PIECE
    )
    model = judge_patient(heard.performance, waits_of(heard, UNLIKELY))
    simple = judge(heard.performance, simple_waits(heard.performance))
    fixed = judge_fixed(heard.performance)
    return {
        "turn_judged_s_p50": model.gap_p50,
        "turn_judged_s_p90": _p90(model),
        "false_endings": model.false_endings,
        "false_endings_fixed_1s": fixed.false_endings,
        "false_endings_simple": simple.false_endings,
        "turn_judged_simple_s_p50": simple.gap_p50,
        "turn_notes": model.notes,
        "turn_phrases": model.phrases,
        "turn_pieces": heard.pieces,
        "turn_judged_s_p50_by_kind": _by_kind(heard, model),
    }


def _by_kind(heard: Heard, judged: TurnTaking) -> dict[str, float]:
    kinds = np.asarray(heard.kinds)
    return {kind: float(np.median(judged.gaps_seconds[kinds == kind])) for kind in sorted(set(heard.kinds))}


def _p90(judged: TurnTaking) -> float:
    return float(np.quantile(judged.gaps_seconds, 0.9))


def waits_of(heard: Heard, unlikely: Sequence[float]) -> Floats:
    """[steps, notes] waits for each step of patience."""
    return np.stack([heard.waits(step) for step in unlikely])


def sweep(heard: Heard) -> list[dict[str, Any]]:
    """Every combination tried, shortest median gap first; a fixed wait and the simple rule stand among them."""
    performance = heard.performance
    found = []
    for first, factor in itertools.product(UNLIKELY_TRIED, FACTORS_TRIED):
        waits = waits_of(heard, [first * factor**step for step in range(len(UNLIKELY))])
        for silence, longest in itertools.product(SILENCES_TRIED, LONGEST_TRIED):
            rule = PhraseEnd(silence, silence, longest)
            found.append(_row(judge_patient(performance, waits, rule), "model", first, factor, silence, longest))
    simple = simple_waits(performance)
    found += [_row(judge(performance, simple, silence), "simple", silence=silence) for silence in SILENCES_TRIED]
    found += [_row(judge_fixed(performance, wait), "fixed", silence=wait) for wait in (0.6, FIXED_WAIT_SECONDS)]
    return sorted(found, key=lambda row: (row["gap_p50"], row["false_endings"]))


def _row(
    judged: TurnTaking,
    rule: str,
    unlikely: float = 0.0,
    factor: float = 0.0,
    silence: float = 0.0,
    longest: float = 0.0,
) -> dict[str, Any]:
    return {
        "rule": rule, "unlikely": unlikely, "factor": factor, "silence": silence, "longest": longest,
        "gap_p50": judged.gap_p50, "gap_p90": _p90(judged), "false_endings": judged.false_endings,
    }  # fmt: skip


def frontier(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of rows sorted by gap those of the model that no shorter wait beats in false endings."""
    best: list[dict[str, Any]] = []
    for row in rows:
        if row["rule"] == "model" and (not best or row["false_endings"] < best[-1]["false_endings"]):
            best.append(row)
    return best


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['rule']:7}{row['unlikely']:9.4f}{row['floor']:7.2f}{row['silence']:9.2f}"
        f"{row['gap_p50']:9.3f}{row['gap_p90']:9.3f}{row['false_endings']:7d}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Measure once, or with --sweep over many numbers of the rule."""
    parser = argparse.ArgumentParser(
        prog="turn_gap", description="When is the phrase over? Gaps against false endings."
    )
    parser.add_argument("--bundle", type=Path, default=default_bundle())
    parser.add_argument("--corpus", type=Path, default=default_corpus(models_folder()))
    parser.add_argument("--notes", type=int, default=NOTES, help="size of the sample; 0: all of the valid split")
    parser.add_argument("--sweep", action="store_true", help="print the trade-off over the numbers of the rule")
    parser.add_argument("--whole-table", action="store_true", help="with --sweep: all combinations, not only the best")
    options = parser.parse_args(arguments)
    subject = Subject(options.bundle, corpus=options.corpus, everything=options.notes == 0)
    try:
        if not options.sweep:
            print(as_json(measure(subject)))
            return 0
        heard = hear(subject, options.notes or None, NOTES_IN_A_PIECE if options.notes else None)
    except (NotMeasured, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    rows = sweep(heard)
    yardsticks = [row for row in rows if row["rule"] != "model"]
    in_force = judge_patient(heard.performance, waits_of(heard, UNLIKELY))
    factor = UNLIKELY[1] / UNLIKELY[0]
    now = _row(in_force, "model", UNLIKELY[0], factor, SILENCE_SECONDS, LONGEST_SILENCE_SECONDS)
    print(f"{heard.pieces} pieces, {len(heard.kinds)} phrases, {len(heard.performance.onsets)} notes")
    print("rule    unlikely  factor  silence  longest  gap p50  gap p90  false")
    for row in [*yardsticks, *(rows if options.whole_table else frontier(rows))]:
        print(_line(row))
    print(f"{_line(now)}   (in force)")
    fixed = next(row for row in yardsticks if row["rule"] == "fixed" and row["silence"] == FIXED_WAIT_SECONDS)
    allowed = [row for row in rows if row["rule"] == "model" and row["false_endings"] <= fixed["false_endings"]]
    if allowed:
        print(f"{_line(allowed[0])}   (shortest with no more false endings than the fixed wait)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`cocomposer bench`: measures, on this machine, the figures that the product promises."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.places import models_folder
from cocomposer.bench import (
    beat,
    chord_cost,
    first_note,
    lateness,
    machine,
    memory,
    note_cost,
    start_up,
    success,
    turn_gap,
)  # fmt: skip
from cocomposer.bench.corpus import default_corpus
from cocomposer.bench.figures import FIGURES, table
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.commands.options import add_model
from cocomposer.commands.report import as_json
from cocomposer.runtime.front_end import EngineGone

LATENESS_MESSAGES: Final = lateness.MESSAGES
LATENESS_MESSAGES_PLAIN: Final = lateness.MESSAGES // 2
LATENESS_MESSAGES_QUICK: Final = 300

Measurement = Callable[[Subject], dict[str, Any]]


def _lateness(subject: Subject) -> dict[str, Any]:
    """With real-time priority as far as it is granted, then without."""
    measured = lateness.measure(subject.amount(LATENESS_MESSAGES, LATENESS_MESSAGES_QUICK), realtime=True)
    plain = lateness.measure(subject.amount(LATENESS_MESSAGES_PLAIN, LATENESS_MESSAGES_QUICK), realtime=False)
    figures = {_lateness_key(key, ""): value for key, value in measured.items()}
    return figures | {_lateness_key(key, "plain_"): value for key, value in plain.items()}


def _lateness_key(key: str, which: str) -> str:
    return f"lateness_{which}{key.removeprefix('lateness_')}"


MEASUREMENTS: Final[dict[str, Measurement]] = {
    "note_cost": note_cost.measure,
    "start_up": start_up.measure,
    "first_note": first_note.measure,
    "turn_gap": turn_gap.measure,
    "beat": beat.measure,
    "success": success.measure,
    "chord_cost": chord_cost.measure,
    "memory": memory.measure,
    "lateness": _lateness,
}
NEEDS: Final = {"turn_gap": "first_note"}
"""A figure that is made of two measurements."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("bench", help="measure what is promised", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--corpus", type=Path, help="folder of the training corpus, for the turn gap")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    size.add_argument("--all", action="store_true", help="the whole corpus, and ten real minutes on the beat")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), metavar="NAME", help=", ".join(MEASUREMENTS))
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure one thing after another; 0 if all that can be measured here was, else 1."""
    if options.corpus is not None and not (options.corpus / "manifest.csv").is_file():
        print(f"{options.corpus} has no manifest.csv; give a folder laid out like the corpus.", file=sys.stderr)
        return 1
    subject = Subject(
        options.bundle,
        options.provider,
        options.corpus or default_corpus(models_folder()),
        quick=options.quick,
        everything=options.all,
    )
    begun = time.perf_counter()
    figures: dict[str, Any] = {figure.key: None for figure in FIGURES}
    figures |= machine.measure(subject)
    with _children_end_with_us():
        measured, missing, failed = measure(subject, options.only or list(MEASUREMENTS))
    figures |= measured
    figures["missing"] = missing
    figures["seconds"] = time.perf_counter() - begun
    shown = {key: value for key, value in figures.items() if key in measured}
    print(
        f"{figures['bundle']} on {figures['provider']}; {figures['cpu']}, {figures['cores']} cores, "
        f"Python {figures['python']}, ONNX Runtime {figures['onnxruntime']}"
    )
    print(table(shown))
    for sentence in missing:
        print(sentence)
    if options.quick:
        print("This was a quick run: it shows that everything works; its figures are rough.")
    if options.json:
        print(as_json(figures))
    return 1 if failed else 0


def measure(subject: Subject, names: list[str]) -> tuple[dict[str, Any], list[str], bool]:
    """(figures, sentences about those that are missing, whether one failed that should have worked)."""
    wanted = {*names, *(NEEDS[name] for name in names if name in NEEDS)}
    figures: dict[str, Any] = {}
    missing: list[str] = []
    failed = False
    for name, measurement in MEASUREMENTS.items():
        if name not in wanted:
            continue
        subject.tell(f"{name} …")
        begun = time.perf_counter()
        try:
            figures |= measurement(subject)
        except (NotMeasured, EngineGone, OSError, RuntimeError) as error:
            missing.append(f"{name}: {error}")
            failed = failed or name != "turn_gap" or subject.corpus is not None
        subject.tell(f"{name}: {time.perf_counter() - begun:.0f} s")
    judged, first = figures.get("turn_judged_s_p50"), figures.get("first_note_ms_p50")
    if judged is not None and first is not None:
        figures["turn_gap_s_p50"] = judged + first / 1000
    return figures, missing, failed


@contextmanager
def _children_end_with_us() -> Iterator[None]:
    """Being terminated runs the same clean-up as an interrupt from the keyboard."""

    def leave(*_: object) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

"""`python -m ui.bench [FIGURE…] [--json]`: measures, on this machine, what the window promises.

`python -m ui.bench pictures FOLDER` takes screenshots of its main states.

Knows which figures there are; each is measured by a module of its own, in processes of its own where it matters.
"""

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Final

from cocomposer.bench.machine import cpu_words, usable_cores
from ui.bench.options import NotMeasured, Options

FIGURES: Final = {
    "start": "ui.bench.start",
    "paint": "ui.bench.paint",
    "note": "ui.bench.note",
    "lateness": "ui.bench.lateness",
    "memory": "ui.bench.memory",
}
"""Figure → module with `measure(options) -> dict[str, float]`."""

WANTED: Final = {
    "start_s": 2.5,
    "start_jack_s": 2.5,
    "paint_ms_p99": 8.0,
    "paint_ms_max": 33.0,
    "note_rest_ms_p99": 50.0,
    "note_answer_ms_p99": 50.0,
    "memory_mb": 250.0,
}
"""The most that each may be; of all other keys nothing is promised."""


def table(figures: Mapping[str, float]) -> str:
    """For people: what was measured, what is wanted, whether it is reached."""
    width = max(map(len, figures), default=0)
    lines = [f"{'':{width}}  {'measured':>10}  {'wanted':>8}"]
    for key, value in figures.items():
        limit = WANTED.get(key)
        wanted = "" if limit is None else f"<= {limit:g}"
        verdict = "" if limit is None else "yes" if value <= limit else "NO"
        lines.append(f"{key:{width}}  {value:>10.3f}  {wanted:>8}  {verdict}".rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one figure after another; 0 if all could be measured, else 1. `pictures FOLDER` takes screenshots."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["pictures"]:
        return int(importlib.import_module("ui.bench.pictures").main(given[1:]))
    parser = argparse.ArgumentParser(
        prog="ui.bench", description="Measure what the window promises; `pictures FOLDER` takes screenshots instead."
    )
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"{', '.join(FIGURES)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    parser.add_argument("--seconds", type=float, help="length of each stretch measured in real time")
    parser.add_argument("--bundle", help="folder of the model (default: live)")
    chosen = parser.parse_args(given)
    unknown = [name for name in chosen.figures if name not in FIGURES]
    if unknown:
        parser.error(f"there is no figure {unknown[0]!r}; choose from {', '.join(FIGURES)}")
    options = Options(chosen.quick, chosen.seconds, chosen.bundle)
    figures: dict[str, float] = {}
    missing: list[str] = []
    for name in chosen.figures or FIGURES:
        print(f"{name} …", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        try:
            figures |= importlib.import_module(FIGURES[name]).measure(options)
        except NotMeasured as error:
            missing.append(f"{name}: {error}")
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    print(f"{cpu_words()}, {usable_cores()} cores, load {load}, Python {sys.version.split()[0]}")
    print(table(figures))
    for sentence in missing:
        print(sentence)
    if chosen.quick:
        print("This was a quick run: it shows that everything works; its figures are rough.")
    if chosen.json:
        print(json.dumps({**figures, "missing": missing, "quick": chosen.quick}))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

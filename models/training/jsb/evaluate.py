"""The paper's table: chorale networks beside published figures, scored as the benchmark's README says.

    python -m models.training.jsb.evaluate --runs out/jsb-quarter out/jsb-sixteenth --json results.json

Each run is a folder that `models.training.jsb.train` wrote; the table has its first network alone and the mean of all.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from models.training.jsb.chorales import read_split
from models.training.jsb.scoring import Figure, score
from models.training.jsb.train import BENCHMARK
from models.training.jsb.weights import read_networks


@dataclass(frozen=True)
class Published:
    """A figure from elsewhere."""

    model: str
    nats: float
    split: str
    source: str
    confirmed: bool
    """Read in its source; otherwise recalled."""


_TCN = "Bai, Kolter and Koltun 2018, Table 1"
_RNN_NADE = "Boulanger-Lewandowski et al. 2012"
_MUSIC_TRANSFORMER = "Huang et al. 2019, Table 2"
PUBLISHED = {
    "quarter": (
        Published("RNN", 8.91, "test", _TCN, True),
        Published("LSTM", 8.45, "test", _TCN, True),
        Published("GRU", 8.43, "test", _TCN, True),
        Published("TCN", 8.10, "test", _TCN, True),
        Published("RNN-RBM", 6.27, "test", _RNN_NADE, False),
        Published("RNN-NADE", 5.56, "test", _RNN_NADE, False),
    ),
    "sixteenth": (
        Published("n-gram, Witten-Bell, 8 tokens", 0.677, "valid", "README of the benchmark", True),
        Published("n-gram, Witten-Bell, 8 tokens", 0.691, "test", "README of the benchmark", True),
        Published("CoCoNet, in time order", 0.436, "valid", _MUSIC_TRANSFORMER, False),
        Published("Transformer", 0.417, "valid", _MUSIC_TRANSFORMER, False),
        Published("Music Transformer", 0.335, "valid", _MUSIC_TRANSFORMER, False),
    ),
}
HEADINGS = {
    "quarter": "Quarter-note frames, nats per frame (exact joint; first frame of a piece given, not scored)",
    "sixteenth": "16th grid, four voices, nats per token (one voice at one step, order S A T B)",
}


def evaluate(run: Path, benchmark: Path) -> dict[str, Any]:
    """Figures of a run's networks on valid and test."""
    networks = read_networks(run)
    grid = networks[0].grid
    size = sum(p.numel() for p in networks[0].parameters())
    splits = {}
    for split in ("valid", "test"):
        figures = score(networks, read_split(benchmark, grid, split))
        splits[split] = {
            "one_network": asdict(figures[0]),
            "each_network": [round(f.micro, 4) for f in figures[:-1]],
            "mean_of_networks": asdict(figures[-1]),
        }
    return {"grid": grid, "networks": len(networks), "weights_each": size, **splits}


def table(result: dict[str, Any]) -> str:
    """A result beside the published figures, as text."""
    grid, count = result["grid"], result["networks"]
    lines = [HEADINGS[grid], f"{'':34}{'valid':>8}{'test':>8}  "]
    for known in PUBLISHED[grid]:
        place = f"{known.nats:8.3f}{'':8}" if known.split == "valid" else f"{'':8}{known.nats:8.3f}"
        lines.append(f"{known.model:34}{place}  {known.source}{'' if known.confirmed else ' (recalled)'}")
    for name, key in (("one network", "one_network"), (f"mean of {count} networks", "mean_of_networks")):
        if key == "mean_of_networks" and count == 1:
            continue
        valid, test = (Figure(**result[split][key]) for split in ("valid", "test"))
        interval = f"95 % by piece: valid {valid.low:.3f}–{valid.high:.3f}, test {test.low:.3f}–{test.high:.3f}"
        lines.append(f"{'ours, ' + name:34}{valid.micro:8.3f}{test.micro:8.3f}  {interval}")
        lines.append(f"{'  mean over pieces':34}{valid.macro:8.3f}{test.macro:8.3f}")
    units = "frames" if grid == "quarter" else "tokens"
    lines.append(
        f"({result['valid']['one_network']['units']:,} and {result['test']['one_network']['units']:,} {units})"
    )
    return "\n".join(line.rstrip() for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--benchmark", type=Path, default=BENCHMARK)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    torch.set_num_threads(1)
    results = {}
    try:
        for run in options.runs:
            result = evaluate(run, options.benchmark)
            results[result["grid"]] = result
            print(table(result), end="\n\n", flush=True)
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

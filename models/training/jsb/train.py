"""Train the chorale networks of a recipe, one for each seed; each is the best look of its run at the valid split.

    python -m models.training.jsb.train --recipe models/training/recipes/jsb-quarter.toml --out out/jsb-quarter

Writes OUT/seed-N.pt when the run of a seed has ended, and OUT/log.jsonl (one line per look). A seed that is
already there is not trained again: the same command goes on with the others.
"""

import argparse
import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from models.training.jsb.batches import epoch, thinned, whole
from models.training.jsb.chorales import Values, read_split
from models.training.jsb.network import ChoraleNetwork
from models.training.jsb.recipe import ChoraleRecipe, read_chorale_recipe
from models.training.jsb.weights import keep, kept_at, network_of
from models.training.recipe import Recipe
from models.training.train import optimizers, rate_at

BENCHMARK = Path("../shared/benchmarks/jsb")
_LEAST_AVERAGED = 10
"""The running mean of the weights begins as that of so many steps, so that it soon forgets where they began."""


def look(network: ChoraleNetwork, pieces: list[Values]) -> float:
    """Nats per slot over whole pieces, in bfloat16: quick, and only for choosing."""
    total, count = 0.0, 0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for values in pieces:
            total += float(network(whole(values, network.grid)).sum())
            count += values.size
    return total / count


def train(recipe: ChoraleRecipe, seed: int, benchmark: Path, out: Path) -> float:
    """Train one network from nothing and keep its best look; nats per slot of that look."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    out.mkdir(parents=True, exist_ok=True)
    training, valid = (read_split(benchmark, recipe.grid, split) for split in ("train", "valid"))
    network = network_of(recipe)
    mean = copy.deepcopy(network).eval()
    steps = recipe.epochs * -(-len(training) // recipe.batch)
    schedule = Recipe(
        recipe.name,
        steps=steps,
        decay_steps=round(recipe.decay * steps),
        warmup_steps=recipe.warmup_steps,
        matrix_rate=recipe.matrix_rate,
        other_rate=recipe.other_rate,
        weight_decay=recipe.weight_decay,
    )
    chosen = optimizers(network, schedule)
    size = sum(p.numel() for p in network.parameters())
    print(f"{recipe.name}, seed {seed}: {size / 1e6:.2f} M weights, {steps} steps", flush=True)
    begun, step, best, kept = time.monotonic(), 0, float("inf"), mean.state_dict()
    for number in range(1, recipe.epochs + 1):
        total = counted = 0.0
        for crops in epoch(training, recipe.grid, chance, recipe.batch, recipe.length, recipe.transpose):
            rows = thinned(crops, recipe.odd_share, chance)
            weight = rows.weight[rows.weight > 0]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = (network(rows).mean(-1) * weight).sum() / weight.sum()
            for optimizer, rate in zip(chosen, (recipe.matrix_rate, recipe.other_rate), strict=True):
                optimizer.zero_grad(set_to_none=True)
                for group in optimizer.param_groups:
                    group["lr"] = rate * rate_at(step, schedule)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            for optimizer in chosen:
                optimizer.step()
            step += 1
            stays = min(recipe.average, step / (step + _LEAST_AVERAGED))
            with torch.no_grad():
                for slow, quick in zip(mean.parameters(), network.parameters(), strict=True):
                    slow.lerp_(quick, 1 - stays)
            total += loss.item() * weight.sum().item()
            counted += weight.sum().item()
        if number % recipe.valid_every == 0 or number == recipe.epochs:
            now = look(mean, valid)
            if now < best:
                best, kept = now, {name: value.clone() for name, value in mean.state_dict().items()}
            line = {"train": total / counted, "valid": now, "minutes": (time.monotonic() - begun) / 60}
            text = json.dumps({"seed": seed, "epoch": number} | {k: round(v, 4) for k, v in line.items()})
            print(text, flush=True)
            with (out / "log.jsonl").open("a") as log:
                log.write(text + "\n")
    keep(out, seed, recipe, kept, best)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--benchmark", type=Path, default=BENCHMARK, help="folder of the benchmark's two files")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        recipe = read_chorale_recipe(options.recipe)
        for seed in recipe.seeds:
            if not kept_at(options.out, seed).exists():
                train(recipe, seed, options.benchmark, options.out)
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Step 2: train a network from packed splits. Resumes from its checkpoint; several processes through torchrun.

    python -m models.training.train --recipe models/training/recipes/live.toml --out out/live

Writes OUT/checkpoint.pt (whole state, every few minutes), OUT/log.jsonl (one line per look) and ends
with OUT/final.pt. Killing it at any moment loses minutes, not the run.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed, nn

from cocomposer.events.layout import DRAWN, fingerprint
from models.training.dataset import Batches, Mixture, Packed
from models.training.network import Network, losses
from models.training.recipe import Recipe, read_recipe

CHECKPOINT_SECONDS = 120.0


def optimizers(network: Network, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the hidden matrices of the blocks, AdamW for all else."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        (matrices if parameter.dim() == 2 and ".blocks." in name else others).append(parameter)
    return [
        torch.optim.Muon(matrices, lr=recipe.matrix_rate, weight_decay=recipe.weight_decay, momentum=0.95),
        torch.optim.AdamW(others, lr=recipe.other_rate, weight_decay=0.01, betas=(0.9, 0.98)),
    ]


def rate_at(step: int, recipe: Recipe) -> float:
    """Factor on the learning rates at a step: warm-up, level, linear fall to 0."""
    rise = min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    fall = min(1.0, (recipe.steps - step) / max(1, recipe.decay_steps))
    return min(rise, fall)


def mean_loss(network: Any, rows: Tensor, ticks: Tensor, music: Tensor) -> Tensor:
    """Nats per note to minimise."""
    nats, counted = losses(network(rows, ticks), rows)
    counted = counted & music[:, 1:].reshape(-1)
    return (nats * counted).sum() / music[:, 1:].sum().clamp(min=1)


def validate(network: Network, packed: Packed, recipe: Recipe) -> dict[str, float]:
    """Nats per note by field on a fixed, unaugmented sample of crops, natural shares."""
    plain = Mixture(
        transpose=(0, 0), free_scores=0, loose_scores=0, lose_bar=0, lose_style=0, lose_velocity=0, lose_pedal=0,
        some_parts=0, leave_out_jsb=False,
    )  # fmt: skip
    batches = Batches(packed, plain, recipe.length, 8, seed=7)
    sums, counts = np.zeros(len(DRAWN)), np.zeros(len(DRAWN))
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for number in range(max(1, recipe.valid_notes // (8 * recipe.length))):
            rows, ticks, music = (torch.from_numpy(a) for a in batches.batch(number))
            nats, counted = losses(network(rows, ticks), rows)
            counted = counted & music[:, 1:].reshape(-1)
            sums += (nats * counted).sum(1).double().numpy()
            counts += counted.sum(1).double().numpy()
    network.train()
    by_field = {field.name: float(s / max(1, c)) for field, s, c in zip(DRAWN, sums, counts, strict=True)}
    return {"nats": float(sums.sum() / counts[0]), **by_field}


def share_gradients(network: Network, processes: int) -> None:
    """Average the gradients over all processes: one flat sum, as gloo likes it."""
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    distributed.all_reduce(flat)
    flat /= processes
    place = 0
    for gradient in gradients:
        gradient.copy_(flat[place : place + gradient.numel()].view_as(gradient))
        place += gradient.numel()


def save(path: Path, state: dict[str, Any]) -> None:
    """Write beside and rename, so that a kill leaves the old or the new state, never half of one."""
    torch.save(state, path.with_suffix(".new"))
    os.replace(path.with_suffix(".new"), path)


def train(
    recipe: Recipe, packed_folder: Path, out: Path, until: int | None = None, compiled: bool = False
) -> dict[str, float]:
    """Run a recipe to its end (or to step `until`, keeping the checkpoint); the last look at the held-out sample."""
    rank, processes = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1:
        distributed.init_process_group("gloo")
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    training, valid = Packed.open(packed_folder / "train.npz"), Packed.open(packed_folder / "valid.npz")
    network = Network(recipe.shape)
    trained: Any = torch.compile(network, dynamic=False) if compiled else network
    chosen = optimizers(network, recipe)
    checkpoint, step = out / "checkpoint.pt", 0
    description = json.loads(json.dumps({"shape": asdict(recipe.shape), "vocabulary": fingerprint()}))
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["description"] != description:
            raise ValueError(f"{checkpoint} belongs to another recipe; choose another folder with --out.")
        network.load_state_dict(state["network"])
        for optimizer, kept in zip(chosen, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        step = state["step"]
    if rank == 0:
        size = sum(p.numel() for p in network.parameters())
        print(f"{recipe.name}: {size / 1e6:.2f} M weights, from step {step}", flush=True)
    begun, saved, notes, look = time.monotonic(), time.monotonic(), 0, {}
    running = 0.0
    stop = recipe.steps if until is None else min(until, recipe.steps)
    while step < stop:
        long = step >= recipe.steps - recipe.long_steps
        length, size = (2 * recipe.length, recipe.batch // 2) if long else (recipe.length, recipe.batch)
        share = size // processes
        batches = Batches(training, recipe.mixture, length, share, seed=recipe.seed)
        rows, ticks, music = (torch.from_numpy(a) for a in batches.batch(step * processes + rank))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = mean_loss(trained, rows, ticks, music)
        for optimizer in chosen:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch gives it no types
        if processes > 1:
            share_gradients(network, processes)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for optimizer, rate in zip(chosen, (recipe.matrix_rate, recipe.other_rate), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * rate_at(step, recipe)
            optimizer.step()
        step += 1
        notes += int(music.sum()) * processes
        running = 0.98 * running + 0.02 * loss.item() if running else loss.item()
        done = step == stop
        if rank == 0 and (step % recipe.valid_every == 0 or step == recipe.steps):
            look = validate(network, valid, recipe)
            seconds = time.monotonic() - begun
            line = {"step": step, "train": running, **look, "minutes": seconds / 60, "notes_per_s": notes / seconds}
            text = json.dumps({k: round(v, 4) for k, v in line.items()})
            print(text, flush=True)
            with (out / "log.jsonl").open("a") as log:
                log.write(text + "\n")
        if rank == 0 and (time.monotonic() - saved > CHECKPOINT_SECONDS or done):
            saved = time.monotonic()
            save(
                checkpoint,
                {
                    "description": description,
                    "network": network.state_dict(),
                    "optimizers": [o.state_dict() for o in chosen],
                    "step": step,
                },
            )
    if rank == 0:
        look = look or validate(network, valid, recipe)
        save(
            out / "final.pt", {"description": description, "network": network.state_dict(), "step": step, "look": look}
        )
    if processes > 1:
        distributed.barrier()
        distributed.destroy_process_group()
    return look


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--packed", type=Path, default=Path("out/packed"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", type=int, help="stop at this step, keeping the checkpoint")
    parser.add_argument("--steps", type=int, help="another number of steps than the recipe's")
    parser.add_argument("--compile", action="store_true", help="compile the network first (needs a C++ compiler)")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    if options.steps:
        recipe = replace(recipe, steps=options.steps)
    train(recipe, options.packed, options.out, options.until, options.compile)


if __name__ == "__main__":
    main()

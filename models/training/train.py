"""Step 2: train a network from packed splits. Resumes from its checkpoint; several processes through torchrun.

    python -m models.training.train --recipe models/training/recipes/live.toml --out out/live
    python -m models.training.train --recipe models/training/recipes/finetune.toml --from models/live --packed … --out …

Writes OUT/checkpoint.pt (whole state, every few minutes), OUT/log.jsonl (one line per look) and ends
with OUT/final.pt. Killing it at any moment loses minutes, not the run: the same command goes on.
"""

import argparse
import json
import math
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cocomposer.events.layout import DRAWN, fingerprint
from models.training.checkpoint import BEST, CHECKPOINT, FINAL, CheckpointError, read_state, refuse_others, write_state
from models.training.dataset import Batches, Mixture, Packed
from models.training.network import Network, losses
from models.training.parallel import World, join
from models.training.recipe import Recipe, read_recipe, states_shape
from models.training.weights import digest, network_from

CHECKPOINT_SECONDS = 120.0
ALONE = World(torch.device("cpu"))
_LOG = "log.jsonl"
_KEPT = ("step", "notes", "seconds", "loss", "look", "best")


def optimizers(network: nn.Module, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the hidden matrices of the blocks (or recurrent layers), AdamW for all else."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        hidden = ".blocks." in name or ".layers." in name
        (matrices if parameter.dim() == 2 and hidden else others).append(parameter)
    return [
        torch.optim.Muon(matrices, lr=recipe.matrix_rate, weight_decay=recipe.weight_decay, momentum=0.95),
        torch.optim.AdamW(others, lr=recipe.other_rate, weight_decay=0.01, betas=(0.9, 0.98)),
    ]


def rate_at(step: int, recipe: Recipe) -> float:
    """Factor on the learning rates at a step: warm-up, level, linear fall to 0."""
    rise = min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    fall = min(1.0, (recipe.steps - step) / max(1, recipe.decay_steps))
    return min(rise, fall)


def sum_loss(network: Any, rows: Tensor, ticks: Tensor, music: Tensor) -> tuple[Tensor, Tensor]:
    """Nats of all notes together, and how many notes they are."""
    nats, counted = losses(network(rows, ticks), rows)
    counted = counted & music[:, 1:].reshape(-1)
    return (nats * counted).sum(), music[:, 1:].sum()


def validate(network: Network, packed: Packed, recipe: Recipe, device: torch.device) -> dict[str, float]:
    """Nats per note by field on a fixed, unaugmented sample of crops, natural shares."""
    plain = Mixture(
        transpose=(0, 0), free_scores=0, loose_scores=0, lose_bar=0, lose_style=0, lose_velocity=0, lose_pedal=0,
        some_parts=0, leave_out_jsb=False, lose_chords=1, late_chords=0, name_parts=0,
    )  # fmt: skip
    batches = Batches(packed, plain, recipe.length, 8, seed=7)
    sums, counts = np.zeros(len(DRAWN)), np.zeros(len(DRAWN))
    network.eval()
    with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16):
        for number in range(max(1, recipe.valid_notes // (8 * recipe.length))):
            rows, ticks, music = (torch.from_numpy(a).to(device) for a in batches.batch(number))
            nats, counted = losses(network(rows, ticks), rows)
            counted = counted & music[:, 1:].reshape(-1)
            sums += (nats * counted).sum(1).double().cpu().numpy()
            counts += counted.sum(1).double().cpu().numpy()
    network.train()
    by_field = {field.name: float(s / max(1, c)) for field, s, c in zip(DRAWN, sums, counts, strict=True)}
    return {"nats": float(sums.sum() / counts[0]), **by_field}


@dataclass
class Run:
    """All that changes while a run runs, and that a checkpoint keeps."""

    network: Network
    optimizers: list[torch.optim.Optimizer]
    step: int = 0
    notes: float = 0.0
    """Notes learnt from so far."""
    seconds: float = 0.0
    loss: float = 0.0
    """Mean of the last steps' loss."""
    look: dict[str, float] = field(default_factory=dict)
    """Nats per note at the last look at the held-out sample, all and by field."""
    best: float = math.inf
    """Fewest nats per note of all looks."""

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "network": self.network.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            **{name: getattr(self, name) for name in _KEPT},
        }

    def result(self) -> dict[str, Any]:
        """What a finished run leaves."""
        return {"network": self.network.state_dict(), "step": self.step, "look": self.look}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self.network.load_state_dict(state["network"])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        for name in _KEPT:
            setattr(self, name, state[name])


def open_packed(folder: Path, split: str) -> Packed:
    """A packed split of a folder; ValueError if it is missing or damaged."""
    path = folder / f"{split}.npz"
    if not path.is_file():
        raise ValueError(
            f"{path} does not exist; run models.training.prepare (with a larger --valid for a small folder), "
            "or name its --out by --packed."
        )
    try:
        # numpy takes what is no archive for something else, and says so.
        if zipfile.is_zipfile(path):
            return Packed.open(path)
    except (zipfile.BadZipFile, KeyError, EOFError):
        pass
    raise ValueError(f"{path} is damaged or no packed split; run models.training.prepare again.")


def train(
    recipe: Recipe,
    packed_folder: Path,
    out: Path,
    *,
    start: Network | None = None,
    until: int | None = None,
    compiled: bool = False,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    world: World = ALONE,
) -> dict[str, float]:
    """Run a recipe to its end (or to step `until`, keeping the checkpoint); the look at the weights that it ends with.

    `start`: whose weights a new run begins with. ValueError, one sentence, for what the caller can mend.
    """
    if recipe.batch // (2 if recipe.long_steps else 1) < world.size:
        raise ValueError(f"{world.size} processes cannot share a batch of {recipe.batch}; start fewer.")
    torch.manual_seed(recipe.seed)
    training, valid = open_packed(packed_folder, "train"), open_packed(packed_folder, "valid")
    network = Network(recipe.shape)
    facts = {"music": f"{len(training)} pieces, {training.starts[-1]} notes", "start": "chance"}
    if start is not None:
        network.load_state_dict(start.state_dict())
        facts["start"] = f"the weights {digest(start)}"
    network.to(world.device)
    run = Run(network, optimizers(network, recipe))
    resume(run, out, recipe, facts, world)
    trained: Any = world.wrap(network)
    if compiled:
        trained = torch.compile(trained, dynamic=False)
    description = {"shape": asdict(recipe.shape), "vocabulary": fingerprint(), "recipe": asdict(recipe), **facts}
    if world.writes:
        size = sum(p.numel() for p in network.parameters())
        print(f"{recipe.name}: {size / 1e6:.2f} M weights, from step {run.step} of {recipe.steps}", flush=True)
    saved = time.monotonic()
    stop = recipe.steps if until is None else min(until, recipe.steps)

    def look() -> None:
        run.look = validate(network, valid, recipe, world.device)
        log(run, out / _LOG)
        if recipe.keep_best and run.look["nats"] < run.best:
            run.best = run.look["nats"]
            write_state(out / BEST, {"description": description, **run.result()})

    if world.writes and start is not None and run.step == 0:
        # What it is worth before it learns anything new.
        look()
    for _ in steps(run, trained, training, recipe, stop, world):
        if not world.writes:
            continue
        if run.step % recipe.valid_every == 0 or run.step == recipe.steps:
            look()
        if time.monotonic() - saved >= checkpoint_seconds or run.step == stop:
            write_state(out / CHECKPOINT, {"description": description, **run.state()})
            saved = time.monotonic()
    if not world.writes:
        return {}
    run.look = run.look or validate(network, valid, recipe, world.device)
    result = {"description": description, **run.result()}
    if run.best < math.inf:
        result = read_state(out / BEST)
        print(f"kept: step {result['step']}, {result['look']['nats']:.3f} nats per held-out note", flush=True)
    write_state(out / FINAL, result)
    final: dict[str, float] = result["look"]
    return final


def resume(run: Run, out: Path, recipe: Recipe, facts: dict[str, str], world: World) -> None:
    """Go on from the checkpoint in `out`, if there is one; CheckpointError if it is damaged or of another run."""
    state = None
    if world.writes:
        out.mkdir(parents=True, exist_ok=True)
        checkpoint = out / CHECKPOINT
        if checkpoint.exists():
            state = read_state(checkpoint)
            refuse_others(checkpoint, state["description"], recipe, facts)
    state = world.from_first(state)
    if state is not None:
        try:
            run.restore(state)
        except (KeyError, RuntimeError, ValueError) as error:
            raise CheckpointError(f"{out / CHECKPOINT} is incomplete; delete it to start anew.") from error
    if world.writes and (out / _LOG).exists():
        lines = (out / _LOG).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if state is not None and _logged_by(line, run.step)]
        (out / _LOG).write_text("".join(kept), encoding="utf-8")


def _logged_by(line: str, step: int) -> bool:
    """Whether a line of the log is of a step up to `step`: later ones are about to be done, and logged, again."""
    try:
        return bool(json.loads(line)["step"] <= step)
    except ValueError:
        # A kill may leave half a line.
        return False


def steps(run: Run, trained: Any, training: Packed, recipe: Recipe, stop: int, world: World) -> Iterator[None]:
    """Take the run to step `stop`, one at each turn. The batches are the same however many processes share them."""
    short = Batches(training, recipe.mixture, recipe.length, recipe.batch, seed=recipe.seed)
    long = Batches(training, recipe.mixture, 2 * recipe.length, recipe.batch // 2, seed=recipe.seed)
    parameters = list(run.network.parameters())
    before, begun = run.seconds, time.monotonic()
    while run.step < stop:
        batches = long if run.step >= recipe.steps - recipe.long_steps else short
        mine = (torch.from_numpy(a[world.rank :: world.size]).to(world.device) for a in batches.batch(run.step))
        with torch.autocast(world.device.type, dtype=torch.bfloat16):
            nats, count = sum_loss(trained, *mine)
        nats_of_all, count_of_all = world.total(torch.stack((nats.detach(), count.to(nats.dtype)))).tolist()
        for optimizer in run.optimizers:
            optimizer.zero_grad(set_to_none=True)
        # Gradients are averaged over the processes: times their number, and the mean is over all notes of the batch,
        # wherever they were counted.
        (nats * (world.size / max(1.0, count_of_all))).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimizer, rate in zip(run.optimizers, (recipe.matrix_rate, recipe.other_rate), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * rate_at(run.step, recipe)
            optimizer.step()
        loss = nats_of_all / max(1.0, count_of_all)
        run.loss = loss if run.step == 0 else 0.98 * run.loss + 0.02 * loss
        run.notes += count_of_all
        run.step += 1
        run.seconds = before + time.monotonic() - begun
        yield


def log(run: Run, path: Path) -> None:
    """Print the look and add it to the log."""
    line = {"step": run.step, "train": run.loss, **run.look, "minutes": run.seconds / 60}
    text = json.dumps({k: round(v, 4) for k, v in (line | {"notes_per_s": run.notes / max(run.seconds, 1e-9)}).items()})
    print(text, flush=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--packed", type=Path, default=Path("out/packed"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", type=Path, dest="start", help="a bundle or a run whose weights a new run starts with")
    parser.add_argument("--until", type=int, help="stop at this step, keeping the checkpoint")
    parser.add_argument("--steps", type=int, help="another number of steps than the recipe's")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto: CUDA if there is one")
    parser.add_argument("--compile", action="store_true", help="compile the network first (needs a C++ compiler)")
    parser.add_argument("--checkpoint-seconds", type=float, default=CHECKPOINT_SECONDS, help="time between checkpoints")
    options = parser.parse_args()
    try:
        recipe = read_recipe(options.recipe)
        start = None
        if options.start is not None:
            start = network_from(options.start)
            if states_shape(options.recipe) and recipe.shape != start.shape:
                raise ValueError(
                    f"{options.recipe} and {options.start} differ in shape; take [shape] out of the recipe."
                )
            recipe = replace(recipe, shape=start.shape)
        if options.steps is not None:
            recipe = replace(recipe, steps=options.steps)
        with join(options.device) as world:
            train(
                recipe,
                options.packed,
                options.out,
                start=start,
                until=options.until,
                compiled=options.compile,
                checkpoint_seconds=options.checkpoint_seconds,
                world=world,
            )
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from the last checkpoint.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

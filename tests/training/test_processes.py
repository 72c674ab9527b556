"""Several processes learn what one learns; a killed run goes on as if nothing had happened; thread counts."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from models.training.checkpoint import CHECKPOINT, FINAL, read_state
from models.training.export import load_network
from models.training.parallel import World, threads_for
from models.training.recipe import Recipe
from models.training.train import train
from tests.fakes.patience import until

ROOT = Path(__file__).resolve().parents[2]
TRAIN = "models.training.train"
DEADLINE_SECONDS = 300.0
"""Loading torch alone takes half a minute where every core is training."""
CLOSE = 0.01
"""Nats per note between the curves of one process and of two. Gradients are summed in another order and rounded to
bfloat16 (2^-9 of their size) in two halves; measured in the test below: 0.0022. Other crops make 1.3; a mean over each
process's share instead of over all notes 0.047."""


def toml(recipe: Recipe) -> str:
    """The recipe as a file says it."""
    table = {key: value for key, value in asdict(recipe).items() if key not in {"name", "shape", "mixture"}}
    shape = asdict(recipe.shape)
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join([*lines, "[shape]", *(f"{key} = {json.dumps(value)}" for key, value in shape.items())])


def command(recipe: Recipe, packed: Path, out: Path, *more: str) -> list[str]:
    """What stands after `python -m` or `torchrun -m`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    file = out.with_suffix(".toml")
    file.write_text(toml(recipe), encoding="utf-8")
    return [TRAIN, "--recipe", str(file), "--packed", str(packed), "--out", str(out), "--device", "cpu", *more]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def curve(out: Path) -> list[dict[str, float]]:
    """The lines of a run's log."""
    return [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def distance(one: Path, other: Path) -> float:
    """The most by which two curves differ, in nats per note, held out or while training; they have the same steps."""
    first, second = curve(one), curve(other)
    assert [look["step"] for look in first] == [look["step"] for look in second]
    return max(abs(a[key] - b[key]) for a, b in zip(first, second, strict=True) for key in ("nats", "train"))


def test_two_processes_learn_what_one_learns(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    # Six crops are three for each. Of three long ones one process takes two: the mean must be over notes, not shares.
    recipe = replace(recipe, batch=6, long_steps=9, valid_every=3)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m"]
    ended = subprocess.run(
        [*launcher, *command(recipe, packed, tmp_path / "two")],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=DEADLINE_SECONDS,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    train(recipe, packed, tmp_path / "one")
    train(replace(recipe, seed=2), packed, tmp_path / "other")
    assert len(curve(tmp_path / "one")) == 4
    assert distance(tmp_path / "one", tmp_path / "two") < CLOSE
    assert distance(tmp_path / "one", tmp_path / "other") > 10 * CLOSE
    assert read_state(tmp_path / "two" / FINAL)["step"] == recipe.steps
    assert read_state(tmp_path / "two" / CHECKPOINT)["notes"] == read_state(tmp_path / "one" / CHECKPOINT)["notes"]


def test_a_killed_run_goes_on_as_if_nothing_had_happened(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    # Long enough never to end by itself, however late the kill comes.
    recipe = replace(recipe, name="killed", steps=100_000, valid_every=2, valid_notes=64)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(
        [sys.executable, "-m", *command(recipe, packed, killed, "--checkpoint-seconds", "0")],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until(
            lambda: (killed / CHECKPOINT).exists() or process.poll() is not None,
            "the first checkpoint is written",
            DEADLINE_SECONDS,
        )
    finally:
        process.kill()
        told = process.communicate()[1]
    assert process.returncode == -signal.SIGKILL, told
    end = read_state(killed / CHECKPOINT)["step"] + 5
    train(recipe, packed, killed, until=end)
    train(recipe, packed, whole, until=end)
    resumed, unbroken = (load_network(out)[0].state_dict() for out in (killed, whole))
    for name, value in unbroken.items():
        torch.testing.assert_close(resumed[name], value, msg=name)
    assert distance(killed, whole) < 2e-3


def test_more_processes_than_crops_are_refused(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="5 processes cannot share a batch of 4"):
        train(replace(recipe, long_steps=0), packed, tmp_path, world=World(torch.device("cpu"), 0, 5))


@pytest.mark.parametrize(
    ("cores", "processes", "default", "chosen", "threads"),
    [
        (2, 1, 2, False, 2),
        (2, 1, 1, True, 1),
        (2, 2, 2, False, 1),
        (2, 8, 2, False, 1),
        (16, 2, 16, False, 8),
        (16, 3, 16, False, 5),
        (16, 2, 4, True, 4),
        (16, 16, 4, True, 1),
    ],
)
def test_threads(cores: int, processes: int, default: int, chosen: bool, threads: int) -> None:
    """`chosen`: by OMP_NUM_THREADS, which is for each process; else torch's default is for the machine."""
    assert threads_for(cores, processes, default, chosen) == threads

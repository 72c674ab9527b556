"""From files to the table: a tiny run learns, goes on where it stopped, repeats itself and is printed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.training.jsb import evaluate as command
from models.training.jsb import train as trainer
from models.training.jsb.recipe import ChoraleRecipe, read_chorale_recipe
from models.training.jsb.train import train
from models.training.jsb.weights import RunError, kept_at, read_networks
from models.training.network import Shape

RECIPES = Path(__file__).parents[2] / "models/training/recipes"


def chorale(seed: int, steps: int = 32) -> list[list[int]]:
    """Four voices that move in parallel by steps of a scale, every fourth 16th."""
    rng = np.random.default_rng(seed)
    scale, place, piece = [0, 2, 4, 5, 7, 9, 11], 3, []
    for step in range(steps):
        if step % 4 == 0:
            place = int(np.clip(place + rng.choice([-1, 1]), 0, 6))
        piece.append([60 + scale[place] - lower for lower in (0, 5, 12, 24)])
    return piece


@pytest.fixture(scope="module")
def benchmark_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jsb")
    sizes = {"train": 6, "valid": 2, "test": 2}
    pieces = {
        split: [chorale(10 * place + n) for n in range(size)] for place, (split, size) in enumerate(sizes.items())
    }
    quarters = {split: [[sorted(step) for step in piece[::4]] for piece in some] for split, some in pieces.items()}
    (folder / "jsb16_satb.json").write_text(json.dumps(pieces))
    (folder / "jsb_quarter.json").write_text(json.dumps(quarters))
    return folder


@pytest.fixture
def recipe() -> ChoraleRecipe:
    shape = Shape(width=16, layers=1, heads=2, feedforward=16, head_width=16, window=64)
    return ChoraleRecipe(
        "tiny",
        "sixteenth",
        shape,
        dropout=0.1,
        epochs=8,
        warmup_steps=2,
        batch=3,
        length=24,
        odd_share=0.5,
        valid_every=2,
    )


@pytest.mark.parametrize("grid", ["sixteenth", "quarter"])
def test_a_run_learns_and_stands_in_the_table(
    grid: str, recipe: ChoraleRecipe, benchmark_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for seed in (1, 2):
        assert train(replace(recipe, grid=grid), seed, benchmark_folder, tmp_path) < 0.6 * np.log(89)
    looks = [json.loads(line)["valid"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert len(looks) == 8 and looks[3] < looks[0]
    written = tmp_path / "results.json"
    arguments = ["evaluate", "--runs", str(tmp_path), "--benchmark", str(benchmark_folder), "--json", str(written)]
    monkeypatch.setattr("sys.argv", arguments)
    assert command.main() == 0
    printed = capsys.readouterr().out
    assert "mean of 2 networks" in printed and "TCN" in printed if grid == "quarter" else "n-gram" in printed
    result = json.loads(written.read_text())[grid]
    assert result["networks"] == 2 and result["test"]["one_network"]["units"] == (14 if grid == "quarter" else 256)
    assert f"{result['test']['mean_of_networks']['micro']:.3f}" in printed


def test_a_run_repeats_itself(recipe: ChoraleRecipe, benchmark_folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(replace(recipe, epochs=2), 1, benchmark_folder, tmp_path / name)
    a, b = (read_networks(tmp_path / name)[0].state_dict() for name in ("a", "b"))
    for name, value in a.items():
        torch.testing.assert_close(value, b[name], msg=name)


def test_the_command_trains_only_the_seeds_that_are_missing(
    benchmark_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.toml").write_text(
        'grid = "quarter"\nseeds = [1, 2]\nepochs = 1\n[shape]\nwidth = 16\nlayers = 1\nheads = 2\nfeedforward = 16\n'
    )
    run = ["--recipe", str(tmp_path / "r.toml"), "--benchmark", str(benchmark_folder), "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["train", *run])
    assert trainer.main() == 0
    first, second = (kept_at(tmp_path / "out", seed) for seed in (1, 2))
    kept = first.stat().st_mtime_ns
    second.unlink()
    assert trainer.main() == 0
    assert first.stat().st_mtime_ns == kept and second.exists()


def test_faults_are_one_sentence_and_an_exit_code(
    benchmark_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate", "--runs", str(tmp_path), "--benchmark", str(benchmark_folder)])
    assert command.main() == 2
    assert "train a recipe" in capsys.readouterr().err
    arguments = ["--recipe", str(tmp_path / "r.toml"), "--benchmark", str(tmp_path), "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["train", *arguments])
    for text, fault in (
        ('grid = "eighth"\n', "must have grid"),
        ('grid = "quarter"\nodd_share = 0.0\n', "odd_share"),
        ('grid = "quarter"\nshape.kind = "lstm"\n', "transformers"),
        ('grid = "quarter"\n', "jsb_quarter.json does not exist"),
    ):
        (tmp_path / "r.toml").write_text(text)
        assert trainer.main() == 2
        assert fault in capsys.readouterr().err


def test_a_damaged_network_is_named(tmp_path: Path) -> None:
    kept_at(tmp_path, 1).write_bytes(b"nothing")
    with pytest.raises(RunError, match=r"seed-1\.pt is damaged"):
        read_networks(tmp_path)


@pytest.mark.parametrize("text", ['grid = "quarter"\nepoch = 3\n', 'grid = "quarter"\n[shape]\nwidht = 3\n'])
def test_a_key_that_no_recipe_knows_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(ValueError, match=r"epoch|shape\.widht"):
        read_chorale_recipe(tmp_path / "r.toml")


@pytest.mark.parametrize("path", sorted(RECIPES.glob("jsb-*.toml")), ids=lambda path: path.stem)
def test_the_projects_own_recipes_can_be_read(path: Path) -> None:
    assert read_chorale_recipe(path).name == path.stem

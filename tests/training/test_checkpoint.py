"""What is resumed and what is refused: another recipe, other music, a file that is damaged or something else."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from cocomposer.events.layout import fingerprint
from models.training.checkpoint import CHECKPOINT, FINAL, CheckpointError, read_state
from models.training.export import load_network, told
from models.training.network import Network, Shape
from models.training.pieces import read_manifest
from models.training.prepare import pack
from models.training.recipe import Recipe
from models.training.train import train


@pytest.fixture
def begun(recipe: Recipe, packed: Path, tmp_path: Path) -> Path:
    """A run of `recipe` that was stopped at its second step."""
    train(recipe, packed, tmp_path / "begun", until=2)
    return tmp_path / "begun"


@pytest.mark.parametrize(
    ("changes", "told_so"),
    [
        ({"seed": 2}, "seed is 1 there and 2 here"),
        ({"batch": 6}, "batch is 4 there and 6 here"),
        ({"length": 16}, "length is 32 there and 16 here"),
        ({"warmup_steps": 3}, "warmup_steps is 2 there and 3 here"),
        ({"matrix_rate": 0.01}, "matrix_rate is 0.02 there and 0.01 here"),
        ({"other_rate": 0.001}, "other_rate is 0.003 there and 0.001 here"),
        ({"weight_decay": 0.0}, "weight_decay is 0.05 there and 0.0 here"),
        ({"mixture.weights": {"tiny": 1.0}}, "mixture.weights.tiny is nothing there and 1.0 here"),
        ({"mixture.transpose": (-5, 6)}, r"mixture.transpose is \(-6, 6\) there and \(-5, 6\) here"),
        ({"mixture.lose_bar": 0.5}, "mixture.lose_bar is 0.15 there and 0.5 here"),
        ({"shape.layers": 2}, "shape.layers is 1 there and 2 here"),
        ({"shape.window": 32}, "shape.window is 64 there and 32 here"),
    ],
)
def test_a_checkpoint_of_another_recipe_is_refused(
    changes: dict[str, Any], told_so: str, recipe: Recipe, packed: Path, begun: Path
) -> None:
    before = (begun / CHECKPOINT).read_bytes()
    with pytest.raises(CheckpointError, match=told_so):
        train(changed(recipe, changes), packed, begun)
    assert (begun / CHECKPOINT).read_bytes() == before


def changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """The recipe with other values, "PART.KEY" for those of its shape and mixture."""
    for key, value in changes.items():
        part, _, inner = key.rpartition(".")
        recipe = replace(recipe, **({part: replace(getattr(recipe, part), **{inner: value})} if part else {key: value}))
    return recipe


def test_all_that_differs_is_named(recipe: Recipe, packed: Path, begun: Path) -> None:
    with pytest.raises(CheckpointError, match=r"\(batch is 4 there and 6 here; seed is 1 there and 2 here\); choose"):
        train(replace(recipe, seed=2, batch=6, steps=99), packed, begun)


def test_a_run_may_be_made_longer_and_looked_at_otherwise(recipe: Recipe, packed: Path, begun: Path) -> None:
    longer = replace(
        recipe, name="r", steps=14, decay_steps=3, long_steps=1, valid_every=7, valid_notes=128
    )  # fmt: skip
    train(longer, packed, begun)
    assert load_network(begun)[1] == 14
    assert told(begun, None)["recipe"]["steps"] == 14


def test_a_checkpoint_of_other_music_is_refused(
    recipe: Recipe, packed: Path, begun: Path, tiny_corpus: Path, tmp_path: Path
) -> None:
    for split in ("train", "valid"):
        sources = [s for s in read_manifest(tiny_corpus) if s.split == split and s.kind == "score"]
        pack(sources, tmp_path / "scores" / f"{split}.npz", workers=1)
    with pytest.raises(CheckpointError, match=r"music is 12 pieces, \d+ notes there and 6 pieces, \d+ notes here"):
        train(recipe, tmp_path / "scores", begun)


def test_a_checkpoint_of_a_run_that_started_elsewhere_is_refused(
    recipe: Recipe, packed: Path, begun: Path, tiny_shape: Shape
) -> None:
    with pytest.raises(CheckpointError, match=r"start is chance there and the weights [0-9a-f]{16} here"):
        train(recipe, packed, begun, start=Network(tiny_shape))


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda whole: whole[: int(share * len(whole))]


@pytest.mark.parametrize(
    "damage",
    [cut(0), cut(0.001), cut(0.5), cut(0.99), lambda _: b"no checkpoint\n", lambda whole: whole[::-1]],
    ids=["empty", "header", "half", "nearly", "text", "reversed"],
)
def test_a_damaged_checkpoint_is_refused(
    damage: Callable[[bytes], bytes], recipe: Recipe, packed: Path, begun: Path
) -> None:
    (begun / CHECKPOINT).write_bytes(damage((begun / CHECKPOINT).read_bytes()))
    with pytest.raises(CheckpointError, match=r"checkpoint\.pt is damaged or no checkpoint; delete it") as caught:
        train(recipe, packed, begun)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("state", "told_so"),
    [
        ([1, 2], "no checkpoint of cocomposer"),
        ({"network": {}, "step": 1}, "no checkpoint of cocomposer"),
        ({"description": {}, "network": {}, "step": 1}, "no checkpoint of cocomposer"),
        ({"description": {"shape": {}, "vocabulary": "x"}, "network": {}, "step": 1}, "another event vocabulary"),
        (
            {"description": {"shape": {}, "vocabulary": fingerprint()}, "network": {}, "step": 1},
            "says nothing of its recipe, as older versions left it",
        ),
    ],
)
def test_a_file_of_something_else_is_refused(
    state: Any, told_so: str, recipe: Recipe, packed: Path, tmp_path: Path
) -> None:
    torch.save(state, tmp_path / CHECKPOINT)
    with pytest.raises(CheckpointError, match=told_so):
        train(recipe, packed, tmp_path)


@pytest.mark.parametrize("missing", ["optimizers", "notes"])
def test_an_incomplete_checkpoint_is_refused(missing: str, recipe: Recipe, packed: Path, begun: Path) -> None:
    state = read_state(begun / CHECKPOINT)
    del state[missing]
    torch.save(state, begun / CHECKPOINT)
    with pytest.raises(CheckpointError, match="incomplete"):
        train(recipe, packed, begun)


def test_the_end_of_a_run_of_an_older_version_can_be_read(tiny_shape: Shape, tmp_path: Path) -> None:
    network = Network(tiny_shape)
    shape = {key: value for key, value in asdict(tiny_shape).items() if key != "kind"}
    old = {"description": {"shape": shape, "vocabulary": fingerprint()}, "network": network.state_dict(), "step": 7}
    torch.save({**old, "look": {"nats": 3.0}}, tmp_path / FINAL)
    read, steps = load_network(tmp_path)
    assert steps == 7 and read.shape == tiny_shape
    assert all(torch.equal(value, read.state_dict()[name]) for name, value in network.state_dict().items())
    with pytest.raises(ValueError, match="--recipe"):
        told(tmp_path, None)


def test_a_run_of_another_network_than_it_says_is_refused(begun: Path) -> None:
    state = read_state(begun / FINAL)
    state["description"]["shape"]["layers"] = 2
    torch.save(state, begun / FINAL)
    with pytest.raises(CheckpointError, match="another network"):
        load_network(begun)

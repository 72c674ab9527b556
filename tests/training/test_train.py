"""A run learns, resumes to the same weights, and ends in a bundle that scores."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.events.layout import DRAWN
from models.training.evaluate import evaluate
from models.training.export import load_network, write_bundle
from models.training.network import Network, Shape
from models.training.recipe import Recipe, read_recipe
from models.training.train import rate_at, train


def test_a_run_learns_and_its_bundle_beats_chance(
    recipe: Recipe, packed: Path, tiny_corpus: Path, tmp_path: Path
) -> None:
    look = train(replace(recipe, steps=40), packed, tmp_path / "run")
    chance = sum(math.log(field.classes) for field in DRAWN)
    assert look["nats"] < 0.75 * chance
    write_bundle(load_network(tmp_path / "run")[0], tmp_path / "bundle", "tiny", {})
    result = evaluate(tmp_path / "bundle", tiny_corpus, "test", tiny_corpus)
    assert result["model"]["all"]["nats_per_note"] < 0.75 * chance
    assert set(result["model"]) == {"all", "performed", "score"} == set(result["ngram"])


def test_an_untrained_network_pays_exactly_chance(tiny_shape: Shape, tiny_corpus: Path, tmp_path: Path) -> None:
    """Its heads begin at zero, so every class is equally likely: the sums are known by hand."""
    write_bundle(Network(tiny_shape), tmp_path / "bundle", "tiny", {})
    scored = evaluate(tmp_path / "bundle", tiny_corpus, "valid", None)["model"]["all"]
    for field in DRAWN[:4]:
        assert scored[field.name] == pytest.approx(math.log(field.classes), abs=1e-4)


def test_a_stopped_run_resumes_to_the_same_weights(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    train(recipe, packed, tmp_path / "whole")
    train(recipe, packed, tmp_path / "parts", until=5)
    train(recipe, packed, tmp_path / "parts")
    whole, parts = (load_network(tmp_path / name)[0].state_dict() for name in ("whole", "parts"))
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, msg=name)


def test_the_rate_rises_stays_and_falls() -> None:
    recipe = Recipe("r", steps=100, decay_steps=50, warmup_steps=10)
    rates = [rate_at(step, recipe) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and rates[30] == 1.0 and rates[99] == pytest.approx(0.02)
    assert (np.diff(rates[:10]) > 0).all() and (np.diff(rates[50:]) < 0).all()


def test_a_key_that_no_recipe_knows_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("stepz = 3\n")
    with pytest.raises(ValueError, match="stepz"):
        read_recipe(tmp_path / "r.toml")


def test_the_best_weights_are_kept_where_the_recipe_says_so(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    """A rate far too high makes a trained network worse, step by step; what it started from is the best look."""
    train(replace(recipe, steps=40), packed, tmp_path / "run")
    start, _ = load_network(tmp_path / "run")
    harmful = replace(recipe, steps=4, valid_every=2, warmup_steps=0, decay_steps=0, matrix_rate=5.0, other_rate=1.0)
    last = train(harmful, packed, tmp_path / "last", start=start)
    best = train(replace(harmful, keep_best=True), packed, tmp_path / "best", start=start)
    assert best["nats"] < last["nats"]
    kept, steps = load_network(tmp_path / "best")
    assert steps == 0
    for name, value in start.state_dict().items():
        torch.testing.assert_close(kept.state_dict()[name], value, msg=name)

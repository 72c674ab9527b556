"""Networks of a run on disk: OUT/seed-N.pt for each seed, whole or not there at all."""

import pickle
from dataclasses import asdict
from pathlib import Path

import torch

from models.training.checkpoint import write_state
from models.training.jsb.network import ChoraleNetwork
from models.training.jsb.recipe import ChoraleRecipe
from models.training.network import Shape


class RunError(ValueError):
    """A folder holds no trained chorale networks; the text is one sentence with what to do."""


def network_of(recipe: ChoraleRecipe) -> ChoraleNetwork:
    """An untrained network of the recipe."""
    return ChoraleNetwork(recipe.shape, recipe.grid, recipe.dropout, recipe.left_out)


def kept_at(out: Path, seed: int) -> Path:
    """Where the network of a seed is kept."""
    return out / f"seed-{seed}.pt"


def keep(out: Path, seed: int, recipe: ChoraleRecipe, weights: dict[str, torch.Tensor], valid: float) -> None:
    """Write the weights of a seed with the recipe they belong to."""
    write_state(kept_at(out, seed), {"recipe": asdict(recipe) | {"seeds": [seed]}, "network": weights, "valid": valid})


def read_networks(run: Path) -> list[ChoraleNetwork]:
    """The networks of a run, by seed, all of one grid; RunError if there are none, or a file is none of them."""
    networks = []
    for path in sorted(run.glob("seed-*.pt"), key=lambda path: (len(path.stem), path.stem)):
        try:
            state = torch.load(path, weights_only=True, map_location="cpu")
            recipe = state["recipe"]
            described = ChoraleRecipe(**recipe | {"shape": Shape(**recipe["shape"])})
            network = network_of(described)
            network.load_state_dict(state["network"])
        except (OSError, RuntimeError, KeyError, TypeError, pickle.UnpicklingError) as error:
            raise RunError(f"{path} is damaged or of another version; delete it and train its seed again.") from error
        networks.append(network.eval())
    if not networks:
        raise RunError(f"{run} has no seed-*.pt; train a recipe with --out {run} first.")
    if len({network.grid for network in networks}) > 1:
        raise RunError(f"{run} has networks of several grids; train each recipe into a folder of its own.")
    return networks

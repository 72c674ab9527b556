"""A run's files: what was learnt so far, whole or not at all, and of which recipe. Knows no network and no loop."""

import os
from pathlib import Path
from typing import Any

import torch

from cocomposer.events.layout import fingerprint
from models.training.recipe import Recipe, differences

FINAL, CHECKPOINT, BEST = "final.pt", "checkpoint.pt", "best.pt"
"""Files of a run's folder: the network at the end; the whole state in between; the best network so far, if wanted."""
_ALWAYS = frozenset({"description", "network", "step"})
_DESCRIBED = frozenset({"shape", "vocabulary"})


class CheckpointError(ValueError):
    """A file of a run cannot be used; the text is one sentence with what to do."""


def write_state(path: Path, state: dict[str, Any]) -> None:
    """Write beside and rename, so that a kill or a power cut leaves the old or the new state, never half of one."""
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def read_state(path: Path) -> dict[str, Any]:
    """What `write_state` wrote, its tensors on the CPU; CheckpointError if the file is something else, or damaged,
    or of another event vocabulary."""
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except FileNotFoundError as error:
        raise CheckpointError(f"{path} does not exist; name a folder that train wrote.") from error
    except Exception as error:
        # torch's reader raises whatever it stumbles over: a dozen types for a file cut short or of another kind.
        raise CheckpointError(f"{path} is damaged or no checkpoint; delete it or name another folder.") from error
    if (
        not isinstance(state, dict)
        or not state.keys() >= _ALWAYS
        or not isinstance(state["description"], dict)
        or not state["description"].keys() >= _DESCRIBED
    ):
        raise CheckpointError(f"{path} is no checkpoint of cocomposer; delete it or name another folder.")
    if state["description"]["vocabulary"] != fingerprint():
        raise CheckpointError(f"{path} was trained for another event vocabulary; train again in another folder.")
    return state


def read_run(folder: Path) -> dict[str, Any]:
    """The state at the end of a run or else its last checkpoint, as `read_state`."""
    return read_state(folder / FINAL if (folder / FINAL).exists() else folder / CHECKPOINT)


def refuse_others(path: Path, description: dict[str, Any], recipe: Recipe, others: dict[str, str]) -> None:
    """CheckpointError, naming what differs, unless the checkpoint at `path` is of this recipe and of `others`:
    facts beside the recipe, by name, such as the music that is learnt from.
    """
    if "recipe" not in description:
        raise CheckpointError(
            f"{path} says nothing of its recipe, as older versions left it; choose another folder with --out (and "
            f"--from {path.parent} to start from its weights)."
        )
    faults = differences(description["recipe"], recipe)
    for name, here in others.items():
        there = description.get(name, "nothing")
        if there != here:
            faults.append(f"{name} is {there} there and {here} here")
    if faults:
        raise CheckpointError(
            f"{path} belongs to another recipe ({'; '.join(faults)}); choose another folder with --out (and "
            f"--from {path.parent} to start from its weights)."
        )

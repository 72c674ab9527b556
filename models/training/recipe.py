"""A recipe: every number of a training run, read from a small TOML file and kept beside its checkpoint."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from models.training.dataset import Mixture
from models.training.network import Shape


@dataclass(frozen=True)
class Recipe:
    """Shape, mixture and schedule of one run."""

    name: str
    shape: Shape = field(default_factory=Shape)
    mixture: Mixture = field(default_factory=Mixture)
    seed: int = 1
    steps: int = 1000
    decay_steps: int = 300
    """The learning rate falls linearly to 0 over the last so many steps; it is level before (warm-up aside)."""
    warmup_steps: int = 40
    batch: int = 32
    """Crops in a step, over all processes together."""
    length: int = 256
    """Notes in a crop."""
    long_steps: int = 0
    """The last so many steps take crops twice as long and half as many."""
    matrix_rate: float = 0.02
    """Learning rate of the hidden matrices (Muon)."""
    other_rate: float = 0.003
    """Learning rate of embeddings, norms and output layers (AdamW)."""
    weight_decay: float = 0.05
    valid_every: int = 250
    valid_notes: int = 24_000
    """Held-out notes looked at while training (a fixed sample; `evaluate` looks at all)."""


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; ValueError names a key that no recipe has."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    recipe: Recipe = _filled(Recipe, {"name": path.stem, **table}, str(path))
    return recipe


def _filled(kind: type[Any], table: dict[str, Any], where: str) -> Any:
    known = {f.name: f for f in fields(kind)}
    for key in table:
        if key not in known:
            raise ValueError(f"{where} has a key {key!r} that no recipe knows; remove it.")
    inner = {"shape": Shape, "mixture": Mixture}
    values = {k: _filled(inner[k], v, where) if k in inner else v for k, v in table.items()}
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

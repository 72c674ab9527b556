"""A recipe of a chorale run: every number of it, read from a small TOML file and kept beside the weights."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from models.training.network import Shape


@dataclass(frozen=True)
class ChoraleRecipe:
    """Grid, shape and schedule of one run."""

    name: str
    grid: str
    """"sixteenth" (four voices) or "quarter" (frames)."""
    shape: Shape = field(default_factory=Shape)
    dropout: float = 0.2
    left_out: float = 0.0
    """Share of the input features that are left out by chance in training."""
    transpose: int = 6
    """Pieces are moved by up to so many semitones either way, as far as the voices' ranges allow."""
    seeds: tuple[int, ...] = (1,)
    """One network for each; the table has the first alone and all together."""
    epochs: int = 60
    decay: float = 0.5
    """Share of the epochs at the end in which the learning rate falls linearly to 0."""
    warmup_steps: int = 30
    batch: int = 16
    """Crops in a step."""
    length: int = 256
    """Steps of a piece in a crop."""
    odd_share: float = 1.0
    """Share of the odd steps that are predicted in training (see `batches.thinned`)."""
    matrix_rate: float = 0.02
    """Learning rate of the hidden matrices (Muon)."""
    other_rate: float = 0.003
    """Learning rate of all else (AdamW)."""
    weight_decay: float = 0.1
    average: float = 0.98
    """How much of the running mean of the weights stays at each step; the mean is what is scored."""
    valid_every: int = 5
    """Epochs between two looks at the valid split; the best look is kept."""


def read_chorale_recipe(path: Path) -> ChoraleRecipe:
    """The recipe in a TOML file; ValueError names a key that no recipe has."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    shape = table.pop("shape", {})
    for kind, given, where in ((ChoraleRecipe, table, ""), (Shape, shape, "shape.")):
        unknown = set(given) - {f.name for f in fields(kind)}
        if unknown:
            raise ValueError(f"{path} has a key {where}{min(unknown)} that no chorale recipe knows; remove it.")
    if table.get("grid") not in ("sixteenth", "quarter"):
        raise ValueError(f'{path} must have grid = "sixteenth" or grid = "quarter".')
    if shape.get("kind", "transformer") != "transformer":
        raise ValueError(f"{path} must leave shape.kind out: chorale networks are transformers.")
    if not 0 < table.get("odd_share", 1.0) <= 1:
        raise ValueError(f"{path} must have an odd_share above 0 and up to 1.")
    table["seeds"] = tuple(table.get("seeds", (1,)))
    return ChoraleRecipe(**{"name": path.stem, **table}, shape=Shape(**shape))

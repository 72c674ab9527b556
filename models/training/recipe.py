"""A recipe: every number of a training run, read from a small TOML file and kept beside its checkpoint."""

import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
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
    keep_best: bool = False
    """End with the weights of the best look instead of the last: few pieces are soon learnt by heart."""

    def __post_init__(self) -> None:
        for key, least in {"steps": 1, "batch": 1, "length": 2, "valid_every": 1, "valid_notes": 1}.items():
            if getattr(self, key) < least:
                raise ValueError(f"{key} is {getattr(self, key)}; the least is {least}.")
        if self.long_steps and self.batch < 2:
            raise ValueError("long_steps halves the batch, which is 1; make it 2 or more.")


_INNER: dict[str, type[Any]] = {"shape": Shape, "mixture": Mixture}
MAY_CHANGE = frozenset({"name", "steps", "decay_steps", "long_steps", "valid_every", "valid_notes"})
"""What makes a run longer or looks at it otherwise, and leaves it the same run."""


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; ValueError names a key that no recipe has, or whose value is of another type."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ValueError(f"{path} does not exist; name a recipe such as those in models/training/recipes.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not written in TOML ({error}); correct it.") from error
    recipe: Recipe = _filled(Recipe, {"name": path.stem, **table}, str(path))
    return recipe


def states_shape(path: Path) -> bool:
    """Whether the recipe at `path`, which can be read, says what shape its network has."""
    return "shape" in tomllib.loads(path.read_text(encoding="utf-8"))


def differences(there: dict[str, Any], here: Recipe) -> list[str]:
    """What sets `here` apart from a recipe kept as `asdict` made it: "KEY is VALUE there and VALUE here"; none if
    nothing does that may not change. What an older recipe does not know has its default there.
    """
    default = asdict(Recipe("", shape=Shape(), mixture=Mixture()))
    before = _flat(default) | _flat(there)
    now = _flat(asdict(here))
    return [
        f"{key} is {before.get(key, 'nothing')} there and {now.get(key, 'nothing')} here"
        for key in sorted(before.keys() | now.keys())
        if key not in MAY_CHANGE and before.get(key) != now.get(key)
    ]


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = tuple(value) if isinstance(value, list) else value
    return flat


def _filled(kind: type[Any], table: Any, where: str) -> Any:
    if not isinstance(table, dict):
        raise ValueError(f"{where} gives {kind.__name__.lower()!r} as {table!r}; make it a table.")
    known = {f.name: f for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"{where} has a key {key!r} that no recipe knows; remove it.")
        if key in _INNER:
            values[key] = _filled(_INNER[key], value, where)
        else:
            default = known[key].default if known[key].default is not MISSING else None
            values[key] = _checked(key, value, default, where)
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _checked(key: str, value: Any, default: Any, where: str) -> Any:
    """`value` if it is of the type of its default."""
    if key == "weights":
        fits = isinstance(value, dict) and all(type(share) in (int, float) for share in value.values())
        wanted = "a table of numbers"
    elif isinstance(default, tuple):
        fits = isinstance(value, list) and [type(item) for item in value] == [type(item) for item in default]
        wanted = f"a list such as {list(default)}"
    elif isinstance(default, float):
        fits, wanted = type(value) in (int, float), "a number"
    else:
        fits, wanted = type(value) is type(default) or default is None, f"a value such as {default!r}"
    if not fits:
        raise ValueError(f"{where} gives {key!r} as {value!r}; make it {wanted}.")
    return tuple(value) if isinstance(value, list) else value

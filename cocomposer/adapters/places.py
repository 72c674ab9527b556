"""Where things lie on this machine: released models, what is kept between runs, and what only lives while we run.

Knows folders, not what is in them.
"""

import os
import platform
import sys
from pathlib import Path

import platformdirs

BUNDLE_VARIABLE = "COCOMPOSER_BUNDLE"
_NAME = "cocomposer"


def models_folder() -> Path:
    """The folder of the released models: beside the packages, or inside a frozen app."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent.parent
    return root / "models"


def default_bundle() -> Path:
    """The model to use unless another is named: the variable COCOMPOSER_BUNDLE, else `live`."""
    named = os.environ.get(BUNDLE_VARIABLE)
    return Path(named) if named else models_folder() / "live"


def config_folder() -> Path:
    """What the user chose: preferences, presets."""
    return platformdirs.user_config_path(_NAME, appauthor=False)


def state_folder() -> Path:
    """What is kept between runs and is nobody's document: logs of what was played, journals."""
    return platformdirs.user_state_path(_NAME, appauthor=False)


def logs_folder() -> Path:
    """Where engines write down what happens."""
    return state_folder() / "sessions"


def runtime_folder() -> Path:
    """Where a running engine says how it is reached; the user's own."""
    if platform.system() == "Linux":
        # Not what platformdirs falls back to where there is no such folder: a place that everybody can write to.
        named = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
        return named / _NAME if named.is_dir() else state_folder() / "run"
    return platformdirs.user_runtime_path(_NAME, appauthor=False)

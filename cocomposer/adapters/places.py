"""Where things lie on this machine: the released models. Knows folders, not what is in them."""

import os
import sys
from pathlib import Path

BUNDLE_VARIABLE = "COCOMPOSER_BUNDLE"


def models_folder() -> Path:
    """The folder of the released models: beside the packages, or inside a frozen app."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent.parent
    return root / "models"


def default_bundle() -> Path:
    """The model to use unless another is named: the variable COCOMPOSER_BUNDLE, else `live`."""
    named = os.environ.get(BUNDLE_VARIABLE)
    return Path(named) if named else models_folder() / "live"

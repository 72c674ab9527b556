"""A bundle: the folder of a released model, checked before use. Knows its files and numbers, not how they run."""

import hashlib
from pathlib import Path
from typing import Any, Final

import msgspec

from cocomposer.events.layout import DRAWN, fingerprint

FORMAT: Final = 1
"""Version of bundle.json; a bundle of a newer one is refused."""
BACKBONE: Final = "backbone.onnx"
_NEEDED: Final = (BACKBONE, *(f"head_{field.name}.onnx" for field in DRAWN))


class BundleError(ValueError):
    """A bundle cannot be used; the text is one sentence with what to do."""


class Bundle(msgspec.Struct, frozen=True):
    """The description of a released model (bundle.json)."""

    format: int
    name: str
    vocabulary: str
    """Fingerprint of the event layout that the model speaks."""
    weights: int
    """How many numbers were trained."""
    window: int
    """Notes that the model looks back on."""
    ring: int
    """Places in the ring of keys and values (window, and room to feed chunks and to rewind)."""
    chunk: int
    """Most notes fed in one run."""
    layers: int
    heads: int
    head_width: int
    width: int
    files: dict[str, str]
    """SHA-256 of each file."""
    training: dict[str, Any] = msgspec.field(default_factory=dict)
    training_music: dict[str, str] = msgspec.field(default_factory=dict)
    """SHA-256 of the files that tell whose music it learnt from (see `training_index`); it plays without them too."""


def described(folder: Path) -> Bundle:
    """The description of a bundle, whose files are not looked at; BundleError if it cannot be read."""
    description = folder / "bundle.json"
    if not description.is_file():
        raise BundleError(f"{folder} is no model bundle (it has no bundle.json); choose a folder under models/.")
    try:
        found = msgspec.json.decode(description.read_bytes())
        newer = isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] > FORMAT
        if newer:
            raise BundleError(f"{folder} has the newer bundle format {found['format']}; update cocomposer to use it.")
        return msgspec.convert(found, Bundle)
    except (OSError, msgspec.MsgspecError) as error:
        raise BundleError(f"{description} cannot be read ({error}); restore the bundle from its release.") from error


def open_bundle(folder: Path) -> Bundle:
    """Read and check a bundle: format, vocabulary, presence and hash of each file; BundleError says what is wrong."""
    bundle = described(folder)
    description = folder / "bundle.json"
    if bundle.vocabulary != fingerprint():
        raise BundleError(f"{folder} speaks another event vocabulary; use a bundle made for this version.")
    for name in _NEEDED:
        if name not in bundle.files:
            raise BundleError(f"{description} does not list the file {name}; restore the bundle from its release.")
    for name, wanted in bundle.files.items():
        file = folder / name
        if Path(name).name != name or not file.is_file():
            raise BundleError(f"{folder} lacks its file {name}; restore the bundle from its release.")
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != wanted:
                raise BundleError(f"{file} is damaged (its hash is wrong); restore the bundle from its release.")
    return bundle

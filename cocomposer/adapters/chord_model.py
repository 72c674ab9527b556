"""The next-chord network in ONNX Runtime, on the CPU: its folder checked, arrays in, arrays out. Knows no chords."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.providers import session_of

CHORD_FORMAT: Final = 1
"""Version of the description of a next-chord model; a bundle of a newer one is refused."""
DESCRIPTION: Final = "next_chord.json"
"""Not bundle.json: a folder with that one is offered as a model that plays."""
GRAPH: Final = "next_chord.onnx"


class ChordBundle(msgspec.Struct, frozen=True):
    """The description of a released next-chord model (next_chord.json)."""

    chord_format: int
    name: str
    inputs: str
    """Fingerprint of the inputs that the network takes."""
    members: int
    weights: int
    """How many numbers were trained."""
    files: dict[str, str]
    """SHA-256 of each file."""
    training: dict[str, Any] = msgspec.field(default_factory=dict)


def open_chord_bundle(folder: Path, inputs: str) -> ChordBundle:
    """Read and check a bundle for a program with these inputs; BundleError says what is wrong."""
    description = folder / DESCRIPTION
    if not description.is_file():
        raise BundleError(f"{folder} is no next-chord model (it has no {DESCRIPTION}); choose models/chords.")
    try:
        found = msgspec.json.decode(description.read_bytes())
        version = found.get("chord_format") if isinstance(found, dict) else None
        if isinstance(version, int) and version > CHORD_FORMAT:
            raise BundleError(f"{folder} has the newer chord format {version}; update cocomposer to use it.")
        bundle = msgspec.convert(found, ChordBundle)
    except (OSError, msgspec.MsgspecError) as error:
        raise BundleError(f"{description} cannot be read ({error}); restore the bundle from its release.") from error
    if bundle.inputs != inputs:
        raise BundleError(f"{folder} takes other inputs than this version gives; use a bundle made for it.")
    graph = folder / GRAPH
    if GRAPH not in bundle.files or not graph.is_file():
        raise BundleError(f"{folder} lacks its file {GRAPH}; restore the bundle from its release.")
    if hashlib.sha256(graph.read_bytes()).hexdigest() != bundle.files[GRAPH]:
        raise BundleError(f"{graph} is damaged (its hash is wrong); restore the bundle from its release.")
    return bundle


class OnnxChordNetwork:
    """A trained next-chord network. One thread at a time."""

    def __init__(self, folder: Path, inputs: str) -> None:
        """Of a bundle folder; BundleError if it cannot be used by a program with these `inputs`."""
        self.bundle: ChordBundle = open_chord_bundle(folder, inputs)
        self._session = session_of(folder / GRAPH, Provider.CPU)

    def scores(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(log-probabilities [members, songs, places, tokens], strengths [members, matches])"""
        general, strengths = self._session.run(None, dict(inputs))
        return general, strengths

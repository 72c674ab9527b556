"""The weights that a run starts from: those of a released bundle, read back out of its graphs, or those of a run.

A bundle keeps no PyTorch file; the exporter leaves each weight in its graph under the name that it has in
the network, so nothing is lost. Knows nothing of training.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor

from cocomposer.adapters.bundle import BACKBONE, BundleError, open_bundle
from cocomposer.events.layout import DRAWN
from models.training.checkpoint import CHECKPOINT, FINAL
from models.training.export import load_network
from models.training.network import Network, Shape

_DESCRIPTION = "bundle.json"


def network_from(folder: Path) -> Network:
    """The network of a bundle or of a run's folder; ValueError, one sentence, if it is neither or cannot be used."""
    if (folder / _DESCRIPTION).is_file():
        return bundle_network(folder)
    if (folder / FINAL).is_file() or (folder / CHECKPOINT).is_file():
        return load_network(folder)[0]
    raise ValueError(f"{folder} is neither a bundle nor a run; name a folder such as models/live or out/live.")


def bundle_network(folder: Path) -> Network:
    """The network whose weights a bundle's graphs hold; BundleError if they do not hold all of them in full."""
    open_bundle(folder)
    shape = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8")).get("shape")
    try:
        network = Network(Shape(**shape))
    except TypeError as error:
        raise BundleError(
            f"{folder} does not say the shape of its network; name the run that it was made of."
        ) from error
    found: dict[str, Tensor] = {}
    for name, value in _weights(folder / BACKBONE).items():
        found[name.removeprefix("network.")] = value
    for number, field in enumerate(DRAWN):
        for name, value in _weights(folder / f"head_{field.name}.onnx").items():
            found[f"heads.{number}.{name.removeprefix('head.')}"] = value
    wanted = network.state_dict()
    for name, value in wanted.items():
        if name not in found or found[name].shape != value.shape:
            raise BundleError(f"{folder} does not hold the weight {name} as trained; name the run that it was made of.")
    network.load_state_dict({name: found[name] for name in wanted})
    return network


def _weights(path: Path) -> dict[str, Tensor]:
    """All floating-point constants of a graph by name, in single precision."""
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    return {
        name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items() if array.dtype.kind == "f"
    }


def digest(network: Network) -> str:
    """A short name of these weights, the same wherever they are read from."""
    whole = hashlib.sha256()
    for name, value in network.state_dict().items():
        whole.update(name.encode())
        whole.update(value.detach().cpu().contiguous().numpy().tobytes())
    return whole.hexdigest()[:16]

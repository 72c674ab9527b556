"""A bundle gives its weights back: the network that was exported, and the logits of its graphs."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.codec import Metre, encode
from models.training.network import Network
from models.training.recipe import Recipe
from models.training.train import train
from models.training.weights import digest, network_from
from tests.fakes.tiny_bundle import tiny_network
from tests.training.conftest import melody
from tests.training.scoring import nats_per_note, nats_through

LIVE = Path(__file__).resolve().parents[2] / "models" / "live"


def same(one: Network, other: Network) -> bool:
    first, second = one.state_dict(), other.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_a_bundle_gives_back_the_network_that_was_exported(tiny_bundle: Path) -> None:
    network = network_from(tiny_bundle)
    assert network.shape == tiny_network().shape
    assert same(network, tiny_network()) and digest(network) == digest(tiny_network())


@pytest.mark.parametrize("folder", ["tiny", "live"])
def test_the_network_of_a_bundle_pays_what_its_graphs_pay(folder: str, tiny_bundle: Path) -> None:
    bundle = LIVE if folder == "live" else tiny_bundle
    rows, ticks = encode(melody(3, count=60), Metre(True, 0))
    through_graphs = nats_through(OnnxNoteModel(bundle, Provider.CPU), rows, ticks)
    assert nats_per_note(network_from(bundle), rows, ticks) == pytest.approx(through_graphs, abs=1e-3)


def test_a_run_gives_its_last_weights(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    train(recipe, packed, tmp_path / "run", until=3)
    first = network_from(tmp_path / "run")
    assert not same(first, Network(recipe.shape))
    (tmp_path / "run" / "final.pt").unlink()
    assert same(first, network_from(tmp_path / "run"))


def test_what_is_neither_bundle_nor_run_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ValueError, match="neither a bundle nor a run"):
            network_from(folder)


def describe(bundle: Path, **changes: object) -> None:
    """Change bundle.json; None takes a key away."""
    file = bundle / "bundle.json"
    table = {**json.loads(file.read_text(encoding="utf-8")), **changes}
    file.write_text(json.dumps({key: value for key, value in table.items() if value is not None}), encoding="utf-8")


def rehash(bundle: Path, file: str) -> None:
    files = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))["files"]
    describe(bundle, files={**files, file: hashlib.sha256((bundle / file).read_bytes()).hexdigest()})


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the tiny bundle that may be spoilt."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def test_a_bundle_without_the_shape_of_its_network_is_refused(bundle: Path) -> None:
    describe(bundle, shape=None)
    with pytest.raises(BundleError, match="does not say the shape"):
        network_from(bundle)


def test_a_bundle_with_weights_in_another_form_is_refused(bundle: Path) -> None:
    graph = onnx.load(bundle / "head_pitch.onnx")
    (weight,) = (tensor for tensor in graph.graph.initializer if tensor.name.endswith("inner.weight"))
    weight.CopyFrom(onnx.numpy_helper.from_array(np.zeros((3, 3), dtype=np.float32), weight.name))
    onnx.save(graph, bundle / "head_pitch.onnx")
    rehash(bundle, "head_pitch.onnx")
    with pytest.raises(BundleError, match=r"does not hold the weight heads\.1\.inner\.weight"):
        network_from(bundle)


def test_half_precision_is_read_too(bundle: Path) -> None:
    for file in bundle.glob("*.onnx"):
        graph = onnx.load(file)
        for tensor in graph.graph.initializer:
            if tensor.data_type == onnx.TensorProto.FLOAT and tensor.dims:
                half = onnx.numpy_helper.to_array(tensor).astype(np.float16)
                tensor.CopyFrom(onnx.numpy_helper.from_array(half, tensor.name))
        onnx.save(graph, file)
        rehash(bundle, file.name)
    read, exact = network_from(bundle).state_dict(), tiny_network().state_dict()
    for name, value in exact.items():
        torch.testing.assert_close(read[name], value.half().float(), msg=name)

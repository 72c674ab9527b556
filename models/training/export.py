"""Step 3: make a released bundle of a trained network: ONNX graphs, description, hashes, card.

    python -m models.training.export --run out/live --bundle models/live

The backbone is one graph for every provider: rows and a ring of keys and values in, hidden states and
the renewed ring out (bound to the same memory by the app, so that nothing is copied). Each head is a
graph of its own, because the app draws, constrains and feeds back one field at a time.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from cocomposer import __version__
from cocomposer.adapters.bundle import FORMAT
from cocomposer.events.layout import COLUMNS, DRAWN, PLACE, RECENT, fingerprint
from models.training.checkpoint import CheckpointError, read_run
from models.training.network import Backbone, Network, Shape
from models.training.recipe import read_recipe

OPSET = 18
ROOM = 128
"""Places in the ring beyond the window: the longest chunk that is fed at once, and the deepest rewind."""


class StepGraph(nn.Module):
    """`Backbone.step` and the onset logits with flat inputs and outputs."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        if not isinstance(network.backbone, Backbone):
            raise ValueError("Only a transformer can be released: the app feeds it one note at a time.")
        self.backbone = network.backbone

    def forward(
        self, rows: Tensor, ticks: Tensor, index: Tensor, slots: Tensor, held: Tensor, *cache: Tensor
    ) -> tuple[Tensor, ...]:
        hidden, renewed = self.backbone.step(rows, ticks, index, slots, held, list(cache))
        return (hidden, *renewed)


class HeadGraph(nn.Module):
    """One field head with the inputs that it reads."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, hidden: Tensor, drawn: Tensor, place: Tensor, recent: Tensor) -> Tensor:
        logits: Tensor = self.head(hidden, drawn, place, recent)
        # Every head takes the same inputs, so that the app needs no cases; the sum keeps unread ones alive.
        unread = (drawn.sum() + place.sum() + recent.sum()).to(logits.dtype) * 0.0
        return logits + unread


def cache_names(layers: int) -> list[str]:
    """Names of the ring inputs, key and value of each layer in turn."""
    return [f"past_key_values.{n}.{part}" for n in range(layers) for part in ("key", "value")]


def present_names(layers: int) -> list[str]:
    """Names of the ring outputs."""
    return [name.replace("past_key_values", "present") for name in cache_names(layers)]


def export_graphs(network: Network, folder: Path) -> list[str]:
    """Write backbone.onnx and one head_FIELD.onnx for each field; their file names."""
    network.eval().float()
    shape = network.shape
    ring = shape.window + ROOM
    events = 3
    index = torch.arange(events)
    held = torch.full((ring,), -1).scatter(0, index, index)
    cache = [torch.zeros(shape.heads, ring, shape.width // shape.heads) for _ in range(2 * shape.layers)]
    rows = torch.zeros(events, len(COLUMNS), dtype=torch.int64)
    length = torch.export.Dim("events", min=1, max=ROOM)
    files = ["backbone.onnx"]
    _export(
        StepGraph(network),
        (rows, 7 * index, index, index.clone(), held, *cache),
        ["rows", "ticks", "index", "slots", "held", *cache_names(shape.layers)],
        ["hidden", *present_names(shape.layers)],
        [{0: length}] * 4 + [{}, tuple({} for _ in cache)],
        folder / files[0],
    )
    hidden = torch.zeros(events, shape.width)
    drawn = torch.zeros(events, len(DRAWN), dtype=torch.int64)
    place = torch.zeros(events, len(PLACE), dtype=torch.int64)
    recent = torch.zeros(events, RECENT + 1, dtype=torch.int64)
    for field, head in zip(DRAWN, network.heads, strict=True):
        files.append(f"head_{field.name}.onnx")
        _export(
            HeadGraph(head),
            (hidden, drawn, place, recent),
            ["hidden", "drawn", "place", "recent"],
            ["logits"],
            [{0: length}] * 4,
            folder / files[-1],
        )
    return files


def _export(
    graph: nn.Module, inputs: tuple[Tensor, ...], names: list[str], outputs: list[str], dynamic: list[Any], path: Path
) -> None:
    program = torch.onnx.export(
        graph,
        inputs,
        input_names=names,
        output_names=outputs,
        dynamic_shapes=tuple(dynamic),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    # The exporter notes paths and stack traces of this machine in each node; a release has none of them.
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    onnx.save(model, path)


def load_network(run: Path) -> tuple[Network, int]:
    """The network of a run's final.pt (or else its checkpoint), and its steps; CheckpointError if it cannot be used."""
    state = read_run(run)
    try:
        network = Network(Shape(**state["description"]["shape"]))
        network.load_state_dict(state["network"])
    except (TypeError, RuntimeError) as error:
        raise CheckpointError(f"{run} holds another network than it says; train again.") from error
    return network, int(state["step"])


def write_bundle(network: Network, folder: Path, name: str, training: dict[str, Any]) -> None:
    """Export `network` to `folder` and describe it in bundle.json, with a hash of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    files = export_graphs(network, folder)
    shape = network.shape
    description = {
        "format": FORMAT,
        "name": name,
        "made_by": f"cocomposer {__version__}",
        "vocabulary": fingerprint(),
        "weights": sum(p.numel() for p in network.parameters()),
        "window": shape.window,
        "ring": shape.window + ROOM,
        "chunk": ROOM // 2,
        "layers": shape.layers,
        "heads": shape.heads,
        "head_width": shape.width // shape.heads,
        "width": shape.width,
        "shape": asdict(shape),
        "training": training,
        "files": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files},
    }
    (folder / "bundle.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def told(run: Path, recipe: Path | None) -> dict[str, Any]:
    """What a bundle says of its training: the recipe that the run kept, or else (a run of an older version) the file's.

    ValueError if neither is there.
    """
    state = read_run(run)
    description = state["description"]
    if "recipe" not in description and recipe is None:
        raise ValueError(f"{run} does not say its recipe, as older versions left it; name it with --recipe.")
    kept = description["recipe"] if "recipe" in description or recipe is None else asdict(read_recipe(recipe))
    beside = {name: description[name] for name in ("music", "start") if name in description}
    return {"recipe": kept, "steps_done": int(state["step"]), **beside}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="the folder that train wrote")
    parser.add_argument("--recipe", type=Path, help="only for a run of an older version, which does not say its recipe")
    parser.add_argument("--bundle", type=Path, required=True)
    options = parser.parse_args()
    try:
        training = told(options.run, options.recipe)
        write_bundle(load_network(options.run)[0], options.bundle, options.bundle.name, training)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.bundle}: {sum(f.stat().st_size for f in options.bundle.iterdir()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

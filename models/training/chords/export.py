"""Release trained members of the next-chord network as one ONNX graph with its description.

python -m models.training.chords.export out/chords/1.pt out/chords/2.pt --bundle models/chords
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from cocomposer import __version__
from cocomposer.adapters.chord_model import CHORD_FORMAT, DESCRIPTION, GRAPH
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.progressions.inputs import MATCHED, NAMES, fingerprint, inputs_of, reading_of
from cocomposer.harmony.progressions.song import Song, Sounding, song_of
from models.training.chords.bigram import SHARE, WEIGHTS, bigram_table
from models.training.chords.corpus import DEFAULT_CORPUS, read_sheets
from models.training.chords.network import ChordNetwork, Members, Shape

Floats = NDArray[np.float64]

OPSET: Final = 18
_OUTPUTS: Final = {"general": (None, "songs", "length", None), "strengths": (None, "matches")}


def read_member(path: Path) -> tuple[ChordNetwork, dict[str, Any]]:
    """A network that `train` wrote, and how it was made."""
    kept = torch.load(path, weights_only=True)
    network = ChordNetwork(Shape(**kept["shape"]))
    network.load_state_dict(kept["network"])
    return network.eval(), {name: value for name, value in kept.items() if name != "network"}


def _example() -> Song:
    """Any song that has matches; the graph takes all others."""
    roots = [0, 5, 7, 0, 5, 7]
    return song_of([Sounding(Chord(root), 4.0 * n, 0) for n, root in enumerate(roots)], 4.0 * len(roots))


def export_graph(members: Sequence[ChordNetwork], counted: Floats, path: Path) -> None:
    """Write the graph of all members, smoothed with what was counted (see `bigram_table`)."""
    song = _example()
    arrays = inputs_of([reading_of(song, 0), reading_of(song, 1)])
    songs, length, matches = (torch.export.Dim(name) for name in ("songs", "length", "matches"))
    program = torch.onnx.export(
        Members(list(members), torch.from_numpy(counted).float(), SHARE).eval(),
        # Each a tensor of its own: the exporter merges inputs that share one.
        tuple(torch.from_numpy(arrays[name].copy()) for name in NAMES),
        input_names=list(NAMES),
        output_names=list(_OUTPUTS),
        dynamic_shapes=(
            tuple({0: matches} if name in {*MATCHED, "classes"} else {0: songs, 1: length} for name in NAMES),
        ),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    # The exporter notes paths and stack traces of this machine in each node; a release has none of them. Of the
    # recurrent layer it notes the sizes of the example too, which are not those of other songs.
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.input, *model.graph.output):
        del value.metadata_props[:]
    del model.graph.value_info[:]
    sizes = [size.dim_param for value in model.graph.input for size in value.type.tensor_type.shape.dim[:1]]
    sizes += [value.type.tensor_type.shape.dim[1].dim_param for value in model.graph.input if value.name == "before"]
    if not all(sizes):
        # Seen with torch 2.13: the second export of a process unrolls the recurrent layer at the example's length.
        raise RuntimeError("The exporter fixed the length of songs; export again in a new process.")
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    for output in model.graph.output:
        for size, name in zip(output.type.tensor_type.shape.dim, _OUTPUTS[output.name], strict=True):
            if name is not None:
                size.dim_param = name
    onnx.save(model, path)


def write_bundle(members: Sequence[tuple[ChordNetwork, dict[str, Any]]], counted: Floats, folder: Path) -> None:
    """Export the members to `folder` and describe them beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    networks = [network for network, _ in members]
    export_graph(networks, counted, folder / GRAPH)
    description = {
        "chord_format": CHORD_FORMAT,
        "name": folder.name,
        "made_by": f"cocomposer {__version__}",
        "inputs": fingerprint(),
        "members": len(networks),
        "weights": sum(p.numel() for network in networks for p in network.parameters()),
        "training": {"members": [made for _, made in members], "bigram": {"share": SHARE, "weights": WEIGHTS}},
        "files": {GRAPH: hashlib.sha256((folder / GRAPH).read_bytes()).hexdigest()},
    }
    (folder / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", help="files that train wrote")
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="whose train split is counted")
    options = parser.parse_args()
    counted = bigram_table([sheet.song for sheet in read_sheets(options.corpus, "train")])
    write_bundle([read_member(run) for run in options.runs], counted, options.bundle)


if __name__ == "__main__":
    main()

"""Step 1: read a corpus once and pack each split into one file of arrays, so that training never parses MIDI.

    python -m models.training.prepare --corpus ../shared/corpus --out out/packed

A file that cannot be read is named and skipped; a folder without notes is an error.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.events.layout import STYLES, fingerprint
from models.training.pieces import Piece, Source, load, read_manifest

LEAST_NOTES = 8
"""Shorter files teach nothing."""


def _load(source: Source) -> Piece | str:
    try:
        return load(source)
    except MidiFileError as error:
        return str(error)


def pack(sources: list[Source], out: Path, workers: int = 2) -> int:
    """Write the pieces of `sources` to the file `out` (.npz); how many notes it holds. ValueError if none."""
    pieces: list[Piece] = []
    kept: list[Source] = []
    with ProcessPoolExecutor(workers) as pool:
        for source, piece in zip(sources, pool.map(_load, sources, chunksize=64), strict=True):
            if isinstance(piece, str):
                print(f"skipped: {piece}", file=sys.stderr)
            elif len(piece) >= LEAST_NOTES:
                pieces.append(piece)
                kept.append(source)
    if not pieces:
        raise ValueError("No notes were found; choose a folder with music in it.")
    columns = {f.name: np.concatenate([getattr(p, f.name) for p in pieces]) for f in fields(Piece)}
    out.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = dict(
        **columns,
        starts=np.concatenate(([0], np.cumsum([len(p) for p in pieces]))),
        style=np.asarray([STYLES.index(s.style) for s in kept], dtype=np.uint8),
        source=np.asarray([s.source for s in kept]),
        jsb_leak=np.asarray([s.jsb_leak for s in kept], dtype=np.uint8),
        fingerprint=np.asarray(fingerprint()),
    )
    np.savez(out, **arrays)
    return int(sum(len(p) for p in pieces))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--out", type=Path, default=Path("out/packed"))
    parser.add_argument("--splits", nargs="+", default=["train", "valid"])
    options = parser.parse_args()
    sources = read_manifest(options.corpus)
    for split in options.splits:
        chosen = [s for s in sources if s.split == split]
        notes = pack(chosen, options.out / f"{split}.npz")
        print(f"{split}: {len(chosen)} files, {notes} notes")


if __name__ == "__main__":
    main()

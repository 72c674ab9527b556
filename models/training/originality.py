"""Makes the list of training music that a bundle ships with: whose each passage is, and under which licence.

    python -m models.training.originality --packed out/packed --out models/live

To be run after `export`: bundle.json names both files, with their hashes.

Reads the pieces that the model learnt from (train.npz and manifest.csv of `prepare`; not those that it was not shown,
`jsb_leak`) and writes originality.bin, the index of their tunes (`cocomposer.originality`), and pieces.csv, the same
list of pieces for people. The tunes of a piece are the top line of all it plays and that of each of its staves, so
that a melody under another one is known too. Drums are listed but not indexed: they have no tune, and their patterns
are everybody's.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from cocomposer.adapters.training_index import INDEX_FILE, PIECES_FILE
from cocomposer.originality.index import Index, Work
from cocomposer.originality.line import Line
from models.training.dataset import DRUMS, Packed
from models.training.pieces import Piece

_TOLD: Final = ("path", "composer", "title", "source", "licence")


def line_of(piece: Piece) -> bytes:
    """The steps of the tune of all notes of a piece, as a listener hears it."""
    onset = np.rint(piece.onset).astype(np.int64)
    order = np.lexsort((piece.pitch, onset))
    end = onset + np.maximum(1, np.rint(piece.duration).astype(np.int64))
    line = Line()
    for note in zip(onset[order].tolist(), piece.pitch[order].tolist(), end[order].tolist(), strict=True):
        line.hear(*note)
    line.close()
    return bytes(line.steps)


def lines_of(piece: Piece) -> list[bytes]:
    """The tunes of a piece: of all its notes, and of each staff where there are several; each once."""
    lines = [line_of(piece)]
    staves = np.unique(piece.part)
    if len(staves) > 1:
        for staff in staves:
            mine = piece.part == staff
            lines.append(line_of(Piece(*(getattr(piece, name)[mine] for name in Piece.__dataclass_fields__))))
    return list(dict.fromkeys(lines))


def read_works(manifest: Path, split: str, notes: Sequence[int]) -> list[Work]:
    """The pieces of a packed split by its manifest.csv; ValueError if those have other numbers of notes."""
    with manifest.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == split]
    if [int(row["notes"]) for row in rows] != list(notes):
        raise ValueError(f"{manifest} lists other pieces than are packed beside it; run models.training.prepare again.")
    # A name that is not UTF-8 is shown with a mark where it cannot be read.
    return [Work(*(row[name].encode("utf-8", "replace").decode("utf-8") for name in _TOLD)) for row in rows]


def training_index(packed: Packed, works: Sequence[Work]) -> Index:
    """The index of all pieces of a split that were shown to the model; `works` tells of each piece of it."""
    shown = np.flatnonzero(packed.jsb_leak != 1).tolist()

    def lines() -> Iterator[tuple[int, bytes]]:
        for number, piece in enumerate(shown):
            if packed.style[piece] != DRUMS:
                for line in lines_of(packed.cut(int(packed.starts[piece]), int(packed.starts[piece + 1]))):
                    yield number, line

    return Index.of([works[piece] for piece in shown], lines())


def write(index: Index, folder: Path) -> None:
    """Both files, each only once it is whole; where there is a bundle, its description names them."""
    folder.mkdir(parents=True, exist_ok=True)
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(_TOLD)
    rows.writerows([getattr(work, name) for name in _TOLD] for work in index.works)
    files = {INDEX_FILE: index.pack(), PIECES_FILE: table.getvalue().encode()}
    for name, content in files.items():
        _replace(folder / name, content)
    description = folder / "bundle.json"
    if description.is_file():
        bundle = json.loads(description.read_text(encoding="utf-8"))
        bundle["training_music"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        _replace(description, (json.dumps(bundle, indent=2) + "\n").encode())


def _replace(file: Path, content: bytes) -> None:
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True, help="the folder that prepare wrote")
    parser.add_argument("--out", type=Path, required=True, help="a bundle, or any folder")
    options = parser.parse_args()
    try:
        begun = time.perf_counter()
        packed = Packed.open(options.packed / "train.npz")
        works = read_works(options.packed / "manifest.csv", "train", np.diff(packed.starts).tolist())
        index = training_index(packed, works)
        write(index, options.out)
    except (ValueError, KeyError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    size = (options.out / INDEX_FILE).stat().st_size
    print(
        f"{options.out / INDEX_FILE}: {len(index.works)} pieces, {len(index.owners)} lines, {len(index.stream)} steps, "
        f"{size / 1e6:.1f} MB, {time.perf_counter() - begun:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pieces on their way to a packed split: first a spool on disk, in which duplicates can still be left out, then one
.npz. Holds no more than a piece in memory, whatever the number of files. Knows no folders and no reasons.
"""

import os
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from cocomposer.events.layout import STYLES, fingerprint
from models.training.pieces import Piece, Source

COLUMNS = {
    "onset": "<f4", "duration": "<f4", "pitch": "|u1", "velocity": "|u1", "pedal": "|u1", "in_bar": "<f4",
    "part": "|u1", "chord": "|u1",
}  # fmt: skip
"""The arrays of a `Piece` as they lie on disk."""


class Spool:
    """One file for each column of `Piece`, in a folder of its own; pieces are numbered as they come."""

    def __init__(self, folder: Path) -> None:
        assert list(COLUMNS) == [field.name for field in fields(Piece)]
        self.starts = [0]
        self._files: dict[str, IO[bytes]] = {name: (folder / name).open("w+b") for name in COLUMNS}

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def add(self, piece: Piece) -> int:
        """The number of the piece from now on."""
        for name, type_ in COLUMNS.items():
            self._files[name].write(getattr(piece, name).astype(type_, copy=False).tobytes())
        self.starts.append(self.starts[-1] + len(piece))
        return len(self.starts) - 2

    def write(self, chosen: Sequence[tuple[int, Source]], out: Path) -> int:
        """Pack the chosen pieces, in this order, to `out` (.npz); how many notes. ValueError if there are none."""
        if not chosen:
            raise ValueError("No notes were found; choose a folder with music in it.")
        lengths = [self.starts[number + 1] - self.starts[number] for number, _ in chosen]
        sources = [source for _, source in chosen]
        about: dict[str, Any] = {
            "starts": np.concatenate(([0], np.cumsum(lengths))),
            "style": np.asarray([STYLES.index(s.style) for s in sources], dtype=np.uint8),
            "source": np.asarray([s.source for s in sources]),
            "jsb_leak": np.asarray([s.jsb_leak for s in sources], dtype=np.uint8),
            "fingerprint": np.asarray(fingerprint()),
        }
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(out.name + ".part")
        with zipfile.ZipFile(unfinished, "w", allowZip64=True) as archive:
            for name, type_ in COLUMNS.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as array:
                    header = {"descr": type_, "fortran_order": False, "shape": (sum(lengths),)}
                    np.lib.format.write_array_header_1_0(array, header)
                    width = np.dtype(type_).itemsize
                    file = self._files[name]
                    for (number, _), length in zip(chosen, lengths, strict=True):
                        file.seek(self.starts[number] * width)
                        array.write(file.read(length * width))
            for name, values in about.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as array:
                    np.lib.format.write_array(array, values, allow_pickle=False)
        os.replace(unfinished, out)
        return sum(lengths)

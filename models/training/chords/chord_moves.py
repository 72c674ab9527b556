"""Counts what an accompanist expects of chords: how often each is, and what follows each. Prints the two tables of
`cocomposer/accompaniment/chord_moves.py`.

    python -m models.training.chords.chord_moves

Reads the train split of OpenEWLD's lead sheets. Chords are counted from the tonic of the signature's major key.
"""

import argparse
import json
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.pitch_class import PITCH_CLASSES, pitch_class_at, place_of_name
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, token_of, transposed
from models.training.chords.corpus import DEFAULT_CORPUS

_LEAST_BEATS: Final = 0.1


def count(corpus: Path, split: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """([TOKENS] chords, [classes, TOKENS] chords after one of a class, counted from its root)."""
    chords = np.zeros(TOKENS, np.int64)
    moves = np.zeros((len(CLASSES), TOKENS), np.int64)
    with (corpus / "chords" / "openewld.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split and row["key"]]
    for row in rows:
        tonic = pitch_class_at(place_of_name(row["key"].partition(":")[0]))
        before: int | None = None
        for _, beats, symbol in row["chords"]:
            chord = read_symbol(symbol)
            if not isinstance(chord, Chord) or beats <= _LEAST_BEATS:
                continue
            token = token_of(chord, tonic)
            chords[token] += 1
            if before is not None and before != token:
                root, number = divmod(before, len(CLASSES))
                moves[number, transposed(token, -root)] += 1
            before = token
    return chords, moves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    chords, moves = count(parser.parse_args().corpus, "train")
    print("CHORDS")
    _print(chords, "    ")
    for name, row in zip(CLASSES, moves, strict=True):
        print(f"    {name.name}")
        _print(row, "        ")


def _print(row: NDArray[np.int64], indent: str) -> None:
    for line in row.reshape(PITCH_CLASSES, len(CLASSES)).tolist():
        print(f"{indent}{tuple(line)},")


if __name__ == "__main__":
    main()

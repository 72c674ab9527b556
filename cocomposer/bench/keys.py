"""Which key profile names keys best: scored pieces of the corpus against their own key signatures.

`python -m cocomposer.bench.keys CORPUS [--split valid]`. Many sources give a signature without a mode, and folk tunes
are often modal, so what counts is the signature: the exact key or its relative.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, read_midi_file
from cocomposer.harmony.key import key_of_signature
from cocomposer.harmony.key_finding import DRUM_CHANNEL, KEYS, PROFILE, correlations, find_key, weights_of
from cocomposer.harmony.key_profiles import PROFILES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

SCORED: Final = frozenset({"score", "folk", "hymn", "leadsheet"})
BARS: Final = 8


@dataclass(frozen=True, slots=True)
class Signed:
    """A piece up to its first change of signature."""

    notes: tuple[Note, ...]
    fifths: int
    minor: bool
    first_bars_end: float
    """Tick at which its first BARS bars end."""


def signed_pieces(corpus: Path, split: str) -> Iterator[Signed]:
    """The scored pieces of a split that have a key signature. OSError if there is no manifest."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == split and row["kind"] in SCORED]
    for row in rows:
        try:
            piece = read_midi_file(corpus / row["path"])
        except MidiFileError:
            continue
        if piece.key_signatures:
            yield _signed(piece)


def _signed(piece: MidiPiece) -> Signed:
    (_, fifths, minor), *later = piece.key_signatures
    scale = TICKS_PER_BEAT / piece.ticks_per_beat
    until = next((tick * scale for tick, *_ in later if tick > 0), float("inf"))
    notes = tuple(
        Note(round(onset * scale), pitch, max(1, round((end - onset) * scale)), velocity, channel)
        for onset, end, pitch, velocity, channel, _ in piece.notes.tolist()
        if onset * scale < until and channel != DRUM_CHANNEL
    )
    _, numerator, denominator = piece.meters[0] if piece.meters else (0, 4, 4)
    return Signed(notes, fifths, minor, BARS * TICKS_PER_BEAT * 4 * numerator / denominator)


def measure(corpus: Path, split: str) -> dict[str, dict[str, float]]:
    """For each profile, and for `find_key` where it names one: shares of pieces whose signature it finds."""
    right: dict[str, dict[str, int]] = {}
    counts = {"first_bars": 0, "whole": 0}
    minor_pieces = minor_right = named = 0
    for piece in signed_pieces(corpus, split):
        first_bars = tuple(note for note in piece.notes if note.onset_tick < piece.first_bars_end)
        for part, notes in (("first_bars", first_bars), ("whole", piece.notes)):
            weights = weights_of(notes)
            if not weights.any():
                continue
            counts[part] += 1
            for name, profile in PROFILES.items():
                key = KEYS[int(correlations(weights, profile).argmax())]
                row = right.setdefault(name, dict.fromkeys(counts, 0))
                row[part] += key.fifths % 12 == piece.fifths % 12
            found = find_key(notes)
            if part == "first_bars" and found is not None:
                named += 1
            if part == "whole" and piece.minor:
                minor_pieces += 1
                minor_right += found is not None and found.key == key_of_signature(piece.fifths, minor=True)
    shares = {name: {part: row[part] / max(1, counts[part]) for part in counts} for name, row in sorted(right.items())}
    shares[f"{PROFILE}: pieces, named in the first bars, minor ones exact"] = {
        "pieces": counts["whole"],
        "named": named / max(1, counts["first_bars"]),
        "minor_exact": minor_right / max(1, minor_pieces),
    }
    return shares


def main() -> None:
    """Print the shares as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", default="valid")
    options = parser.parse_args()
    print(json.dumps(measure(options.corpus, options.split), indent=2))


if __name__ == "__main__":
    main()

"""What the player's memory costs: a note added and the next one asked for, by how much is remembered.

    python -m cocomposer.bench.player_memory

The music is made: a figure that returns in changes, so that there is much to find. Processor time: what else runs on
the machine is not the memory's doing. Knows no model.
"""

import argparse
import json
import time
from typing import Any, Final

import numpy as np

from cocomposer.events.codec import Metre, Rows, encode
from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.generation.memory import MemoryShaper, PlayerMemory
from cocomposer.generation.shaping import Drawing
from cocomposer.music.note import Note

SIZES: Final = (0, 5_000, 100_000)
"""Notes of files in memory."""
NOTES: Final = 1000
"""Played in the jam; the second half is timed."""
PIECE_NOTES: Final = 1000
_BEAT: Final = Metre(beat_known=True, bar_tick=0)
_FIELDS: Final = DRAWN[:4]
"""Without the pedal, which few answers draw."""


def made(seed: int, count: int) -> list[Note]:
    """A figure of twelve notes, some struck together, again and again with small changes."""
    rng = np.random.default_rng(seed)
    figure, gaps = rng.integers(-4, 5, 12), rng.choice([0, 12, 24, 24], 12)
    notes, tick, pitch = [], 0, 60
    for number in range(count):
        tick += int(gaps[number % 12]) or 1
        pitch = int(np.clip(pitch + figure[number % 12] + (rng.random() < 0.1), 30, 90))
        notes.append(Note(tick, pitch, int(rng.choice([12, 24, 48])), int(rng.integers(40, 100))))
    return notes


def rows_of(notes: list[Note]) -> Rows:
    """As the memory reads a piece."""
    return encode(notes, _BEAT)[0]


def measure(size: int, notes: int = NOTES) -> dict[str, Any]:
    """Milliseconds (median, 99 %) of one note, with `size` notes of files; seconds that these took to remember."""
    pieces = [rows_of(made(seed, PIECE_NOTES)) for seed in range(size // PIECE_NOTES)]
    begun = time.process_time()
    memory = PlayerMemory(pieces=pieces)
    seconds = time.process_time() - begun
    jam = made(size + 1, notes)
    rows = rows_of(jam)
    shaper = MemoryShaper(memory, _BEAT, jam=1.0, files=1.0)
    shaper.begin(jam[:1])
    flat = {field.name: np.zeros(field.classes) for field in _FIELDS}
    one, whole = [], []
    for number in range(1, notes - 1):
        following = rows[number + 1].tolist()
        start = time.process_time_ns()
        shaper.took(jam[number])
        for place, field in enumerate(_FIELDS):
            shaper.shape(field.name, flat[field.name], Drawing(tuple(following[:place]), 0, None, UNPLACED, ()))
            if field.name == "pitch":
                one.append((time.process_time_ns() - start) / 1e6)
        whole.append((time.process_time_ns() - start) / 1e6)
    later = len(whole) // 2
    return {
        "notes_of_files": memory.notes_of_files,
        "read_seconds": seconds,
        "add_and_pitch_ms": np.percentile(one[later:], (50, 99)).round(3).tolist(),
        "add_and_all_fields_ms": np.percentile(whole[later:], (50, 99)).round(3).tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="notes of files in memory")
    options = parser.parse_args()
    for size in options.sizes:
        print(json.dumps(measure(size)), flush=True)


if __name__ == "__main__":
    main()

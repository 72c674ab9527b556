"""Music made for these tests: melodies, and weights that are told apart easily."""

import numpy as np
from hypothesis import strategies as st

from cocomposer.events.codec import Metre, Rows, encode
from cocomposer.memory.mixture import FieldWeights, Gate
from cocomposer.memory.recall import FEATURES
from cocomposer.music.note import Note

ON_BEATS = Metre(beat_known=True, bar_tick=0)


def tune(*pitches: int, start: int = 0, step: int = 24) -> list[Note]:
    """One note after another."""
    return [Note(start + step * n, pitch, step, 80) for n, pitch in enumerate(pitches)]


def rows_of(notes: list[Note]) -> Rows:
    return encode(notes, ON_BEATS)[0]


def random_tune(seed: int, count: int, start: int = 0) -> list[Note]:
    """A motif that returns, now and then changed, some notes struck together."""
    rng = np.random.default_rng(seed)
    motif, gaps = rng.integers(-4, 5, 12), rng.choice([0, 12, 24, 24], 12)
    notes, tick, pitch = [], start, 60
    for n in range(count):
        tick += int(gaps[n % 12]) or 1
        pitch = int(np.clip(pitch + motif[n % 12] + (rng.random() < 0.1), 30, 90))
        notes.append(Note(tick, pitch, int(rng.choice([12, 24, 48])), int(rng.integers(40, 100))))
    return notes


def weights(rest: float = 0.0, per_event: float = 1.0) -> FieldWeights:
    """Longer matches count more, by either way of telling; nothing else counts."""
    tables = {name: (0.0,) * classes for name, classes in FEATURES.items()}
    for name in ("melodic", "rhythmic"):
        tables[name] = tuple(per_event * n for n in range(FEATURES[name]))
    return FieldWeights(tables, Gate(rest, 0.5, 0.5, -0.5))


def notes(most: int = 60) -> st.SearchStrategy[list[Note]]:
    """Few different pitches and gaps, so that much returns."""
    drawn = st.tuples(st.integers(58, 63), st.sampled_from([0, 12, 24]), st.sampled_from([12, 24]))

    def laid(parts: list[tuple[int, int, int]]) -> list[Note]:
        tick, result = 0, {}
        for pitch, gap, length in parts:
            tick += gap
            result[tick, pitch] = Note(tick, pitch, length, 80)
        return sorted(result.values())

    return st.lists(drawn, min_size=1, max_size=most).map(laid)

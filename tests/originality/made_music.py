"""Works made of few different steps, so that passages are shared often; and what a search by eye finds in them."""

import numpy as np
from hypothesis import strategies as st

from cocomposer.music.note import Note
from cocomposer.originality.index import LEAST, Index, Work
from cocomposer.originality.line import BOUNDARY, interval_of, rhythm_of, step_between

WORKS = tuple(Work(f"{n}.mid", f"Composer {n}", f"Title {n}", "made up", "CC0-1.0") for n in range(4))

ALPHABET = [step_between(interval, gap, 24) for interval in (2, -3) for gap in (12, 18, 24, 48)]
"""Some are the same as others, though not equal."""
LINES = st.lists(
    st.tuples(st.integers(0, len(WORKS) - 1), st.lists(st.sampled_from(ALPHABET), max_size=40).map(bytes)), max_size=5
)
"""Lines of few different steps, with the work that each is of."""


def are_same(one: bytes, other: bytes) -> bool:
    """By definition: step for step the same interval, and rhythms no more than one apart."""
    return len(one) == len(other) and all(
        BOUNDARY not in (a, b) and interval_of(a) == interval_of(b) and abs(rhythm_of(a) - rhythm_of(b)) <= 1
        for a, b in zip(one, other, strict=True)
    )


def brute_force(index: Index, steps: bytes) -> list[int]:
    """Where these steps end, by looking everywhere."""
    return [
        end
        for end in range(len(steps) - 1, len(index.stream))
        if are_same(index.stream[end - len(steps) + 1 : end + 1], steps)
    ]


def longest_by_brute_force(index: Index, steps: bytes) -> int:
    """How many of the last steps stand somewhere, if LEAST at least."""
    length = LEAST
    while length <= len(steps) and brute_force(index, steps[-length:]):
        length += 1
    return length - 1 if length > LEAST else 0


def leaps(seed: int, count: int) -> list[int]:
    """Pitches of a tune without scales and figures, so that all its notes count; the same for the same seed."""
    rng = np.random.default_rng(seed)
    pitches, last = [60], 0
    while len(pitches) < count:
        leap = int(rng.choice((-9, -8, -7, -5, -4, -3, 3, 4, 5, 7, 8, 9)))
        if leap != last and 48 <= pitches[-1] + leap <= 84:
            pitches.append(pitches[-1] + leap)
            last = leap
    return pitches


def notes_of(pitches: list[int], first_tick: int = 0, shift: int = 0) -> list[Note]:
    """Even eighths."""
    return [Note(first_tick + 24 * n, pitch + shift, 24, 80) for n, pitch in enumerate(pitches)]

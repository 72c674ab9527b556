"""Counts agree with counting by hand, and features say what the ear would."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.codec import Rows, rows_of
from models.training.baselines.counting import contexts, counted, counted_before
from models.training.baselines.features import NONE, Notes

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40)


def kinds(times: Counter[int]) -> list[int]:
    """All, and how many symbols came once, twice, more often."""
    seen = Counter(min(time, 3) for time in times.values())
    return [times.total(), seen[1], seen[2], seen[3]]


@given(pairs, pairs)
def test_counts_are_those_of_the_training_music(train: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    known, mine = (np.asarray([context for context, _ in notes], dtype=np.uint64) for notes in (train, asked))
    seen, wanted = (np.asarray([symbol for _, symbol in notes], dtype=np.int64) for notes in (train, asked))
    got = counted(known, seen, mine, wanted)
    for number, (context, symbol) in enumerate(asked):
        times = Counter(s for c, s in train if c == context)
        assert got.symbol[number] == times[symbol]
        assert [int(c[number]) for c in (got.total, got.once, got.twice, got.often)] == kinds(times)


@given(pairs, st.integers(1, 3))
def test_a_memory_holds_what_came_before_in_the_same_piece(notes: list[tuple[int, int]], pieces: int) -> None:
    piece = np.sort(np.arange(len(notes)) % pieces)
    context = np.asarray([context for context, _ in notes], dtype=np.uint64)
    symbol = np.asarray([symbol for _, symbol in notes], dtype=np.int64)
    got = counted_before(context, symbol, piece)
    for number, (mine, wanted) in enumerate(notes):
        before = [s for (c, s), p in zip(notes[:number], piece, strict=False) if c == mine and p == piece[number]]
        times = Counter(before)
        assert got.symbol[number] == times[wanted]
        assert [int(c[number]) for c in (got.total, got.once, got.twice, got.often)] == kinds(times)


def chords(*struck: tuple[int, list[int], int]) -> Rows:
    """Rows of chords: ticks since the one before, pitches, length in ticks."""
    gap = [g if n == 0 else 0 for g, pitches, _ in struck for n in range(len(pitches))]
    pitch = np.asarray([p for _, pitches, _ in struck for p in pitches])
    length = np.asarray([length for _, pitches, length in struck for _ in pitches])
    zero = np.zeros(len(pitch), dtype=np.int64)
    return rows_of(np.cumsum(gap), pitch, length, zero, zero, zero + 48, zero + 16, 2)


def test_features_of_two_pieces() -> None:
    first = chords((0, [60, 64, 67], 24), (24, [59, 65], 12), (12, [60], 24))
    second = chords((0, [72], 12), (24, [74], 36), (12, [76, 79], 12))
    columns = Notes.of([first, second]).columns
    expected = {
        "rank": [0, 1, 2, 0, 1, 0, 0, 0, 0, 1],
        "chord_size": [0, 0, 0, 3, 3, 2, 0, 1, 1, 1],
        # Who stood where this note stands, seen from the note just before.
        "voice_1": [NONE, NONE, NONE, 60 - 67, 64 - 59, 59 - 65, NONE, 72 - 72, 74 - 74, NONE],
        "voice_2": [NONE, NONE, NONE, NONE, NONE, 60 - 65, NONE, NONE, 72 - 74, NONE],
        "above": [500, 500, 500, 500, 1, 500, 500, 500, 500, 500],
        # The first note of the second piece ends before the second begins.
        "end_1": [24, 24, 24, 12, 12, 24, 12, 36, 12, 12],
        "end_2": [0, 0, 0, 0, 0, 0, 0, 0, 24, 24],
        "gap_2": [NONE, NONE, NONE, 0, 0, 24, NONE, 0, 24, 24],
        "same_duration": [NONE, NONE, NONE, NONE, NONE, 24, NONE, NONE, NONE, NONE],
    }
    # Pitch classes of the last four notes, counted from the last one.
    heard = [[], [0], [0, 8], [0, 5, 9], [0, 8, 5, 1], [0, 6, 2, 11], [], [0], [0, 10], [0, 10, 8]]
    expected["heard_4"] = [sum(1 << step for step in steps) for steps in heard]
    for name, column in expected.items():
        assert columns[name].tolist() == column, name


@given(st.data())
def test_a_context_tells_apart_exactly_what_its_columns_tell_apart(data: st.DataObject) -> None:
    pitches = data.draw(st.lists(st.integers(58, 61), min_size=2, max_size=12))
    notes = Notes.of([chords(*((12, [p], 12) for p in pitches))])
    steps = (("pitch", 1), ("pitch", 2))
    for number, hashes in enumerate(contexts(notes, steps)):
        told = list(zip(*(notes.back(name, back).tolist() for name, back in steps[:number]), strict=True))
        for a in range(len(pitches)):
            for b in range(a):
                assert (hashes[a] == hashes[b]) == (number == 0 or told[a] == told[b])

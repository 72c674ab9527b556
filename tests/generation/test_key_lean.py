"""The lean is soft, knows all octaves, and is nothing where nothing was heard."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.generation.key_lean import HEARD_NOTES, key_lean
from cocomposer.music.note import Note

C_MAJOR = [Note(24 * n, pitch, 24, 80) for n, pitch in enumerate([60, 62, 64, 65, 67, 69, 71, 72])]


def test_what_was_played_is_leant_to_in_every_octave() -> None:
    lean = key_lean(C_MAJOR, 0.5)
    assert lean.shape == (128,)
    played, others = {0, 2, 4, 5, 7, 9, 11}, {1, 3, 6, 8, 10}
    assert min(lean[p] for p in range(128) if p % 12 in played) > max(lean[p] for p in range(128) if p % 12 in others)
    np.testing.assert_array_equal(lean[:12], lean[12:24])
    assert np.isfinite(lean).all(), "nothing is forbidden"


@given(st.integers(0, 11), st.floats(0.05, 1.0))
def test_it_moves_with_the_key(shift: int, strength: float) -> None:
    moved = [Note(n.onset_tick, n.pitch + shift, n.duration_ticks, n.velocity) for n in C_MAJOR]
    np.testing.assert_allclose(np.roll(key_lean(C_MAJOR, strength)[:12], shift), key_lean(moved, strength)[:12])


def test_nothing_heard_or_no_strength_is_no_lean() -> None:
    assert not key_lean([], 1.0).any() and not key_lean(C_MAJOR, 0.0).any()


def test_the_key_of_long_ago_is_forgotten() -> None:
    later = [Note(1000 + 24 * n, 61, 24, 80) for n in range(HEARD_NOTES)]
    np.testing.assert_array_equal(key_lean([*C_MAJOR, *later], 0.5), key_lean(later, 0.5))

"""Chords recognised from tones that sound together: every template, root, inversion, closed position and others."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.recognition import recognise, recognise_pitches
from tests.harmony.music import closed_positions

PLAIN = {"maj", "min", "dim", "aug", "7", "maj7", "min7", "hdim7", "dim7"}


def explains(found: Chord, wanted: Chord) -> bool:
    """Whether another name says the same tones over the same bass, up to tones that players leave out."""
    optional = {(found.root + tone.semitones) % 12 for tone in found.template.tones if tone.importance < 0.1}
    missing = found.pitch_classes - wanted.pitch_classes
    return (
        found.bass_or_root == wanted.bass_or_root
        and wanted.pitch_classes <= found.pitch_classes
        and missing <= optional
    )


def test_every_template_in_every_key_and_inversion_closed() -> None:
    """Root positions: all exact. All positions: every first name has just the tones and the bass that sound."""
    seen: Counter[str] = Counter()
    for wanted, pitches in closed_positions():
        found = [chord for chord, _ in recognise_pitches(pitches)]
        position = "root" if wanted.bass is None else "inverted"
        seen[position] += 1
        seen[f"{position} exact"] += found[0] == wanted
        seen[f"{position} same tones"] += explains(found[0], wanted)
        seen[f"{position} among the first three"] += wanted in found[:3]
        if wanted.quality in PLAIN and wanted.bass is None:
            assert found[0] == wanted
    assert seen["root exact"] == seen["root"] == 35 * 12
    assert seen["inverted same tones"] == seen["inverted"] == 114 * 12
    # What is not exact has two names, such as C6/A and Am7, and is given the commoner.
    assert seen["inverted exact"] == 83 * 12
    assert seen["inverted among the first three"] >= 110 * 12


OPEN = ((0, 12, 24, 12, 24), (0, 24, 12, 36, 24), (0, 12, 12, 24, 36), (-12, 0, 12, 12, 24), (-24, 12, 0, 24, 12))


@pytest.mark.parametrize("spacing", OPEN)
def test_spacing_and_doubling_change_nothing(spacing: tuple[int, ...]) -> None:
    """Any tone but the lowest in any octave above it, or doubled: the same chords with the same shares."""
    for _, pitches in closed_positions():
        lifted = [pitch + spacing[number % 5] for number, pitch in enumerate(pitches[1:])]
        moved = [pitches[0], *(pitch if pitch > pitches[0] else pitch + 36 for pitch in lifted)]
        assert recognise_pitches(moved) == recognise_pitches(pitches)
        assert recognise_pitches([*moved, pitches[-1] + 12, pitches[0] + 24]) == recognise_pitches(pitches)


def test_a_fifth_may_be_missing() -> None:
    """Root positions of plain triads and sevenths are still named right without their fifth; those with an altered one
    are another chord without it."""
    for quality in ("maj", "min", "7", "maj7", "min7", "9", "maj9", "min9"):
        for root in range(12):
            steps = sorted(Chord(root, quality).template.semitones - {7})
            assert recognise_pitches([48 + root + step for step in steps])[0][0] == Chord(root, quality)


@given(st.sets(st.integers(36, 84), min_size=2, max_size=7), st.integers(-12, 12))
def test_transposed_tones_have_the_transposed_chord(pitches: set[int], semitones: int) -> None:
    """The best chord and its share move with the tones, whatever they are."""
    (chord, share), *others = recognise_pitches(pitches) or [(Chord(0), 0.0)]
    if not share or (others and share - others[0][1] < 1e-4):
        return
    moved, share_moved = recognise_pitches({pitch + semitones for pitch in pitches})[0]
    assert moved == chord.transposed(semitones) and share_moved == pytest.approx(share, abs=1e-4)


@given(st.lists(st.floats(0, 100), min_size=12, max_size=12), st.one_of(st.none(), st.integers(0, 11)))
def test_shares_are_ordered_and_loudness_does_not_matter(weights: list[float], bass: int | None) -> None:
    """Shares of one, best first; twice as much of everything is the same; fewer than two tones are no chord."""
    found = recognise(np.asarray(weights), bass)
    shares = [share for _, share in found]
    assert shares == sorted(shares, reverse=True) and 0 <= sum(shares) <= 1 + 1e-6
    assert bool(found) == (np.count_nonzero(weights) >= 2)
    assert [chord for chord, _ in recognise(np.asarray(weights) * 2, bass)] == [chord for chord, _ in found]


def test_no_tones() -> None:
    """Silence and a single tone are no chord."""
    assert recognise_pitches([]) == recognise_pitches([60]) == recognise_pitches([48, 60, 72]) == []

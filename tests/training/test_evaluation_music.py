"""Measures of continuations: known values by hand, and what must hold of any music."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.codec import Metre
from cocomposer.music.note import Note
from models.training.evaluation.comparison import TRUE, lines, music_table
from models.training.evaluation.continuations import Seed
from models.training.evaluation.likelihood import MODEL
from models.training.evaluation.music import (
    MEASURES,
    Heard,
    divergence,
    length_classes,
    measured,
    onset_intervals,
    pitch_classes,
)

BEAT, BAR = 48, 192
C_MAJOR = (60, 62, 64, 65, 67, 69, 71, 72)


def line(pitches: Sequence[int], start: int = 0, step: int = BEAT, length: int = 40) -> tuple[Note, ...]:
    return tuple(Note(start + step * n, pitch, length, 80) for n, pitch in enumerate(pitches))


def heard(notes: Sequence[Note], metre: Metre = Metre(True, 0)) -> dict[str, float]:  # noqa: B008  # frozen
    return measured(Heard(line(C_MAJOR * 2), notes, metre))


histograms = st.lists(st.floats(0, 100), min_size=5, max_size=5).map(np.asarray)


@given(histograms, histograms)
def test_divergence_is_symmetric_between_0_and_1_and_0_of_itself(one: np.ndarray, other: np.ndarray) -> None:
    if one.sum() <= 0 or other.sum() <= 0:
        assert math.isnan(divergence(one, other))
        return
    assert -1e-12 <= divergence(one, other) <= 1 + 1e-12
    assert divergence(one, other) == pytest.approx(divergence(other, one), abs=1e-12)
    assert divergence(one, 3 * one) == pytest.approx(0, abs=1e-12)


def test_what_has_nothing_in_common_is_a_bit_apart() -> None:
    assert divergence(np.asarray([1.0, 0, 2]), np.asarray([0, 5.0, 0])) == pytest.approx(1)


def test_lengths_fall_into_half_octaves_and_chords_together() -> None:
    assert length_classes(np.asarray([0, 2])).tolist() == [0, 0]
    loosely = length_classes(np.asarray([45, 48, 51]))
    assert len(set(loosely.tolist())) == 1 and length_classes(np.asarray([96]))[0] == loosely[0] + 2
    chord = [Note(0, 60, 40, 80), Note(1, 64, 40, 80), Note(48, 60, 40, 80)]
    assert onset_intervals(chord)[0] == 1


def test_the_same_music_again_is_no_other_music() -> None:
    again = heard(line(C_MAJOR * 2, start=16 * BEAT))
    for name in ("pitch-class divergence", "onset-interval divergence", "note-length divergence"):
        assert again[name] == pytest.approx(0, abs=1e-9), name
    assert again["same key"] == 1 and again["in the seed's scale"] == 1
    assert again["register shift, semitones"] == 0 and again["density ratio, octaves"] == pytest.approx(0)
    assert again["4-grams from the seed"] == 1
    assert again["similarity to 4 bars before"] == pytest.approx(1) and again["grooving similarity"] == 1


def test_a_tritone_higher_and_twice_as_fast() -> None:
    found = heard(line([pitch + 6 for pitch in C_MAJOR * 2], start=15 * BEAT + 24, step=24))
    assert found["same key"] == 0 and found["register shift, semitones"] == pytest.approx(6)
    assert found["density ratio, octaves"] == pytest.approx(1) and found["on a beat"] == pytest.approx(0.5)
    assert found["4-grams from the seed"] == 0
    # F sharp major and C major share two of their seven degrees; the octave is one more C, here F sharp.
    assert found["in the seed's scale"] == pytest.approx(2 / 8)


@pytest.mark.parametrize(("offset", "on_grid"), [(0, 1.0), (12, 1.0), (16, 1.0), (5, 0.0)])
def test_the_grid_is_sixteenths_and_triplets(offset: int, on_grid: float) -> None:
    assert heard(line(C_MAJOR, start=16 * BEAT + offset))["on the grid"] == on_grid


def test_a_loop_repeats_and_a_scale_does_not() -> None:
    loop, scale = heard(line([60, 64, 67, 64] * 6, 768)), heard(line(range(40, 64), 768))
    assert loop["4-grams repeated"] == pytest.approx(1 - 4 / 21) and scale["4-grams repeated"] == 0
    assert loop["in circles"] == pytest.approx(12 / 24) and scale["in circles"] == 0, "from the fourth round on"
    assert loop["pitch-class entropy"] == pytest.approx(1.5) and scale["pitch-class entropy"] > 3.5


def test_drums_and_free_time_say_nothing_of_keys_and_grids() -> None:
    free = heard(line(C_MAJOR, start=790), Metre())
    assert math.isnan(free["on the grid"]) and math.isnan(free["grooving similarity"])
    drums = measured(Heard(line([36, 42] * 8), line([36, 38] * 8, 768), Metre(True, 0), pitched=False))
    assert math.isnan(drums["same key"]) and drums["drum divergence"] == pytest.approx(0.5)


def test_a_backbeat_that_moves_is_another() -> None:
    def bars(first: int, kick: int, snare: int) -> list[Note]:
        """Four bars, struck a little early and late by turns."""
        struck = [(kick, 36), (kick + 96, 35), (snare, 38), (snare + 96, 40)]
        found = [Note(192 * bar + tick + (-2, 2)[bar % 2], pitch, 5, 80) for bar in range(4) for tick, pitch in struck]
        return sorted(replace(note, onset_tick=first + note.onset_tick) for note in found)

    def moved(kick: int, snare: int) -> float:
        passage = Heard(bars(0, 0, 48), bars(768, kick, snare), Metre(True, 0), pitched=False)
        return measured(passage)["backbeat divergence"]

    assert moved(0, 48) == 0
    assert moved(48, 0) == pytest.approx(1) == moved(24, 72)
    assert moved(0, 24) == pytest.approx(0.5)
    assert math.isnan(heard(line(C_MAJOR, 768))["backbeat divergence"])


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 127), st.integers(1, 300)), min_size=1, max_size=40))
def test_any_music_can_be_measured(events: list[tuple[int, int, int]]) -> None:
    tick, notes = 768, []
    for gap, pitch, length in events:
        tick += gap
        notes.append(Note(tick, pitch, length, 80))
    for metre in (Metre(), Metre(True, 0, 144)):
        for name, value in heard(notes, metre).items():
            assert math.isnan(value) or -130 < value < 130, name
    assert pitch_classes(notes).sum() == len(notes)


def seeds(count: int) -> list[Seed]:
    rng = np.random.default_rng(5)
    found = []
    for number in range(count):
        tune = [int(pitch) for pitch in 60 + np.cumsum(rng.integers(-3, 4, 48))]
        whole = line(tune)
        found.append(Seed(number, number // 2, "score", "score", whole[:32], whole[32:], Metre(True, 0)))
    return found


def test_the_truth_is_nearest_to_itself_and_what_is_farther_has_a_greater_distance() -> None:
    given_seeds = seeds(20)
    truth = [seed.truth for seed in given_seeds]
    higher = [[Note(n.onset_tick, n.pitch + 12, n.duration_ticks, 80) for n in notes] for notes in truth]
    table = music_table(given_seeds, {TRUE: truth, MODEL: truth, "higher": higher})
    assert table["distance"][MODEL] == 0 < table["distance"]["higher"]
    shift = table["measures"]["higher"]["register shift, semitones"]["from_true"]
    assert shift["value"] == pytest.approx(12)
    assert table["pooled"][MODEL] == pytest.approx(dict.fromkeys(table["pooled"][MODEL], 0), abs=1e-9)
    ends = table["measures"][TRUE]["pitch-class divergence"]
    assert ends["interval"][0] <= ends["value"] <= ends["interval"][1]
    assert sum("higher" in text or "register" in text for text in lines(table)) >= 3
    assert set(table["measures"][MODEL]) <= set(MEASURES)

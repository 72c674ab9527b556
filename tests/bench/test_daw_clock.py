"""The scripted DAW clock: its true beat inverts itself, its clocks lie where they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.bench.daw_clock import Beat, axis_offset, true_seconds
from cocomposer.music.message import CLOCK, START

tempi = st.floats(40, 240)


@given(tempi, tempi, st.floats(1, 900), st.floats(0, 1))
def test_seconds_invert_beats(from_bpm: float, to_bpm: float, seconds: float, share: float) -> None:
    beat = Beat(3.0, seconds, from_bpm, to_bpm)
    at = 3.0 + share * seconds
    assert beat.seconds_at(beat.beat_at(at)) == pytest.approx(at, abs=1e-6)


def test_a_ramp_has_the_beats_of_its_mean_tempo() -> None:
    assert Beat(0.0, 600.0, 90.0, 130.0).beat_at(600.0) == pytest.approx(1100.0)


def test_clocks_without_jitter_are_even_and_begin_with_start() -> None:
    script = Beat(2.0, 1.0, 120.0, 120.0).clocks(0.0)
    assert script[0][0] == pytest.approx(1.998) and script[0][1] == bytes((START,))
    clocks = [at for at, data in script if data == bytes((CLOCK,))]
    assert clocks == pytest.approx([2.0 + n / 48 for n in range(49)])


def test_jitter_stays_within_its_bounds_and_in_order() -> None:
    beat = Beat(0.0, 20.0, 90.0, 130.0)
    script = beat.clocks(0.005)[1:]
    assert [at for at, _ in script] == sorted(at for at, _ in script)
    moved = [at - beat.seconds_at(n / 24) for n, (at, _) in enumerate(script)]
    assert max(map(abs, moved)) <= 0.005
    assert max(moved) > 0.004 and min(moved) < -0.004
    assert script != beat.clocks(0.005, seed=2)[1:]


@pytest.mark.parametrize(("axis_start", "error"), [(0, 0.0), (480, 0.01), (96, -0.02)])
def test_a_planned_note_tells_where_the_song_lies_on_the_axis(axis_start: int, error: float) -> None:
    beat = Beat(5.0, 60.0, 90.0, 130.0)
    tick = axis_start + 36
    offset = axis_offset(tick, beat.seconds_at(0.75) + error, beat)
    assert offset == axis_start
    assert true_seconds(tick, offset, beat) == pytest.approx(beat.seconds_at(0.75))

"""Where the roll looks: pixels and ticks undo each other, zooming keeps what is pointed at, nothing gets lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.presenters.roll_viewport import (
    BEFORE_START,
    FEWEST_ROWS,
    HIGHEST_ROW,
    MOST_PIXELS_PER_TICK,
    PITCHES,
    Viewport,
    fitting_pitches,
)

viewports = st.builds(
    Viewport,
    width=st.integers(200, 4000),
    height=st.integers(200, 2000),
    pixels_per_tick=st.floats(0.01, 12),
    row=st.floats(3, 40),
    left=st.integers(-50, 2_000_000),
    top=st.integers(0, 300),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
).map(lambda viewport: viewport.limited())


@given(viewports, st.floats(0, 1))
def test_ticks_and_pixels_undo_each_other(viewport: Viewport, where: float) -> None:
    tick = viewport.first_tick + where * (viewport.end_tick - viewport.first_tick)
    assert abs(viewport.tick_of(viewport.x_of(tick)) - tick) <= 0.5001 / viewport.pixels_per_tick


@given(viewports, st.integers(0, PITCHES - 1))
def test_a_row_is_found_by_each_of_its_pixels_and_no_other(viewport: Viewport, pitch: int) -> None:
    top, end = viewport.y_of(pitch), viewport.y_of(pitch - 1)
    assert end > top
    for y in (top, (top + end) // 2, end - 1):
        assert viewport.pitch_of(y) == pitch
    assert viewport.pitch_of(end) == max(0, pitch - 1)


@given(viewports)
def test_edges_are_those_of_the_rows(viewport: Viewport) -> None:
    edges = viewport.row_edges()
    for pitch in range(PITCHES):
        assert edges[pitch] - viewport.top == viewport.y_of(pitch)
        assert edges[pitch - 1] - viewport.top == viewport.y_of(pitch - 1)


@given(viewports, st.floats(0.2, 5), st.floats(0, 1))
def test_zooming_keeps_what_is_under_the_pointer(viewport: Viewport, factor: float, where: float) -> None:
    x = where * viewport.width
    zoomed = viewport.zoomed(factor, x)
    assert zoomed.pixels_per_tick <= MOST_PIXELS_PER_TICK * viewport.ratio
    assert abs((viewport.tick_of(x) - zoomed.tick_of(x)) * zoomed.pixels_per_tick) <= 0.51


@given(viewports, st.floats(0.2, 5), st.floats(0, 1))
def test_zooming_rows_keeps_the_pitch_under_the_pointer(viewport: Viewport, factor: float, where: float) -> None:
    y = where * viewport.height
    zoomed = viewport.rows_zoomed(factor, y)
    assert abs((y + viewport.top) / viewport.row - (y + zoomed.top) / zoomed.row) * zoomed.row <= 0.51


@given(viewports, st.integers(-5_000_000, 5_000_000), st.integers(-5000, 5000), st.floats(0, 100_000))
def test_one_cannot_scroll_into_nowhere(viewport: Viewport, dx: int, dy: int, last_tick: float) -> None:
    limited = viewport.scrolled(dx, dy).limited(last_tick)
    assert limited.left >= -round(BEFORE_START * viewport.ratio)
    assert limited.left <= max(-round(BEFORE_START * viewport.ratio), limited.world_x(last_tick))
    assert limited.top >= 0
    assert limited.y_of(-1) >= limited.height, "the row of pitch 0 ends at the lower edge or below"


@pytest.mark.parametrize(("ratio", "scaled"), [(1.0, 1.0), (1.25, 1.25), (2.0, 2.0)])
def test_a_sharper_screen_shows_the_same(ratio: float, scaled: float) -> None:
    before = Viewport(width=800, height=400, left=960, top=480)
    after = before.resized(round(800 * ratio), round(400 * ratio), ratio)
    assert after.first_tick == pytest.approx(before.first_tick, abs=1)
    assert after.end_tick == pytest.approx(before.end_tick, abs=1)
    assert after.highest == before.highest
    assert after.row == before.row * scaled


@given(st.integers(0, 127), st.integers(0, 127), st.floats(100, 2000))
def test_the_rows_hold_what_is_played_and_three_octaves_at_least(a: int, b: int, height: float) -> None:
    low, high = min(a, b), max(a, b)
    lowest, highest = fitting_pitches(low, high, height)
    assert 0 <= lowest <= low and high <= highest < PITCHES
    assert highest - lowest + 1 >= FEWEST_ROWS
    if highest - lowest + 1 < PITCHES:
        assert height / (highest - lowest + 1) <= max(height / FEWEST_ROWS, HIGHEST_ROW * 1.05)


def test_rows_are_centred_where_nothing_is_played() -> None:
    lowest, highest = fitting_pitches(None, None, 400)
    assert highest - lowest + 1 == FEWEST_ROWS
    assert lowest < 60 < highest


def test_all_of_a_stretch_is_shown() -> None:
    shown = replace(Viewport(), left=123).showing_ticks(0, 10_000)
    assert shown.first_tick <= 0 and shown.end_tick >= 10_000
    assert shown.end_tick - shown.first_tick < 11_000

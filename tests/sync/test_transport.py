"""Which beat counts, on one axis."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.grid import BeatSource
from cocomposer.music.message import TimedMessage, song_position
from cocomposer.music.note import PlayedNote
from cocomposer.sync.transport import Transport

CLOCK = b"\xf8"


def clocks(transport: Transport, from_seconds: float, count: int, bpm: float = 120) -> float:
    for clock in range(count):
        transport.arrive(TimedMessage(from_seconds + clock * 2.5 / bpm, CLOCK))
    return from_seconds + count * 2.5 / bpm


def steady(from_seconds: float, beat_seconds: float, count: int = 16) -> list[PlayedNote]:
    onsets = [from_seconds + beat_seconds * step / 2 for step in range(count)]
    return [PlayedNote(at, at + 0.1, 60, 90 if step % 2 == 0 else 60) for step, at in enumerate(onsets)]


def test_free_time_begins_at_tick_0_and_stays_one_line() -> None:
    transport = Transport()
    grid = transport.grid(100.0)
    assert (grid.source, grid.tick) == (BeatSource.FREE, 0.0)
    assert grid.bpm == pytest.approx(120)
    assert not grid.beat_known
    assert transport.grid(101.0) is grid
    assert transport.grid(101.0).tick_at(101.0) == pytest.approx(96)


def test_a_set_tempo_goes_on_from_the_tick_reached() -> None:
    transport = Transport(beats_per_bar=3)
    transport.grid(0.0)
    transport.set_tempo(60.0, 1.0)
    grid = transport.grid(2.0)
    assert grid.source is BeatSource.SET
    assert grid.tick_at(1.0) == pytest.approx(96)
    assert grid.tick_at(2.0) == pytest.approx(144)
    assert grid.bar_tick == 96
    transport.set_tempo(None, 3.0)
    assert transport.grid(3.0).source is BeatSource.FREE


@pytest.mark.parametrize("tapped", [False, True])
def test_another_tempo_leaves_the_bars_where_they_are(tapped: bool) -> None:
    transport = Transport()
    if tapped:
        transport.tap(0.0)
        transport.tap(0.5)
    else:
        transport.set_tempo(120.0, 0.0)
    before = transport.grid(5.2)
    assert before.bar_tick is not None
    for step, bpm in enumerate((121.0, 122.5, 180.0, 60.0)):
        now = 5.2 + 0.3 * step
        reached = transport.grid(now).tick_at(now)
        transport.set_tempo(bpm, now)
        grid = transport.grid(now)
        assert grid.source is BeatSource.SET and grid.bpm == pytest.approx(bpm)
        assert grid.tick_at(now) == pytest.approx(reached)
        assert grid.bar_tick == before.bar_tick
    transport.set_beats_per_bar(3)
    assert transport.grid(9.0).ticks_per_bar == 144


@pytest.mark.parametrize("bpm", [19.0, 301.0, float("nan")])
def test_a_tempo_out_of_range_is_refused(bpm: float) -> None:
    with pytest.raises(ValueError, match="between 20 and 300 BPM"):
        Transport().set_tempo(bpm, 0.0)


def test_taps_are_beats_and_the_first_begins_a_bar() -> None:
    transport = Transport()
    transport.grid(0.0)
    assert transport.tap(1.1) is None
    assert transport.tap(1.6) == pytest.approx(120)
    transport.grid(1.7)
    assert transport.tap(2.1) == pytest.approx(120)
    grid = transport.grid(2.2)
    assert grid.source is BeatSource.TAP
    for beat in range(4):
        tick = grid.tick_at(2.1 + beat * 0.5)
        assert tick == pytest.approx(round(tick / 48) * 48)
    assert grid.bar_tick is not None
    assert (grid.tick_at(1.1) - grid.bar_tick) % 192 == pytest.approx(0, abs=1e-6)


def test_the_later_of_tapped_and_set_counts() -> None:
    transport = Transport()
    transport.tap(0.0)
    transport.tap(0.5)
    transport.set_tempo(90, 1.0)
    assert transport.grid(1.0).source is BeatSource.SET
    transport.tap(2.0)
    assert transport.grid(2.0).source is BeatSource.SET
    transport.tap(2.5)
    assert transport.grid(2.5).source is BeatSource.TAP


def test_a_running_clock_comes_first_and_a_stopped_one_gives_way() -> None:
    transport = Transport()
    transport.set_tempo(90, 0.0)
    transport.arrive(TimedMessage(0.99, b"\xfa"))
    end = clocks(transport, 1.0, 50)
    grid = transport.grid(end)
    assert grid.source is BeatSource.CLOCK
    assert grid.bpm == pytest.approx(120)
    assert grid.bar_tick is not None
    assert grid.tick_at(1.0) == pytest.approx(grid.bar_tick, abs=0.05)
    transport.arrive(TimedMessage(end, b"\xfc"))
    assert transport.grid(end + 0.01).source is BeatSource.SET
    transport.arrive(TimedMessage(end + 0.02, b"\xfb"))
    end = clocks(transport, end + 0.02, 10)
    assert transport.grid(end).source is BeatSource.CLOCK
    assert transport.grid(end + 1.0).source is BeatSource.SET


def test_the_playing_gives_a_tempo_that_stays_calm() -> None:
    transport = Transport()
    transport.grid(0.0)
    transport.hear(steady(1.0, 0.6), 6.0)
    grid = transport.grid(6.0)
    assert grid.source is BeatSource.ESTIMATE
    assert grid.bpm == pytest.approx(100, rel=0.01)
    assert grid.bar_tick is None
    tick = grid.tick_at(1.0 + 0.6 * 7)
    assert tick == pytest.approx(round(tick / 48) * 48, abs=1)
    transport.hear(steady(1.0, 0.606), 6.1)
    assert transport.grid(6.1) == grid
    transport.hear(steady(7.0, 0.5), 12.0)
    assert transport.grid(12.0).bpm == pytest.approx(120, rel=0.01)
    transport.forget_estimate()
    assert transport.grid(13.0).source is BeatSource.FREE


def test_an_unclear_estimate_changes_nothing() -> None:
    transport = Transport(confidence_least=1.1)
    transport.hear(steady(1.0, 0.6), 6.0)
    assert transport.grid(6.0).source is BeatSource.FREE


def test_a_set_tempo_is_not_overruled_by_the_playing() -> None:
    transport = Transport()
    transport.set_tempo(80, 0.0)
    transport.hear(steady(1.0, 0.6), 6.0)
    assert transport.grid(6.0).bpm == pytest.approx(80)


def test_reset_begins_anew() -> None:
    transport = Transport()
    transport.set_tempo(80, 0.0)
    clocks(transport, 0.0, 50)
    transport.grid(5.0)
    transport.reset()
    grid = transport.grid(50.0)
    assert (grid.source, grid.tick) == (BeatSource.FREE, 0.0)


happening = st.one_of(
    st.sampled_from([CLOCK, b"\xfa", b"\xfb", b"\xfc"]),
    st.integers(0, 100).map(song_position),
    st.integers(1, 40),
    st.floats(20.0, 300.0),
    st.sampled_from(["tap", "forget", "unset", "hear"]),
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 0.6) | st.sampled_from([0.0, 0.02]), happening), max_size=40))
def test_the_axis_never_turns_back(script: list[tuple[float, bytes | int | float | str]]) -> None:
    transport = Transport()
    now = 0.0
    ticks = [transport.grid(now).tick_at(now)]
    for step, what in script:
        now += step
        if isinstance(what, bytes):
            transport.arrive(TimedMessage(now, what))
        elif isinstance(what, int):
            now = clocks(transport, now, what)
        elif isinstance(what, float):
            transport.set_tempo(what, now)
        elif what == "tap":
            transport.tap(now)
        elif what == "forget":
            transport.forget_estimate()
        elif what == "unset":
            transport.set_tempo(None, now)
        else:
            transport.hear(steady(now - 5.0, 0.5), now)
        grid = transport.grid(now)
        ticks.append(grid.tick_at(now))
        assert grid.bar_tick is None or grid.bar_tick % 48 == 0
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(ticks))

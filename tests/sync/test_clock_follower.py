"""Following a DAW in virtual time: its transport on one rising axis, and the figures to reach."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.message import TimedMessage, song_position
from cocomposer.sync.clock_follower import ClockFollower

CLOCK = b"\xf8"
START = b"\xfa"
CONTINUE = b"\xfb"
STOP = b"\xfc"
PERIOD = 60 / 120 / 24


def send(follower: ClockFollower, at_seconds: float, data: bytes) -> None:
    follower.arrive(TimedMessage(at_seconds, data))


def run(follower: ClockFollower, from_seconds: float, clocks: int, period: float = PERIOD) -> float:
    """Even clocks; the moment of the one after the last."""
    for clock in range(clocks):
        send(follower, from_seconds + clock * period, CLOCK)
    return from_seconds + clocks * period


def grid_at(follower: ClockFollower, now: float) -> Grid:
    grid = follower.grid(now)
    assert grid is not None
    return grid


def test_no_clock_no_grid() -> None:
    follower = ClockFollower()
    assert follower.grid(1.0) is None
    send(follower, 1.0, START)
    assert follower.grid(1.0) is None


def test_the_first_clock_after_start_is_the_first_beat_of_a_bar() -> None:
    follower = ClockFollower(beats_per_bar=3)
    send(follower, 0.999, START)
    end = run(follower, 1.0, 100)
    grid = grid_at(follower, end)
    assert grid.source is BeatSource.CLOCK
    assert grid.running
    assert grid.bpm == pytest.approx(120)
    assert grid.tick_at(1.0) == pytest.approx(0, abs=0.01)
    assert grid.bar_tick == 0
    assert grid.ticks_per_bar == 144
    assert grid.tick_at(2.5) == pytest.approx(144, abs=0.01)


def test_a_clock_without_start_gives_a_beat_but_no_bar() -> None:
    follower = ClockFollower()
    grid = grid_at(follower, run(follower, 0.0, 100))
    assert grid.running
    assert grid.bar_tick is None


def test_the_clock_is_lost_after_half_a_second_and_found_again() -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 97)
    assert follower.grid(end + 0.4) is not None
    assert follower.grid(end + 0.6) is None
    assert not follower.ticking(end + 0.6)
    send(follower, 10.0, CLOCK)
    grid = grid_at(follower, 10.0)
    assert grid.bpm == pytest.approx(120, rel=0.01)
    assert grid.tick >= 194
    assert round(grid.tick) % 48 == 194 % 48


def test_a_slow_clock_has_more_patience() -> None:
    follower = ClockFollower()
    end = run(follower, 0.0, 40, period=60 / 30 / 24)
    assert follower.grid(end + 0.7) is not None


def test_stop_with_the_clock_going_on() -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 96)
    send(follower, end - 0.001, STOP)
    end = run(follower, end, 30)
    grid = grid_at(follower, end)
    assert not grid.running
    assert grid.bpm == pytest.approx(120)
    assert grid.tick_at(end) == pytest.approx(252, abs=0.1)


def test_stop_with_the_clock_silent_keeps_the_last_grid() -> None:
    follower = ClockFollower()
    end = run(follower, 0.0, 96)
    send(follower, end, STOP)
    grid = grid_at(follower, end + 60)
    assert not grid.running
    assert grid.bpm == pytest.approx(120)


@pytest.mark.parametrize(
    ("messages", "song_tick"),
    [
        ([START], 0),
        ([song_position(6), CONTINUE], 72),
        ([song_position(16), CONTINUE], 192),
        ([CONTINUE], 192),
        ([song_position(3), START], 0),
    ],
)
def test_after_a_stop_the_song_goes_on_where_it_is_told(messages: list[bytes], song_tick: int) -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 96)
    send(follower, end - 0.01, STOP)
    end = run(follower, end, 7)
    before = grid_at(follower, end - 0.001).tick
    for message in messages:
        send(follower, end - 0.0005, message)
    after = run(follower, end, 50)
    grid = grid_at(follower, after)
    begin = round(grid.tick_at(end))
    assert grid.tick_at(end) == pytest.approx(begin, abs=0.05)
    assert begin >= before
    assert begin - before < 49
    assert begin % 48 == song_tick % 48
    assert grid.bar_tick is not None
    assert (begin - grid.bar_tick) % 192 == song_tick % 192
    assert grid.running


def test_a_loop_in_the_song_jumps_forward_on_the_axis() -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 100)
    before = grid_at(follower, end).tick
    send(follower, end, song_position(0))
    after = run(follower, end, 20)
    grid = grid_at(follower, after)
    assert grid.bar_tick is not None
    assert grid.bar_tick >= before - 1
    assert grid.tick_at(end) == pytest.approx(grid.bar_tick, abs=0.05)


def test_a_position_that_is_no_jump_leaves_no_gap() -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 96)
    grid_at(follower, end - 0.001)
    send(follower, end - 0.001, song_position(16))
    grid = grid_at(follower, run(follower, end, 20))
    assert grid.tick_at(end) == pytest.approx(192, abs=0.05)


def test_a_note_just_before_start_lies_just_before_the_bar() -> None:
    follower = ClockFollower()
    end = run(follower, 0.0, 50)
    grid_at(follower, end - 0.02)
    note_seconds = end - 0.010
    send(follower, end - 0.0001, START)
    grid = grid_at(follower, run(follower, end, 3))
    assert grid.bar_tick is not None
    assert grid.bar_tick - 2 <= round(grid.tick_at(note_seconds)) <= grid.bar_tick


def test_start_with_a_clock_that_stops_with_the_song_knows_the_tempo_at_once() -> None:
    follower = ClockFollower()
    send(follower, 0.0, START)
    end = run(follower, 0.0, 200)
    send(follower, end, STOP)
    send(follower, 30.0, START)
    assert follower.grid(30.0) is None
    send(follower, 30.02, CLOCK)
    grid = grid_at(follower, 30.02)
    assert grid.bpm == pytest.approx(120, rel=0.01)
    assert grid.bar_tick == round(grid.tick)


# The figures -------------------------------------------------------------------------------------------------------


def ramp(from_bpm: float, to_bpm: float, seconds: float) -> list[float]:
    """Moments of clocks while the tempo changes evenly in time."""
    rate, change = from_bpm / 2.5, (to_bpm - from_bpm) / 2.5 / seconds
    clocks = int(rate * seconds + change * seconds * seconds / 2)
    if change == 0:
        return [clock / rate for clock in range(clocks)]
    return [(math.sqrt(rate * rate + 2 * change * clock) - rate) / change for clock in range(clocks)]


def errors_ahead(true: list[float], jitter: float, seed: int, settle: float = 4.0) -> list[float]:
    """Errors (seconds) of the grid's moments for all clocks 60 to 100 ms after now, asked at each arrival."""
    chance = random.Random(seed)
    follower = ClockFollower()
    send(follower, true[0] - 0.01, START)
    errors = []
    for clock, moment in enumerate(true):
        now = moment + chance.uniform(-jitter, jitter)
        send(follower, now, CLOCK)
        if moment < settle:
            continue
        grid = grid_at(follower, now)
        ahead = clock + 1
        while ahead < len(true) and true[ahead] < now + 0.1:
            if true[ahead] >= now + 0.06:
                errors.append(grid.seconds_at(2 * ahead) - true[ahead])
            ahead += 1
    return errors


def p99(errors: list[float]) -> float:
    return sorted(map(abs, errors))[int(0.99 * (len(errors) - 1))]


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_minutes_of_jitter_on_a_ramp(seed: int) -> None:
    errors = errors_ahead(ramp(90, 130, 600), 0.005, seed)
    minute = len(errors) // 10
    first, last = (sum(part) / minute for part in (errors[:minute], errors[-minute:]))
    print(f"p99 {1000 * p99(errors):.2f} ms, drift {1000 * (last - first):.3f} ms")
    assert p99(errors) < 0.0015
    assert abs(last - first) < 0.0003


@pytest.mark.parametrize(("jitter", "limit"), [(0.0, 0.0001), (0.001, 0.0004), (0.005, 0.0015)])
def test_a_steady_clock(jitter: float, limit: float) -> None:
    assert p99(errors_ahead(ramp(120, 120, 120), jitter, 3)) < limit


@pytest.mark.parametrize(("from_bpm", "to_bpm"), [(90.0, 130.0), (130.0, 90.0)])
def test_a_fast_ramp(from_bpm: float, to_bpm: float) -> None:
    first = ramp(from_bpm, from_bpm, 10)
    second = [first[-1] + 2.5 / from_bpm + moment for moment in ramp(from_bpm, to_bpm, 10)]
    third = [second[-1] + 2.5 / to_bpm + moment for moment in ramp(to_bpm, to_bpm, 10)]
    errors = errors_ahead(first + second + third, 0.005, 4)
    print(f"p99 {1000 * p99(errors):.2f} ms")
    assert p99(errors) < 0.008
    assert sorted(map(abs, errors))[len(errors) // 2] < 0.0015


# Any messages ------------------------------------------------------------------------------------------------------

happening = st.one_of(
    st.sampled_from([CLOCK, CLOCK, CLOCK, START, STOP, CONTINUE, b"\xfe", b"\x90\x3c\x40"]),
    st.integers(0, 200).map(song_position),
    st.integers(1, 30),
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 0.05) | st.sampled_from([0.0, 0.02, 0.7]), happening), max_size=80))
def test_the_axis_never_turns_back(script: list[tuple[float, bytes | int]]) -> None:
    follower = ClockFollower()
    now = 0.0
    ticks = []
    for step, what in script:
        now += step
        if isinstance(what, bytes):
            send(follower, now, what)
        else:
            for _ in range(what):
                send(follower, now, CLOCK)
                now += 0.02
        grid = follower.grid(now)
        if grid is not None:
            ticks.append(grid.tick_at(now))
            assert grid.bar_tick is None or grid.bar_tick % 48 == 0
    assert all(later >= earlier for earlier, later in pairwise(ticks))

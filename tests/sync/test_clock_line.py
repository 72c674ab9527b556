"""Counting and predicting clocks: jitter, drops, doubles, clumps, jumps."""

import math
import random
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.sync.clock_line import ClockLine


def steady(bpm: float, clocks: int) -> list[float]:
    return [60.0 / bpm / 24 * clock for clock in range(clocks)]


def jittered(moments: list[float], jitter: float, seed: int) -> list[float]:
    chance = random.Random(seed)
    return [moment + chance.uniform(-jitter, jitter) for moment in moments]


def follow(arrivals: list[float]) -> ClockLine:
    line = ClockLine()
    for at_seconds in arrivals:
        line.arrive(at_seconds)
    return line


@pytest.mark.parametrize("bpm", [30.0, 60.0, 119.9, 180.0, 240.0])
def test_an_even_clock_is_followed_exactly(bpm: float) -> None:
    line = follow(steady(bpm, 200))
    assert line.count == 199
    assert line.period == pytest.approx(60 / bpm / 24)
    assert line.seconds_at(210) == pytest.approx(60 / bpm / 24 * 210, abs=1e-6)
    assert line.clock_at(line.seconds_at(203.5)) == pytest.approx(203.5)


def test_a_first_tempo_within_six_clocks() -> None:
    assert not follow(steady(100, 5)).ready
    line = follow(steady(100, 6))
    assert line.ready
    assert line.period == pytest.approx(60 / 100 / 24, rel=0.01)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("jitter", [0.0, 0.001, 0.004])
def test_dropped_clocks_are_noticed(seed: int, jitter: float) -> None:
    chance = random.Random(seed)
    arrivals = jittered(steady(120, 3000), jitter, seed)
    last_drop = -100
    kept = []
    for clock, at_seconds in enumerate(arrivals):
        if 50 < clock < 2980 and clock - last_drop > 12 and chance.random() < 0.02:
            last_drop = clock
            continue
        kept.append(at_seconds)
    assert len(kept) < 2970
    assert follow(kept).count == 2999


@pytest.mark.parametrize("jitter", [0.0, 0.001, 0.004])
def test_doubled_clocks_are_noticed(jitter: float) -> None:
    arrivals = jittered(steady(120, 3000), jitter, 1)
    doubled = [at for clock, at in enumerate(arrivals) for at in ([at, at + 0.0005] if clock % 40 == 39 else [at])]
    assert len(doubled) == 3075
    line = follow(doubled)
    assert line.count == 2999
    assert line.seconds_at(3003) == pytest.approx(60 / 120 / 24 * 3003, abs=0.003)


@pytest.mark.parametrize("jitter", [0.0, 0.001, 0.004])
def test_clumps_do_not_disturb(jitter: float) -> None:
    chance = random.Random(2)
    true = steady(120, 3000)
    arrivals = []
    stalled_until = 0.0
    errors = []
    line = ClockLine()
    for clock, at_seconds in enumerate(jittered(true, jitter, 2)):
        if chance.random() < 1 / 40:
            stalled_until = at_seconds + chance.uniform(0.0, 0.03)
        arrivals.append(max(at_seconds, stalled_until))
        line.arrive(arrivals[-1])
        if 200 < clock < 2990:
            errors.append(abs(line.seconds_at(clock + 4) - true[clock + 4]))
    assert line.count == 2999
    assert sorted(errors)[int(0.99 * len(errors))] < 0.002


@pytest.mark.parametrize("slow", [0.001, 0.01, 0.02])
def test_a_slow_clock_is_simply_followed(slow: float) -> None:
    true = [moment * (1 + slow) for moment in steady(120, 2000)]
    line = follow(jittered(true, 0.005, 3))
    assert line.seconds_at(2003) == pytest.approx(true[-1] + 4 * (true[1] - true[0]), abs=0.002)


def quantised(bpm: float, frames: int, clocks: int, offset: float) -> list[float]:
    """Moments as an audio driver stamps them that gives MIDI out once a period of so many frames (48 kHz)."""
    period = frames / 48000
    return [math.ceil((moment + offset) / period) * period for moment in steady(bpm, clocks)]


@pytest.mark.parametrize("offset", [0.0, 0.0021, 0.0047, 0.0083, 0.0099])
@pytest.mark.parametrize(("bpm", "frames"), [(120, 64), (120, 256), (120, 512), (97, 512), (140, 1024)])
def test_a_clock_stamped_once_an_audio_period_keeps_its_tempo(bpm: int, frames: int, offset: float) -> None:
    # JACK's input is so. At 120 BPM and 512 frames twenty clocks are exactly two periods apart and the next only one.
    line = ClockLine()
    for clock, at_seconds in enumerate(quantised(bpm, frames, 1000, offset)):
        line.arrive(at_seconds)
        if clock >= 240:
            assert 60 / line.period / 24 == pytest.approx(bpm, rel=2e-3), clock
    assert line.count == 999


JUMPS = [(120, 140), (140, 90), (90, 125), (124, 122), (120, 60), (60, 180), (180, 120), (100, 150)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("before", "after"), JUMPS)
def test_after_a_jump_of_tempo_the_count_is_kept_and_the_lock_is_fast(before: int, after: int, seed: int) -> None:
    first = steady(before, 480)
    true = first + [first[-1] + 60 / after / 24 * clock for clock in range(1, 400)]
    arrivals = jittered(true, 0.005, seed)
    line = follow(arrivals[:480])
    late = []
    for clock in range(480, len(true) - 4):
        line.arrive(arrivals[clock])
        since = true[clock] - true[479]
        error = abs(line.seconds_at(clock + 4) - true[clock + 4])
        assert line.count == clock or since < 1.0
        if since > 1.0:
            late.append(error)
    assert line.count == len(true) - 5
    assert sorted(late)[int(0.95 * len(late))] < 0.004


@given(st.lists(st.floats(0.0, 0.3) | st.sampled_from([0.0, 0.02, 0.0208]), min_size=1, max_size=150))
def test_any_arrivals(gaps: list[float]) -> None:
    line = ClockLine()
    counts = []
    for at_seconds in accumulate(gaps):
        line.arrive(at_seconds)
        counts.append(line.count)
        if line.ready:
            near = [line.seconds_at(line.count + ahead) for ahead in range(-5, 15)]
            assert all(later > earlier for earlier, later in pairwise(near))
            assert line.clock_at(near[7]) == pytest.approx(line.count + 2, abs=0.01)
            assert 6 < 60 / line.period / 24 < 420

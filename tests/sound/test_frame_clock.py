"""Moments become frames evenly, whatever the rhythm in which a sound card asks."""

import random
from itertools import pairwise

import pytest

from cocomposer.sound.frame_clock import FrameClock

RATE = 48_000
BLOCK = 384


def asked(clock: FrameClock, blocks: int, jitter: float = 0.0, drift: float = 1.0, start: float = 100.0) -> float:
    """A card asks for so many blocks; the moment of the last request."""
    chance = random.Random(1)
    for number in range(blocks):
        at = start + number * BLOCK / RATE * drift
        clock.asked(number * BLOCK, BLOCK, at + chance.uniform(0, jitter))
    return at


def test_before_the_first_request_everything_is_at_once() -> None:
    assert FrameClock(RATE).frame_at(5.0) == 0


def test_a_message_falls_into_the_next_block_at_its_own_place() -> None:
    clock = FrameClock(RATE)
    last = asked(clock, 100)
    made = 100 * BLOCK
    assert clock.frame_at(last) == made
    assert clock.frame_at(last + 0.004) == made + round(0.004 * RATE)


@pytest.mark.parametrize("drift", [0.9999, 1.0, 1.0001])
def test_an_even_rhythm_stays_even_when_requests_jitter(drift: float) -> None:
    clock = FrameClock(RATE)
    chance = random.Random(2)
    frames = []
    moment = 100.3
    for number in range(3000):
        at = 100 + number * BLOCK / RATE * drift
        clock.asked(number * BLOCK, BLOCK, at + chance.uniform(0, 0.006))
        while moment <= at:
            frames.append(clock.frame_at(moment))
            moment += 0.05
    gaps = [later - earlier for earlier, later in pairwise(frames[20:])]
    assert len(gaps) > 300
    assert max(abs(gap - 0.05 * RATE) for gap in gaps) < 0.001 * RATE, "rounded to blocks it would be 0.008"


def test_a_pause_is_not_made_up_for() -> None:
    clock = FrameClock(RATE)
    last = asked(clock, 100)
    clock.asked(100 * BLOCK, BLOCK, last + 30)
    assert clock.frame_at(last + 30) == 101 * BLOCK

"""Of several inputs that send a clock only one is followed."""

import pytest

from cocomposer.music.message import CLOCK, START, STOP, TimedMessage, note_on, song_position
from cocomposer.runtime.one_clock import OneClock
from cocomposer.runtime.port_keeper import OWN_INPUT, Direction, WantedPort

OWN = WantedPort(Direction.INPUT, OWN_INPUT, own=True)
KEYS = WantedPort(Direction.INPUT, "Keystation")
DRUMS = WantedPort(Direction.INPUT, "Drum machine")
TICK, GO, HALT, NOTE, PLACE = bytes((CLOCK,)), bytes((START,)), bytes((STOP,)), note_on(0, 60, 80), song_position(16)

Heard = tuple[float, WantedPort, bytes, bool]


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param(
            [(0.0, KEYS, TICK, True), (0.01, DRUMS, TICK, False), (0.02, KEYS, TICK, True), (0.03, DRUMS, TICK, False)],
            id="the first one is followed",
        ),
        pytest.param(
            [(0.0, KEYS, TICK, True), (0.01, OWN, TICK, True), (0.02, KEYS, TICK, False)], id="our own is preferred"
        ),
        pytest.param(
            [(0.0, KEYS, TICK, True), (0.1, DRUMS, GO, False), (0.2, DRUMS, PLACE, False), (0.3, OWN, HALT, False)],
            id="nor may others start, stop or place it",
        ),
        pytest.param(
            [(0.0, DRUMS, PLACE, True), (0.1, DRUMS, GO, True), (0.2, DRUMS, TICK, True)],
            id="a start may come before the first clock",
        ),
        pytest.param(
            [(0.0, KEYS, TICK, True), (1.9, DRUMS, TICK, False), (2.1, DRUMS, TICK, True), (2.2, KEYS, TICK, False)],
            id="one that has been silent is followed no more",
        ),
        pytest.param([(0.0, KEYS, TICK, True), (0.1, DRUMS, NOTE, True)], id="notes come from everywhere"),
    ],
)
def test_what_is_let_through(heard: list[Heard]) -> None:
    clock = OneClock()
    for at_seconds, wanted, data, through in heard:
        assert clock.lets_through(wanted, TimedMessage(at_seconds, data)) is through, at_seconds


def test_another_follows_at_once_when_the_input_has_gone() -> None:
    clock = OneClock()
    assert clock.lets_through(KEYS, TimedMessage(0.0, TICK))
    clock.forget(KEYS)
    assert clock.lets_through(DRUMS, TimedMessage(0.1, TICK))

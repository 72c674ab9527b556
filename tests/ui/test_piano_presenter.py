"""The keys as rectangles, and fingers on them: any sequence of them ends silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.timeline import FALLBACK, MACHINE, PLAYER
from tests.ui.test_computer_keys import sounding
from ui.presenters.piano import LOUDEST, RANGES, SOFTEST, Fingers, Keyboard, lit, velocity_at

sizes = st.tuples(st.floats(300.0, 3000.0), st.floats(40.0, 200.0))


@given(sizes)
def test_every_key_can_be_hit_where_it_lies(size: tuple[float, float]) -> None:
    keyboard = Keyboard(*size)
    for key in keyboard.whites:
        found = keyboard.key_at(key.x + key.width / 2, key.height * 0.9)
        assert found == key
    for key in keyboard.blacks:
        assert keyboard.key_at(key.x + key.width / 2, key.height * 0.5) == key
    last = keyboard.whites[-1]
    assert last.x + last.width == pytest.approx(size[0])
    assert [key.pitch for key in sorted((*keyboard.whites, *keyboard.blacks), key=lambda key: key.pitch)] == list(
        range(keyboard.low, keyboard.high + 1)
    )


@given(sizes, st.floats(-50.0, 3050.0), st.floats(-50.0, 250.0))
def test_beside_the_keys_is_no_key(size: tuple[float, float], x: float, y: float) -> None:
    inside = 0.0 <= x < size[0] * 0.999 and 0.0 <= y < size[1]
    found = Keyboard(*size).key_at(x, y)
    if inside:
        assert found is not None
    elif not (0.0 <= x <= size[0] and 0.0 <= y < size[1]):
        assert found is None


@pytest.mark.parametrize(("width", "keys"), [(1000.0, 88), (700.0, 76), (600.0, 61), (450.0, 49), (330.0, 37)])
def test_as_many_keys_as_can_be_hit(width: float, keys: int) -> None:
    keyboard = Keyboard(width, 80.0)
    assert keyboard.high - keyboard.low + 1 == keys
    assert (keyboard.low, keyboard.high) in RANGES


def test_lower_on_the_key_is_louder() -> None:
    key = Keyboard(1000.0, 80.0).whites[0]
    velocities = [velocity_at(key, y) for y in (-5.0, 0.0, 40.0, 80.0, 200.0)]
    assert velocities[0] == velocities[1] == SOFTEST and velocities[3] == velocities[4] == LOUDEST
    assert SOFTEST < velocities[2] < LOUDEST


places = st.one_of(st.none(), st.tuples(st.floats(0.0, 999.0), st.floats(0.0, 79.0)))


@given(st.lists(st.tuples(st.integers(-1, 3), st.booleans(), places), max_size=50))
def test_whatever_fingers_do_lifting_them_ends_it(
    moves: list[tuple[int, bool, tuple[float, float] | None]],
) -> None:
    keyboard, fingers = Keyboard(1000.0, 80.0), Fingers()
    messages: list[bytes] = []
    for finger, down, place in moves:
        if not down:
            messages += fingers.lift(finger)
        elif place is None:
            messages += fingers.place(finger, None, 0.0)
        else:
            messages += fingers.place(finger, keyboard.key_at(*place), place[1])
        assert sounding(messages) == fingers.pitches
    ended = [message for finger in range(-1, 4) for message in fingers.lift(finger)]
    assert sounding([*messages, *ended]) == set()


def test_a_glissando_ends_each_key_before_the_next() -> None:
    keyboard, fingers = Keyboard(1000.0, 80.0), Fingers()
    first, second = keyboard.whites[3:5]
    fingers.place(0, first, 70.0)
    off, on = fingers.place(0, second, 70.0)
    assert (off[0] & 0xF0, off[1], on[0] & 0xF0, on[1]) == (0x80, first.pitch, 0x90, second.pitch)
    assert fingers.place(0, second, 10.0) == ()
    assert [message[0] & 0xF0 for message in fingers.silence()] == [0x80] and fingers.lift(0) == ()


def test_each_player_has_a_light() -> None:
    shown = lit([(60, 80, PLAYER), (60, 70, MACHINE), (64, 70, FALLBACK)], frozenset({72}))
    assert shown == ((60, True, True), (64, False, True), (72, True, False))

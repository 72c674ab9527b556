"""Our own notes coming back."""

from hypothesis import given
from hypothesis import strategies as st

from cocomposer.capture.echo import REMEMBERED, EchoGuard
from cocomposer.music.message import TimedMessage, control_change, note_off, note_on


def echo(guard: EchoGuard, at_seconds: float, data: bytes) -> bool:
    return guard.is_echo(TimedMessage(at_seconds, data))


def test_a_note_comes_back_on_another_channel() -> None:
    guard = EchoGuard()
    guard.sent(1.0, note_on(0, 60, 80))
    guard.sent(1.4, note_off(0, 60))
    assert echo(guard, 1.01, note_on(3, 60, 80))
    assert echo(guard, 1.41, note_off(3, 60, 0))
    assert guard.echoes == 1


def test_each_sent_note_has_one_echo() -> None:
    guard = EchoGuard()
    guard.sent(1.0, note_on(0, 60, 80))
    assert echo(guard, 1.01, note_on(0, 60, 80))
    assert not echo(guard, 1.02, note_on(0, 60, 80))


def test_another_velocity_or_a_late_one_is_the_player() -> None:
    guard = EchoGuard()
    guard.sent(1.0, note_on(0, 60, 80))
    assert not echo(guard, 1.01, note_on(0, 60, 81))
    assert not echo(guard, 1.6, note_on(0, 60, 80))
    assert guard.echoes == 0


def test_a_note_planned_ahead_is_no_excuse_before_it_sounds() -> None:
    guard = EchoGuard()
    guard.sent(2.0, note_on(0, 60, 80))
    assert not echo(guard, 1.0, note_on(0, 60, 80))
    assert echo(guard, 1.99, note_on(0, 60, 80))


def test_a_player_on_the_same_key_keeps_the_release() -> None:
    guard = EchoGuard()
    guard.sent(1.0, note_on(0, 60, 80))
    assert echo(guard, 1.01, note_on(0, 60, 80))
    assert not echo(guard, 1.1, note_on(0, 60, 50))
    assert not echo(guard, 2.0, note_off(0, 60))
    guard.sent(3.0, note_off(0, 60))
    assert echo(guard, 3.01, note_off(0, 60))


def test_a_release_without_an_echoed_note_is_the_players() -> None:
    guard = EchoGuard()
    guard.sent(1.0, note_off(0, 60))
    assert not echo(guard, 1.01, note_off(0, 60))


def test_our_pedal_comes_back() -> None:
    guard = EchoGuard()
    guard.sent(1.0, control_change(0, 64, 127))
    assert echo(guard, 1.1, control_change(1, 64, 127))
    assert not echo(guard, 1.2, control_change(1, 64, 127))


def test_the_players_foot_comes_up_though_ours_just_did() -> None:
    guard = EchoGuard()
    assert not echo(guard, 0.5, control_change(9, 64, 127))
    guard.sent(1.0, control_change(0, 64, 0))
    assert not echo(guard, 1.1, control_change(9, 64, 0))
    assert echo(guard, 1.2, control_change(9, 64, 0)), "ours comes back once the foot is up"


def test_other_messages_are_never_echoes() -> None:
    guard = EchoGuard()
    guard.sent(1.0, b"\xf8")
    assert not echo(guard, 1.0, b"\xf8")
    assert not echo(guard, 1.0, b"\xc0\x01")


def test_memory_is_bounded() -> None:
    guard = EchoGuard()
    for index in range(REMEMBERED + 5):
        guard.sent(1.0 + index * 1e-5, note_on(0, index % 128, 1 + index // 128))
    assert not echo(guard, 1.1, note_on(0, 0, 1))
    assert echo(guard, 1.1, note_on(0, 5, 1))


answer = st.lists(
    st.tuples(st.floats(0.01, 0.3), st.integers(60, 64), st.integers(1, 127), st.floats(0.05, 2.0)), max_size=20
)


@given(answer, st.floats(0.0, 0.4), st.integers(0, 15))
def test_a_whole_answer_comes_back(notes: list[tuple[float, int, int, float]], delay: float, channel: int) -> None:
    guard = EchoGuard()
    sends: list[tuple[float, bytes]] = []
    now = 0.0
    sounding: dict[int, float] = {}
    for gap, pitch, velocity, length in notes:
        now += gap
        if sounding.get(pitch, 0.0) > now:
            continue
        sounding[pitch] = now + length + 1e-3
        sends += [(now, note_on(0, pitch, velocity)), (now + length, note_off(0, pitch))]
    happenings = [(at, 0, data) for at, data in sends] + [(at + delay, 1, data) for at, data in sends]
    for at, arrives, data in sorted(happenings):
        if arrives:
            assert echo(guard, at, bytes((data[0] | channel,)) + data[1:])
        else:
            guard.sent(at, data)
    assert guard.echoes == len(sends) // 2

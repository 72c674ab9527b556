"""Pairing: tables of what keyboards send, and any sequence of messages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.capture.keys import KeyEnd, KeyEvent, Keys
from cocomposer.music.message import TimedMessage, control_change, note_off, note_on
from cocomposer.music.note import Pedal, PlayedNote

ON = KeyEvent.NOTE_BEGAN
OFF = KeyEvent.NOTE_ENDED
PEDAL = KeyEvent.PEDAL_MOVED

# Each: [(seconds, message, what it did)], [(onset, release, pitch, channel)]
Scene = tuple[list[tuple[float, bytes, KeyEvent | None]], list[tuple[float, float | None, int, int]]]
TABLE: dict[str, Scene] = {
    "on and off": ([(1, note_on(0, 60, 80), ON), (2, note_off(0, 60), OFF)], [(1, 2, 60, 0)]),
    "velocity 0 is an off": ([(1, note_on(0, 60, 80), ON), (2, bytes((0x90, 60, 0)), OFF)], [(1, 2, 60, 0)]),
    "off without on": ([(1, note_off(0, 60), None)], []),
    "second off": (
        [(1, note_on(0, 60, 80), ON), (2, note_off(0, 60), OFF), (3, note_off(0, 60), None)],
        [(1, 2, 60, 0)],
    ),
    "re-strike ends the earlier": (
        [(1, note_on(0, 60, 80), ON), (2, note_on(0, 60, 70), ON), (3, note_off(0, 60), OFF)],
        [(1, 2, 60, 0), (2, 3, 60, 0)],
    ),
    "channels overlap": (
        [
            (1, note_on(0, 60, 80), ON),
            (2, note_on(1, 60, 70), ON),
            (3, note_off(0, 60), OFF),
            (4, note_off(1, 60), OFF),
        ],
        [(1, 3, 60, 0), (2, 4, 60, 1)],
    ),
    "clock and sensing do nothing": (
        [(1, note_on(0, 60, 80), ON), (1.1, b"\xf8", None), (1.2, b"\xfe", None), (2, note_off(0, 60), OFF)],
        [(1, 2, 60, 0)],
    ),
    "all notes off, on its channel": (
        [(1, note_on(0, 60, 80), ON), (1, note_on(1, 61, 80), ON), (2, control_change(0, 123, 0), OFF)],
        [(1, 2, 60, 0), (1, None, 61, 1)],
    ),
    "all sound off": ([(1, note_on(3, 60, 80), ON), (2, control_change(3, 120, 0), OFF)], [(1, 2, 60, 3)]),
    "system reset": (
        [(1, note_on(0, 60, 80), ON), (1, note_on(1, 61, 80), ON), (2, b"\xff", OFF)],
        [(1, 2, 60, 0), (1, 2, 61, 1)],
    ),
    "a message stamped early arrives with the one before": (
        [(2, note_on(0, 60, 80), ON), (1, note_off(0, 60), OFF)],
        [(2, 2, 60, 0)],
    ),
    "bends and pressure do nothing": (
        [(1, b"\xe0\x00\x40", None), (1, b"\xd0\x40", None), (1, b"\xf2\0\0", None)],
        [],
    ),
}


def brief(notes: tuple[PlayedNote, ...]) -> list[tuple[float, float | None, int, int]]:
    return [(note.onset_seconds, note.release_seconds, note.pitch, note.channel) for note in notes]


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    scene, expected = TABLE[name]
    keys = Keys()
    for at_seconds, data, event in scene:
        assert keys.arrive(TimedMessage(at_seconds, data)) is event, (at_seconds, data)
    assert brief(keys.notes) == expected
    assert keys.held == sum(release is None for _, release, _, _ in expected)


def test_all_88_keys_at_once() -> None:
    keys = Keys()
    for pitch in range(21, 109):
        keys.arrive(TimedMessage(1.0, note_on(0, pitch, 64)))
    assert keys.held == 88
    for pitch in range(21, 109):
        keys.arrive(TimedMessage(2.0, note_off(0, pitch)))
    assert keys.held == 0
    assert [note.pitch for note in keys.notes] == list(range(21, 109))
    assert {note.release_seconds for note in keys.notes} == {2.0}


def test_pedal_of_each_note() -> None:
    keys = Keys()
    heard: list[Pedal] = []

    def strike(at_seconds: float) -> None:
        keys.arrive(TimedMessage(at_seconds, note_on(0, 60, 80)))
        heard.append(keys.notes[-1].pedal)

    strike(0)
    assert keys.arrive(TimedMessage(1, control_change(0, 64, 127))) is PEDAL
    downs = [keys.pedal_down]
    strike(1.1)
    strike(1.2)
    assert keys.arrive(TimedMessage(2, control_change(0, 64, 90))) is None
    strike(2.1)
    assert keys.arrive(TimedMessage(3, control_change(0, 64, 63))) is PEDAL
    strike(3.1)
    keys.arrive(TimedMessage(4, control_change(0, 64, 64)))
    keys.arrive(TimedMessage(4.1, control_change(0, 64, 0)))
    strike(4.2)
    keys.arrive(TimedMessage(5, control_change(0, 64, 64)))
    keys.take()
    strike(5.1)
    assert keys.arrive(TimedMessage(6, control_change(0, 121, 0))) is PEDAL
    downs.append(keys.pedal_down)
    assert downs == [True, False]
    assert heard == [
        Pedal.UNKNOWN,
        Pedal.FRESH,
        Pedal.DOWN,
        Pedal.DOWN,
        Pedal.UP,
        Pedal.UP,
        Pedal.FRESH,
    ]
    keys.reset()
    strike(7)
    assert heard[-1] is Pedal.UNKNOWN


def test_facts_of_the_phrase() -> None:
    keys = Keys()
    assert (keys.last_onset_seconds, keys.last_release_seconds) == (None, None)
    keys.arrive(TimedMessage(1, note_on(0, 60, 80)))
    keys.arrive(TimedMessage(2, note_on(0, 62, 80)))
    keys.arrive(TimedMessage(3, note_off(0, 60)))
    assert (keys.last_onset_seconds, keys.last_release_seconds, keys.held) == (2, 3, 1)
    assert brief(keys.take()) == [(1, 3, 60, 0), (2, None, 62, 0)]
    assert (keys.last_onset_seconds, keys.last_release_seconds, keys.held) == (None, None, 0)
    assert keys.notes == ()


def test_a_key_held_over_a_taken_phrase_is_no_orphan() -> None:
    keys = Keys()
    keys.arrive(TimedMessage(1, note_on(0, 60, 80)))
    keys.take()
    assert keys.carried == 1
    keys.arrive(TimedMessage(2, note_on(0, 62, 80)))
    assert keys.arrive(TimedMessage(3, note_off(0, 60))) is OFF
    assert keys.carried == 0
    assert keys.last_release_seconds is None
    assert brief(keys.notes) == [(2, None, 62, 0)]


def test_a_carried_key_struck_again_belongs_to_the_new_phrase() -> None:
    keys = Keys()
    keys.arrive(TimedMessage(1, note_on(0, 60, 80)))
    keys.take()
    keys.arrive(TimedMessage(2, note_on(0, 60, 80)))
    keys.arrive(TimedMessage(3, note_off(0, 60)))
    assert brief(keys.notes) == [(2, 3, 60, 0)]
    assert keys.carried == 0


def test_a_hanging_note_ends_at_the_limit() -> None:
    keys = Keys(held_limit_seconds=5.0)
    keys.arrive(TimedMessage(1, note_on(0, 60, 80)))
    keys.arrive(TimedMessage(4, note_on(0, 62, 80)))
    assert not keys.expire(6.0)
    assert keys.expire(6.5)
    assert brief(keys.notes) == [(1, 6, 60, 0), (4, None, 62, 0)]
    assert keys.arrive(TimedMessage(7, note_off(0, 60))) is None
    keys.take()
    assert not keys.expire(9.5)
    assert keys.carried == 0


def test_a_lost_port_releases_all() -> None:
    keys = Keys()
    keys.arrive(TimedMessage(0, control_change(0, 64, 127)))
    keys.arrive(TimedMessage(1, note_on(0, 60, 80)))
    assert keys.release_all(2.0)
    assert not keys.pedal_down
    assert brief(keys.notes) == [(1, 2, 60, 0)]
    assert not keys.release_all(3.0)


pitches = st.integers(59, 63)
channels = st.integers(0, 2)
messages = st.one_of(
    st.builds(note_on, channels, pitches, st.integers(0, 127)),
    st.builds(note_off, channels, pitches),
    st.builds(control_change, channels, st.sampled_from([64, 66, 120, 121, 123]), st.sampled_from([0, 63, 64, 127])),
    st.sampled_from([b"\xf8", b"\xfa", b"\xfe", b"\xff"]),
)
actions = st.one_of(messages, st.sampled_from(["take", "expire", "release", "lift", "ends"]))


@given(st.lists(st.tuples(st.floats(-0.5, 8.0), actions), max_size=60))
def test_no_note_is_lost_and_none_is_negative(script: list[tuple[float, bytes | str]]) -> None:
    keys = Keys()
    now = 0.0
    struck = 0
    phrases: list[tuple[PlayedNote, ...]] = []
    ends: list[KeyEnd] = []
    for step, action in script:
        now += step
        if action == "take":
            phrases.append(keys.take())
        elif action == "expire":
            keys.expire(now)
        elif action == "release":
            keys.release_all(now)
        elif action == "lift":
            keys.lift_all(now)
        elif action == "ends":
            ends += keys.take_ends()
        else:
            assert isinstance(action, bytes)
            if action[0] & 0xF0 == 0x90 and action[2] > 0:
                struck += 1
            keys.arrive(TimedMessage(now, action))
        assert keys.held == sum(note.release_seconds is None for note in keys.notes)
    keys.release_all(now)
    assert keys.held == keys.carried == 0
    assert all(note.release_seconds is not None for note in keys.notes)
    phrases.append(keys.take())
    notes = [note for phrase in phrases for note in phrase]
    assert len(notes) == struck
    ends += keys.take_ends()
    assert sorted((end.channel, end.pitch) for end in ends) == sorted((note.channel, note.pitch) for note in notes)
    assert keys.take_ends() == []
    assert [note.onset_seconds for note in notes] == sorted(note.onset_seconds for note in notes)
    for note in notes:
        assert note.release_seconds is None or note.release_seconds >= note.onset_seconds
    for phrase in phrases:
        for earlier, later in pairwise(phrase):
            if (earlier.pitch, earlier.channel) == (later.pitch, later.channel):
                assert earlier.release_seconds is not None
                assert earlier.release_seconds <= later.onset_seconds


def test_shedding_keeps_what_is_held() -> None:
    keys = Keys()
    for number in range(10):
        keys.arrive(TimedMessage(number, note_on(0, 60 + number, 80)))
        if number != 4:
            keys.arrive(TimedMessage(number + 0.5, note_off(0, 60 + number)))
    gone = keys.shed(2)
    assert [note.pitch for note in gone] == [60, 61, 62, 63], "nothing from the held key on"
    assert [note.pitch for note in keys.notes] == [64, 65, 66, 67, 68, 69] and keys.held == 1
    keys.arrive(TimedMessage(20.0, note_off(0, 64)))
    assert keys.notes[0].release_seconds == 20.0 and keys.held == 0
    assert [note.pitch for note in keys.shed(1)] == [64, 65, 66, 67, 68]
    assert keys.shed(1) == ()

"""The computer keyboard as a piano: where keys lie, and that any playing of it ends silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of
from ui.presenters.computer_keys import WHITE_AND_BLACK, ComputerKeys, position_of

POSITIONS = [*WHITE_AND_BLACK, "Z", "X", "C", "V"]


@pytest.mark.parametrize(
    ("platform", "scan_code", "virtual_key", "letter", "position"),
    [
        ("xcb", 38, 0x61, "A", "A"),
        ("xcb", 38, 0x71, "Q", "A"),  # AZERTY: Q is printed where A lies
        ("wayland", 52, 0x79, "Y", "Z"),  # QWERTZ: Y is printed where Z lies
        ("windows", 0x1E, 0x51, "Q", "A"),
        ("windows", 0x2C, 0x59, "Y", "Z"),
        ("cocoa", 1, 0x00, "Q", "A"),
        ("cocoa", 1, 0x06, "Y", "Z"),
        ("offscreen", 0, 0, "A", "A"),
        ("xcb", 0, 0, "W", "W"),  # as sent by programs
        ("xcb", 24, 0x61, "A", None),  # AZERTY: A is printed where Q lies, which plays nothing
        ("xcb", 65, 0x20, "", None),
        ("offscreen", 0, 0, "Q", None),
        ("cocoa", 1, 0x31, "", None),
    ],
)
def test_a_key_is_known_by_its_place(
    platform: str, scan_code: int, virtual_key: int, letter: str, position: str | None
) -> None:
    assert position_of(platform, scan_code, virtual_key, letter) == position


def test_the_rows_are_a_piano() -> None:
    keys = ComputerKeys()
    assert [keys.press(name)[0][1] for name in "AWSEDFTGYHUJK"] == list(range(60, 73))


def test_octave_and_loudness() -> None:
    keys = ComputerKeys()
    assert keys.press("Z") == () and keys.press("A")[0][1] == 48
    keys.let_go("A")
    assert keys.press("X") == keys.press("X") == () and keys.press("A")[0][1] == 72
    louder, softer = ComputerKeys(), ComputerKeys()
    for _ in range(20):
        louder.press("V")
        softer.press("C")
    assert louder.press("A")[0][2] == 127 and 1 <= softer.press("A")[0][2] < 30


def test_an_octave_change_ends_what_is_held() -> None:
    keys = ComputerKeys()
    keys.press("A")
    (ended,) = keys.press("X")
    assert (kind_of(ended), ended[1]) == (NOTE_OFF, 60)
    assert keys.let_go("A") == ()


def test_letters_are_what_is_printed_as_far_as_seen() -> None:
    keys = ComputerKeys()
    assert keys.letters()[60] == "A"
    keys.press("A", "q")
    assert keys.letters()[60] == "Q" and keys.letters()[62] == "S"
    keys.press("X")
    assert keys.letters()[72] == "Q" and 60 not in keys.letters()


def test_nothing_above_the_highest_note() -> None:
    keys = ComputerKeys()
    for _ in range(9):
        keys.press("X")
    assert keys.press("A")[0][1] == 108 and keys.press("'")[0][1] == 125
    assert max(keys.letters()) <= 127


events = st.lists(st.tuples(st.sampled_from(["press", "let_go", "silence"]), st.sampled_from(POSITIONS)), max_size=60)


def play(keys: ComputerKeys, played: list[tuple[str, str]]) -> list[bytes]:
    messages: list[bytes] = []
    for what, position in played:
        messages += keys.silence() if what == "silence" else getattr(keys, what)(position)
    return messages


def sounding(messages: list[bytes]) -> set[int]:
    on: set[int] = set()
    for message in messages:
        if kind_of(message) == NOTE_ON:
            assert message[1] not in on, "a key that sounds is struck again"
            on.add(message[1])
        else:
            assert message[1] in on, "a key that does not sound is ended"
            on.remove(message[1])
    return on


@given(events)
def test_whatever_is_played_silence_ends_it(played: list[tuple[str, str]]) -> None:
    keys = ComputerKeys()
    messages = play(keys, played)
    assert sounding(messages) == keys.sounding
    assert sounding([*messages, *keys.silence()]) == set() == keys.sounding


@given(events)
def test_whatever_is_played_letting_go_ends_it(played: list[tuple[str, str]]) -> None:
    keys = ComputerKeys()
    messages = play(keys, played)
    assert sounding([*messages, *play(keys, [("let_go", position) for position in POSITIONS])]) == set()

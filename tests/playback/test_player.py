"""The player in virtual time: tables for each rule, then a random walk that must always end silent."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.message import NOTE_OFF, NOTE_ON, control_change, kind_of, note_off, note_on
from cocomposer.playback.player import DueMessage, Player
from cocomposer.playback.sounding import THRU_TURN

C4, E4 = 60, 64


def heard(messages: list[DueMessage]) -> list[tuple[float, bytes]]:
    return [(message.due_seconds, message.data) for message in messages]


def test_a_note_begins_and_ends_when_due_and_never_early() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 1.5, note_id=7)
    assert player.next_due() == 1.0
    assert player.pop_due(0.999) == []
    assert player.pop_due(1.0) == [DueMessage(1.0, note_on(0, C4, 90), 1, 7)]
    assert player.sounding == ((0, C4),)
    assert player.next_due() == 1.5
    assert player.pop_due(1.6) == [DueMessage(1.5, note_off(0, C4), 1, 7)]
    assert player.next_due() is None and player.silent


def test_a_short_note_popped_late_still_has_both_ends_in_order() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 1.01, note_id=0)
    assert heard(player.pop_due(1.05)) == [(1.0, note_on(0, C4, 90)), (1.01, note_off(0, C4))]


def test_at_equal_due_ends_come_first_then_controls_then_beginnings() -> None:
    player = Player()
    player.add_note(1, 0, E4, 80, 2.0, 3.0, note_id=2)
    player.add_message(1, 2.0, control_change(0, 64, 127))
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    player.pop_due(1.0)
    assert heard(player.pop_due(2.0)) == [
        (2.0, note_off(0, C4)),
        (2.0, control_change(0, 64, 127)),
        (2.0, note_on(0, E4, 80)),
    ]


def test_a_restrike_ends_the_earlier_note_first_and_only_once() -> None:
    player = Player(late_limit_seconds=10)
    player.add_note(1, 0, C4, 90, 1.0, 3.0, note_id=1)
    player.add_note(1, 0, C4, 70, 2.0, 2.5, note_id=2)
    assert player.pop_due(9.0) == [
        DueMessage(1.0, note_on(0, C4, 90), 1, 1),
        DueMessage(2.0, note_off(0, C4), 1, 1),
        DueMessage(2.0, note_on(0, C4, 70), 1, 2),
        DueMessage(2.5, note_off(0, C4), 1, 2),
    ]


def test_the_same_pitch_on_another_channel_is_another_key() -> None:
    player = Player(late_limit_seconds=10)
    player.add_note(1, 0, C4, 90, 1.0, 3.0, note_id=1)
    player.add_note(1, 1, C4, 70, 2.0, 2.5, note_id=2)
    assert [m.note_id for m in player.pop_due(9.0)] == [1, 2, 2, 1]


@pytest.mark.parametrize(("popped_at", "messages", "dropped"), [(1.0999, 1, 0), (1.1001, 0, 1)])
def test_a_note_beyond_the_late_limit_is_dropped_whole(popped_at: float, messages: int, dropped: int) -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 1.5, note_id=1)
    assert len(player.pop_due(popped_at)) == messages
    assert player.dropped == dropped
    assert len(player.pop_due(5.0)) == messages
    assert player.silent


def test_ends_and_controls_are_never_dropped() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 1.5, note_id=1)
    player.add_message(1, 1.2, control_change(0, 64, 0))
    player.pop_due(1.0)
    assert heard(player.pop_due(60.0)) == [(1.2, control_change(0, 64, 0)), (1.5, note_off(0, C4))]


def test_cut_ends_one_turn_and_leaves_the_other() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    player.add_note(1, 0, E4, 90, 1.5, 2.0, note_id=2)
    player.add_note(2, 1, C4, 90, 1.0, 2.0, note_id=3)
    player.add_message(1, 1.0, control_change(0, 64, 127))
    player.add_message(2, 1.8, control_change(1, 64, 127))
    player.pop_due(1.0)
    assert player.cut(1.2, turn=1) == [
        DueMessage(1.2, note_off(0, C4), 1, 1),
        DueMessage(1.2, control_change(0, 64, 0), 1),
    ]
    assert heard(player.pop_due(3.0)) == [(1.8, control_change(1, 64, 127)), (2.0, note_off(1, C4))]


def test_cut_of_all_leaves_the_players_own_hands_alone() -> None:
    player = Player()
    player.thru(note_on(0, E4, 50))
    player.thru(control_change(2, 64, 127))
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    player.pop_due(1.0)
    assert heard(player.cut(1.1)) == [(1.1, note_off(0, C4))]
    assert player.sounding == ((0, E4),)
    assert heard(player.hush(1.2)) == [(1.2, note_off(0, E4)), (1.2, control_change(2, 64, 0))]
    assert player.silent


def test_hand_and_machine_on_one_key_each_get_their_end() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    player.pop_due(1.0)
    player.thru(note_on(0, C4, 50))
    assert [m.turn for m in player.hush(1.5)] == [1, THRU_TURN]


def test_the_machine_striking_a_key_held_by_hand_ends_it_first() -> None:
    player = Player()
    player.thru(note_on(0, C4, 50))
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    assert heard(player.pop_due(1.0)) == [(1.0, note_off(0, C4)), (1.0, note_on(0, C4, 90))]


def test_panic_ends_all_then_silences_every_used_channel() -> None:
    player = Player()
    player.add_note(1, 3, C4, 90, 1.0, 2.0, note_id=1)
    player.pop_due(1.0)
    assert [m.data for m in player.panic(1.1)] == [
        note_off(3, C4),
        control_change(3, 64, 0),
        control_change(3, 123, 0),
        control_change(3, 120, 0),
    ]


def test_panic_before_anything_was_sent_silences_all_channels() -> None:
    assert len(Player().panic(0.0)) == 16 * 3


@pytest.mark.parametrize(
    ("moved_at", "to", "kept", "rest"),
    [
        (1.2, 1.8, True, [(1.8, "off")]),
        (1.2, 9.0, True, [(9.0, "off")]),
        (1.2, 0.5, True, [(0.5, "off")]),
        (0.5, 1.3, True, [(1.0, "on"), (1.3, "off")]),
        (0.5, 1.0, False, []),
        (2.5, 3.0, False, []),
    ],
)
def test_the_end_of_a_note_may_be_pulled_or_pushed(
    moved_at: float, to: float, kept: bool, rest: list[tuple[float, str]]
) -> None:
    player = Player(late_limit_seconds=100)
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    player.pop_due(moved_at)
    assert player.move_off(1, to) is kept
    words = {NOTE_ON: "on", NOTE_OFF: "off"}
    assert [(m.due_seconds, words[kind_of(m.data)]) for m in player.pop_due(99.0)] == rest
    assert player.silent


@pytest.mark.parametrize(
    ("channel", "pitch", "velocity", "on", "off"),
    [(0, 60, 90, 1.0, 1.0), (0, 60, 90, 1.0, float("nan")), (16, 60, 90, 1, 2), (0, 128, 90, 1, 2), (0, 60, 0, 1, 2)],
)
def test_what_is_no_note_is_refused(channel: int, pitch: int, velocity: int, on: float, off: float) -> None:
    with pytest.raises(ValueError, match="note"):
        Player().add_note(1, channel, pitch, velocity, on, off, note_id=1)


def test_a_note_in_use_and_a_note_as_message_are_refused() -> None:
    player = Player()
    player.add_note(1, 0, C4, 90, 1.0, 2.0, note_id=1)
    with pytest.raises(ValueError, match="already"):
        player.add_note(1, 0, C4, 90, 3.0, 4.0, note_id=1)
    with pytest.raises(ValueError, match="add_note"):
        player.add_message(1, 1.0, note_on(0, C4, 90))


@dataclass
class Wire:
    """What a synthesiser would see: keys down, pedals down, and how often each note began and ended."""

    down: set[tuple[int, int]] = field(default_factory=set)
    pedals: set[tuple[int, int]] = field(default_factory=set)
    begun: Counter[int] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)

    def hear(self, data: bytes, note_id: int | None = None) -> None:
        key = (data[0] & 15, data[1])
        if kind_of(data) == NOTE_ON:
            self.down.add(key)
            self.begun.update([] if note_id is None else [note_id])
        elif kind_of(data) == NOTE_OFF:
            self.down.discard(key)
            self.ended.update([] if note_id is None else [note_id])
        elif data[1] in (64, 66):
            (self.pedals.add if data[2] >= 64 else self.pedals.discard)(key)


seconds = st.integers(0, 40).map(lambda tenth: tenth / 10)
channels, pitches, turns = st.integers(0, 1), st.integers(60, 62), st.integers(1, 2)
controls = st.builds(control_change, channels, st.sampled_from([1, 64, 66]), st.sampled_from([0, 127]))
hands = st.one_of(st.builds(note_on, channels, pitches, st.just(80)), st.builds(note_off, channels, pitches), controls)
operations = st.one_of(
    st.tuples(st.just("note"), turns, channels, pitches, seconds, st.integers(1, 15)),
    st.tuples(st.just("message"), turns, seconds, controls),
    st.tuples(st.just("pass"), st.integers(0, 10)),
    st.tuples(st.just("cut"), st.one_of(st.none(), turns)),
    st.tuples(st.just("move"), st.integers(0, 20), seconds),
    st.tuples(st.just("thru"), hands),
    st.tuples(st.just("panic")),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(operations, max_size=40), st.sampled_from(["cut", "hush", "panic"]), st.booleans())
def test_any_sequence_ends_silent(walk: list[tuple], ending: str, by_hand: bool) -> None:  # type: ignore[type-arg]
    player, wire, now, note_id = Player(), Wire(), 0.0, 0

    def hear(messages: list[DueMessage]) -> None:
        for message in messages:
            wire.hear(message.data, message.note_id)

    for operation, *rest in walk:
        if operation == "note":
            turn, channel, pitch, start, tenths = rest
            player.add_note(turn, channel, pitch, 90, start, start + tenths / 10, note_id)
            note_id += 1
        elif operation == "message":
            player.add_message(*rest)
        elif operation == "pass":
            now += rest[0] / 10
            promised = player.next_due()
            out = player.pop_due(now)
            dues = [message.due_seconds for message in out]
            assert dues == sorted(dues) and all(due <= now for due in dues)
            assert not out or (promised is not None and promised <= dues[0])
            after = player.next_due()
            assert after is None or after > now
            hear(out)
        elif operation == "cut":
            hear(player.cut(now, rest[0]))
        elif operation == "move":
            player.move_off(rest[0], rest[1])
        elif operation == "thru" and by_hand:
            wire.hear(rest[0])
            player.thru(rest[0])
        elif operation == "panic":
            hear(player.panic(now))
    hear({"cut": player.cut, "hush": player.hush, "panic": player.panic}[ending](now))
    if ending != "cut" or not by_hand:
        assert not wire.down and not wire.pedals
        assert player.silent
    assert wire.begun == wire.ended and set(wire.begun.values()) <= {1}
    assert player.next_due() is None and player.pop_due(now + 100) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(pitches, seconds, st.integers(1, 20)), max_size=30), st.integers(1, 7))
def test_played_out_every_note_begins_and_ends_once(notes: list[tuple[int, float, int]], step: int) -> None:
    player, wire, now = Player(), Wire(), 0.0
    for note_id, (pitch, start, tenths) in enumerate(notes):
        player.add_note(1, 0, pitch, 90, start, start + tenths / 10, note_id)
    while player.next_due() is not None:
        for message in player.pop_due(now):
            wire.hear(message.data, message.note_id)
        now += step / 70  # never more than 0.1 s: nothing is dropped
    assert wire.begun == wire.ended == Counter(range(len(notes)))
    assert not wire.down and player.dropped == 0

"""One contract for fake and real ports: what goes into an output comes out of the input joined to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import loop
from cocomposer.music.message import (
    CLOCK,
    CONTINUE,
    START,
    STOP,
    TimedMessage,
    control_change,
    note_off,
    note_on,
    song_position,
)
from cocomposer.ports import MidiInput, MidiOutput
from tests.fakes.jack_server import JackServer

MESSAGES = [
    note_on(0, 0, 1),
    note_on(15, 127, 127),
    note_on(3, 60, 0),
    note_off(15, 127, 0),
    control_change(2, 64, 127),
    bytes((0xC5, 12)),
    bytes((0xD5, 99)),
    bytes((0xE1, 0x12, 0x34)),
    bytes((0xA1, 60, 5)),
    song_position(1234),
    bytes((START,)),
    bytes((CLOCK,)),
    bytes((CONTINUE,)),
    bytes((STOP,)),
]


@dataclass
class Joined:
    hearer: MidiInput
    output: MidiOutput


class Inbox:
    """Collects messages from the driver's thread and waits for a number of them, at most 3 s."""

    def __init__(self) -> None:
        self.messages: list[TimedMessage] = []
        self._changed = threading.Condition()

    def put(self, message: TimedMessage) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify()

    def wait_for(self, count: int) -> list[TimedMessage]:
        with self._changed:
            self._changed.wait_for(lambda: len(self.messages) >= count, 3.0)
            return list(self.messages)


def _virtual(_: pytest.FixtureRequest) -> Joined:
    return Joined(*loop(SystemClock(), "contract"))


def _rtmidi(request: pytest.FixtureRequest) -> Joined:
    from cocomposer.adapters.rtmidi_ports import RtmidiSystem

    server: JackServer = request.getfixturevalue("jack_server")
    system = RtmidiSystem("jack", SystemClock())
    joined = Joined(system.own_input("contract"), system.own_output("contract"))
    # JACK gives the second client of one name the suffix -01.
    server.connect("contract-01:out", "contract:in")
    return joined


@pytest.fixture(params=[_virtual, _rtmidi], ids=["virtual", "rtmidi"])
def joined(request: pytest.FixtureRequest) -> Iterator[Joined]:
    make: Callable[[pytest.FixtureRequest], Joined] = request.param
    ports = make(request)
    yield ports
    ports.hearer.close()
    ports.output.close()


def test_every_kind_of_message_arrives_whole_and_in_order(joined: Joined) -> None:
    inbox = Inbox()
    joined.hearer.listen(inbox.put)
    for data in MESSAGES:
        joined.output.send(data)
    assert [message.data for message in inbox.wait_for(len(MESSAGES))] == MESSAGES


def test_88_keys_at_once_arrive_and_are_stamped_within_the_call(joined: Joined) -> None:
    clock, inbox = SystemClock(), Inbox()
    joined.hearer.listen(inbox.put)
    before = clock.now()
    keys = [note_on(0, pitch, 64) for pitch in range(21, 109)]
    for data in keys:
        joined.output.send(data)
    arrived = inbox.wait_for(len(keys))
    stamps = [message.at_seconds for message in arrived]
    assert [message.data for message in arrived] == keys
    assert stamps == sorted(stamps)
    assert before <= stamps[0] and stamps[-1] <= clock.now()


def test_the_latest_listener_hears(joined: Joined) -> None:
    first, second = Inbox(), Inbox()
    joined.hearer.listen(first.put)
    joined.output.send(MESSAGES[0])
    assert len(first.wait_for(1)) == 1
    joined.hearer.listen(second.put)
    joined.output.send(MESSAGES[1])
    assert [message.data for message in second.wait_for(1)] == [MESSAGES[1]]
    assert len(first.messages) == 1


def test_ports_close_twice_and_then_refuse(joined: Joined) -> None:
    joined.hearer.listen(Inbox().put)
    for _ in range(2):
        joined.output.close()
        joined.hearer.close()
    with pytest.raises(OSError, match="contract"):
        joined.output.send(MESSAGES[0])
    assert joined.hearer.name == joined.output.name == "contract"

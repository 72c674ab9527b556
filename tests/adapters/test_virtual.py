"""The world without hardware."""

import pytest

from cocomposer.adapters.port_errors import PortMissing
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualClock, VirtualInput, VirtualMidi, VirtualOutput, loop
from cocomposer.music.message import TimedMessage, note_off, note_on
from cocomposer.ports import Clock, MidiInput, MidiOutput

ON, OFF = note_on(0, 60, 90), note_off(0, 60)


def test_they_are_what_the_engine_asks_for() -> None:
    clock: Clock = VirtualClock()
    ports: tuple[MidiInput, MidiOutput] = (VirtualInput(), VirtualOutput(clock))
    joined: tuple[MidiInput, MidiOutput] = loop(clock)
    real: Clock = SystemClock()
    assert [port.name for port in (*ports, *joined)] == ["virtual In", "virtual Out", "virtual loop", "virtual loop"]
    assert real.now() <= real.now()


def test_the_clock_only_runs_forwards() -> None:
    clock = VirtualClock(5.0)
    assert (clock.advance(1.5), clock.advance_to(3.0), clock.advance_to(8.0), clock.now()) == (6.5, 6.5, 8.0, 8.0)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-0.1)


def test_a_script_arrives_with_its_own_stamps() -> None:
    heard: list[TimedMessage] = []
    port = VirtualInput()
    port.feed(ON, 0.5)
    port.listen(heard.append)
    port.play([(1.0, ON), (1.5, OFF)])
    assert heard == [TimedMessage(1.0, ON), TimedMessage(1.5, OFF)]
    with pytest.raises(ValueError, match="clock"):
        port.feed(ON)


def test_an_output_records_until_it_is_unplugged() -> None:
    clock = VirtualClock()
    port = VirtualOutput(clock, "synth")
    port.send(ON)
    clock.advance(0.25)
    port.send(OFF)
    port.unplug()
    with pytest.raises(OSError, match="synth"):
        port.send(ON)
    assert port.sent == [(0.0, ON), (0.25, OFF)]


def test_the_far_end_hears_and_feeds_the_engines_own_ports() -> None:
    clock = VirtualClock(2.0)
    midi = VirtualMidi(clock)
    engine_heard: list[TimedMessage] = []
    daw_heard: list[TimedMessage] = []
    midi.own_input("cocomposer In").listen(engine_heard.append)
    midi.from_engine.listen(daw_heard.append)
    midi.to_engine.send(ON)
    midi.own_output("cocomposer Out").send(OFF)
    assert engine_heard == [TimedMessage(2.0, ON)]
    assert daw_heard == [TimedMessage(2.0, OFF)]
    with pytest.raises(PortMissing, match="Launchkey"):
        midi.open_input("Launchkey")

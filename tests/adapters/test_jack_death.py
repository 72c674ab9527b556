"""The JACK server dies under open ports, and comes back."""

from cocomposer.adapters.rtmidi_ports import RtmidiSystem
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.runtime.port_keeper import OWN_INPUT, OWN_OUTPUT, Direction, PortChange, PortLoop, WantedPort
from tests.fakes.jack_server import JackServer


def test_our_ports_are_told_lost_and_made_again(jack_server: JackServer) -> None:
    changes: list[PortChange] = []
    wanted = [WantedPort(Direction.INPUT, OWN_INPUT, own=True), WantedPort(Direction.OUTPUT, OWN_OUTPUT, own=True)]
    ports = PortLoop(RtmidiSystem("jack", SystemClock()), wanted, changes.append)
    try:
        ports.look()
        assert [change.port is not None for change in changes] == [True, True]
        ports.look()
        jack_server.kill()
        ports.look()
        ports.look()
        assert [change.port for change in changes[2:]] == [None, None]
        assert OWN_OUTPUT in changes[-1].sentence
        jack_server.start()
        ports.look()
        assert [change.port is not None for change in changes[4:]] == [True, True]
        assert {"cocomposer In:in", "cocomposer Out:out"} <= set(jack_server.ports())
    finally:
        ports.stop()

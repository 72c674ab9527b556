"""What is attached and detached as port names come and go; and that the loop carries it out and says so once."""

import threading

import pytest

from cocomposer.adapters.virtual import VirtualClock, VirtualMidi
from cocomposer.runtime.midi_choice import NO_SYSTEM, choose_midi
from cocomposer.runtime.port_keeper import (
    OWN_INPUT,
    OWN_OUTPUT,
    Attach,
    Detach,
    Direction,
    PortChange,
    PortKeeper,
    PortLoop,
    WantedPort,
)
from tests.fakes.ports import PluggedSystem

KEYS = WantedPort(Direction.INPUT, "Keystation:Keystation MIDI 1")
SYNTH = WantedPort(Direction.OUTPUT, "Synth:in")
OWN_IN = WantedPort(Direction.INPUT, OWN_INPUT, own=True)
OWN_OUT = WantedPort(Direction.OUTPUT, OWN_OUTPUT, own=True)
KEYS_20, KEYS_24 = "Keystation:Keystation MIDI 1 20:0", "Keystation:Keystation MIDI 1 24:0"
OWN_LISTED = "cocomposer:cocomposer In 130:0"

Look = tuple[list[str] | None, list[str] | None, list[Attach | Detach]]


@pytest.mark.parametrize(
    ("wanted", "looks"),
    [
        pytest.param(
            [KEYS],
            [
                ([], [], []),
                ([KEYS_20], [], [Attach(KEYS, KEYS_20)]),
                ([KEYS_20], [], []),
                ([], [], [Detach(KEYS)]),
                ([], [], []),
                ([KEYS_24], [], [Attach(KEYS, KEYS_24)]),
            ],
            id="plugged in, pulled out, plugged in elsewhere",
        ),
        pytest.param(
            [KEYS],
            [([KEYS_20], [], [Attach(KEYS, KEYS_20)]), ([KEYS_24], [], [Detach(KEYS), Attach(KEYS, KEYS_24)])],
            id="back between two looks",
        ),
        pytest.param(
            [KEYS, SYNTH],
            [(["Synth:in 1:0"], [KEYS_20], []), ([], ["Synth:in 1:0"], [Attach(SYNTH, "Synth:in 1:0")])],
            id="an input is no output",
        ),
        pytest.param(
            [OWN_IN],
            [([], [], [Attach(OWN_IN, None)]), ([], [], []), ([], [], [])],
            id="our own port need not be listed at all",
        ),
        pytest.param(
            [OWN_IN],
            [
                ([], [], [Attach(OWN_IN, None)]),
                ([], [OWN_LISTED], []),
                ([], [OWN_LISTED], []),
                ([], [], [Detach(OWN_IN), Attach(OWN_IN, None)]),
            ],
            id="our own port was listed and is not any more",
        ),
        pytest.param(
            [OWN_IN, KEYS],
            [
                ([KEYS_20], [], [Attach(OWN_IN, None), Attach(KEYS, KEYS_20)]),
                (None, None, [Detach(OWN_IN), Detach(KEYS)]),
                (None, None, []),
                ([KEYS_20], [], [Attach(OWN_IN, None), Attach(KEYS, KEYS_20)]),
            ],
            id="the MIDI system dies and comes back",
        ),
    ],
)
def test_looks(wanted: list[WantedPort], looks: list[Look]) -> None:
    keeper = PortKeeper(wanted, "alsa")
    for inputs, outputs, actions in looks:
        assert keeper.check(inputs, outputs) == actions


def test_what_failed_is_tried_again() -> None:
    keeper = PortKeeper([KEYS], "alsa")
    assert keeper.check([KEYS_20], []) == [Attach(KEYS, KEYS_20)]
    keeper.failed(KEYS)
    assert keeper.missing == (KEYS,)
    assert keeper.check([KEYS_20], []) == [Attach(KEYS, KEYS_20)]


def test_another_choice_of_ports() -> None:
    keeper = PortKeeper([KEYS, OWN_IN], "alsa")
    keeper.check([KEYS_20], [])
    keeper.want([OWN_IN, SYNTH])
    assert keeper.check([KEYS_20], ["Synth:in 1:0"]) == [
        Detach(KEYS, on_request=True),
        Attach(SYNTH, "Synth:in 1:0"),
    ]
    assert keeper.missing == () and keeper.wanted == (OWN_IN, SYNTH)


def told(changes: list[PortChange]) -> list[tuple[str, bool]]:
    said = [(change.wanted.name, change.port is not None) for change in changes]
    changes.clear()
    return said


def test_the_loop_opens_loses_and_opens_again() -> None:
    midi = PluggedSystem(VirtualClock(), [KEYS_20], [])
    changes: list[PortChange] = []
    ports = PortLoop(midi, [KEYS, OWN_OUT], changes.append)
    ports.look()
    assert told(changes) == [(KEYS.name, True), (OWN_OUTPUT, True)]
    midi.inputs = []
    ports.look()
    assert told(changes) == [(KEYS.name, False)]
    assert midi.closed == [KEYS_20]
    midi.inputs = [KEYS_24]
    ports.look()
    assert told(changes) == [(KEYS.name, True)]
    ports.stop()
    assert midi.closed == [KEYS_20, OWN_OUTPUT, KEYS_24, "system"]


def test_a_port_that_will_not_open_is_told_once_and_tried_on() -> None:
    midi = PluggedSystem(VirtualClock(), [KEYS_20], [])
    midi.refuses = "held by another program"
    changes: list[PortChange] = []
    ports = PortLoop(midi, [KEYS], changes.append)
    ports.look()
    ports.look()
    assert [change.sentence for change in changes] == ["held by another program"]
    midi.refuses = ""
    ports.look()
    assert changes[-1].port is not None and ports.missing == ()


def test_a_port_that_fails_while_sending_is_closed_and_opened_again() -> None:
    midi = PluggedSystem(VirtualClock(), [], [])
    changes: list[PortChange] = []
    ports = PortLoop(midi, [OWN_OUT], changes.append)
    ports.look()
    ports.failed(OWN_OUT)
    ports.failed(OWN_OUT)
    ports.look()
    assert told(changes) == [(OWN_OUTPUT, True), (OWN_OUTPUT, False), (OWN_OUTPUT, True)]
    assert midi.closed == [OWN_OUTPUT]


def test_without_any_midi_system_everything_starts_on_the_virtual_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cocomposer.runtime.midi_choice.midi_system", lambda _: None)
    midi, sentence = choose_midi(None, VirtualClock())
    assert isinstance(midi, VirtualMidi) and sentence == NO_SYSTEM
    midi, sentence = choose_midi("jack", VirtualClock())
    assert isinstance(midi, VirtualMidi) and sentence is not None and "jack" in sentence
    changes: list[PortChange] = []
    PortLoop(midi, [OWN_IN, OWN_OUT], changes.append).look()
    assert told(changes) == [(OWN_INPUT, True), (OWN_OUTPUT, True)]


def test_the_virtual_port_may_be_chosen_and_an_unknown_system_may_not() -> None:
    midi, sentence = choose_midi("virtual", VirtualClock())
    assert midi.system == "virtual" and sentence is None
    with pytest.raises(ValueError, match="oss"):
        choose_midi("oss", VirtualClock())


def test_the_thread_looks_at_once_when_a_port_has_failed_and_closes_all_at_the_end() -> None:
    midi = PluggedSystem(VirtualClock(), [], [])
    opened: list[PortChange] = []
    again = threading.Event()

    def changed(change: PortChange) -> None:
        opened.append(change)
        if len(opened) == 3:
            again.set()

    ports = PortLoop(midi, [OWN_OUT], changed, look_seconds=60.0)
    ports.start()
    ports.failed(OWN_OUT)
    assert again.wait(2.0)
    ports.stop()
    assert told(opened) == [(OWN_OUTPUT, True), (OWN_OUTPUT, False), (OWN_OUTPUT, True)]
    assert midi.closed == [OWN_OUTPUT, OWN_OUTPUT, "system"]
    assert "ports" not in [thread.name for thread in threading.enumerate()]

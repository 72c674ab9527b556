"""Real ports, with independent JACK programs as the DAW: what they send, what they record, and whose clock runs."""

import re
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cocomposer.adapters.port_errors import NoMidiSystem, PortMissing
from cocomposer.adapters.rtmidi_ports import RtmidiInput, RtmidiOutput, RtmidiSystem, midi_system
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.music.message import CLOCK, NOTE_OFF, NOTE_ON, START, STOP, TimedMessage, kind_of, note_off, note_on
from tests.fakes.jack_server import PERIOD_SECONDS, JackServer


@pytest.fixture
def system(jack_server: JackServer) -> RtmidiSystem:
    return RtmidiSystem("jack", SystemClock())


@pytest.fixture
def hearer(system: RtmidiSystem) -> Iterator[RtmidiInput]:
    port = system.own_input("cocomposer In")
    yield port
    port.close()


@pytest.fixture
def output(system: RtmidiSystem) -> Iterator[RtmidiOutput]:
    port = system.own_output("cocomposer Out")
    yield port
    port.close()


def test_an_unknown_system_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="coremidi, winmm, alsa, jack"):
        midi_system("oss")


def test_jack_is_found_and_an_explicit_choice_is_honoured(jack_server: JackServer) -> None:
    assert midi_system("jack") == "jack"
    assert midi_system() in ("alsa", "jack")


def test_without_a_server_there_is_no_jack(jack_server: JackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    assert midi_system("jack") is None
    with pytest.raises(NoMidiSystem, match="does not answer"):
        RtmidiSystem("jack", SystemClock())


def test_a_musician_sees_our_ports_by_name(
    jack_server: JackServer, system: RtmidiSystem, hearer: RtmidiInput, output: RtmidiOutput
) -> None:
    ports = jack_server.ports()
    assert "cocomposer In:in" in ports and "cocomposer Out:out" in ports
    assert "cocomposer In:in" in system.output_names()
    assert "cocomposer Out:out" in system.input_names()


def test_a_phrase_from_another_program_arrives_with_its_rhythm(jack_server: JackServer, hearer: RtmidiInput) -> None:
    heard: list[TimedMessage] = []
    hearer.listen(heard.append)
    # A loop of 48000 frames: 60 at 0, 64 at 0.25 s, 67 at 0.75 s, each 0.125 s long; sample-accurate.
    phrase = "0 60 6000 12000 64 6000 36000 67 6000".split()
    program = jack_server.run("jack_midiseq", "seqsrc", "48000", *phrase)
    jack_server.connect("seqsrc:out", "cocomposer In:in")
    time.sleep(4.2)
    jack_server.end(program)
    onsets = [m for m in heard if kind_of(m.data) == NOTE_ON]
    first = next(place for place, m in enumerate(onsets) if m.data[1] == 60)
    onsets = onsets[first : first + 9]
    assert [m.data[1] for m in onsets] == [60, 64, 67] * 3
    gaps = [b.at_seconds - a.at_seconds for a, b in pairwise(onsets)]
    wrong = sorted(abs(gap - due) for gap, due in zip(gaps, [0.25, 0.5, 0.25] * 2 + [0.25, 0.5], strict=True))
    # rtmidi knows the period in which a message came, not the frame; one gap may be stretched by a busy machine.
    assert wrong[-2] < PERIOD_SECONDS + 0.002
    offs = sum(kind_of(m.data) == NOTE_OFF for m in heard)
    assert abs(offs - sum(kind_of(m.data) == NOTE_ON for m in heard)) <= 1


def test_another_program_records_what_we_send(jack_server: JackServer, output: RtmidiOutput, tmp_path: Path) -> None:
    record = tmp_path / "dump.txt"
    program = jack_server.run("stdbuf", "-oL", "jack_midi_dump", "-a", output=record)
    jack_server.connect("cocomposer Out:out", "midi-monitor:input")
    sent = [note_on(0, 60, 90), note_off(0, 60), note_on(9, 64, 1), note_off(9, 64)]
    for data in sent:
        output.send(data)
        time.sleep(0.1)
    time.sleep(0.2)
    jack_server.end(program)
    lines = re.findall(r"^\s*(\d+):((?: [0-9a-f]{2})+)", record.read_text(), re.MULTILINE)
    assert [bytes.fromhex(line[1]) for line in lines] == sent
    frames = [int(line[0]) for line in lines]
    gaps = [(b - a) / 48000 for a, b in pairwise(frames)]
    assert gaps == pytest.approx([0.1] * 3, abs=PERIOD_SECONDS + 0.03)


def test_a_daws_clock_arrives_at_its_tempo(jack_server: JackServer, hearer: RtmidiInput) -> None:
    heard: list[TimedMessage] = []
    hearer.listen(heard.append)
    transport = jack_server.run("jack_transport")
    assert transport.stdin is not None

    def tell(words: bytes) -> None:
        assert transport.stdin is not None
        transport.stdin.write(words)
        transport.stdin.flush()

    tell(b"master\ntempo 132\n")
    program = jack_server.run("jack_midi_clock", "-P", "cocomposer In:in")
    time.sleep(0.5)
    tell(b"play\n")
    time.sleep(4.0)
    tell(b"stop\n")
    time.sleep(0.3)
    tell(b"exit\n")
    jack_server.end(program)
    jack_server.end(transport)
    kinds = [kind_of(m.data) for m in heard if kind_of(m.data) in (START, CLOCK, STOP)]
    start, stop = kinds.index(START), kinds.index(STOP)
    clocks = [m.at_seconds for m in heard if kind_of(m.data) == CLOCK][: stop - start - 1]
    assert set(kinds[start + 1 : stop]) == {CLOCK} and len(clocks) >= 150
    gaps = [b - a for a, b in pairwise(clocks)]
    steady = [gap for gap in gaps if gap < 0.04]  # a busy machine may stop the server's time now and then
    assert len(steady) >= len(gaps) - 3
    assert 60 / statistics.fmean(steady) / 24 == pytest.approx(132, abs=1.0)
    assert statistics.pstdev(steady) < PERIOD_SECONDS


def test_ports_come_and_go_cleanly(jack_server: JackServer, system: RtmidiSystem) -> None:
    for _ in range(20):
        hearer, output = system.own_input("cocomposer In"), system.own_output("cocomposer Out")
        hearer.listen(lambda _: None)
        output.send(note_on(0, 60, 1))
        hearer.close()
        output.close()
    assert not [port for port in jack_server.ports() if port.startswith("cocomposer")]


def test_an_existing_port_is_opened_by_part_of_its_name(jack_server: JackServer, system: RtmidiSystem) -> None:
    program = jack_server.run("jack_midiseq", "synthesiser", "4800", "0", "61", "2400")
    try:
        for _ in range(50):
            if "synthesiser:out" in system.input_names():
                break
            time.sleep(0.05)
        heard: list[TimedMessage] = []
        port = system.open_input("Synthesiser")
        port.listen(heard.append)
        time.sleep(0.4)
        port.close()
        assert {m.data[1] for m in heard} == {61}
        with pytest.raises(PortMissing, match=r'no MIDI input "Launchkey"; found: .*synthesiser:out'):
            system.open_input("Launchkey")
    finally:
        jack_server.end(program)

"""A keyboard that is plugged in later, pulled out and plugged in again; and the whole MIDI system going down."""

import signal

from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import IN, OUT, StartJam, alive, parent_of, until
from tests.fakes.tape import NewTape, onsets, sounding

NAME = "launchkey"
LOOP = ("12000", "0", "61", "6000")
"""One key, four times a second."""


def test_a_named_input_is_taken_up_whenever_it_comes(start_jam: StartJam, jack_server: JackServer) -> None:
    jam = start_jam("--input", NAME, "--set", "answer=false")
    assert jam.told("Opened")[0]["ports"] == ["cocomposer In", "cocomposer Out"]
    absent = [n["sentence"] for n in jam.told("Notice") if n["sentence"].startswith(f'There is no MIDI input "{NAME}"')]
    assert len(absent) == 1 and "it is taken up when it appears" in absent[0] and "cocomposer" not in absent[0]
    assert not jam.told("Heard")
    for _ in range(2):
        mark = jam.mark()
        program = jack_server.run("jack_midiseq", NAME, *LOOP)
        jam.expect("Notice", lambda n: NAME in n["sentence"] and "open" in n["sentence"], after=mark)
        assert jam.expect("Heard", after=mark, count=3)["pitch"] == 61
        mark = jam.mark()
        jack_server.end(program)
        jam.expect("Notice", lambda n: NAME in n["sentence"] and "gone" in n["sentence"], after=mark)
    assert {IN, OUT} <= set(jack_server.ports())
    jam.say("q")
    assert jam.wait() == 0 and jam.errors == ""


def test_the_jam_survives_the_death_of_the_jack_server(
    start_jam: StartJam, jack_server: JackServer, new_tape: NewTape
) -> None:
    jam = start_jam("--endless", "--set", "interruptible=false", "--set", "answer=false")
    tape = new_tape(OUT)
    program = jack_server.run("jack_midiseq", NAME, *LOOP)
    jack_server.connect(f"{NAME}:out", IN)
    jam.expect("Heard", count=4)
    jam.say("")
    tape.wait(0, lambda found: len(onsets(found)) >= 3 and bool(sounding(found)))
    mark = jam.mark()
    jack_server.kill()
    try:
        jam.expect("Notice", lambda n: "gone" in n["sentence"] and OUT[:-4] in n["sentence"], after=mark)
        jam.expect("Take", after=mark)
        # It goes on: the model is there, and the ports come back with the server.
        assert jam.expect("Status", after=mark)["composer_ready"]
        jack_server.end(program)
    finally:
        jack_server.start()
    mark = jam.mark()
    jam.expect("Notice", lambda n: "is open" in n["sentence"] and OUT[:-4] in n["sentence"], after=mark)
    assert until(lambda: {IN, OUT} <= set(jack_server.ports()))
    tape = new_tape(OUT)
    mark = jam.mark()
    jam.say("")
    jam.expect("Play", after=mark)
    tape.wait(0, lambda found: len(onsets(found)) >= 3)
    jam.say("s")
    tape.wait(0, lambda found: not sounding(found))
    jam.say("q")
    assert jam.wait() == 0 and jam.errors == ""


def test_the_death_of_the_jack_server_at_the_very_end_is_no_crash(start_jam: StartJam, jack_server: JackServer) -> None:
    jam = start_jam()
    engine = parent_of(jam.told("Ready")[0]["composer_pid"])
    jack_server.kill()
    try:
        jam.signal(signal.SIGTERM)
        assert jam.wait() == 0 and jam.errors == ""
        assert until(lambda: not alive(engine))
    finally:
        jack_server.start()

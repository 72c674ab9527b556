"""Whoever dies in the middle of an answer, and however: every note is ended, and nothing is left behind."""

import os
import signal
from itertools import pairwise

import pytest

from cocomposer.music.message import CC_SOFT
from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import IN, OUT, JamProgram, StartJam, alive, parent_of, until
from tests.fakes.keyboard import PORT, Keyboard
from tests.fakes.tape import NewTape, Tape, onsets, sounding

PHRASE = (60, 64, 67, 72)
OURS = 0
LONGEST_REST_SECONDS = 2.1
"""The machine rests for at most four beats of free time's 120 BPM (and the wire is quantised)."""


def answering(
    start_jam: StartJam, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> tuple[JamProgram, Tape]:
    """A jam in the middle of an endless answer, with a note that sounds."""
    jam = start_jam("--endless")
    jack_server.connect(PORT, IN)
    tape = new_tape(OUT)
    keyboard.play(PHRASE)
    keyboard.pedal(CC_SOFT)
    tape.wait(OURS, lambda found: len(onsets(found)) >= 3 and bool(sounding(found)))
    return jam, tape


def all_gone(jack_server: JackServer) -> bool:
    return not any(port.startswith("cocomposer") for port in jack_server.ports())


@pytest.mark.parametrize(
    ("number", "group", "code"),
    [
        pytest.param(signal.SIGKILL, False, -signal.SIGKILL, id="killed"),
        pytest.param(signal.SIGTERM, False, 0, id="asked to end"),
        pytest.param(signal.SIGINT, True, 0, id="Ctrl-C"),
        pytest.param(signal.SIGHUP, True, 0, id="its terminal is closed"),
    ],
)
def test_the_end_of_the_front_end_ends_all_notes_and_processes(
    start_jam: StartJam,
    jack_server: JackServer,
    keyboard: Keyboard,
    new_tape: NewTape,
    number: signal.Signals,
    group: bool,
    code: int,
) -> None:
    jam, tape = answering(start_jam, jack_server, keyboard, new_tape)
    composer = jam.told("Ready")[0]["composer_pid"]
    engine = parent_of(composer)
    assert engine != jam.pid and alive(engine) and alive(composer)
    jam.signal(number, group=group)
    assert jam.wait() == code
    tape.wait(OURS, lambda found: not sounding(found))
    assert until(lambda: not alive(engine) and not alive(composer))
    assert until(lambda: all_gone(jack_server))
    assert not sounding(tape.messages(OURS))
    if number is not signal.SIGKILL:
        assert jam.errors == ""


def test_music_goes_on_without_the_composer_until_it_is_back(
    start_jam: StartJam, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jam, tape = answering(start_jam, jack_server, keyboard, new_tape)
    composer = jam.told("Ready")[0]["composer_pid"]
    mark, heard = jam.mark(), len(onsets(tape.messages(OURS)))
    # First it hangs: what was planned runs out, then the fallback keeps the beat. Then it dies.
    os.kill(composer, signal.SIGSTOP)
    jam.expect("Play", lambda n: n["fallback"], after=mark)
    os.kill(composer, signal.SIGKILL)
    jam.expect("Lost", after=mark)
    again = jam.expect("Ready", after=mark, timeout_seconds=30.0)
    assert again["composer_pid"] != composer and alive(again["composer_pid"])
    mark = jam.mark()
    jam.expect("Play", lambda n: not n["fallback"], after=mark)
    assert not jam.told("Take"), "the answer was broken off"
    jam.say("s")
    jam.expect("Take", after=mark)
    answer = tape.wait(OURS, lambda found: not sounding(found))
    moments = onsets(answer)[heard - 1 :]
    assert max(b - a for a, b in pairwise(moments)) <= LONGEST_REST_SECONDS, "the music stopped meanwhile"


def test_the_engines_own_death_is_told_in_a_sentence(
    start_jam: StartJam, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jam, _ = answering(start_jam, jack_server, keyboard, new_tape)
    composer = jam.told("Ready")[0]["composer_pid"]
    os.kill(parent_of(composer), signal.SIGKILL)
    assert jam.wait() == 1
    assert jam.errors.strip() == "The engine has ended; start cocomposer again."
    assert until(lambda: not alive(composer))

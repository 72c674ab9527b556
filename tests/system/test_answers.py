"""A phrase goes in, an answer comes out: by a pause, by a pedal, through a DAW that echoes, and cut short by a key."""

import statistics
import subprocess
from pathlib import Path

import pytest

from cocomposer.music.message import CC_ALL_NOTES_OFF, CC_SOFT, CONTROL_CHANGE, kind_of
from tests.fakes.jack_server import PERIOD_SECONDS, JackServer
from tests.fakes.jam_program import IN, OUT, JamProgram, StartJam, until
from tests.fakes.keyboard import CHANNEL, PORT, Keyboard
from tests.fakes.tape import NewTape, Tape, onsets, sounding

PHRASE = (60, 64, 67, 72)
OURS = 4
"""The app answers on this channel, counted from 0."""
STOP_SECONDS = 0.010
"""So long may the machine take to be silent when it is interrupted."""


@pytest.fixture(scope="module")
def shared_jam(start_jam: StartJam) -> JamProgram:
    return start_jam("--set", f"channel={OURS + 1}")


@pytest.fixture
def jam(shared_jam: JamProgram) -> JamProgram:
    """One for the module, with its settings and its memory as if it had just been started."""
    mark = shared_jam.mark()
    shared_jam.say("r")
    shared_jam.say("length=phrase")
    shared_jam.say("answer=true")
    shared_jam.expect("SettingsChanged", lambda n: n["settings"]["answer"], after=mark)
    return shared_jam


def begin_an_endless_answer(jam: JamProgram, keyboard: Keyboard, tape: Tape, notes: int = 3) -> None:
    """Play a phrase and wait until so many notes of the answer were heard and one of them sounds."""
    mark, before = jam.mark(), len(onsets(tape.messages(OURS)))
    jam.say("length=endless")
    keyboard.play(PHRASE)
    keyboard.pedal(CC_SOFT)
    jam.expect("ModeChanged", lambda n: n["mode"] == "answering", after=mark)
    tape.wait(OURS, lambda found: len(onsets(found)) >= before + notes and bool(sounding(found)))


def test_a_phrase_from_another_program_is_answered_when_it_is_over(
    jam: JamProgram, jack_server: JackServer, new_tape: NewTape
) -> None:
    assert {IN, OUT} <= set(jack_server.ports())
    mark = jam.mark()
    # A loop of a minute whose phrase begins 2 s after its start: time enough to connect it.
    places = [str(number) for k, pitch in enumerate(PHRASE) for number in (96000 + 9600 * k, pitch, 7200)]
    program = jack_server.run("jack_midiseq", "sequencer", str(60 * 48000), *places)
    jack_server.connect("sequencer:out", IN)
    tape = new_tape(OUT, "sequencer:out")
    assert not tape.messages(), "the phrase began before it was connected"
    take = jam.expect("Take", after=mark)
    jack_server.end(program)
    assert [note["pitch"] for note in take["phrase"]] == list(PHRASE)
    assert take["answer"] and not take["cut_short"]
    answer = tape.wait(OURS, lambda found: len(onsets(found)) == len(take["answer"]) and not sounding(found))
    assert [m.data[1] for m in answer if m.begins] == [note["pitch"] for note in take["answer"]]
    phrase = tape.messages(0)
    assert not sounding(phrase) and len(onsets(phrase)) == len(PHRASE)
    gap = onsets(answer)[0] - max(m.at_seconds for m in phrase)
    # The pause that ends a phrase has a floor of 0.3 s; more than 2 s would be no conversation.
    assert 0.25 < gap < 2.0


def test_a_pedal_takes_over_at_once(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jack_server.connect(PORT, IN)
    tape = new_tape(OUT, PORT)
    mark = jam.mark()
    jam.say("answer=false")
    jam.expect("SettingsChanged", lambda n: not n["settings"]["answer"], after=mark)
    keyboard.play(PHRASE)
    # Without the pedal nobody answers: the phrase is over, and the machine goes on listening.
    jam.expect("ModeChanged", lambda n: n["mode"] == "hearing", after=mark)
    jam.expect("ModeChanged", lambda n: n["mode"] == "listening", after=mark)
    assert not tape.messages(OURS) and not jam.told("Play", mark)
    keyboard.pedal(CC_SOFT)
    take = jam.expect("Take", after=mark)
    assert [note["pitch"] for note in take["phrase"]] == list(PHRASE) and take["answer"]
    answer = tape.wait(OURS, lambda found: len(onsets(found)) == len(take["answer"]) and not sounding(found))
    pressed = next(m.at_seconds for m in tape.messages(CHANNEL) if kind_of(m.data) == CONTROL_CHANGE)
    # The figure to reach is 60 ms (the benchmark measures it); here a busy machine may take its time.
    assert 0 < onsets(answer)[0] - pressed < 0.5


def test_our_own_notes_that_come_back_are_no_phrase(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jack_server.connect(PORT, IN)
    jack_server.connect(OUT, IN)
    try:
        tape = new_tape(OUT)
        mark = jam.mark()
        echoes_before = jam.expect("Status", after=mark)["echoes"]
        keyboard.play((*PHRASE, *PHRASE))
        take = jam.expect("Take", after=mark)
        tape.wait(OURS, lambda found: len(onsets(found)) == len(take["answer"]) and not sounding(found))
        assert not take["cut_short"]
        # The last echo comes back a period or two after its note; how things stand is told twice a second.
        seen = jam.expect("Status", after=jam.mark())
        assert seen["echoes"] == echoes_before + len(take["answer"])
        assert seen["mode"] == "listening"
        assert len(jam.told("Heard", mark)) == 2 * len(PHRASE)
        assert len(jam.told("Take", mark)) == 1
    finally:
        subprocess.run(["jack_disconnect", OUT, IN], check=True)


def test_a_key_interrupts_within_10_ms(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jack_server.connect(PORT, IN)
    tape = new_tape(OUT, PORT)
    taken: list[float] = []
    for _ in range(5):
        begin_an_endless_answer(jam, keyboard, tape)
        mark = jam.mark()
        keyboard.press(40)
        take = jam.expect("Take", after=mark)
        keyboard.release(40)
        assert take["cut_short"]
        answer = tape.wait(OURS, lambda found: not sounding(found))
        pressed = [m.at_seconds for m in tape.messages(CHANNEL) if m.begins and m.data[1] == 40][-1]
        taken.append(max(0.0, answer[-1].at_seconds - pressed))
        # It listens again: the key that interrupted begins the next phrase.
        jam.expect("ModeChanged", lambda n: n["mode"] == "hearing", after=mark)
        jam.say("r")
        jam.expect("Notice", lambda n: "forgotten" in n["sentence"], after=mark)
    # What python-rtmidi sends goes out with the next JACK period; a stall of a shared machine may spoil one or two.
    assert statistics.median(taken) <= STOP_SECONDS + PERIOD_SECONDS, taken
    assert max(taken) < 0.1, taken


def test_typed_words_are_obeyed(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape, tmp_path: Path
) -> None:
    jack_server.connect(PORT, IN)
    tape = new_tape(OUT)
    begin_an_endless_answer(jam, keyboard, tape)
    mark = jam.mark()
    jam.say("s")
    assert jam.expect("Take", after=mark)["cut_short"]
    tape.wait(OURS, lambda found: not sounding(found))
    jam.say("")
    jam.expect("ModeChanged", lambda n: n["mode"] == "answering", after=mark)
    tape.wait(OURS, lambda found: bool(sounding(found)))
    mark = jam.mark()
    jam.say("p")
    jam.expect("Take", after=mark)
    panicked = tape.wait(
        OURS, lambda found: any(kind_of(m.data) == CONTROL_CHANGE and m.data[1] == CC_ALL_NOTES_OFF for m in found)
    )
    assert not sounding(panicked)
    mark = jam.mark()
    jam.say("creativity=3")
    jam.expect("Notice", lambda n: "creativity" in n["sentence"], after=mark)
    mark = jam.mark()
    jam.say("l")
    jam.expect("Notice", after=mark)
    keyboard.pedal(20)
    jam.expect("Notice", lambda n: n["sentence"] == "Controller 20 now works take over.", after=mark)
    mark = jam.mark()
    keyboard.pedal(20)
    jam.expect("ModeChanged", lambda n: n["mode"] == "answering", after=mark)
    mark = jam.mark()
    jam.say("s")
    jam.expect("ModeChanged", lambda n: n["mode"] == "listening", after=mark)
    jam.say("t")
    jam.expect("Status", after=jam.mark())
    jam.say("t")
    jam.expect("Notice", lambda n: n["sentence"].startswith("Tapped: "), after=mark)
    assert jam.expect("Status", after=jam.mark())["beat_source"] == "tap"
    jam.say("no such word")
    assert until(lambda: "no setting" in jam.errors)

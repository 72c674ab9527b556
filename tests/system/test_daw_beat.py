"""With a DAW's MIDI clock the answer lies on the DAW's beat, as the DAW itself would record it, and stops with it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.music.message import CLOCK, START, STOP, kind_of
from cocomposer.music.ticks import CLOCKS_PER_BEAT, TICKS_PER_BEAT, TICKS_PER_CLOCK
from tests.fakes import daw_transport
from tests.fakes.daw_transport import DawTransport
from tests.fakes.jack_server import PERIOD_SECONDS, JackServer
from tests.fakes.jam_program import IN, OUT, JamProgram, StartJam
from tests.fakes.keyboard import PORT, Keyboard
from tests.fakes.tape import NewTape, Recorded, onsets, sounding

BPM = 120
PHRASE = (60, 64, 67, 72)
OURS = 0
GRID_TICKS = sorted({*range(0, TICKS_PER_BEAT + 1, 12), *range(0, TICKS_PER_BEAT + 1, 16)})
"""Sixteenths and eighth triplets of a beat: where the default settings let notes begin."""
OFFSET_SECONDS = PERIOD_SECONDS
"""All may be early or late together by this: the clock is stamped with the beginning of the JACK period in which it
comes (half a period early on average), and what is sent goes out with the beginning of the next (as much late)."""
SPREAD_SECONDS = PERIOD_SECONDS + 0.001
"""Both of these are quantised to the period; measured: -2 to +3.3 ms."""
ON_TIME = 0.9
"""Share of the notes for which that must hold: when a shared machine stops the JACK server for a moment, its frames
and our clock run apart for a note or two (one of 220 was 14 ms early by its frames, and not by our clock)."""


@pytest.fixture(scope="module")
def jam(start_jam: StartJam) -> JamProgram:
    return start_jam()


def ticks_of(messages: list[Recorded], moments: list[float]) -> NDArray[np.float64]:
    """Where moments lie on the DAW's own time line: ticks since Start, by the recorded clock."""
    kinds = [kind_of(m.data) for m in messages]
    start = kinds.index(START)
    clocks = [m.at_seconds for m, kind in zip(messages[start:], kinds[start:], strict=True) if kind == CLOCK]
    spacing, first = np.polyfit(np.arange(len(clocks)), clocks, 1)
    assert spacing * CLOCKS_PER_BEAT == pytest.approx(60 / BPM, rel=1e-3)
    return np.asarray((np.array(moments) - first) / spacing * TICKS_PER_CLOCK)


def seconds_beside(ticks: NDArray[np.float64], allowed: list[int], modulus: int) -> NDArray[np.float64]:
    """How far from the nearest of the allowed ticks (after it: above 0), in seconds at the DAW's tempo."""
    places = np.array(allowed)
    distance = (ticks % modulus)[:, None] - places[None, :]
    nearest = np.take_along_axis(distance, np.argmin(np.abs(distance), axis=1)[:, None], axis=1)[:, 0]
    return np.asarray(nearest * 60 / BPM / TICKS_PER_BEAT)


def test_the_answer_lies_on_the_daws_grid_and_stops_with_the_daw(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jack_server.connect(PORT, IN)
    with DawTransport(jack_server, BPM) as daw:
        jack_server.connect(daw_transport.CLOCK, IN)
        tape = new_tape(OUT, daw_transport.CLOCK)
        mark = jam.mark()
        daw.play()
        jam.expect("Status", lambda n: n["beat_source"] == "clock" and n["running"], after=mark)
        for line in ("length=endless", "entry=beat"):
            jam.say(line)
        keyboard.play(PHRASE, 60 / BPM / 2)
        tape.wait(OURS, lambda found: len(set(onsets(found))) >= 24 and bool(sounding(found)), 20.0)
        daw.stop()
        take = jam.expect("Take", after=mark)
        everything = tape.messages()
        answer = tape.wait(OURS, lambda found: not sounding(found))
        # Nothing comes any more: the next news of how things stand is half a second away.
        jam.expect("Status", after=jam.mark())
        assert tape.messages(OURS) == answer
    assert take["cut_short"] and take["beat_known"] and take["bpm"] == pytest.approx(BPM, rel=2e-3)
    ticks = ticks_of(everything, onsets(answer))
    beside = seconds_beside(ticks, GRID_TICKS, TICKS_PER_BEAT)
    offset = float(np.median(beside))
    assert abs(offset) <= OFFSET_SECONDS
    assert np.mean(np.abs(beside - offset) <= SPREAD_SECONDS) >= ON_TIME, np.round(beside * 1000, 1)
    first_beside = seconds_beside(ticks[:1], [0, TICKS_PER_BEAT], TICKS_PER_BEAT)[0]
    assert abs(first_beside) <= OFFSET_SECONDS + SPREAD_SECONDS, "the answer did not enter on a beat"
    stopped = next(m.at_seconds for m in tape.messages() if kind_of(m.data) == STOP)
    assert answer[-1].at_seconds - stopped <= 0.010 + PERIOD_SECONDS


def test_the_answer_enters_on_the_bar_and_is_as_long_as_asked(
    jam: JamProgram, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    jack_server.connect(PORT, IN)
    with DawTransport(jack_server, BPM) as daw:
        jack_server.connect(daw_transport.CLOCK, IN)
        tape = new_tape(OUT, daw_transport.CLOCK)
        mark = jam.mark()
        for line in ("length=bars", "length_bars=1", "entry=bar"):
            jam.say(line)
        daw.play()
        jam.expect("Status", lambda n: n["beat_source"] == "clock" and n["running"], after=mark)
        keyboard.play(PHRASE)
        take = jam.expect("Take", after=mark)
        answer = tape.wait(OURS, lambda found: len(onsets(found)) == len(take["answer"]) and not sounding(found))
    ticks = ticks_of(tape.messages(), onsets(answer))
    bar = 4 * TICKS_PER_BEAT
    assert abs(seconds_beside(ticks[:1], [0, bar], bar)[0]) <= OFFSET_SECONDS + SPREAD_SECONDS
    assert ticks[-1] - ticks[0] < bar

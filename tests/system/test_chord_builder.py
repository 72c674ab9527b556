"""The progression builder with the engine in its own process on real ports: what a musician does is on the wire."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings
from cocomposer.runtime.front_end import EngineProcess
from cocomposer.runtime.news import FromFront, Options
from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import IN, OUT, PATIENCE_SECONDS
from tests.fakes.keyboard import PORT, Keyboard
from tests.fakes.tape import NewTape, Recorded, sounding
from ui.conductor import Conductor
from ui.presenters.session import Session

CHANNEL = 5
"""Of the chords, counted from 1."""
ON_THE_BEAT_SECONDS = 0.010
"""The median stroke is no further from its beat (a JACK period is 5 ms); a stall may spoil one."""
BEAT_SECONDS = 60 / 240


class Desk:
    """A window without its panels: session and conductor, and an engine that is really there."""

    def __init__(self, bundle: Path) -> None:
        self.told: list[object] = []
        self.said: list[FromFront] = []
        self.session = Session()
        settings = Settings(answer=False)
        self._engine = EngineProcess(Options(str(bundle), "cpu", "jack", sound=False, settings=settings))
        self.conductor = Conductor(self.session, self._send, time.perf_counter, lambda *_: ())

    def _send(self, command: FromFront) -> bool:
        self.said.append(command)
        self._engine.send(command)
        return True

    def wait(self, true: Callable[[], object]) -> None:
        """Take in what is told until something is so."""
        end = time.perf_counter() + 3 * PATIENCE_SECONDS
        while not true():
            left = end - time.perf_counter()
            assert left > 0, [type(one).__name__ for one in self.told[-20:]]
            news = self._engine.news(min(left, 0.05))
            if news is not None:
                self.told.append(news)
                self.conductor.take_in(news)

    def close(self) -> None:
        self._engine.close()


@pytest.fixture
def desk(jack_server: JackServer, bundle: Path) -> Iterator[Desk]:
    desk = Desk(bundle)
    desk.wait(lambda: desk.session.ready is not None and desk.session.opened is not None)
    yield desk
    desk.close()


def strokes(messages: list[Recorded]) -> list[tuple[float, frozenset[int]]]:
    """When keys were struck together, and their pitch classes; keys less than 30 ms apart are together."""
    found: list[tuple[float, set[int]]] = []
    for message in messages:
        if message.begins:
            if not found or message.at_seconds - found[-1][0] > 0.03:
                found.append((message.at_seconds, set()))
            found[-1][1].add(message.data[1] % 12)
    return [(at, frozenset(pitches)) for at, pitches in found]


def tones(symbol: str) -> frozenset[int]:
    chord = read_symbol(symbol)
    assert isinstance(chord, Chord)
    return chord.pitch_classes


def test_a_chart_is_typed_played_locked_changed_undone_and_stopped(
    desk: Desk, jack_server: JackServer, keyboard: Keyboard, new_tape: NewTape
) -> None:
    session, row = desk.session, desk.conductor.progression
    jack_server.connect(PORT, IN)
    tape = new_tape(OUT)
    row.write("Am F | C G")
    row.play_as(channel=CHANNEL)
    desk.conductor.command(inputs.Change({"tempo": 240.0}))
    desk.wait(lambda: session.settings.tempo == 240.0)
    desk.conductor.act("play_chords")
    desk.wait(lambda: session.chords.sound and len(strokes(tape.messages(CHANNEL - 1))) >= 3)

    desk.conductor.act("lock_chords")
    desk.wait(lambda: session.chords.lock)
    keyboard.play((57, 60, 64, 69))
    desk.conductor.act("answer")
    desk.wait(lambda: len(session.document.takes) == 1)
    assert session.document.takes[0].answer

    row.type(3, "E7")
    desk.wait(lambda: tones("E7") in [pitches for _, pitches in strokes(tape.messages(CHANNEL - 1))])
    before = len(strokes(tape.messages(CHANNEL - 1)))
    desk.conductor.act("undo")
    desk.wait(lambda: tones("G") in [pitches for _, pitches in strokes(tape.messages(CHANNEL - 1))[before:]])
    desk.conductor.act("lock_chords")
    desk.conductor.act("play_chords")
    desk.wait(lambda: not session.chords.slots and not sounding(tape.messages(CHANNEL - 1)))

    heard = strokes(tape.messages(CHANNEL - 1))
    order = [tones(symbol) for symbol in ("Am", "F", "C", "G")]
    for (at, pitches), (later, following) in pairwise(heard):
        place = 3 if pitches == tones("E7") else order.index(pitches)
        assert following == order[(place + 1) % 4] or (place == 2 and following == tones("E7")), heard
        assert later - at < 3 * BEAT_SECONDS, "no stroke is left out"
    bar = 2 * BEAT_SECONDS
    away = [(at - heard[0][0] + bar / 2) % bar - bar / 2 for at, _ in heard]
    # The first stroke may itself be off on a busy machine; the rest agree on where the beat is.
    off = sorted(abs(one - median(away)) for one in away)
    assert off[len(off) // 2] <= ON_THE_BEAT_SECONDS and off[-1] < 0.1, off
    assert not sounding(tape.messages(0)), "the answer's notes end too"
    assert not [m for m in tape.messages() if m.begins and m.data[0] & 15 not in (0, CHANNEL - 1)]


def test_without_a_beat_the_chords_give_one_and_undo_leaves_it(desk: Desk, new_tape: NewTape) -> None:
    session, row = desk.session, desk.conductor.progression
    tape = new_tape(OUT)
    assert not session.settings.tempo
    row.write("| Dm7 G7 |")
    desk.conductor.act("play_chords")
    desk.wait(lambda: len(strokes(tape.messages(1))) >= 2)
    assert session.settings.tempo == 120.0, "the window shows the tempo that the chords gave"
    row.transpose(2)
    desk.wait(lambda: any(slot.symbol == "Em7" for slot in session.chords.slots))
    desk.conductor.act("undo")
    desk.wait(lambda: any(slot.symbol == "Dm7" for slot in session.chords.slots))
    assert session.settings.tempo == 120.0
    assert not [one for one in desk.said if isinstance(one, inputs.Change)], "nobody argues about the tempo"
    heard = strokes(tape.messages(1))
    assert all(b - a == pytest.approx(1.0, abs=0.1) for (a, _), (b, _) in pairwise(heard))
    desk.conductor.act("undo")
    desk.wait(lambda: not session.chords.slots and not sounding(tape.messages(1)))
    assert not row.row.cards


def test_a_chord_that_is_tried_is_heard_on_the_chords_channel_and_ends(desk: Desk, new_tape: NewTape) -> None:
    tape = new_tape(OUT)
    desk.conductor.progression.play_as(channel=CHANNEL)
    for symbol in ("Cmaj7", "F#m7b5", "G7"):
        desk.conductor.advice.rest_on(symbol)
        wanted = tones(symbol)

        def is_heard(wanted: frozenset[int] = wanted) -> bool:
            heard = {pitch % 12 for _, pitch in sounding(tape.messages(CHANNEL - 1))}
            return len(heard) > 2 and heard <= wanted

        desk.wait(is_heard)
    desk.wait(lambda: [type(one) for one in desk.told].count(outputs.AuditionEnded) == 3)
    desk.wait(lambda: not sounding(tape.messages(CHANNEL - 1)))
    assert not tape.messages(0)

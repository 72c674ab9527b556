"""Whatever is played, commanded and lost: in the end everything that was begun has been ended."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.generation.request import ComposerLost, ComposerReady, Wish
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.answering import Answering
from cocomposer.jam.outputs import Play, Send
from cocomposer.jam.settings import Settings
from cocomposer.jam.state import State
from cocomposer.jam.turn import Draft, Turn, pedal_moves
from cocomposer.music.grid import Grid
from cocomposer.music.message import CONTINUE, START, STOP, control_change, note_off, note_on
from cocomposer.music.note import Note, Pedal
from cocomposer.playback.player import Player
from cocomposer.sync.transport import Transport
from tests.fakes.note_model import FakeNoteModel, spare
from tests.scenarios.rig import Late, Rig, Script, clock, message

PITCHES = st.sampled_from((48, 60, 61, 64, 100))
CHANNELS = st.sampled_from((0, 0, 0, 9))

wire = st.one_of(
    st.builds(note_on, CHANNELS, PITCHES, st.integers(0, 127)),
    st.builds(note_on, CHANNELS, PITCHES, st.just(80)),
    st.builds(note_off, CHANNELS, PITCHES),
    st.builds(control_change, CHANNELS, st.sampled_from((64, 64, 66, 67, 123, 1)), st.sampled_from((0, 127))),
    st.sampled_from([bytes((status,)) for status in (START, STOP, CONTINUE, 0xFE, 0xFF)]),
)
changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"entry": st.sampled_from(("free", "beat", "bar"))}),
    st.fixed_dictionaries({"length": st.sampled_from(("phrase", "bars", "endless"))}),
    st.fixed_dictionaries({"tempo": st.none() | st.integers(20, 300)}),
    st.fixed_dictionaries({"channel": st.integers(1, 2)}),
    st.fixed_dictionaries({"lowest_pitch": st.integers(0, 60)}),
    st.fixed_dictionaries({"beats_per_bar": st.integers(1, 7)}),
    st.fixed_dictionaries({"phrase_bars": st.integers(0, 2)}),
    st.fixed_dictionaries({"nudge_ms": st.integers(-250, 250)}),
    st.fixed_dictionaries({"thru": st.booleans()}),
    st.fixed_dictionaries({"interruptible": st.booleans()}),
    st.fixed_dictionaries({"creativity": st.floats(-1, 3)}),
)
notes = st.builds(
    Note, st.integers(0, 400), PITCHES, st.integers(1, 200), st.integers(0, 127), CHANNELS, st.sampled_from(Pedal)
)
commands = st.one_of(
    st.builds(inputs.TakeOver),
    st.builds(inputs.TakeOver),
    st.builds(inputs.StopAnswer),
    st.builds(inputs.Reset),
    st.builds(inputs.Panic),
    st.builds(inputs.Change, changes),
    st.builds(inputs.Learn, st.sampled_from(("take_over", "reset", "set:thru", "set:creativity", None))),
    st.builds(inputs.Forget, st.sampled_from(("take_over", "set:thru"))),
    st.just(inputs.Listen()),
    st.just(inputs.Rest()),
    st.builds(inputs.Audition, st.just("a take"), st.lists(notes, max_size=6).map(tuple), st.floats(10, 500)),
    st.builds(inputs.Offer, st.lists(notes, max_size=6).map(tuple), st.booleans(), st.booleans()),
    st.just(inputs.PortLost(False, "The output is gone.")),
    st.just(inputs.PortLost(True, "The input is gone.")),
    st.just(inputs.PortOpened(False, "The output is back.")),
    st.just(ComposerLost("The composer is gone.")),
    st.just(ComposerReady("cpu", "fake", "The composer is back.")),
)
gaps = st.sampled_from((0.0, 0.001, 0.02, 0.1, 0.25, 0.6, 2.5))


@st.composite
def scripts(draw: st.DrawFn) -> tuple[Script, float]:
    """Anything that may happen within some seconds, a DAW's clock perhaps running through a part of it."""
    script: Script = []
    now = 0.0
    for _ in range(draw(st.integers(1, 40))):
        now += draw(gaps)
        event = draw(st.one_of(wire, wire, wire, commands, st.just(inputs.Tap(now))))
        script.append(message(now, event) if isinstance(event, bytes) else (now, event))
    if draw(st.booleans()):
        begin, length = draw(st.floats(0, 5)), draw(st.floats(0.5, 10))
        script += clock(draw(st.integers(40, 240)), begin, begin + length, jitter=0.004)
    return sorted(script, key=lambda item: item[0]), now


@st.composite
def workers(draw: st.DrawFn) -> Worker | None:
    kind = draw(st.sampled_from(("none", "good", "good", "breaking", "late")))
    if kind == "none":
        return None
    if kind == "breaking":
        return Worker(FakeNoteModel(breaks_after=draw(st.integers(0, 60))), spare())
    if kind == "late":
        return Late(lambda now: int(now) % 3 == 0)
    return Worker(FakeNoteModel(), spare())


def release_everything(at_seconds: float) -> Script:
    """All keys and pedals come up; twice, because an off may be taken for the echo of ours."""
    keys = [(channel, pitch) for channel in (0, 9) for pitch in (48, 60, 61, 64, 100)]
    offs = [message(at_seconds + turn, note_off(*key)) for turn in (0.0, 1.0) for key in keys]
    ups = [message(at_seconds + 1.0, control_change(channel, 64, 0)) for channel in (0, 9)]
    return offs + ups


@given(scripts(), workers())
@settings(max_examples=120)
def test_any_script_ends_silent_when_it_is_stopped(case: tuple[Script, float], worker: Worker | None) -> None:
    script, end = case
    rig = Rig(worker=worker, composer=worker is not None)
    if isinstance(worker, Late):
        worker.now = lambda: rig.now
    rig.run(script, until=end)
    rig.run([(end, inputs.Change({"answer": False, "nudge_ms": 0}))], release_everything(end), until=end + 2)
    rig.run([(end + 2, inputs.StopAnswer())], until=end + 3)
    rig.assert_silent()


@given(scripts(), workers())
@settings(max_examples=80)
def test_any_script_ends_silent_by_itself_where_answers_have_an_end(
    case: tuple[Script, float], worker: Worker | None
) -> None:
    script, end = case
    rig = Rig(worker=worker, composer=worker is not None)
    if isinstance(worker, Late):
        worker.now = lambda: rig.now
    rig.run(script, until=end)
    ending = {"length": "bars", "length_bars": 1, "answer": False, "tempo": 240}
    alone = (end, inputs.Audition("", (), 120))
    rig.run([(end, inputs.Change(ending)), alone], release_everything(end), until=end + 2)
    limit = end + 400
    if rig.jam.turn is not None and rig.jam.turn.wish.end_tick is None:
        rig.run([(rig.now, inputs.TakeOver())], until=rig.now)
    rig.offline.run_until_silent(limit)
    assert rig.now < limit, "the answer never ended"
    rig.run(until=rig.now + 1)
    rig.assert_silent()


@given(scripts())
@settings(max_examples=30)
def test_the_same_script_gives_the_same_jam(case: tuple[Script, float]) -> None:
    script, end = case
    jams = []
    for _ in range(2):
        rig = Rig(seed=3)
        rig.run(script, until=end + 3)
        jams.append((rig.sent, rig.offline.told))
    assert jams[0] == jams[1]


def test_a_pedal_pressed_with_a_last_short_note_comes_up() -> None:
    """The foot goes down 30 ms after the onset: later than the end of so short a note."""
    turn = Turn(Wish(1, 1, 0, use_pedal=True), entry_tick=0, timed=True, from_clock=False, phrase=(), planned_tick=0)
    state = State(Settings(), Transport())
    answering = Answering(state)
    answering.turn = turn
    turn.drafts.append(Draft(Note(0, 60, 1, 80, 0, Pedal.FRESH)))
    turn.drawn_all = True
    grid = Grid(0.0, 0.0)
    player = Player()
    for moment in (0.0, 0.02, 0.04, 0.1, 0.2):
        state.out = []
        answering.advance(grid, moment)
        for output in state.out:
            if isinstance(output, Play):
                note = output.note
                player.add_note(1, 0, note.pitch, note.velocity, output.on_seconds, output.off_seconds, output.note_id)
            elif isinstance(output, Send):
                player.add_message(1, output.due_seconds, output.data)
        player.pop_due(moment)
    assert player.silent


def test_a_foot_about_to_go_down_does_not_come_up_before() -> None:
    """In a chord of two one note has a fresh pedal and the next has none: the last move must be the last to go out."""
    turn = Turn(Wish(1, 1, 0, use_pedal=True), entry_tick=0, timed=True, from_clock=False, phrase=(), planned_tick=0)
    moves = [*pedal_moves(turn, Pedal.FRESH, 1.0), *pedal_moves(turn, Pedal.UP, 1.0)]
    assert moves == [(1.03, 127), (1.03, 0)] and not turn.pedal_down
    assert pedal_moves(turn, Pedal.DOWN, 2.0) == [(2.0, 127)]

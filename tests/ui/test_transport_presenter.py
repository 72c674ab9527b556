"""The transport bar's view: what each button says in each state of the jam."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Entry, Settings
from cocomposer.music.grid import BeatSource
from ui.bench import session_states as states
from ui.presenters.transport import Look, Transport, TransportView, waited


def view(name: str) -> TransportView:
    session, now = states.STATES[name]()
    return Transport().view(session, now)


@pytest.mark.parametrize(
    ("name", "listen", "answer", "stop"),
    [
        ("joining", (Look.IDLE, "starting"), (Look.IDLE, ""), (Look.IDLE, "")),
        ("empty", (Look.LIT, "waiting"), (Look.IDLE, ""), (Look.IDLE, "")),
        ("listening", (Look.LIT, "waiting"), (Look.IDLE, ""), (Look.IDLE, "")),
        ("hearing", (Look.HEARING, "hearing you"), (Look.IDLE, ""), (Look.IDLE, "")),
        ("armed", (Look.ON, "stays on"), (Look.ARMED, "in 1.1 s"), (Look.IDLE, "")),
        ("answering", (Look.ON, "stays on"), (Look.LIT, "answering"), (Look.IDLE, "")),
        ("resting", (Look.IDLE, ""), (Look.IDLE, ""), (Look.LIT, "resting")),
        ("lost", (Look.IDLE, "restarting"), (Look.IDLE, ""), (Look.IDLE, "")),
    ],
)
def test_the_buttons_say_what_goes_on(
    name: str, listen: tuple[Look, str], answer: tuple[Look, str], stop: tuple[Look, str]
) -> None:
    shown = view(name)
    assert [(big.look, big.state) for big in (shown.listen, shown.answer, shown.stop)] == [listen, answer, stop]


@pytest.mark.parametrize("name", states.STATES)
def test_only_panic_can_be_pressed_without_an_engine(name: str) -> None:
    shown = view(name)
    connected = name not in {"joining", "lost"}
    assert shown.panic.enabled and shown.panic.look is Look.ALARM
    assert [big.enabled for big in (shown.listen, shown.answer, shown.stop)] == [connected] * 3
    assert shown.connected is connected


def test_half_of_the_wait_fills_half_of_the_button() -> None:
    assert view("armed").answer.fill == pytest.approx(0.5, abs=0.01)


@given(st.floats(0.0, 100.0), st.floats(0.0, 20.0), st.floats(-5.0, 130.0))
def test_the_fill_stays_within_the_button(since: float, wait: float, now: float) -> None:
    session = states.joined()
    session.take_in(outputs.ModeChanged(Mode.ARMED, since, since + wait))
    share = waited(session, now)
    assert share is not None and 0.0 <= share <= 1.0
    if now >= since + wait:
        assert share == 1.0


@pytest.mark.parametrize(("entry", "words"), [(Entry.BAR, "next bar"), (Entry.BEAT, "next beat")])
def test_a_wait_of_unknown_length_is_told_by_name(entry: Entry, words: str) -> None:
    session = states.joined(Settings(entry=entry))
    session.take_in(outputs.ModeChanged(Mode.ARMED, 1.0, None))
    answer = Transport().view(session, 2.0).answer
    assert (answer.state, answer.fill) == (words, None)


@pytest.mark.parametrize(
    ("source", "running", "ticking", "words", "bpm"),
    [
        (BeatSource.CLOCK, True, True, "DAW clock", 118.0),
        (BeatSource.CLOCK, False, True, "DAW stopped", 118.0),
        (BeatSource.TAP, True, False, "tapped", 118.0),
        (BeatSource.SET, True, True, "set", 118.0),
        (BeatSource.ESTIMATE, True, False, "your playing", 118.0),
        (BeatSource.FREE, True, True, "DAW stopped", None),
        (BeatSource.FREE, True, False, "no beat", None),
    ],
)
def test_the_tempo_says_who_gives_it(
    source: BeatSource, running: bool, ticking: bool, words: str, bpm: float | None
) -> None:
    session = states.joined()
    session.take_in(states.beat(source, running))
    session.take_in(states.status(states.BEGAN + 1.0, ticking=ticking))
    shown = Transport().view(session, states.BEGAN + 1.0)
    assert (shown.tempo_source, shown.bpm) == (words, bpm)
    assert shown.tempo_editable is (source is not BeatSource.CLOCK)


def test_only_a_tempo_set_by_hand_can_be_given_up() -> None:
    session = states.joined(Settings(tempo=90.0))
    session.take_in(states.beat(BeatSource.SET))
    assert Transport().view(session, states.BEGAN).tempo_releasable
    session.take_in(states.beat(BeatSource.CLOCK))
    assert not Transport().view(session, states.BEGAN).tempo_releasable
    session.take_in(outputs.SettingsChanged(Settings()))
    session.take_in(states.beat(BeatSource.TAP))
    assert not Transport().view(session, states.BEGAN).tempo_releasable


def test_the_place_counts_on_and_stands_with_the_daw() -> None:
    session = states.joined()
    transport = Transport()
    assert transport.view(session, states.seconds_at(5 * 48 + 1)).position == "2.2"
    session.take_in(states.beat(running=False))
    assert transport.view(session, states.seconds_at(5 * 48 + 1)).position == "1.1"
    session.take_in(states.beat(BeatSource.FREE))
    assert transport.view(session, states.BEGAN).position == "–"


def test_a_recording_tells_its_time() -> None:
    session, transport = states.joined(), Transport()
    assert transport.view(session, 10.0).recorded is None
    session.recording_from = 0.0
    assert [transport.view(session, now).recorded for now in (10.0, 10.9, 75.2)] == ["0:00", "0:00", "1:05"]
    session.recording_from = None
    assert transport.view(session, 80.0).recorded is None
    session.recording_from = 96.0
    assert transport.view(session, 90.0).recorded == "0:00"


def test_an_audition_is_no_rest() -> None:
    session, now = states.STATES["resting"]()
    session.take_in(outputs.AuditionBegan("take", now, 0, 0.01, now + 4.0))
    assert Transport().view(session, now).stop.look is Look.IDLE

"""The status bar's view: honest about what is known, and each level beside a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cocomposer.jam import outputs
from cocomposer.runtime import news as told
from cocomposer.runtime.news import LATENESS_EDGES_MS
from ui.bench import session_states as states
from ui.presenters.session import Session
from ui.presenters.standing import (
    Level,
    RecentLateness,
    Standing,
    StandingPresenter,
    quantile_edge_ms,
    trouble,
)

BINS = len(LATENESS_EDGES_MS) + 1


def view(session: Session, now: float) -> Standing:
    return StandingPresenter().view(session, now)


def bins(*places: tuple[int, int]) -> tuple[int, ...]:
    return tuple(dict(places).get(place, 0) for place in range(BINS))


@pytest.mark.parametrize("name", ["joining", "lost"])
def test_what_is_not_known_is_a_dash(name: str) -> None:
    shown = view(*states.STATES[name]())
    assert [fact.text for fact in (shown.clock, shown.model, shown.lateness, shown.ahead, shown.dropped)] == [
        "Clock –", "Model –", "Late –", "Ahead –", "Dropped –",
    ]  # fmt: skip
    known = (shown.input, shown.output, shown.clock, shown.model, shown.lateness, shown.ahead, shown.dropped)
    assert {fact.level for fact in known} == {Level.NEUTRAL}
    assert shown.bins == ()


def test_all_is_well_while_answering() -> None:
    shown = view(*states.answering())
    texts = [getattr(shown, name).text for name in ("link", "clock", "model", "lateness", "ahead", "dropped")]
    assert texts == ["Engine", "DAW 118.0", "CPU · live", "Late 0.1 / 0.7 ms", "Ahead 1.4 s", "Dropped 0"]
    assert {getattr(shown, name).level for name in ("link", "clock", "model", "lateness", "ahead")} == {Level.GOOD}
    assert "Keystation 61" in shown.input.tip and "cocomposer Out" in shown.output.tip


def test_a_lamp_is_lit_for_a_moment_after_each_note() -> None:
    session = states.joined()
    session.take_in(outputs.Heard(5.0, 60, 80, 0, 0.0))
    assert [view(session, now).input.lit for now in (5.0, 5.1, 5.3)] == [True, True, False]
    session.take_in(states.played(states.ANSWER[:1])[0])
    sounds = states.seconds_at(states.ANSWER[0].onset_tick)
    assert [view(session, sounds + off).output.lit for off in (-0.5, -0.05, 0.0, 0.5)] == [False, True, True, False]


def test_missing_ports_are_told_with_what_to_do() -> None:
    session = states.joined()
    session.take_in(states.ports((), None))
    shown = view(session, states.BEGAN + 1.0)
    assert (shown.input.text, shown.input.level) == ("No input", Level.BAD)
    assert (shown.output.text, shown.output.level) == ("No output", Level.BAD)
    assert "choose one in the settings" in shown.sentence.text
    session.take_in(told.SoundChanged(True, 0.5))
    assert "No MIDI input is open" in view(session, states.BEGAN + 1.0).sentence.text


@pytest.mark.parametrize(
    ("lost", "level"), [(told.Lost("It is being started again."), Level.WARNING), (told.Lost("Gone.", True), Level.BAD)]
)
def test_a_lost_model_is_told(lost: told.Lost, level: Level) -> None:
    session = states.joined()
    session.take_in(lost)
    shown = view(session, 5.0)
    assert (shown.model.text, shown.model.level, shown.model.tip) == ("No model", level, lost.sentence)
    assert trouble(session) == lost.sentence


def test_a_new_notice_comes_before_an_old_trouble() -> None:
    session = states.joined()
    session.take_in(told.Lost("Gone.", True))
    session.take_in(outputs.Notice("Tapped: 96 BPM."))
    at = session.notices[-1].at_seconds
    assert view(session, at + 1.0).sentence.text == "Tapped: 96 BPM."
    assert view(session, at + 60.0).sentence.text == "Gone."


@pytest.mark.parametrize(("ticking", "words"), [(True, "DAW stopped"), (False, "No DAW clock")])
def test_a_clock_that_gives_no_beat(ticking: bool, words: str) -> None:
    session, _ = states.empty()
    session.take_in(states.status(states.BEGAN + 2.0, ticking=ticking))
    assert view(session, states.BEGAN + 2.0).clock.text == words


def test_dropped_notes_are_a_warning() -> None:
    session = states.joined()
    session.take_in(states.status(5.0, dropped=3))
    shown = view(session, 5.0).dropped
    assert (shown.text, shown.level) == ("Dropped 3", Level.WARNING)


@pytest.mark.parametrize(("ahead", "level"), [(1.5, Level.GOOD), (0.3, Level.WARNING), (0.05, Level.BAD)])
def test_the_margin_has_a_level(ahead: float, level: Level) -> None:
    session, now = states.answering()
    session.take_in(states.status(now, outputs.Mode.ANSWERING, ahead=ahead))
    assert view(session, now).ahead.level is level


@pytest.mark.parametrize(
    ("late", "level"),
    [(bins((0, 100)), Level.GOOD), (bins((0, 90), (10, 10)), Level.WARNING), (bins((12, 50)), Level.BAD)],
)
def test_the_level_of_lateness_is_that_of_late(late: tuple[int, ...], level: Level) -> None:
    session, presenter = states.joined(), StandingPresenter()
    for counts in (bins(), late):
        session.take_in(states.status(5.0, sent=100, late=counts))
        shown = presenter.view(session, 5.0)
    assert shown.lateness.level is level
    assert shown.bins == late


def test_only_recent_lateness_counts() -> None:
    recent = RecentLateness(statuses=2)
    counts = [bins((12, 7)), bins((12, 7), (0, 5)), bins((12, 7), (0, 9)), bins((12, 7), (0, 9))]
    shown = [recent.take_in(states.status(float(at), late=count)) for at, count in enumerate(counts)]
    assert shown == [bins(), bins((0, 5)), bins((0, 9)), bins((0, 4))]


def test_the_same_status_counts_once_and_another_engine_begins_anew() -> None:
    recent = RecentLateness()
    first, more = states.status(0.0, late=bins((0, 5))), states.status(0.5, late=bins((0, 8)))
    assert [recent.take_in(status) for status in (first, first, more, more)] == [
        bins(), bins(), bins((0, 3)), bins((0, 3)),
    ]  # fmt: skip
    assert recent.take_in(states.status(1.0, late=bins((0, 1)))) == bins()
    assert recent.take_in(None) == ()
    assert recent.take_in(replace(first, lateness_counts=())) == ()


@given(st.lists(st.integers(0, 50), min_size=BINS, max_size=BINS), st.floats(0.01, 1.0))
def test_a_quantile_leaves_no_more_than_its_share_above_it(counts: list[int], share: float) -> None:
    edge = quantile_edge_ms(tuple(counts), share)
    if not sum(counts):
        assert edge is None
        return
    assert edge is not None
    edges = (*LATENESS_EDGES_MS, float("inf"))
    upto = sum(count for count, upper in zip(counts, edges, strict=True) if upper <= edge)
    assert upto >= share * sum(counts)
    assert counts[edges.index(edge)] > 0

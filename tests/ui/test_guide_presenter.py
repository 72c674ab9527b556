"""The first steps without Qt: every DAW on every system, and which ticks come when."""

from itertools import pairwise

import pytest

from cocomposer.document.edits import AddTake
from cocomposer.jam import outputs
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from cocomposer.runtime import news
from tests.ui.takes_jam import take
from ui.bench import session_states as states
from ui.presenters.guide import DAWS, NO_DAW, SYSTEMS, GuideView, clock_heard, guide_view, system_of
from ui.presenters.session import Session

ABLETON = "Ableton Live"


def with_system(midi: str) -> Session:
    session, _ = states.empty()
    session.take_in(news.Ports(midi, (), (), (), (), None, ()))
    return session


def ticks(view: GuideView) -> dict[str, bool]:
    return {tick.text: tick.done for tick in view.ticks}


@pytest.mark.parametrize(
    ("midi", "platform", "system"),
    [
        ("alsa", "linux", "alsa"),
        ("LINUX_ALSA", "linux", "alsa"),
        ("UNIX_JACK", "linux", "jack"),
        ("jack", "darwin", "jack"),
        ("MACOSX_CORE", "darwin", "macos"),
        ("WINDOWS_MM", "win32", "windows"),
        ("virtual", "win32", "virtual"),
        ("something new", "darwin", "macos"),
        ("something new", "win32", "windows"),
        ("something new", "freebsd", "alsa"),
    ],
)
def test_the_system_is_known_by_its_name(midi: str, platform: str, system: str) -> None:
    assert system_of(midi, platform) == system


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("daw", DAWS)
def test_every_daw_on_every_system(daw: str, system: str) -> None:
    view = guide_view(with_system({"macos": "core", "windows": "winmm"}.get(system, system)), daw)
    assert view.steps == DAWS[daw]
    assert view.alone == (daw == NO_DAW)
    assert view.system == ("" if view.alone else SYSTEMS[system])
    assert len({tick.text for tick in view.ticks}) == len(view.ticks) == (4 if view.alone else 5)
    assert all(tick.hint.endswith(".") for tick in view.ticks)
    assert not view.finished
    if not view.alone:
        steps = " ".join(view.steps)
        assert "cocomposer In" in steps and "cocomposer Out" in steps


@pytest.mark.parametrize("sentence", [*SYSTEMS.values(), *(step for steps in DAWS.values() for step in steps)])
def test_sentences_are_whole(sentence: str) -> None:
    assert sentence[0].isupper() and sentence.endswith(".") and "  " not in sentence


def test_before_the_engine_is_there() -> None:
    view = guide_view(Session(), ABLETON)
    assert view.system == ""
    assert view.ticks[0].hint == "The engine is being started."
    assert not any(tick.done for tick in view.ticks)


def test_ticks_come_one_after_the_other() -> None:
    session = states.joined()
    session.take_in(states.beat(BeatSource.FREE))
    session.take_in(states.status(states.BEGAN, ticking=False))
    told = [ticks(guide_view(session, ABLETON))]
    session.take_in(outputs.Heard(states.BEGAN, 60, 80, 0, 0.0))
    told.append(ticks(guide_view(session, ABLETON)))
    session.take_in(states.status(states.BEGAN, ticking=True))
    told.append(ticks(guide_view(session, ABLETON)))
    told.append(ticks(guide_view(session, ABLETON, heard_test=True)))
    session.take_in(outputs.Play(1, 0, Note(0, 60, 48, 80), states.BEGAN, states.BEGAN + 1))
    told.append(ticks(guide_view(session, ABLETON, heard_test=True)))
    came = [{text for text, done in now.items() if done} for now in told]
    assert [len(one) for one in came] == [1, 2, 3, 4, 5]
    assert [new - old for old, new in pairwise(came)] == [
        {"Your playing is heard"}, {"The DAW's clock is heard"}, {"The DAW hears cocomposer"},
        {"The machine has answered"},
    ]  # fmt: skip
    assert guide_view(session, ABLETON, heard_test=True).finished


def test_a_clock_that_was_heard_once_stays_heard() -> None:
    session, _ = states.empty()
    assert not clock_heard(session)
    assert not ticks(guide_view(session, ABLETON))["The DAW's clock is heard"]
    assert ticks(guide_view(session, ABLETON, heard_clock=True))["The DAW's clock is heard"]


def test_the_built_in_sound_counts_without_a_daw_and_says_what_is_wrong() -> None:
    session = states.joined()
    session.take_in(news.SoundChanged(False, 0.7, "No sound device was found; plug one in."))
    tick = next(one for one in guide_view(session, NO_DAW).ticks if "sound" in one.text)
    assert (tick.done, tick.hint) == (False, "No sound device was found; plug one in.")
    session.take_in(news.SoundChanged(True, 0.7))
    assert ticks(guide_view(session, NO_DAW))["The built-in sound is on"]


def test_a_model_that_is_lost_is_not_ready() -> None:
    session = states.joined()
    session.take_in(news.Lost("The model ended by itself; it is being started again."))
    tick = guide_view(session, NO_DAW).ticks[0]
    assert (tick.done, tick.hint) == (False, "The model ended by itself; it is being started again.")
    session.engine_lost("gone")
    assert guide_view(session, NO_DAW).ticks[0].hint == "The engine is being started again."


def test_an_imported_phrase_is_no_answer() -> None:
    session = states.joined()
    session.document.edit(AddTake(take(1, answer=())))
    assert not ticks(guide_view(session, NO_DAW))["The machine has answered"]
    session.document.edit(AddTake(take(2)))
    assert ticks(guide_view(session, NO_DAW))["The machine has answered"]

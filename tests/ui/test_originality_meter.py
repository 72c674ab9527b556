"""The meter of originality: what it says of the latest answer, whose it names, and when it follows."""

import pytest
from pytestqt.qtbot import QtBot

from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings, changed
from ui.bench import session_states as states
from ui.presenters.originality import FULL_NOTES, reading_of
from ui.presenters.session import Session
from ui.presenters.standing import Level
from ui.widgets.originality_meter import OriginalityMeter


def session_with(notes: int, title: str = "Nocturne", **changes: object) -> Session:
    session = states.joined(changed(Settings(), changes))
    session.take_in(outputs.Originality(3, notes, title if notes else "", "Field, John" if notes else "", "CC0-1.0"))
    return session


def test_nothing_is_said_before_the_first_answer() -> None:
    reading = reading_of(states.joined())
    assert (reading.text, reading.source, reading.share, reading.level) == ("–", "", 0.0, Level.NEUTRAL)


def test_an_answer_of_its_own() -> None:
    reading = reading_of(session_with(0))
    assert (reading.text, reading.source, reading.level) == ("nothing shared", "", Level.GOOD)
    assert "no passage of 9 notes" in reading.tip


@pytest.mark.parametrize(("notes", "level"), [(9, Level.GOOD), (12, Level.GOOD), (13, Level.WARNING)])
def test_the_piece_is_named_with_composer_and_licence(notes: int, level: Level) -> None:
    reading = reading_of(session_with(notes, guard_notes=12))
    assert (reading.text, reading.source) == (f"{notes} notes shared", "Nocturne · Field, John")
    assert reading.level is level and reading.share == notes / FULL_NOTES
    assert "“Nocturne” by Field, John (CC0-1.0)" in reading.tip


def test_a_limit_stands_only_while_the_guard_steers() -> None:
    assert reading_of(session_with(9, guard_notes=10)).limit == 0.5
    assert reading_of(session_with(9, guard=False)).limit is None


def test_long_passages_and_long_titles_fit() -> None:
    reading = reading_of(session_with(200, "A" * 300))
    assert reading.share == 1.0 and len(reading.source) < 70 and "A" * 300 in reading.tip


def test_a_lost_engine_leaves_nothing_said() -> None:
    session = session_with(11)
    session.engine_lost("The engine ended.")
    assert reading_of(session).text == "–"


def test_the_widget_follows(qtbot: QtBot) -> None:
    meter = OriginalityMeter()
    qtbot.addWidget(meter)
    meter.resize(260, 60)
    meter.show()
    session = session_with(11)
    meter.refresh(session)
    assert (meter.text.text(), meter.source.text()) == ("11 notes shared", "Nocturne · Field, John")
    assert "CC0-1.0" in meter.toolTip() == meter.accessibleDescription()
    filled = meter.bar.grab().toImage()
    session.take_in(outputs.Originality(4, 0, "", "", ""))
    meter.refresh(session)
    assert (meter.text.text(), meter.source.text()) == ("nothing shared", "")
    assert meter.bar.grab().toImage() != filled

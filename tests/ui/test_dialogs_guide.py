"""The first steps as a dialog: its ticks come by themselves, and it tells only what somebody did."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cocomposer.jam import outputs
from cocomposer.jam.inputs import Audition
from cocomposer.music.grid import BeatSource
from cocomposer.runtime import news
from ui.bench import session_states as states
from ui.dialogs.guide import TEST_CHORD, Guide
from ui.presenters.guide import DAWS, NO_DAW

Told = list[tuple[str, object]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def guide(qtbot: QtBot, told: Told) -> Guide:
    guide = Guide("Ableton Live")
    qtbot.addWidget(guide)
    guide.acted.connect(lambda action: told.append(("acted", action)))
    guide.commanded.connect(lambda command: told.append(("commanded", command)))
    guide.daw_chosen.connect(lambda daw: told.append(("daw", daw)))
    guide.show()
    qtbot.waitExposed(guide)
    return guide


def button(guide: Guide, text: str) -> QPushButton:
    return next(one for one in guide.findChildren(QPushButton) if one.text().replace("&", "") == text)


def marks(guide: Guide) -> list[str]:
    return [label.text() for label in guide.findChildren(QLabel) if label.text() in "✓○" and label.isVisible()]


def test_ticks_come_by_themselves(guide: Guide, told: Told) -> None:
    session, _ = states.empty()
    guide.refresh(session)
    assert marks(guide) == ["✓", "○", "○", "○", "○"]
    session.take_in(outputs.Heard(states.BEGAN, 60, 80, 0, 0.0))
    guide.refresh(session)
    assert marks(guide) == ["✓", "✓", "○", "○", "○"]
    session.take_in(states.status(states.BEGAN, ticking=True))
    guide.refresh(session)
    session.take_in(states.status(states.BEGAN, ticking=False))
    session.take_in(states.beat(BeatSource.FREE))
    guide.refresh(session)
    assert marks(guide) == ["✓", "✓", "✓", "○", "○"], "a clock that was heard once was heard"
    assert told == []


def test_each_tick_says_how_it_stands_to_a_screen_reader(guide: Guide) -> None:
    guide.refresh(states.empty()[0])
    names = [label.accessibleName() for label in guide.findChildren(QLabel)]
    assert "The model is ready: done" in names
    assert "Your playing is heard: not yet. Play a note." in names


def test_the_test_chord_is_sent_once_and_saying_that_it_was_heard_ticks(guide: Guide, told: Told) -> None:
    guide.refresh(states.listening()[0])
    button(guide, "Send a test chord").click()
    assert told == [("commanded", Audition("test chord", TEST_CHORD, 120.0))]
    heard = guide.findChild(QCheckBox)
    assert isinstance(heard, QCheckBox)
    heard.click()
    assert marks(guide) == ["✓"] * 5


def test_without_a_daw_the_sound_takes_the_place_of_the_test_chord(guide: Guide, told: Told) -> None:
    session, _ = states.empty()
    guide.refresh(session)
    assert not button(guide, "Built-in sound").isVisible()
    daws = guide.findChild(QComboBox)
    assert isinstance(daws, QComboBox)
    daws.setCurrentText(NO_DAW)
    assert told == [("daw", NO_DAW)]
    sound = button(guide, "Built-in sound")
    assert sound.isVisible() and not button(guide, "Send a test chord").isVisible()
    sound.click()
    assert told[1:] == [("acted", "sound")]
    assert not sound.isChecked(), "it shows what the engine says"
    session.take_in(news.SoundChanged(True, 0.7))
    guide.refresh(session)
    assert sound.isChecked()


@pytest.mark.parametrize("daw", DAWS)
def test_the_steps_of_each_daw_have_the_room_they_need(guide: Guide, daw: str) -> None:
    guide.refresh(states.empty()[0])
    daws = guide.findChild(QComboBox)
    assert isinstance(daws, QComboBox)
    daws.setCurrentText(daw)
    for label in guide.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert guide.daw == daw


def test_an_unknown_daw_of_the_preferences_is_the_first(qtbot: QtBot) -> None:
    guide = Guide("Cubase of the future")
    qtbot.addWidget(guide)
    assert guide.daw == next(iter(DAWS))


def test_it_can_be_used_with_the_keyboard_only(guide: Guide, told: Told, qtbot: QtBot) -> None:
    guide.refresh(states.empty()[0])
    daws = guide.findChild(QComboBox)
    assert isinstance(daws, QComboBox)
    assert guide.focusWidget() is daws
    QTest.keyClick(daws, Qt.Key.Key_Return)
    assert guide.isVisible(), "Return in a field does not end the guide"
    QTest.keyClick(daws, Qt.Key.Key_Tab)
    assert guide.focusWidget() is button(guide, "Send a test chord")
    QTest.keyClick(guide.focusWidget(), Qt.Key.Key_Return)
    assert [kind for kind, _ in told] == ["commanded"]
    with qtbot.waitSignal(guide.finished):
        QTest.keyClick(guide.focusWidget(), Qt.Key.Key_Escape)
    assert not guide.isVisible()

"""The transport bar as a widget: it tells what was meant, follows without telling, and fits."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam import outputs
from cocomposer.jam.inputs import Change
from cocomposer.jam.settings import Entry, Length, Settings
from cocomposer.music.grid import BeatSource
from cocomposer.runtime.news import SetSound, SoundChanged
from ui import theme
from ui.bench import session_states as states
from ui.presenters.session import Session
from ui.widgets.transport_bar import TransportBar


class Told:
    """All that a panel told, in order."""

    def __init__(self, panel: Any) -> None:
        self.all: list[Any] = []
        for signal in (panel.acted, panel.commanded, panel.edited):
            signal.connect(self.all.append)


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> TransportBar:
    theme.put_on(qapp, theme.DARK)  # what fits is what is worn
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.resize(1000, bar.sizeHint().height())
    bar.show()
    qtbot.waitExposed(bar)
    return bar


def turn(widget: QWidget, up: bool = True) -> None:
    """One notch of the wheel."""
    delta = QPoint(0, 120 if up else -120)
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), delta, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def set_by_hand() -> Session:
    session = states.joined(Settings(tempo=100.0))
    session.take_in(states.beat(BeatSource.SET, bpm=100.0))
    return session


@pytest.mark.parametrize("name", ["listen", "answer", "stop", "panic"])
def test_a_big_button_acts_when_it_goes_down(bar: TransportBar, name: str) -> None:
    bar.refresh(*states.listening())
    told = Told(bar)
    bar.length.setFocus()
    QTest.mousePress(bar.big[name], Qt.MouseButton.LeftButton)
    assert told.all == [name]
    QTest.mouseRelease(bar.big[name], Qt.MouseButton.LeftButton)
    assert told.all == [name]
    assert bar.length.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_reached_by_tab_is_pressed_by_key(bar: TransportBar, key: Qt.Key) -> None:
    bar.refresh(*states.listening())
    told = Told(bar)
    bar.big["stop"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar.big["stop"], key)
    assert told.all == ["stop"]


@pytest.mark.parametrize("name", states.STATES)
def test_showing_tells_nothing_and_fits(bar: TransportBar, name: str) -> None:
    told = Told(bar)
    session, now = states.STATES[name]()
    bar.refresh(session, now)
    bar.refresh(session, now + 0.5)
    assert told.all == []
    assert bar.minimumSizeHint().width() <= 1000 and bar.height() <= theme.BIG_BUTTON_HEIGHT + 2 * theme.GAP + 4


def test_every_control_has_a_name(bar: TransportBar) -> None:
    controls = [*bar.big.values(), bar.tempo.field, bar.tempo.tap, bar.tempo.auto, bar.metre, bar.entry,
                bar.entry_bars, bar.length, bar.length_bars, bar.record, bar.sound, bar.volume]  # fmt: skip
    named = [control.accessibleName() or (control.text() if isinstance(control, QPushButton) else "")
             for control in controls]  # fmt: skip
    assert all(named) and len(set(named)) == len(named)


def test_a_typed_tempo_counts_when_it_is_complete(bar: TransportBar) -> None:
    bar.refresh(set_by_hand(), states.BEGAN)
    told = Told(bar)
    field = bar.tempo.field
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    QTest.keyClicks(field, "127.5")
    bar.refresh(set_by_hand(), states.BEGAN + 1.0)
    assert told.all == [] and field.text() == "127.5"
    QTest.keyClick(field, Qt.Key.Key_Return)
    bar.settle()
    assert told.all == [Change({"tempo": 127.5}), ChangeSettings({"tempo": 100.0}, {"tempo": 127.5})]
    assert not field.hasFocus()


def test_turning_the_tempo_acts_at_once_and_is_one_edit(bar: TransportBar) -> None:
    session = set_by_hand()
    bar.refresh(session, states.BEGAN)
    told = Told(bar)
    bar.tempo.field.setFocus(Qt.FocusReason.MouseFocusReason)
    for step in (101.0, 102.0, 103.0):
        turn(bar.tempo.field)
        session.take_in(outputs.SettingsChanged(Settings(tempo=step)))
        session.take_in(states.beat(BeatSource.SET, bpm=step))
        bar.refresh(session, states.BEGAN + 0.1)
    bar.settle()
    assert told.all == [
        Change({"tempo": 101.0}), Change({"tempo": 102.0}), Change({"tempo": 103.0}),
        ChangeSettings({"tempo": 100.0}, {"tempo": 103.0}),
    ]  # fmt: skip


def test_the_wheel_changes_nothing_without_focus(bar: TransportBar) -> None:
    bar.refresh(set_by_hand(), states.BEGAN)
    told = Told(bar)
    for field in (bar.tempo.field, bar.metre, bar.entry, bar.entry_bars, bar.length, bar.volume):
        before = getattr(field, "value", getattr(field, "currentIndex", None))()  # type: ignore[misc]
        turn(field)
        assert getattr(field, "value", getattr(field, "currentIndex", None))() == before  # type: ignore[misc]
    bar.settle()
    assert told.all == []


def test_the_daws_tempo_is_read_only(bar: TransportBar) -> None:
    bar.refresh(*states.listening())
    told = Told(bar)
    bar.tempo.field.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClicks(bar.tempo.field, "9")
    turn(bar.tempo.field)
    bar.settle()
    assert told.all == [] and bar.tempo.field.text() == "118.0"


def test_no_beat_is_a_dash_and_can_be_set(bar: TransportBar) -> None:
    bar.refresh(*states.empty())
    assert bar.tempo.field.text() == "–" and bar.position.text() == "–"
    told = Told(bar)
    field = bar.tempo.field
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    QTest.keyClicks(field, "96")
    QTest.keyClick(field, Qt.Key.Key_Return)
    bar.settle()
    assert told.all == [Change({"tempo": 96.0}), ChangeSettings({"tempo": None}, {"tempo": 96.0})]


def test_a_set_tempo_can_be_given_up(bar: TransportBar) -> None:
    bar.refresh(*states.listening())
    assert not bar.tempo.auto.isVisible()
    bar.refresh(set_by_hand(), states.BEGAN)
    told = Told(bar)
    QTest.mouseClick(bar.tempo.auto, Qt.MouseButton.LeftButton)
    assert told.all == [ChangeSettings({"tempo": 100.0}, {"tempo": None})]


def test_the_form_of_the_answer(bar: TransportBar) -> None:
    session = states.joined()
    bar.refresh(session, states.BEGAN)
    assert bar.entry_bars.isVisible() and not bar.length_bars.isVisible()
    told = Told(bar)
    bar.entry.activated.emit(bar.entry.findData("free"))
    bar.length.activated.emit(bar.length.findData("bars"))
    assert told.all == [
        ChangeSettings({"entry": "bar"}, {"entry": "free"}), ChangeSettings({"length": "phrase"}, {"length": "bars"}),
    ]  # fmt: skip
    session.take_in(outputs.SettingsChanged(Settings(entry=Entry.FREE, length=Length.BARS, length_bars=8)))
    bar.refresh(session, states.BEGAN)
    assert not bar.entry_bars.isVisible() and bar.length_bars.isVisible() and bar.length_bars.value() == 8


def test_recording_and_sound_show_the_session_not_the_press(bar: TransportBar) -> None:
    session = states.joined()
    bar.refresh(session, states.BEGAN)
    told = Told(bar)
    for button in (bar.record, bar.sound):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert not button.isChecked()
    assert told.all == ["record", "sound"]
    session.recording_from = 0.0
    session.take_in(SoundChanged(True, 0.5))
    bar.refresh(session, states.BEGAN + 1.0)
    bar.refresh(session, states.BEGAN + 66.0)
    assert bar.record.isChecked() and bar.record.text().strip() == "1:05" and bar.sound.isChecked()
    assert bar.volume.value() == 10
    bar.volume.setValue(15)
    assert told.all[2:] == [SetSound(True, 0.75)]


def test_space_stays_the_transports_in_a_number(bar: TransportBar, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(bar)
    pressed: list[str] = []
    QShortcut(QKeySequence("Space"), window).activated.connect(lambda: pressed.append("Space"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    bar.refresh(set_by_hand(), states.BEGAN)
    bar.tempo.field.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(bar.tempo.field, Qt.Key.Key_Space)
    assert pressed == ["Space"]
    bar.setParent(None)

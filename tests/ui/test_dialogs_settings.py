"""The settings dialog: tells ports, sound, model, looks only when somebody changed them, and once; lists hold still."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSlider,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cocomposer.runtime import news
from cocomposer.runtime.news import LoadModel, OpenPorts, Ports, SetSound
from ui.bench import session_states as states
from ui.dialogs.settings import RememberedPorts, SettingsDialog
from ui.presenters.session import Session

W = TypeVar("W", bound=QWidget)
Told = list[tuple[str, object]]
INPUTS = "MIDI inputs to listen to, besides cocomposer In"
LIGHTS = "Controllers that are told how things stand, for their lights"


def made(qtbot: QtBot, told: Told, remembered: RememberedPorts | None = None) -> SettingsDialog:
    dialog = SettingsDialog([Path("models/live"), Path("models/tiny")], "dark", "ask", remembered=remembered)
    qtbot.addWidget(dialog)
    dialog.commanded.connect(lambda command: told.append(("commanded", command)))
    dialog.theme_chosen.connect(lambda name: told.append(("theme", name)))
    dialog.closing_chosen.connect(lambda value: told.append(("closing", value)))
    dialog.ports_chosen.connect(lambda *ports: told.append(("ports", ports)))
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, told: Told) -> SettingsDialog:
    return made(qtbot, told)


def named(dialog: SettingsDialog, kind: type[W], name: str) -> W:
    return next(one for one in dialog.findChildren(kind) if one.accessibleName() == name)


def items(shown: QListWidget) -> list[tuple[str, bool]]:
    rows = (shown.item(row) for row in range(shown.count()))
    return [(item.text(), item.checkState() is Qt.CheckState.Checked) for item in rows]


def ports(*inputs: str, opened: tuple[str, ...] = (), playing_on: str = "cocomposer Out") -> Ports:
    return Ports("alsa", inputs, ("DAW in", "Synth"), ("cocomposer In", *opened), (playing_on,), playing_on, ())


def choose(box: QComboBox, text: str) -> None:
    """As somebody does with the keyboard."""
    box.setFocus()
    QTest.keyClicks(box, text)


@pytest.mark.parametrize("name", states.STATES)
def test_showing_tells_nothing(dialog: SettingsDialog, told: Told, name: str) -> None:
    session, _ = states.STATES[name]()
    dialog.refresh(session)
    session.take_in(ports("One", "Two", opened=("Two",), playing_on="Synth"))
    session.take_in(news.SoundChanged(True, 0.2))
    dialog.refresh(session)
    assert told == []


def test_an_input_is_opened_once_with_all_that_is_chosen(dialog: SettingsDialog, told: Told) -> None:
    session = states.joined()
    session.take_in(ports("Keys", "Pads", opened=("Keys",), playing_on="Synth"))
    dialog.refresh(session)
    inputs = named(dialog, QListWidget, INPUTS)
    assert items(inputs) == [("Keys", True), ("Pads", False)]
    inputs.setFocus()
    inputs.setCurrentRow(1)
    QTest.keyClick(inputs, Qt.Key.Key_Space)
    assert told == [
        ("commanded", OpenPorts(("Keys", "Pads"), ("Synth",), ())),
        ("ports", (("Keys", "Pads"), ("Synth",), ())),
    ]


def test_output_and_lights(dialog: SettingsDialog, told: Told) -> None:
    session = states.joined()
    session.take_in(ports("Keys"))
    dialog.refresh(session)
    choose(named(dialog, QComboBox, "Play on"), "Synth")
    assert told[0] == ("commanded", OpenPorts((), ("Synth",), ()))
    del told[:]
    named(dialog, QListWidget, LIGHTS).item(0).setCheckState(Qt.CheckState.Checked)
    QTest.keyClick(named(dialog, QComboBox, "Play on"), Qt.Key.Key_Home)
    assert [what for kind, what in told if kind == "commanded"] == [
        OpenPorts((), ("Synth",), ("DAW in",)), OpenPorts((), (), ("DAW in",)),
    ]  # fmt: skip


def test_lists_hold_still_when_ports_come_and_go(dialog: SettingsDialog, told: Told) -> None:
    session = states.joined()
    many = [f"Port {n:02}" for n in range(40)]
    session.take_in(ports(*many))
    dialog.refresh(session)
    inputs = named(dialog, QListWidget, INPUTS)
    inputs.setCurrentRow(30)
    inputs.scrollToItem(inputs.item(30))
    place = inputs.verticalScrollBar().value()
    assert place > 0
    session.take_in(ports(*many, "Port 99", opened=("Port 30",)))
    dialog.refresh(session)
    assert inputs.currentItem().text() == "Port 30" and inputs.currentItem().checkState() is Qt.CheckState.Checked
    assert inputs.verticalScrollBar().value() == place
    session.take_in(ports(*many[1:], opened=("Port 30",)))
    dialog.refresh(session)
    assert [text for text, _ in items(inputs)] == many[1:]
    assert inputs.currentItem().text() == "Port 30"
    session.take_in(ports(*reversed(many)))
    dialog.refresh(session)
    assert [text for text, _ in items(inputs)] == many[::-1]
    session.take_in(ports())
    dialog.refresh(session)
    assert items(inputs) == [("none found", False)]
    assert not inputs.item(0).flags() & Qt.ItemFlag.ItemIsUserCheckable
    session.take_in(ports("Keys"))
    dialog.refresh(session)
    assert items(inputs) == [("Keys", False)]
    assert told == []


def test_what_is_unplugged_is_not_forgotten(qtbot: QtBot, told: Told) -> None:
    dialog = made(qtbot, told, RememberedPorts(("Keys", "Old piano"), ("Module",), ()))
    session = states.joined()
    session.take_in(ports("Keys", "Pads", opened=("Keys",)))
    dialog.refresh(session)
    inputs = named(dialog, QListWidget, INPUTS)
    assert items(inputs) == [("Keys", True), ("Pads", False), ("Old piano (not there now)", True)]
    assert named(dialog, QComboBox, "Play on").currentText() == "Module (not there now)"
    inputs.item(1).setCheckState(Qt.CheckState.Checked)
    assert told[0] == ("commanded", OpenPorts(("Keys", "Pads", "Old piano"), ("Module",), ()))
    inputs.item(2).setCheckState(Qt.CheckState.Unchecked)
    session.take_in(ports("Keys", "Pads", opened=("Keys", "Pads")))
    dialog.refresh(session)
    assert items(inputs) == [("Keys", True), ("Pads", True)]


def test_sound(dialog: SettingsDialog, told: Told) -> None:
    session = states.joined()
    session.take_in(news.SoundChanged(False, 0.5, "No sound device was found; plug one in."))
    dialog.refresh(session)
    assert any(label.text() == "No sound device was found; plug one in." for label in dialog.findChildren(QLabel))
    on = next(box for box in dialog.findChildren(QCheckBox) if "sound" in box.text())
    on.click()
    assert told == [("commanded", SetSound(True, 0.5))]
    session.take_in(news.SoundChanged(True, 0.5))
    dialog.refresh(session)
    volume = named(dialog, QSlider, "Volume")
    QTest.keyClick(volume, Qt.Key.Key_Right)
    assert told[1:] == [("commanded", SetSound(True, 0.51))]


def test_model_and_processor(dialog: SettingsDialog, told: Told) -> None:
    session = states.joined()
    dialog.refresh(session)
    assert named(dialog, QComboBox, "Model").currentText() == "live"
    choose(named(dialog, QComboBox, "Model"), "tiny")
    choose(named(dialog, QComboBox, "Runs on"), "CPU")
    assert [what for _, what in told] == [LoadModel("models/tiny", "auto"), LoadModel("models/tiny", "cpu")]


def test_another_model(dialog: SettingsDialog, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog.refresh(states.joined())
    another = next(one for one in dialog.findChildren(QPushButton) if "nother" in one.text())
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    another.click()
    assert told == []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "elsewhere/mine")
    another.click()
    assert told == [("commanded", LoadModel("elsewhere/mine", "auto"))]


def test_theme_and_closing(dialog: SettingsDialog, told: Told) -> None:
    dialog.refresh(states.joined())
    choose(named(dialog, QComboBox, "Theme"), "Light")
    choose(named(dialog, QComboBox, "When the window is closed"), "Stop")
    assert told == [("theme", "light"), ("closing", "stop")]


def test_where_everything_is_kept(dialog: SettingsDialog) -> None:
    session = states.joined()
    assert session.hello is not None
    dialog.refresh(session)
    kept = named(dialog, QLineEdit, "Every note is kept in")
    assert kept.text() == "no file" and kept.isReadOnly()


def test_while_there_is_no_engine_what_is_its_own_cannot_be_changed(dialog: SettingsDialog) -> None:
    dialog.refresh(Session())
    assert not named(dialog, QComboBox, "Play on").isEnabled()
    assert named(dialog, QComboBox, "Play on").currentText() == "cocomposer Out"
    assert named(dialog, QComboBox, "Theme").isEnabled()
    assert any("being started" in label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
    dialog.refresh(states.joined())
    assert named(dialog, QComboBox, "Play on").isEnabled()
    assert not any("being started" in label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_everything_has_a_name_and_the_keyboard_is_enough(dialog: SettingsDialog) -> None:
    dialog.refresh(states.joined())
    for kind in (QComboBox, QListWidget, QSlider, QLineEdit):
        for widget in dialog.findChildren(kind):
            assert widget.accessibleName(), widget
    tabs = dialog.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.tabBar().setFocus()
    QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_was_asked_for_is_shown_also_when_it_runs(dialog: SettingsDialog) -> None:
    session = states.joined()
    dialog.refresh(session)
    session.asked_for_model(LoadModel("models/tiny", "cpu"))
    session.take_in(news.Ready("cpu", "tiny", "The model tiny runs on cpu.", states.BEGAN + 9, 4713))
    dialog.refresh(session)
    assert named(dialog, QComboBox, "Model").currentText() == "tiny"
    assert named(dialog, QComboBox, "Runs on").currentText() == "CPU"

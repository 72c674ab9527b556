"""The computer keyboard as an event filter over a whole window: letters are notes, all else stays what it was."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.jam.inputs import Arrived
from tests.ui.test_computer_keys import sounding
from ui.widgets.computer_keyboard import ComputerKeyboard
from ui.widgets.fields import NumberField


class Desk(QMainWindow):
    """A window with what takes keys, and shortcuts as the application has them."""

    def __init__(self) -> None:
        super().__init__()
        self.acted: list[str] = []
        for keys in ("Space", "Escape", "Ctrl+S", "Return", "A"):
            action = QAction(keys, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _on=False, keys=keys: self.acted.append(keys))
            self.addAction(action)
        self.button, self.text, self.number, self.choice = QPushButton(), QLineEdit(), NumberField(0, 100), QComboBox()
        middle = QWidget()
        column = QVBoxLayout(middle)
        for widget in (self.button, self.text, self.number, self.choice):
            column.addWidget(widget)
        self.choice.addItems(["first", "second"])
        self.button.setAutoDefault(False)
        self.setCentralWidget(middle)
        self.keyboard = ComputerKeyboard(self, clock=lambda: 12.5)
        self.messages: list[bytes] = []
        self.keyboard.commanded.connect(self._hear)

    def _hear(self, arrived: Arrived) -> None:
        assert arrived.at_seconds == 12.5
        self.messages.append(arrived.data)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk()
    qtbot.addWidget(desk)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    desk.button.setFocus()
    desk.keyboard.set_active(True)
    yield desk
    desk.keyboard.set_active(False)


def repeat(widget: QWidget, key: Qt.Key, text: str) -> None:
    """As a key held down repeats: up and down again, both marked."""
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, True))


def test_letters_are_notes_wherever_the_focus_lies(desk: Desk) -> None:
    for widget in (desk.button, desk.number, desk.choice, desk):
        desk.messages.clear()
        QTest.keyPress(widget, Qt.Key.Key_S)
        assert sounding(desk.messages) == {62}
        QTest.keyRelease(widget, Qt.Key.Key_S)
        assert sounding(desk.messages) == set()
    assert desk.choice.currentText() == "first"


def test_a_held_key_is_one_note(desk: Desk) -> None:
    QTest.keyPress(desk.button, Qt.Key.Key_A)
    repeat(desk.button, Qt.Key.Key_A, "a")
    assert len(desk.messages) == 1 and sounding(desk.messages) == {60}
    QTest.keyRelease(desk.button, Qt.Key.Key_A)
    assert sounding(desk.messages) == set()


def test_text_fields_keep_their_letters(desk: Desk) -> None:
    desk.text.setFocus()
    QTest.keyClicks(desk.text, "awsx")
    assert desk.text.text() == "awsx" and desk.messages == []
    desk.choice.setEditable(True)
    desk.choice.setFocus()
    QTest.keyClicks(desk.choice, "d")
    assert desk.messages == []


def test_actions_stay_actions(desk: Desk) -> None:
    QTest.keyClick(desk, Qt.Key.Key_Space)
    QTest.keyClick(desk, Qt.Key.Key_Escape)
    QTest.keyClick(desk, Qt.Key.Key_Return)
    QTest.keyClick(desk, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.acted == ["Space", "Escape", "Return", "Ctrl+S"] and desk.messages == []


def test_a_shortcut_on_a_bare_letter_waits_until_it_is_off(desk: Desk) -> None:
    QTest.keyClick(desk, Qt.Key.Key_A)
    assert desk.acted == [] and len(desk.messages) == 2
    desk.keyboard.set_active(False)
    QTest.keyClick(desk, Qt.Key.Key_A)
    assert desk.acted == ["A"] and len(desk.messages) == 2


def test_a_note_ends_with_its_key_also_when_ctrl_came_in_between(desk: Desk) -> None:
    QTest.keyPress(desk.button, Qt.Key.Key_D)
    QTest.keyRelease(desk.button, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert sounding(desk.messages) == set() and len(desk.messages) == 2


@pytest.mark.parametrize("leave", ["text", "off", "octave", "silence", "deactivate", "dialog"])
def test_leaving_ends_what_is_held(desk: Desk, qtbot: QtBot, leave: str) -> None:
    QTest.keyPress(desk.button, Qt.Key.Key_A)
    QTest.keyPress(desk.button, Qt.Key.Key_G)
    assert sounding(desk.messages) == {60, 67}
    match leave:
        case "text":
            desk.text.setFocus()
        case "off":
            desk.keyboard.set_active(False)
        case "octave":
            QTest.keyClick(desk.button, Qt.Key.Key_X)
        case "silence":
            desk.keyboard.silence()
        case "deactivate":
            QApplication.sendEvent(desk, QEvent(QEvent.Type.WindowDeactivate))
        case "dialog":
            other = QLineEdit()
            qtbot.addWidget(other)
            other.show()
            other.activateWindow()
            qtbot.waitUntil(other.isActiveWindow)
    assert sounding(desk.messages) == set()


def test_other_windows_play_nothing(desk: Desk, qtbot: QtBot) -> None:
    other = QPushButton()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    QTest.keyClick(other, Qt.Key.Key_A)
    assert desk.messages == []


def test_letters_tell_where_they_lie(desk: Desk, qtbot: QtBot) -> None:
    assert desk.keyboard.letters[60] == "A"
    with qtbot.waitSignal(desk.keyboard.changed):
        QTest.keyClick(desk.button, Qt.Key.Key_X)
    assert desk.keyboard.letters[72] == "A"
    with qtbot.waitSignal(desk.keyboard.changed):
        desk.keyboard.set_active(False)
    assert desk.keyboard.letters == {}


KEYS = [Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_K, Qt.Key.Key_Z, Qt.Key.Key_X, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_Q]
MODIFIERS = [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier]
moves = st.lists(
    st.tuples(
        st.sampled_from(["press", "release", "repeat", "text", "button", "toggle", "silence"]),
        st.sampled_from(KEYS),
        st.sampled_from(MODIFIERS),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves)
def test_whatever_keys_come_letting_go_ends_silent(
    desk: Desk, played: list[tuple[str, Qt.Key, Qt.KeyboardModifier]]
) -> None:
    desk.messages.clear()
    desk.button.setFocus()
    desk.keyboard.set_active(True)
    for what, key, modifier in played:
        focus = desk.focusWidget() or desk
        match what:
            case "press":
                QTest.keyPress(focus, key, modifier)
            case "release":
                QTest.keyRelease(focus, key, modifier)
            case "repeat":
                repeat(focus, key, "")
            case "text":
                desk.text.setFocus()
            case "button":
                desk.button.setFocus()
            case "toggle":
                desk.keyboard.set_active(not desk.keyboard.active)
            case "silence":
                desk.keyboard.silence()
    for key in KEYS:
        QTest.keyRelease(desk.focusWidget() or desk, key)
    assert sounding(desk.messages) == set()

"""The shortcuts page: searched, changed and put back; keys that are taken are refused."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QKeySequenceEdit, QLabel, QLineEdit, QPushButton, QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from ui.dialogs.shortcuts import Shortcuts
from ui.presenters.actions import ACTIONS

Told = list[dict[str, str]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, told: Told) -> Shortcuts:
    dialog = Shortcuts({"star": "F3"})
    qtbot.addWidget(dialog)
    dialog.changed.connect(told.append)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def table(dialog: Shortcuts) -> QTableWidget:
    found = dialog.findChild(QTableWidget)
    assert isinstance(found, QTableWidget)
    return found


def cell(dialog: Shortcuts, row: int, column: int) -> QTableWidgetItem:
    found = table(dialog).item(row, column)
    assert found is not None
    return found


def search(dialog: Shortcuts, text: str) -> None:
    field = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "Search shortcuts")
    field.setText(text)


def field(dialog: Shortcuts) -> QKeySequenceEdit:
    found = dialog.findChild(QKeySequenceEdit)
    assert isinstance(found, QKeySequenceEdit)
    return found


def button(dialog: Shortcuts, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == text)


def shown(dialog: Shortcuts) -> dict[str, str]:
    rows = range(table(dialog).rowCount())
    return {cell(dialog, row, 0).text(): cell(dialog, row, 2).text() for row in rows}


def warning(dialog: Shortcuts) -> str:
    return next(one.text() for one in dialog.findChildren(QLabel) if one.property("role") == "warning")


def press(dialog: Shortcuts, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    field(dialog).setFocus()
    QTest.keyClick(field(dialog), key, modifier)


def test_all_actions_are_shown_and_can_be_searched(dialog: Shortcuts, told: Told) -> None:
    assert len(shown(dialog)) == len(ACTIONS)
    assert shown(dialog)["Star take"] == "F3"
    search(dialog, "undo")
    assert shown(dialog) == {"Undo": "Ctrl+Z"}
    search(dialog, "TAKE export")
    assert list(shown(dialog)) == ["Export take as MIDI"]
    search(dialog, "ctrl+shift+z")
    assert list(shown(dialog)) == ["Redo"]
    search(dialog, "nothing of that kind")
    assert shown(dialog) == {}
    assert not any(button(dialog, text).isEnabled() for text in ("Use them", "No keys", "Default"))
    assert told == []


def test_new_keys_are_used(dialog: Shortcuts, told: Told) -> None:
    search(dialog, "save jam")
    press(dialog, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert told == []
    button(dialog, "Use them").click()
    assert told == [{"star": "F3", "save": "Ctrl+J"}]
    assert shown(dialog)["Save jam"] == "Ctrl+J"
    assert field(dialog).keySequence().isEmpty()


def test_keys_that_are_taken_are_refused(dialog: Shortcuts, told: Told) -> None:
    search(dialog, "save jam")
    press(dialog, Qt.Key.Key_F3)
    assert "F3 is taken by “Star take”" in warning(dialog)
    assert not button(dialog, "Use them").isEnabled()
    press(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert warning(dialog) == "", "the star gave its default keys away"
    assert button(dialog, "Use them").isEnabled()
    assert told == []


def test_no_keys_and_back_to_the_default(dialog: Shortcuts, told: Told) -> None:
    search(dialog, "redo")
    assert not button(dialog, "Default").isEnabled()
    button(dialog, "No keys").click()
    assert told == [{"star": "F3", "redo": ""}]
    assert shown(dialog) == {"Redo": "–"} and not button(dialog, "No keys").isEnabled()
    button(dialog, "Default").click()
    assert told[1:] == [{"star": "F3"}]
    assert shown(dialog) == {"Redo": "Ctrl+Shift+Z, Ctrl+Y"}


def test_default_keys_that_were_given_away_do_not_come_back(dialog: Shortcuts, told: Told) -> None:
    search(dialog, "save jam")
    press(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    button(dialog, "Use them").click()
    search(dialog, "star take")
    button(dialog, "Default").click()
    assert "taken by “Save jam”" in warning(dialog)
    assert len(told) == 1 and shown(dialog)["Star take"] == "F3"


def test_what_was_changed_is_bold_and_stays_chosen(dialog: Shortcuts) -> None:
    rows = list(shown(dialog))
    place = rows.index("Star take")
    assert cell(dialog, place, 2).font().bold()
    assert not cell(dialog, place + 1, 2).font().bold()
    table(dialog).selectRow(place)
    button(dialog, "Default").click()
    assert table(dialog).currentRow() == place
    assert not cell(dialog, place, 2).font().bold()


def test_the_keyboard_is_enough(dialog: Shortcuts, told: Told) -> None:
    search_field = dialog.focusWidget()
    assert search_field is not None and search_field.accessibleName() == "Search shortcuts"
    QTest.keyClicks(search_field, "rename")
    QTest.keyClick(search_field, Qt.Key.Key_Return)
    assert dialog.focusWidget() is table(dialog)
    QTest.keyClick(table(dialog), Qt.Key.Key_Return)
    assert field(dialog).hasFocus() or field(dialog).isAncestorOf(dialog.focusWidget())
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_F4)
    assert field(dialog).keySequence().toString() == "F4"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is button(dialog, "Use them")
    QTest.keyClick(button(dialog, "Use them"), Qt.Key.Key_Return)
    assert told == [{"star": "F3", "rename": "F4"}]
    assert dialog.focusWidget() is table(dialog)
    QTest.keyClick(table(dialog), Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_escape_can_be_a_shortcut(dialog: Shortcuts) -> None:
    press(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert field(dialog).keySequence().toString() == "Esc"

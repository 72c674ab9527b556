"""MIDI learn as a dialog: learn, forget, cancel, channel and kinds of pedal, each told once and only when done."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QSpinBox, QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.inputs import Forget, Learn
from cocomposer.jam.settings import Settings, changed
from ui.bench import session_states as states
from ui.dialogs.controllers import Controllers
from ui.presenters.session import Session
from ui.presenters.targets import target_rows

BINDINGS: dict[str, Any] = {
    "take_over": {"kind": "cc", "number": 67, "channel": 0, "inverted": False, "latch": False},
    "window:star": {"kind": "note", "number": 36, "channel": 3, "inverted": False, "latch": True},
}


@pytest.fixture
def session() -> Session:
    return states.joined(changed(Settings(), {"bindings": BINDINGS}))


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, session: Session, told: list[object]) -> Controllers:
    dialog = Controllers()
    qtbot.addWidget(dialog)
    dialog.commanded.connect(told.append)
    dialog.edited.connect(told.append)
    dialog.refresh(session)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def table(dialog: Controllers) -> QTableWidget:
    found = dialog.findChild(QTableWidget)
    assert isinstance(found, QTableWidget)
    return found


def cell(dialog: Controllers, row: int, column: int) -> QTableWidgetItem:
    found = table(dialog).item(row, column)
    assert found is not None
    return found


def choose(dialog: Controllers, session: Session, target: str) -> None:
    table(dialog).selectRow([row.target for row in target_rows(session)].index(target))


def button(dialog: Controllers, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == text)


def box(dialog: Controllers, text: str) -> QCheckBox:
    return next(one for one in dialog.findChildren(QCheckBox) if one.text().replace("&", "") == text)


def channel(dialog: Controllers) -> QSpinBox:
    found = dialog.findChild(QSpinBox)
    assert isinstance(found, QSpinBox)
    return found


def test_showing_tells_nothing(dialog: Controllers, session: Session, told: list[object]) -> None:
    for row in range(table(dialog).rowCount()):
        table(dialog).selectRow(row)
        dialog.refresh(session)
    assert told == []
    assert table(dialog).rowCount() == len(target_rows(session))


def test_learn_and_cancel(dialog: Controllers, session: Session, told: list[object]) -> None:
    choose(dialog, session, "panic")
    button(dialog, "Learn").click()
    assert told == [Learn("panic")]
    session.learning = "panic"
    dialog.refresh(session)
    assert cell(dialog, table(dialog).currentRow(), 2).text() == "… move it now"
    button(dialog, "Cancel").click()
    assert told[1:] == [Learn(None)]
    session.learning = None
    dialog.refresh(session)
    assert button(dialog, "Learn").isEnabled()


def test_what_was_learned_is_shown_where_the_row_stands(dialog: Controllers, session: Session) -> None:
    choose(dialog, session, "window:delete")
    place = table(dialog).verticalScrollBar().value()
    assert place > 0
    session.settings = changed(
        session.settings, {"bindings": {**BINDINGS, "window:delete": {"kind": "cc", "number": 9}}}
    )
    dialog.refresh(session)
    assert cell(dialog, table(dialog).currentRow(), 2).text() == "CC 9"
    assert target_rows(session)[table(dialog).currentRow()].target == "window:delete"
    assert table(dialog).verticalScrollBar().value() == place
    assert button(dialog, "Forget").isEnabled()


def test_forget_with_the_button_and_with_delete(dialog: Controllers, session: Session, told: list[object]) -> None:
    choose(dialog, session, "window:star")
    button(dialog, "Forget").click()
    table(dialog).setFocus()
    QTest.keyClick(table(dialog), Qt.Key.Key_Delete)
    assert told == [Forget("window:star")] * 2
    choose(dialog, session, "panic")
    assert not button(dialog, "Forget").isEnabled()
    QTest.keyClick(table(dialog), Qt.Key.Key_Delete)
    assert len(told) == 2


def test_what_works_it_is_shown_and_changed_as_one_edit_each(
    dialog: Controllers, session: Session, told: list[object]
) -> None:
    choose(dialog, session, "window:star")
    assert (channel(dialog).value(), box(dialog, "Inverted").isChecked(), box(dialog, "Latching").isChecked()) == (
        3, False, True,
    )  # fmt: skip
    box(dialog, "Inverted").click()
    channel(dialog).setValue(4)
    before = {"bindings": BINDINGS}
    star = BINDINGS["window:star"]
    assert told == [
        ChangeSettings(before, {"bindings": {**BINDINGS, "window:star": {**star, "inverted": True}}}),
        ChangeSettings(before, {"bindings": {**BINDINGS, "window:star": {**star, "channel": 4}}}),
    ]
    choose(dialog, session, "panic")
    assert not channel(dialog).isEnabled() and channel(dialog).value() == 0
    assert not box(dialog, "Latching").isChecked()


def test_return_on_a_row_learns_it_once_and_closing_ends_learning(
    dialog: Controllers, session: Session, told: list[object]
) -> None:
    table(dialog).setFocus()
    choose(dialog, session, "tap")
    QTest.keyClick(table(dialog), Qt.Key.Key_Return)
    assert told == [Learn("tap")]
    session.learning = "tap"
    dialog.refresh(session)
    QTest.keyClick(table(dialog), Qt.Key.Key_Escape)
    assert told[1:] == [Learn(None)]
    assert not dialog.isVisible()


def test_closing_tells_nothing_if_nothing_is_learned(dialog: Controllers, told: list[object]) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert told == []


def test_without_an_engine_nothing_can_be_learned(dialog: Controllers, session: Session, told: list[object]) -> None:
    session.engine_lost("It ended.")
    dialog.refresh(session)
    assert not button(dialog, "Learn").isEnabled() and not button(dialog, "Forget").isEnabled()
    table(dialog).setFocus()
    QTest.keyClick(table(dialog), Qt.Key.Key_Return)
    assert told == []


def test_tab_leaves_the_table(dialog: Controllers) -> None:
    table(dialog).setFocus()
    QTest.keyClick(table(dialog), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is button(dialog, "Learn")

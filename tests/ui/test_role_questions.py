"""The questions of roles: how much, which side, how many bars; by keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.takes_jam import take
from ui.dialogs.role_questions import FillQuestion, Question, VaryQuestion
from ui.presenters.roles_asked import Part
from ui.widgets.bar_picker import BarPicker


@pytest.fixture
def varying(qtbot: QtBot) -> VaryQuestion:
    asked = VaryQuestion(take(1))
    qtbot.addWidget(asked)
    asked.show()
    qtbot.waitExposed(asked)
    return asked


def texts(asked: Question) -> list[str]:
    return [label.text() for label in asked.findChildren(QLabel) if label.isVisible()]


def test_the_amount_is_told_in_words_as_it_moves(varying: VaryQuestion) -> None:
    assert (varying.amount, varying.part) == (0.4, Part.ANSWER)
    assert "40 %, alike" in texts(varying)
    QTest.keyClick(varying.slider, Qt.Key.Key_End)
    assert varying.amount == 1.0 and "100 %, only the rhythm" in texts(varying)
    QTest.keyClick(varying.slider, Qt.Key.Key_Home)
    assert varying.amount == 0.0 and varying.slider.accessibleDescription() == "0 %, the same"


def test_which_side_is_varied_is_asked_only_where_there_are_two(varying: VaryQuestion, qtbot: QtBot) -> None:
    assert varying.part_field.isVisible()
    varying.part_field.setCurrentIndex(0)
    assert varying.part is Part.PHRASE
    alone = VaryQuestion(take(1, answer=()))
    qtbot.addWidget(alone)
    alone.show()
    assert not alone.part_field.isVisible() and alone.part is Part.PHRASE


def test_return_draws_and_escape_gives_up(varying: VaryQuestion) -> None:
    said: list[int] = []
    varying.finished.connect(said.append)
    varying.slider.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(varying.slider, Qt.Key.Key_Return)
    varying.show()
    QTest.keyClick(varying, Qt.Key.Key_Escape)
    assert said == [QDialog.DialogCode.Accepted.value, QDialog.DialogCode.Rejected.value]


def test_how_many_bars_lie_between(qtbot: QtBot) -> None:
    asked = FillQuestion(take(1), take(2))
    qtbot.addWidget(asked)
    asked.show()
    assert asked.bars == 2 and "Take 1 … Take 2" in texts(asked)
    asked.number.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(asked.number, Qt.Key.Key_Up)
    assert asked.bars == 3


def test_all_fields_have_names(varying: VaryQuestion) -> None:
    for field in (varying.slider, varying.part_field):
        assert field.accessibleName()


@pytest.mark.parametrize("kind", [VaryQuestion, BarPicker])
def test_a_name_with_marks_is_read_as_it_was_written(qtbot: QtBot, kind: type[VaryQuestion | BarPicker]) -> None:
    """Qt would take it for a text with bold words, and show no marks."""
    asked = kind(take(1, name="Take 1 <b>loud</b>"))
    qtbot.addWidget(asked)
    (title,) = (label for label in asked.findChildren(QLabel) if "loud" in label.text())
    assert title.textFormat() is Qt.TextFormat.PlainText

"""The line of words in the side panel: both lists before anything is applied, then one edit."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.settings import Settings
from tests.ui.test_transport_bar import Told
from ui.bench import session_states as states
from ui.widgets.describe_box import DescribeBox
from ui.widgets.side_panel import SidePanel


@pytest.fixture
def box(qtbot: QtBot) -> DescribeBox:
    box = DescribeBox()
    qtbot.addWidget(box)
    box.show()
    return box


def type_in(box: DescribeBox, text: str) -> list[dict[str, Any]]:
    """What was applied since is in the list that comes back."""
    applied: list[dict[str, Any]] = []
    box.described.connect(applied.append)
    QTest.keyClicks(box.line, text)
    return applied


def test_both_lists_are_there_before_anything_is_applied(box: DescribeBox) -> None:
    applied = type_in(box, "sparse waltz in D minor with purple bagpipes")
    assert box.understood.text().splitlines() == [
        "“sparse”: Density -45 %", "“waltz”: 3 beats in a bar", "“D minor”: Keep to minor, On D",
    ]  # fmt: skip
    assert box.unclear.text() == "Not understood:\n“purple bagpipes”"
    assert applied == []
    QTest.mouseClick(box.apply, Qt.MouseButton.LeftButton)
    assert applied == [{"density": -0.45, "beats_per_bar": 3, "scale": "minor", "tonic": "D"}]
    assert not box.line.text() and not box.apply.isVisible() and not box.understood.isVisible()


def test_what_is_not_understood_at_all_cannot_be_applied(box: DescribeBox) -> None:
    applied = type_in(box, "purple bagpipes")
    assert box.apply.isVisible() and not box.apply.isEnabled()
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert applied == [] and box.line.text()
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.line.text() and not box.unclear.isVisible()


def test_words_are_read_beside_the_settings_in_force(box: DescribeBox) -> None:
    box.show_settings(Settings(density=0.5))
    type_in(box, "less busy")
    assert box.understood.text() == "“less busy”: Density +25 %"
    box.show_settings(Settings(density=0.25))
    assert box.understood.text() == "“less busy”: Density 0 %"


def test_a_reason_and_what_stays_are_told(box: DescribeBox) -> None:
    type_in(box, "faster, not too high")
    assert box.understood.text() == "“not too high”: Register 0 % (as it is)"
    assert box.unclear.text() == "Not understood:\n“faster”: no tempo is set"


def test_in_the_panel_it_is_one_edit(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh(states.joined(), 0.0)
    told = Told(panel)
    QTest.keyClicks(panel.words.line, "slow, louder")
    QTest.keyClick(panel.words.line, Qt.Key.Key_Return)
    assert told.all == [ChangeSettings({"tempo": None, "loudness": 0.0}, {"tempo": 70.0, "loudness": 0.25})]

"""The panel of alternatives and the picker of bars, pressed and walked through with keys."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import AddTake
from cocomposer.document.takes import TakeKind
from cocomposer.jam.inputs import Offer
from tests.ui.takes_jam import alternatives, hear, jam, take
from ui.presenters.session import Alternatives, Session
from ui.widgets.alternatives import AlternativesPanel
from ui.widgets.bar_picker import BarPicker


@pytest.fixture
def session() -> Session:
    session = jam(take(3))
    asked = alternatives(session, "t3", (31, 32, 33, 34))
    asked.answers.update({0: take(5).answer, 1: take(6).answer})
    asked.failures[2] = "The composer is not there; wait until it is ready."
    return session


@pytest.fixture
def panel(qtbot: QtBot, dressed: None, session: Session) -> AlternativesPanel:
    panel = AlternativesPanel()
    qtbot.addWidget(panel)
    panel.resize(840, 200)
    panel.show()
    qtbot.waitExposed(panel)
    panel.refresh(session, 0.0)
    return panel


def test_a_press_on_the_picture_plays_it(panel: AlternativesPanel) -> None:
    acted: list[str] = []
    panel.acted.connect(acted.append)
    for card in panel.cards:
        QTest.mouseClick(card.picture, Qt.MouseButton.LeftButton)
    assert acted == ["audition_1", "audition_2"], "what is not drawn cannot be heard"


def test_keys_reach_and_press_everything(panel: AlternativesPanel) -> None:
    told: list[object] = []
    panel.acted.connect(told.append)
    panel.edited.connect(lambda edit: told.append(type(edit)))
    panel.commanded.connect(lambda command: told.append(type(command)))
    panel.more.setFocus()
    for _ in range(8):
        QTest.keyClick(QApplication.focusWidget() or panel, Qt.Key.Key_Return)
        QTest.keyClick(QApplication.focusWidget() or panel, Qt.Key.Key_Tab)
    each = [AddTake, Offer]
    assert told == ["more_alternatives", "close_alternatives", "audition_1", *each, "audition_2", *each]


def test_keeping_makes_a_take_of_its_own(panel: AlternativesPanel, session: Session) -> None:
    edits: list[AddTake] = []
    panel.edited.connect(edits.append)
    panel.cards[1].keep.click()
    (edit,) = edits
    kept = edit.take
    assert (kept.kind, kept.parent, kept.seed, kept.name) == (TakeKind.ALTERNATIVE, "t3", 32, "Take 3 b")
    assert (kept.phrase, kept.answer) == (take(3).phrase, take(6).answer)
    assert datetime.fromisoformat(kept.created_at).tzinfo is not None
    session.document.edit(edit)
    panel.refresh(session, 0.0)
    assert (panel.cards[1].keep.text(), panel.cards[1].keep.isEnabled()) == ("Kept", False)
    panel.cards[0].keep.click()
    session.document.edit(edits[1])
    assert [one.name for one in session.document.takes] == ["Take 3", "Take 3 b", "Take 3 c"]
    assert len({one.id for one in session.document.takes}) == 3
    session.document.undo()
    panel.refresh(session, 0.0)
    assert [card.keep.text() for card in panel.cards[:2]] == ["Keep", "Kept"]


def test_an_alternative_can_be_answered(panel: AlternativesPanel) -> None:
    commands: list[Offer] = []
    panel.commanded.connect(commands.append)
    panel.cards[0].use.click()
    assert commands == [Offer(take(5).answer, answer=True)]


def test_four_more_concerns_the_take_of_the_cards(panel: AlternativesPanel) -> None:
    told: list[str] = []
    panel.selected.connect(told.append)
    panel.acted.connect(told.append)
    panel.more.click()
    assert told == ["t3", "more_alternatives"]


def test_cards_come_alive_as_they_are_drawn(panel: AlternativesPanel, session: Session) -> None:
    assert session.alternatives is not None
    assert not panel.cards[3].keep.isEnabled()
    assert panel.cards[3].picture.accessibleName() == "Alternative 4, drawing"
    session.alternatives.answers[3] = take(7).answer
    hear(session, "alternative 4", 0)
    panel.refresh(session, 104.0)
    assert panel.cards[3].keep.isEnabled() and panel.cards[3].picture.isEnabled()
    assert panel.cards[3].picture.card is not None and panel.cards[3].picture.card.share == pytest.approx(0.5)


def test_a_frame_without_news_paints_nothing(panel: AlternativesPanel, session: Session) -> None:
    before = [card.picture.card for card in panel.cards]
    panel.refresh(session, 1.0)
    assert all(card.picture.card is shown for card, shown in zip(panel.cards, before, strict=True))


def test_one_place_for_some_bars(panel: AlternativesPanel, session: Session) -> None:
    session.alternatives = Alternatives("t3", (9,), (31,), kept_bars=frozenset({0}))
    panel.refresh(session, 0.0)
    assert len(panel.cards) == 1 and panel.more.text() == "Other bars …"
    assert panel.title.text() == "Some bars of Take 3 anew"


def test_narrow_cards_stand_below_each_other(panel: AlternativesPanel, qtbot: QtBot) -> None:
    assert {card.y() for card in panel.cards} == {panel.cards[0].y()}
    panel.resize(460, 340)
    qtbot.waitUntil(lambda: panel.cards[2].y() > panel.cards[0].y())
    assert panel.cards[2].x() == panel.cards[0].x()


# -- bars --------------------------------------------------------------------------------------


@pytest.fixture
def picker(qtbot: QtBot, dressed: None) -> BarPicker:
    picker = BarPicker(take(1, 4))
    qtbot.addWidget(picker)
    picker.show()
    qtbot.waitExposed(picker)
    return picker


def test_bars_are_chosen_by_mouse(picker: BarPicker) -> None:
    assert picker.kept_bars == {0, 1}
    QTest.mouseClick(picker.bars[3], Qt.MouseButton.LeftButton)
    QTest.mouseClick(picker.bars[0], Qt.MouseButton.LeftButton)
    assert picker.kept_bars == {1, 3}
    assert picker.bars[3].accessibleName() == "Bar 4, kept"
    assert picker.bars[0].accessibleName() == "Bar 1, drawn anew"


def test_bars_are_chosen_by_keys(picker: BarPicker) -> None:
    assert picker.bars[0].hasFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_End, Qt.Key.Key_Space,
                Qt.Key.Key_Home, Qt.Key.Key_Space):  # fmt: skip
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
    assert picker.kept_bars == {1, 2, 3}
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert picker.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize(
    ("text", "kept"), [("All", {0, 1, 2, 3}), ("None", set()), ("First half", {0, 1}), ("Last half", {2, 3})]
)
def test_quick_choices(picker: BarPicker, text: str, kept: set[int]) -> None:
    picker.quick[text].click()
    assert picker.kept_bars == kept
    assert picker.draw.isEnabled() == (len(kept) < 4), "where all stay there is nothing to draw"


def test_escape_gives_up(picker: BarPicker) -> None:
    QTest.keyClick(picker, Qt.Key.Key_Escape)
    assert picker.result() == QDialog.DialogCode.Rejected


def test_many_bars_can_be_reached(qtbot: QtBot, dressed: None) -> None:
    picker = BarPicker(take(1, 40))
    qtbot.addWidget(picker)
    picker.show()
    qtbot.waitExposed(picker)
    assert len(picker.bars) == 40 and picker.width() <= 700
    QTest.keyClick(picker.bars[0], Qt.Key.Key_End)
    assert picker.focusWidget() is picker.bars[39] and not picker.bars[39].visibleRegion().isEmpty()

"""The takes panel: pressed, typed and walked through with keys, and what it tells."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import AddTake, DeleteTake, RenameTake, StarTake
from cocomposer.jam.inputs import Audition
from tests.ui.takes_jam import hear, take
from tests.ui.takes_stand import Stand, focused, trigger


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path, dressed: None) -> Stand:
    return Stand(qtbot, tmp_path / "dragged", *(take(n) for n in range(1, 9)))


def test_a_click_selects_and_a_click_on_the_picture_plays(stand: Stand) -> None:
    viewport, row = stand.panel.list.viewport(), stand.row(2)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 60, row.center().y()))
    assert stand.session.selected == "t3" and stand.heard("acted") == []
    row = stand.row(4)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 20, row.center().y()))
    assert stand.session.selected == "t5" and stand.heard("acted") == ["play_take"]


def test_a_click_on_the_star_stars_that_take(stand: Stand) -> None:
    row = stand.row(3)
    places = stand.panel.list.delegate.places(row, stand.panel.list.font())
    for _ in range(2):
        QTest.mouseClick(stand.panel.list.viewport(), Qt.MouseButton.LeftButton, pos=places.star.center())
    assert stand.heard("edited") == [StarTake("t4", True), StarTake("t4", False)]


def test_a_press_that_ends_elsewhere_does_nothing(stand: Stand) -> None:
    viewport, row = stand.panel.list.viewport(), stand.row(3)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 20, row.center().y()))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 60, row.center().y()))
    assert stand.heard("acted") == []


def test_keys_walk_the_list(stand: Stand) -> None:
    stand.panel.list.setFocus()
    stand.session.selected = "t1"
    stand.frame()
    for key, selected in (
        (Qt.Key.Key_Down, "t2"),
        (Qt.Key.Key_Down, "t3"),
        (Qt.Key.Key_Up, "t2"),
        (Qt.Key.Key_End, "t8"),
        (Qt.Key.Key_Home, "t1"),
        (Qt.Key.Key_F, "t1"),  # a piano key, no search
    ):
        QTest.keyClick(stand.panel.list, key)
        assert stand.session.selected == selected


def test_focus_alone_selects_nothing_but_tab_goes_to_the_newest(stand: Stand) -> None:
    stand.panel.list.setFocus()
    assert stand.panel.list.hasFocus() and stand.session.selected is None
    stand.panel.only_starred.setFocus()
    QTest.keyClick(stand.panel.only_starred, Qt.Key.Key_Tab)
    assert stand.panel.list.hasFocus() and stand.session.selected == "t8"


def test_every_button_is_reached_by_tab_and_pressed_by_space_and_return(stand: Stand) -> None:
    stand.choose(0)
    stand.panel.list.setFocus()
    pressed: dict[QWidget, list[object]] = {}
    for _ in range(9):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        button = focused()
        before = len(stand.told)
        if button not in (stand.panel.more, stand.panel.roles, stand.panel.only_starred):
            QTest.keyClick(button, Qt.Key.Key_Space)
            QTest.keyClick(button, Qt.Key.Key_Return)
        pressed[button] = [what for _, what in stand.told[before:]]
    panel = stand.panel
    assert pressed[panel.play] == ["play_take"] * 2
    assert pressed[panel.star] == [StarTake("t1", True), StarTake("t1", False)]
    assert pressed[panel.ab] == ["compare"] * 2
    assert pressed[panel.again] == ["again"] * 2
    assert pressed[panel.use] == ["use_as_phrase"] * 2
    assert panel.more in pressed and panel.roles in pressed and panel.only_starred in pressed


def _type_name(stand: Stand, qtbot: QtBot, text: str, end: Qt.Key) -> None:
    stand.panel.begin_rename()
    editor = stand.panel.list.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit) and editor.hasSelectedText()
    assert stand.panel.rect().contains(QRect(editor.mapTo(stand.panel, QPoint(0, 0)), editor.size()))
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, end)
    qtbot.waitUntil(lambda: stand.panel.list.viewport().findChild(QLineEdit) is None)


def test_rename_in_place_and_undo(stand: Stand, qtbot: QtBot) -> None:
    stand.choose(1)
    _type_name(stand, qtbot, "  Second   verse ", Qt.Key.Key_Return)
    assert stand.heard("edited") == [RenameTake("t2", "Second verse")]
    assert stand.panel.list.takes.rows[1].title == "2 · Second verse"
    stand.session.document.undo()
    stand.frame()
    assert stand.panel.list.takes.rows[1].title == "Take 2"


def test_a_take_that_comes_does_not_end_the_typing(stand: Stand, qtbot: QtBot) -> None:
    stand.choose(1)
    stand.panel.begin_rename()
    editor = stand.panel.list.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Sec")
    stand.session.document.edit(AddTake(take(9)))
    stand.session.selected = "t9"
    stand.frame()
    assert stand.heard("edited") == []
    QTest.keyClicks(editor, "ond")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stand.panel.list.viewport().findChild(QLineEdit) is None)
    assert stand.heard("edited") == [RenameTake("t2", "Second")]
    assert stand.panel.chosen() == ["t9"]


def test_rename_given_up_or_unchanged_tells_nothing(stand: Stand, qtbot: QtBot) -> None:
    stand.choose(1)
    _type_name(stand, qtbot, "Second", Qt.Key.Key_Escape)
    _type_name(stand, qtbot, "Take 2", Qt.Key.Key_Return)
    assert stand.heard("edited") == []


def test_one_take_is_deleted_by_the_windows_action_and_several_here(stand: Stand) -> None:
    stand.choose(1)
    stand.panel.menu().actions()
    trigger(stand, "delete")
    assert stand.told[-1] == ("acted", "delete") and stand.heard("edited") == []
    stand.choose(1, 3, 4)
    assert stand.panel.chosen() == ["t2", "t4", "t5"]
    QTest.keyClick(stand.panel.list, Qt.Key.Key_Delete)
    assert stand.heard("edited") == [DeleteTake("t2"), DeleteTake("t4"), DeleteTake("t5")]
    assert [row.take.id for row in stand.panel.list.takes.rows] == ["t1", "t3", "t6", "t7", "t8"]


def test_the_star_button_stars_all_chosen(stand: Stand) -> None:
    stand.session.document.edit(StarTake("t2", True))
    stand.frame()
    stand.choose(1, 2)
    assert not stand.panel.star.isChecked()
    stand.panel.star.click()
    assert stand.heard("edited") == [StarTake("t3", True)]
    assert stand.panel.star.isChecked()


def test_the_menu_offers_what_makes_sense(stand: Stand) -> None:
    def offered() -> set[str]:
        menu = stand.panel.menu()
        names = {one.objectName() for one in menu.actions() if one.isEnabled() and not one.isSeparator()}
        menu.deleteLater()
        return names

    assert offered() == {"newest_first"}
    stand.choose(1)
    assert offered() >= {"play_take", "star", "again", "regenerate", "rename", "export_take", "copy", "delete"}
    assert offered() >= {"vary", "drums", "harmonise"}
    stand.choose(1, 2)
    assert offered() == {"star", "copy", "delete", "fill", "newest_first"}
    stand.choose(1, 2, 3)
    assert offered() == {"star", "copy", "delete", "newest_first"}


def test_what_sounds_can_be_stopped(stand: Stand) -> None:
    stand.choose(2)
    hear(stand.session, "t3", take(3).phrase[0].onset_tick)
    stand.frame(104.0)
    assert stand.panel.play.text() == "Stop"
    sounding = stand.panel.list.delegate.sounding
    assert sounding is not None and sounding.share == pytest.approx(0.5)
    stand.session.audition = None
    stand.frame(105.0)
    assert stand.panel.play.text() == "Play" and stand.panel.list.delegate.sounding is None


def test_comparing_a_and_b(stand: Stand) -> None:
    stand.choose(0)
    stand.session.compared = "t2"
    stand.frame()
    compare = stand.panel.compare
    assert compare.isVisible() and compare.toggle.text() == "Hear A" and not compare.stop.isEnabled()
    compare.toggle.click()
    assert stand.heard("acted") == ["compare"]
    hear(stand.session, "t1", take(1).answer[0].onset_tick)
    stand.frame(101.0)
    assert compare.toggle.text() == "Hear B"
    compare.stop.click()
    (stopped,) = stand.heard("commanded")
    assert isinstance(stopped, Audition) and stopped.notes == ()


def test_ending_the_comparison_comes_back_to_a(stand: Stand) -> None:
    def conductor(action: str) -> None:
        if action == "close_compare":
            stand.session.compared = None

    stand.panel.acted.connect(conductor)
    stand.choose(0)
    stand.session.compared = "t2"
    stand.frame()
    stand.panel.compare.end.click()
    stand.frame()
    assert stand.session.selected == "t1"
    assert {row.badge for row in stand.panel.list.takes.rows} == {""}
    assert not stand.panel.compare.isVisible()

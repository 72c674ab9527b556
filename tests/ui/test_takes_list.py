"""The list of takes: it holds still, stays quick, speaks, and gives takes away as MIDI files."""

import time
from pathlib import Path

import mido
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import AddTake, DeleteTake, StarTake
from cocomposer.document.takes import KeptTake
from tests.ui.control_d import ControlD
from tests.ui.takes_jam import take
from tests.ui.takes_stand import Stand, trigger
from ui.widgets.drag_out import DragFolder


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path, dressed: None) -> Stand:
    return Stand(qtbot, tmp_path / "dragged", *(take(n) for n in range(1, 9)))


def test_a_frame_without_news_touches_nothing(stand: Stand) -> None:
    model = stand.panel.list.takes
    touched: list[str] = []
    for name in ("modelReset", "layoutChanged", "dataChanged", "rowsInserted", "rowsRemoved"):
        getattr(model, name).connect(lambda *_, name=name: touched.append(name))
    for _ in range(5):
        stand.frame()
    assert touched == []
    stand.session.document.edit(StarTake("t3", True))
    stand.frame()
    assert touched == ["dataChanged"]
    del touched[:]
    stand.session.document.edit(DeleteTake("t3"))
    stand.session.document.edit(AddTake(take(9)))
    stand.frame()
    assert touched == ["rowsRemoved", "rowsInserted"]


def test_selection_and_scroll_stay_when_takes_come_and_go(qtbot: QtBot, tmp_path: Path, dressed: None) -> None:
    stand = Stand(qtbot, tmp_path, *(take(n) for n in range(1, 301)))
    stand.session.selected = "t150"
    stand.frame()
    bar = stand.panel.list.verticalScrollBar()
    value = bar.value()
    assert bar.minimum() < value < bar.maximum()
    stand.session.document.edit(AddTake(take(301)))
    stand.frame()
    assert bar.value() == value and stand.panel.chosen() == ["t150"]
    bar.setValue(bar.maximum())
    stand.session.document.edit(AddTake(take(302)))
    stand.frame()
    assert bar.value() == bar.maximum()
    assert (
        stand.panel.list.visualRect(stand.panel.list.takes.index(301)).bottom() <= stand.panel.list.viewport().height()
    )


def test_the_order_turns_with_the_selection(stand: Stand) -> None:
    stand.choose(1)
    arranged: list[tuple[bool, bool]] = []
    stand.panel.arranged.connect(lambda newest, starred: arranged.append((newest, starred)))
    trigger(stand, "newest_first")
    stand.frame()
    assert [row.take.id for row in stand.panel.list.takes.rows][:2] == ["t8", "t7"]
    assert stand.panel.chosen() == ["t2"] and arranged == [(True, False)]
    stand.panel.only_starred.click()
    stand.frame()
    assert stand.panel.list.takes.rows == () and stand.panel.list.empty.startswith("No starred takes")
    assert arranged[-1] == (True, True)


def test_three_hundred_takes_stay_quick(qtbot: QtBot, tmp_path: Path, dressed: None) -> None:
    stand = Stand(qtbot, tmp_path, *(take(n) for n in range(1, 301)))
    painted = stand.panel._pixmaps.painted
    assert painted < 20, "only what is seen is painted"
    began = time.perf_counter()
    for number in range(1000):
        stand.frame(number / 60)
    assert (time.perf_counter() - began) / 1000 < 0.001
    began = time.perf_counter()
    for number in range(20):
        stand.session.document.edit(StarTake(f"t{number + 1}", True))
        stand.frame()
    assert (time.perf_counter() - began) / 20 < 0.05


def test_ctrl_c_copies_the_chosen_takes_as_midi(stand: Stand) -> None:
    stand.choose(0, 1)
    QTest.keyClick(stand.panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert len(urls) == 2
    assert all(len(mido.MidiFile(url.toLocalFile()).tracks) == 3 for url in urls)


def test_a_disk_that_refuses_is_told_in_one_sentence(qtbot: QtBot, tmp_path: Path, dressed: None) -> None:
    (tmp_path / "file").write_text("in the way")
    stand = Stand(qtbot, tmp_path / "file" / "dragged", take(1))
    stand.choose(0)
    QTest.keyClick(stand.panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert stand.panel._trouble.isVisible()
    assert stand.panel._trouble.text().startswith("The MIDI file could not be written")


def test_rows_speak(stand: Stand) -> None:
    stand.session.document.edit(StarTake("t3", True))
    stand.frame()
    spoken = QAccessible.queryAccessibleInterface(stand.panel.list)
    assert spoken is not None and spoken.text(QAccessible.Text.Name) == "Takes"
    row = spoken.child(2)
    assert row.text(QAccessible.Text.Name).startswith("Take 3, answer, 2 bars, D minor, starred")
    for button in (stand.panel.play, stand.panel.star, stand.panel.ab, stand.panel.again):
        assert button.accessibleDescription() or button.toolTip()


def test_nothing_is_clipped_when_narrow(qtbot: QtBot, tmp_path: Path, dressed: None) -> None:
    stand = Stand(qtbot, tmp_path, *(take(n) for n in range(1, 9)))
    stand.window.resize(280, 600)
    qtbot.waitUntil(lambda: stand.panel.width() == 280)
    for button in (stand.panel.play, stand.panel.star, stand.panel.ab, stand.panel.more, stand.panel.again,
                   stand.panel.use, stand.panel.roles, stand.panel.only_starred):  # fmt: skip
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 16, button.text()
        assert stand.panel.rect().contains(QRect(button.mapTo(stand.panel, QPoint(0, 0)), button.size()))


def test_a_drag_takes_all_chosen_along_and_plays_none(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    dragged: list[list[str]] = []

    def drag(_source: QWidget, takes: list[KeptTake], folder: DragFolder, picture: QPixmap) -> bool:
        assert folder is stand.panel.drag_folder and not picture.isNull()
        dragged.append([one.id for one in takes])
        return True

    monkeypatch.setattr("ui.widgets.takes_list.drag_out", drag)
    stand.panel.list.scrollToTop()
    stand.choose(0, 1)
    viewport, row = stand.panel.list.viewport(), stand.row(1)
    begin = QPoint(row.left() + 20, row.center().y())
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begin)
    for far in (15, 40):
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(begin + QPoint(far, 0)),
            QPointF(viewport.mapToGlobal(begin + QPoint(far, 0))),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=begin)
    assert dragged[:1] == [["t1", "t2"]]
    assert stand.heard("acted") == []


def test_control_d_stars_where_qt_takes_it_for_delete(qtbot: QtBot, tmp_path: Path, dressed: None) -> None:
    """As Qt does under X11; the window stars by that key."""
    stand = Stand(qtbot, tmp_path, take(1), take(2))
    stand.choose(0, 1)
    stand.panel.list.keyPressEvent(ControlD())
    assert not stand.heard("edited") and not stand.heard("acted")
    asked = ControlD(QEvent.Type.ShortcutOverride)
    asked.ignore()
    stand.panel.list.event(asked)
    assert not asked.isAccepted()

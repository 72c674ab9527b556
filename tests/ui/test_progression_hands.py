"""Chord cards under a hand that drags, in rows that are long, short or narrow; and a key that Qt reads twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import Retitle
from tests.ui.control_d import ControlD
from tests.ui.test_looks import clipped, outside, overlapping
from tests.ui.test_progression_desk import Stage
from ui import theme
from ui.widgets.drag_out import DragFolder
from ui.widgets.progression import ProgressionPanel
from ui.widgets.progression_cards import MOST_PER_BEAT

LONG = " ".join(["Am F C G"] * 8)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, stage: Stage, tmp_path: Path) -> Iterator[ProgressionPanel]:
    theme.put_on(qapp, theme.DARK)
    panel = ProgressionPanel(stage.desk, DragFolder(tmp_path))
    qtbot.addWidget(panel)
    panel.touched.connect(lambda: panel.refresh(stage.session, 0.0))
    panel.resize(900, 190)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    qapp.setStyleSheet("")


def write(panel: ProgressionPanel, stage: Stage, chart: str) -> None:
    stage.desk.write(chart)
    panel.refresh(stage.session, 0.0)
    QApplication.processEvents()


def test_control_d_repeats_where_qt_takes_it_for_delete(panel: ProgressionPanel, stage: Stage) -> None:
    write(panel, stage, "Am F")
    stage.desk.select([0])
    panel.refresh(stage.session, 0.0)
    panel.row.keyPressEvent(ControlD())
    assert stage.symbols == "Am Am F"


def test_a_long_row_goes_on_under_a_card_that_is_held_at_its_edge(
    qtbot: QtBot, panel: ProgressionPanel, stage: Stage
) -> None:
    write(panel, stage, LONG)
    bar, row = panel.area.horizontalScrollBar(), panel.row
    assert bar.maximum() > 200
    seen = row.visibleRegion().boundingRect()
    QTest.mousePress(row, LEFT, pos=row.box_of(0).center())
    QTest.mouseMove(row, QPoint(seen.right() - 4, seen.center().y()))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    at = row.mapFrom(panel.area.viewport(), QPoint(panel.area.viewport().width() - 4, seen.center().y()))
    QTest.mouseRelease(row, LEFT, pos=at)
    assert stage.chosen() == (31,), "the last of all"
    QTest.mousePress(row, LEFT, pos=row.box_of(31).center())
    QTest.mouseMove(row, row.mapFrom(panel.area.viewport(), QPoint(4, seen.center().y())))
    qtbot.waitUntil(lambda: bar.value() == 0)
    QTest.mouseRelease(row, LEFT, pos=QPoint(4, seen.center().y()))
    assert stage.chosen() == (0,) and stage.symbols == LONG


def test_a_long_row_goes_on_under_a_chord_that_comes_from_elsewhere(
    qtbot: QtBot, panel: ProgressionPanel, stage: Stage
) -> None:
    write(panel, stage, LONG)
    bar, mime = panel.area.horizontalScrollBar(), QMimeData()
    mime.setText("Dm")
    seen = panel.row.visibleRegion().boundingRect()
    at = QPoint(seen.right() - 4, seen.center().y())
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    panel.row.dragMoveEvent(QDragMoveEvent(at, copy, mime, LEFT, none))
    qtbot.waitUntil(lambda: bar.value() > 100)
    before = bar.value()
    panel.row.dragLeaveEvent(QDragLeaveEvent())
    QTest.qWait(100)
    assert bar.value() == before, "it stands once the chord is elsewhere"


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier])
def test_an_edge_is_dragged_by_quarters_of_a_beat(
    panel: ProgressionPanel, stage: Stage, held: Qt.KeyboardModifier
) -> None:
    """Many window managers keep Alt for themselves."""
    write(panel, stage, "Am F C G")
    stage.desk.select([0])
    panel.refresh(stage.session, 0.0)
    row, box = panel.row, panel.row.box_of(1)
    QTest.mousePress(row, LEFT, held, QPoint(box.right() - 1, box.center().y()))
    to = QPointF(box.right() - 1 + row._measures().x_of(36), box.center().y())
    row.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, to, row.mapToGlobal(to), LEFT, LEFT, held))
    assert [card.beats for card, _, _ in row._laid_out()] == ["4", "4¾", "4", "4"], "told while it is dragged"
    QTest.mouseRelease(row, LEFT, held, to.toPoint())
    assert [card.beats for card in stage.desk.row.cards] == [4.0, 4.75, 4.0, 4.0] and stage.chosen() == (1,)


def test_a_click_on_an_edge_with_control_adds_the_card(panel: ProgressionPanel, stage: Stage) -> None:
    write(panel, stage, "Am F C G")
    for number, chosen in ((0, (0,)), (2, (0, 2)), (0, (2,))):
        box = panel.row.box_of(number)
        at = QPoint(box.right() - 1, box.center().y())
        QTest.mouseClick(panel.row, LEFT, Qt.KeyboardModifier.ControlModifier, at)
        assert stage.chosen() == chosen


def test_short_cards_are_as_wide_as_there_is_room(panel: ProgressionPanel, stage: Stage) -> None:
    write(panel, stage, "| Am F C G Bb7#11 Ebmaj7/G F#m7b5 B7 |")
    widths = [panel.row.box_of(number).width() for number in range(8)]
    assert min(widths) > 60 > MOST_PER_BEAT / 2
    write(panel, stage, "Am F")
    assert panel.row.box_of(0).width() <= 4 * MOST_PER_BEAT


def test_what_cannot_be_read_is_told_as_it_was_written(panel: ProgressionPanel, stage: Stage) -> None:
    write(panel, stage, "Am <b>F</b>")
    assert "<b>F</b>" in panel.sentence.text() and panel.sentence.textFormat() is Qt.TextFormat.PlainText


def test_in_the_narrowest_window_nothing_is_cut(panel: ProgressionPanel, stage: Stage) -> None:
    write(panel, stage, "[Verse] Am F C G")
    for width in (900, 400, 520, 400):
        for _ in range(3):  # each time it finds that it needs less
            panel.resize(width, 230)
            QApplication.processEvents()
        assert panel.width() == width
        assert clipped(panel) == [] and outside(panel) == [] and overlapping(panel) == []
        assert panel.lock.accessibleName() == "Lock answer"
        assert panel.lock.text() == ("Lock" if width == 400 else "Lock answer")


def test_undo_selects_what_was_selected_before_and_redo_what_was_then(stage: Stage) -> None:
    """Or Delete, pressed next, would take other cards than those that were moved."""
    stage.desk.write("[Verse] Am F C G [Chorus] F G Am C")
    stage.desk.select([4, 5, 6, 7])
    stage.desk.step(-1)
    assert stage.chosen() == (3, 4, 5, 6)
    stage.desk.select([0])
    stage.conductor.act("undo")
    assert stage.chosen() == (4, 5, 6, 7)
    stage.conductor.act("redo")
    assert stage.chosen() == (3, 4, 5, 6)
    stage.desk.select([1])
    stage.conductor.edit(Retitle("A song"))
    assert stage.chosen() == (1,), "nothing was done with the cards"
    stage.desk.delete()
    stage.conductor.act("undo")
    assert stage.chosen() == (1,)

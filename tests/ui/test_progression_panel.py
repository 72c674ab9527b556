"""The progression builder under hand and keys, in the panel and in the window; and how chords leave it."""

import json
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QFontInfo, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.lead_sheet import SheetError
from cocomposer.jam.inputs import PlayChords
from cocomposer.jam.outputs import SuggestedLine
from tests.ui.test_looks import clipped, outside, overlapping
from tests.ui.test_progression_desk import Stage
from tests.ui.window_desk import Desk, do, sentences
from ui.bench.pictures import SIZES
from ui.bench.scenes import main_window, settle
from ui.presenters.progression_state import Offers
from ui.widgets.drag_out import DragFolder
from ui.widgets.progression import NARROW, ProgressionPanel
from ui.widgets.progression_cards import SHARES, fitting, large_of
from ui.widgets.progression_menus import cadence_menu, card_menu, fill_menu, more_menu, sound_menu
from ui.widgets.progression_out import PLAYED, export_menu, suffix_of, written

CHART = "| Am | F C | G7 |"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def panel(qtbot: QtBot, dressed: None, stage: Stage, tmp_path: Path) -> ProgressionPanel:
    panel = ProgressionPanel(stage.desk, DragFolder(tmp_path))
    qtbot.addWidget(panel)
    panel.touched.connect(lambda: panel.refresh(stage.session, 0.0))
    panel.acted.connect(stage.conductor.act)
    panel.resize(900, 190)
    panel.show()
    qtbot.waitExposed(panel)
    stage.desk.write(CHART)
    panel.refresh(stage.session, 0.0)
    QApplication.processEvents()
    return panel


def middle(panel: ProgressionPanel, number: int) -> QPoint:
    return panel.row.box_of(number).center()


def keys(widget: QWidget, *pressed: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in pressed:
        QTest.keyClick(widget, key, modifier)


def menu_action(menu: QMenu, *path: str) -> None:
    """Press an action of a menu, by the names on the way."""
    for action in menu.actions():
        inside = action.menu()
        if isinstance(inside, QMenu) and action.text() == path[0]:
            menu_action(inside, *path[1:])
            return
        if action.objectName() == path[0]:
            action.trigger()
            return
    raise AssertionError(f"no {path} in {[action.text() for action in menu.actions()]}")


def test_cards_are_selected_by_hand(panel: ProgressionPanel, stage: Stage) -> None:
    QTest.mouseClick(panel.row, Qt.MouseButton.LeftButton, pos=middle(panel, 1))
    assert stage.chosen() == (1,)
    QTest.mouseClick(panel.row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, middle(panel, 3))
    assert stage.chosen() == (1, 2, 3)
    QTest.mouseClick(panel.row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, middle(panel, 2))
    assert stage.chosen() == (1, 3) and panel.fill.isEnabled()
    assert panel.row.accessibleDescription().startswith("Chord 2: F, IV, 2 beats, selected; Chord 4: G7, V7")


def test_a_card_is_dragged_to_another_place(panel: ProgressionPanel, stage: Stage) -> None:
    QTest.mousePress(panel.row, Qt.MouseButton.LeftButton, pos=middle(panel, 0))
    QTest.mouseMove(panel.row, middle(panel, 3) + QPoint(20, 0))
    QTest.mouseRelease(panel.row, Qt.MouseButton.LeftButton, pos=middle(panel, 3) + QPoint(20, 0))
    assert stage.symbols == "F C G7 Am"
    stage.conductor.act("undo")
    assert stage.symbols == "Am F C G7"


def test_an_edge_is_dragged_by_beats(panel: ProgressionPanel, stage: Stage) -> None:
    box = panel.row.box_of(0)
    beat = box.width() // 4
    QTest.mousePress(panel.row, Qt.MouseButton.LeftButton, pos=QPoint(box.right() - 1, box.center().y()))
    QTest.mouseMove(panel.row, QPoint(box.right() - beat - 3, box.center().y()))
    QTest.mouseRelease(panel.row, Qt.MouseButton.LeftButton, pos=QPoint(box.right() - beat - 3, box.center().y()))
    assert [card.beats for card in stage.desk.row.cards] == [3.0, 2.0, 2.0, 4.0]


def test_keys_do_all_of_it(panel: ProgressionPanel, stage: Stage) -> None:
    row = panel.row
    row.setFocus(Qt.FocusReason.TabFocusReason)
    assert stage.chosen() == (0,)
    keys(row, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_L)
    assert (stage.desk.row.cards[1].beats, stage.desk.row.cards[1].locked) == (3.0, True)
    keys(row, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
    assert stage.symbols == "Am C F G7"
    keys(row, Qt.Key.Key_Minus, modifier=Qt.KeyboardModifier.AltModifier)
    assert stage.desk.row.cards[2].beats == 2.75
    keys(row, Qt.Key.Key_End, Qt.Key.Key_Delete)
    assert stage.symbols == "Am C F"
    keys(row, Qt.Key.Key_Home)
    keys(row, Qt.Key.Key_D, modifier=Qt.KeyboardModifier.ControlModifier)
    assert stage.symbols == "Am Am C F"
    keys(row, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert stage.chosen() == (1, 2)
    keys(row, Qt.Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Am*4 C*2"
    keys(row, Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    assert stage.symbols == "Am Am C Am C F"
    keys(row, Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    keys(row, Qt.Key.Key_Backspace)
    assert stage.symbols == "" and panel.row.accessibleName() == "Progression, no chords yet"


def test_a_chord_is_typed_over_its_card(panel: ProgressionPanel, stage: Stage) -> None:
    panel.row.setFocus()
    QTest.mouseDClick(panel.row, Qt.MouseButton.LeftButton, pos=middle(panel, 1))
    editor = panel.row.findChild(QLineEdit)
    assert editor is not None and editor.selectedText() == "F"
    QTest.keyClicks(editor, "Dm7")
    keys(editor, Qt.Key.Key_Return)
    assert stage.symbols == "Am Dm7 C G7" and panel.row.hasFocus()
    panel.row.edit_card(0)
    other = panel.row.findChildren(QLineEdit)[-1]
    QTest.keyClicks(other, "Fxx")
    keys(other, Qt.Key.Key_Escape)
    assert stage.symbols == "Am Dm7 C G7" and not panel.sentence.isVisible()
    panel.row.edit_card(0)
    again = panel.row.findChildren(QLineEdit)[-1]
    QTest.keyClicks(again, "Amm")
    keys(again, Qt.Key.Key_Return)
    assert stage.symbols == "Am Dm7 C G7" and "'Amm' is no chord" in panel.sentence.text()


def test_a_chart_is_typed(panel: ProgressionPanel, stage: Stage) -> None:
    assert panel.chart.text() == CHART
    panel.chart.setFocus()
    panel.chart.selectAll()
    QTest.keyClicks(panel.chart, "Dm7 | G7 Hx | C")
    keys(panel.chart, Qt.Key.Key_Return)
    assert stage.symbols == "Dm7 G7 X C" and panel.sentence.text().startswith("Column 10: 'Hx'")
    assert panel.chart.text() == "| Dm7 | G7 X | C |"


def test_chords_are_dropped_between_cards(panel: ProgressionPanel, stage: Stage) -> None:
    mime = QMimeData()
    mime.setText("Bdim7 E7")
    at = QPointF(panel.row.box_of(1).left() + 2, 40)
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    panel.row.dropEvent(QDropEvent(at, copy, mime, Qt.MouseButton.LeftButton, none))
    assert stage.symbols == "Am Bdim7 E7 F C G7"


def test_the_circle_chooses_the_key_and_lets_it_go(panel: ProgressionPanel, stage: Stage) -> None:
    assert panel.circle.view.key == "C major" and panel.key.text() == "in C major (found)"
    panel.circle.chosen.emit("A minor")
    assert (panel.circle.view.key, panel.key.text()) == ("A minor", "in A minor")
    panel.circle.chosen.emit("A minor")
    assert panel.key.text() == "in C major (found)"
    panel.circle.placed.emit("Dm")
    assert stage.symbols == "Am F C G7 Dm"


def test_lines_are_offered_and_chosen(panel: ProgressionPanel, stage: Stage) -> None:
    menu_action(cadence_menu(QMenu(panel), stage.desk, panel._doing), "half cadence")
    assert panel.waiting.isVisible()
    stage.answer("F G", "Dm G")
    panel.refresh(stage.session, 0.0)
    assert [button.text() for button in panel.offers if button.isVisible()] == ["F  G", "Dm  G"]
    panel.offers[1].click()
    assert stage.symbols == "Am F C G7 Dm G" and not panel.no_offer.isVisible()


def test_a_chord_takes_the_place_of_the_selected_card_while_replace_is_pressed(
    panel: ProgressionPanel, stage: Stage
) -> None:
    for cards in ("Am Dm C G7", "Am Dm E7 C G7"):
        QTest.mouseClick(panel.replace, Qt.MouseButton.LeftButton)
        panel.refresh(stage.session, 0.0)
        stage.desk.select([1])
        stage.conductor.place_chord(cards.split()[-3])
        assert (stage.symbols, panel.replace.isChecked()) == (cards, len(cards.split()) == 4)


def test_the_card_that_sounds_is_lit(panel: ProgressionPanel, stage: Stage) -> None:
    panel.play.click()
    stage.plays()
    for seconds, number in ((0.0, 0), (2.2, 1), (5.9, 3)):
        panel.refresh(stage.session, seconds)
        assert panel.row.sounding == number
    assert panel.play.text() == "Stop" and panel.play.isChecked()
    assert [one.label for one in panel.circle.view.segments if one.now] == ["G"]
    panel.play.click()
    assert stage.plays() == PlayChords()
    panel.refresh(stage.session, 6.0)
    assert panel.row.sounding is None and panel.play.text() == "Play"


def test_menus(panel: ProgressionPanel, stage: Stage) -> None:
    desk, doing = stage.desk, panel._doing
    desk.select([1])
    panel.refresh(stage.session, 0.0)
    for path in (("Length", "length_3"), ("lock",), ("repeat",), ("delete",), ("Put in its place", "Am")):
        menu_action(card_menu(QMenu(panel), desk, doing, panel.row), *path)
    assert stage.view.chart == "Am*4 F*3 Am*2 G7*4"
    assert desk.row.cards[1].locked
    for path in (("Voicing", "shell"), ("Rhythm", "bossa"), ("MIDI channel", "channel_4")):
        menu_action(sound_menu(QMenu(panel), desk, doing), *path)
    assert (desk.row.style.value, desk.row.pattern, desk.row.channel) == ("shell", "bossa", 4)
    for path in (("also_locked",), ("chords_up",), ("strict",), ("loop",)):
        menu_action(more_menu(QMenu(panel), desk, doing), *path)
    assert desk.row.cards[1].symbol == "F" and desk.row.cards[0].symbol in {"A#m", "Bbm"}
    assert (stage.session.row.strict, stage.session.row.loop) == (True, False)
    desk.select([0, 1])
    menu_action(fill_menu(QMenu(panel), desk, doing), "fill_3")
    assert stage.asked().gap == 3


def test_where_there_is_little_room_the_buttons_go_below_the_circle(panel: ProgressionPanel) -> None:
    assert panel.title.isVisible() and panel.fill.mapTo(panel, QPoint()).x() < panel.circle.x()
    panel.resize(NARROW - 100, 220)
    QApplication.processEvents()
    assert not panel.title.isVisible()
    assert panel.fill.mapTo(panel, QPoint()).y() >= panel.circle.geometry().bottom()


# -- out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PLAYED, *CHORD_FORMATS])
def test_every_format_can_be_saved(stage: Stage, name: str, tmp_path: Path) -> None:
    stage.desk.write(CHART)
    content = written(stage.session, name)
    path = tmp_path / f"out{suffix_of(name)}"
    path.write_bytes(content)
    if path.suffix == ".mid":
        assert len(read_midi_file(path).notes) >= 12
    elif name == "json":
        assert [chord["symbol"] for chord in json.loads(content)["chords"]] == ["Am", "F", "C", "G7"]
    else:
        assert b"G7" in content or b"dominant" in content


def test_nothing_is_not_saved(stage: Stage) -> None:
    with pytest.raises(SheetError, match="There are no chords yet"):
        written(stage.session, "chart")


def test_the_clipboard_takes_every_text_and_midi(panel: ProgressionPanel, stage: Stage, tmp_path: Path) -> None:
    texts = {"chart": "C major, 4/4", "ireal": "irealb", "chordpro": "{", "musicxml": "<?xml", "json": "{"}
    assert set(texts) == {one.name for one in CHORD_FORMATS.values() if one.is_text}
    for name, begins in texts.items():
        menu_action(export_menu(QMenu(panel), lambda _: None, panel._copy), f"copy_{name}")
        assert QGuiApplication.clipboard().text().startswith(begins)
    menu_action(export_menu(QMenu(panel), lambda _: None, panel._copy), f"copy_{PLAYED}")
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert Path(url.toLocalFile()).name == "Chords Am F C G7.mid"
    assert Path(url.toLocalFile()).parent == tmp_path


def test_the_button_is_dragged_as_a_midi_file(panel: ProgressionPanel, stage: Stage) -> None:
    drag = panel.export.drag_of()
    assert drag is not None and bytes(drag.mimeData().data("audio/midi").data()) == written(stage.session, PLAYED)
    stage.desk.play_as(pattern="waltz")
    assert panel.export.drag_of() is None
    assert panel.sentence.text().startswith("The rhythm waltz is not made for 4/4")
    stage.desk.clear()
    assert panel.export.drag_of() is None and "no chords yet" in panel.sentence.text()


def test_a_name_is_written_smaller_before_it_is_cut(dressed: None) -> None:
    font = QApplication.font()
    smallest = round(QFontInfo(large_of(font)).pixelSize() * SHARES[-1])
    for name, width in product(("Fmaj7", "Em7♭5", "G7♯9", "C/E"), range(16, 100)):
        found = fitting(name, font, width)
        cut = QFontMetrics(found).elidedText(name, Qt.TextElideMode.ElideRight, width) != name
        assert not cut or QFontInfo(found).pixelSize() <= smallest, (name, width)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_mistakes_are_read_without_scrolling(qtbot: QtBot, dressed: None, size: tuple[int, int]) -> None:
    window = main_window("composing", *size)
    qtbot.addWidget(window)
    faults = [f"Column {place}: 'Dmn7' is no chord that can be read; did you mean Dm7 or Dmin7?" for place in range(4)]
    window.session.row.sentences = tuple(faults)
    settle(window)
    panel = window.progression
    assert panel.isVisible() and panel.sentence.isVisible() and panel.sentence.toolTip() == " ".join(faults)
    middle = panel.parentWidget()
    seen = middle.parentWidget() if middle is not None else None
    assert middle is not None and seen is not None
    assert middle.height() <= seen.height(), "nothing is pushed out of the window"
    assert not outside(panel) and not overlapping(panel)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("offered", [False, True])
def test_nothing_is_clipped(qtbot: QtBot, dressed: None, size: tuple[int, int], offered: bool) -> None:
    window = main_window("jamming", *size)
    qtbot.addWidget(window)
    window.conductor.progression.write("| Cm7 | F7/A Bbmaj7 | Eb Ab7 | Gsus4 G7 | Cm |")
    if offered:
        cards = window.session.document.progression.cards
        line = SuggestedLine(("Dm7b5", "G7#9"), ("iiø7", "V7#9"), 0.1)
        window.session.row.offers = Offers(1, 1, (96, 96), (line,) * 3, "fill the gap", cards)
    window.progression_wanted = True
    settle(window)
    assert window.progression.isVisible() and (window.width(), window.height()) == size
    assert clipped(window.progression) == [] and outside(window.progression) == []
    assert overlapping(window.progression) == []


# -- the window ----------------------------------------------------------------------------------


def test_in_the_window(desk: Desk, chosen: list[Path | None], tmp_path: Path) -> None:
    one = desk.start()
    window = one.window
    do(one, "progression")
    assert window.progression.isVisible()
    window.progression.chart.setFocus()
    QTest.keyClicks(window.progression.chart, CHART)
    keys(window.progression.chart, Qt.Key.Key_Return)
    assert len(one.session.document.progression.cards) == 4
    assert window.actions_by_id["undo"].text() == "Undo write the chords" and one.session.unsaved
    chosen += [tmp_path / "song", tmp_path / "song.cho"]
    window.progression.save_meant.emit("musicxml")
    window.progression.save_meant.emit("chordpro")
    assert (tmp_path / "song.musicxml").read_bytes().startswith(b"<?xml")
    assert b"| F . C . | G7" in (tmp_path / "song.cho").read_bytes()
    assert sentences(one)[-1] == "Exported as song.cho."
    do(one, "undo")
    do(one, "export_chords")
    assert sentences(one)[-1] == "There are no chords yet; place or type some first."
    do(one, "progression")
    assert not window.progression.isVisible()

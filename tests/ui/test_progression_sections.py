"""Sections of the progression in the window: named, kept with their cards, seen, told to the model, given away."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from cocomposer.document.progression import Progression
from cocomposer.harmony.key import key_named
from cocomposer.harmony.names.chart import LONGEST_SECTION
from tests.fakes.jam_facts import progressions
from tests.ui.test_progression_desk import Stage
from tests.ui.test_progression_panel import keys, menu_action
from ui import theme
from ui.bench.scenes import main_window, settle
from ui.presenters import progression_edits as edits
from ui.presenters.chords_asked import asked_of
from ui.presenters.chords_wish import ChordWish, Follows
from ui.presenters.progression import chart_of
from ui.presenters.progression_edits import Change
from ui.presenters.progression_sections import NAMES
from ui.presenters.progression_sources import cards_of_text
from ui.widgets.drag_out import DragFolder
from ui.widgets.progression import ProgressionPanel
from ui.widgets.progression_cards import measures_of, section_boxes, section_font_of
from ui.widgets.progression_menus import card_menu
from ui.widgets.progression_out import written

SONG = "[Verse] Am F C G [Chorus] F G"


def row(text: str) -> Progression:
    return Progression(cards_of_text(text, None, 4).cards)


def told(progression: Progression) -> str:
    return chart_of(progression, 4, None)


ROW = row(SONG)
KEPT = [
    ("begin", edits.begun(ROW, 2, " [Bridge] "), "[Verse] Am F [Bridge] C G [Chorus] F G", "begin Bridge with C"),
    ("begin with a long name", edits.begun(ROW, 0, "x" * 40), f"[{'x' * 24}] Am F C G [Chorus] F G",
     f"begin {'x' * 24} with Am"),
    ("take away", edits.begun(ROW, 4, ""), "[Verse] Am F C G F G", "take the section Chorus away"),
    ("rename a card", edits.renamed(ROW, 0, "Dm"), "[Verse] Dm F C G [Chorus] F G", "change Am to Dm"),
    ("type chords over a card", edits.exchanged(ROW, 4, 5, row("Dm E").cards, "type"),
     "[Verse] Am F C G [Chorus] Dm E G", "type"),
    ("type a section over a card", edits.exchanged(ROW, 4, 5, row("Dm [B] E").cards, "type"),
     "[Verse] Am F C G [Chorus] Dm [B] E G", "type"),
    ("fill across a beginning", edits.exchanged(ROW, 3, 5, row("Dm E").cards, "fill"),
     "[Verse] Am F C Dm [Chorus] E G", "fill"),
    ("insert before a beginning", edits.inserted(ROW, 4, row("Dm").cards), "[Verse] Am F C G Dm [Chorus] F G",
     "add Dm"),
    ("repeat a section", edits.repeated(ROW, (4, 5)), "[Verse] Am F C G [Chorus] F G [Chorus] F G", "repeat 2 chords"),
    ("repeat its first card", edits.repeated(ROW, (4,)), "[Verse] Am F C G [Chorus] F F G", "repeat F"),
    ("transpose", edits.transposed(ROW, 2, key_named("C major")), "[Verse] Bm G D A [Chorus] G A",
     "transpose up 2 semitones"),
    ("lock", edits.locked(ROW, (0,), True), SONG, "lock Am"),
    ("delete the first", edits.removed(ROW, (0,)), "[Verse] F C G [Chorus] F G", "delete Am"),
    ("delete a section", edits.removed(ROW, (0, 1, 2, 3)), "[Chorus] F G", "delete 4 chords"),
    ("delete across a beginning", edits.removed(ROW, (3, 4)), "[Verse] Am F C [Chorus] G", "delete 2 chords"),
    ("delete the last section", edits.removed(ROW, (4, 5)), "[Verse] Am F C G", "delete 2 chords"),
    ("move the first away", edits.moved(ROW, (0,), 3), "[Verse] F C Am G [Chorus] F G", "move Am"),
    ("move it into the next section", edits.moved(ROW, (0,), 5), "[Verse] F C G [Chorus] F Am G", "move Am"),
    ("move a card to the front of its section", edits.moved(ROW, (5,), 4), "[Verse] Am F C G [Chorus] G F", "move G"),
    ("move a card to the very front", edits.moved(ROW, (5,), 0), "[Verse] G Am F C G [Chorus] F", "move G"),
    ("move a card to the end of the section before", edits.moved(ROW, (0,), 4), "[Verse] F C G Am [Chorus] F G",
     "move Am"),
    ("move a section", edits.moved(ROW, (4, 5), 0), "[Chorus] F G [Verse] Am F C G", "move 2 chords"),
    ("move a section behind", edits.moved(ROW, (0, 1, 2, 3), 6), "[Chorus] F G [Verse] Am F C G", "move 4 chords"),
    ("move one and a half", edits.moved(ROW, (3, 4, 5), 0), "G [Chorus] F G [Verse] Am F C", "move 3 chords"),
    ("move nowhere", edits.moved(ROW, (0, 1), 2), SONG, "move 2 chords"),
    ("write anew", edits.rewritten(ROW, row("Am [B] F").cards), "Am [B] F", "write the chords"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "cards", "what"), [one[1:] for one in KEPT], ids=[one[0] for one in KEPT])
def test_sections_keep_their_names(change: Change, cards: str, what: str) -> None:
    assert (told(change.progression), change.what) == (cards, what)


@given(progressions(), st.sets(st.integers(0, 3)), st.integers(0, 4))
def test_no_move_loses_a_section(progression: Progression, chosen: set[int], to: int) -> None:
    numbers = {number for number in chosen if number < len(progression.cards)}
    moved = edits.moved(progression, numbers, to).progression
    assert sorted(card.section for card in moved.cards) == sorted(card.section for card in progression.cards)


# -- the desk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.desk.write(SONG)
    return stage


def test_a_section_is_named_and_undone(stage: Stage) -> None:
    stage.desk.begin_section(2, "Bridge")
    assert stage.view.chart == "[Verse] Am F [Bridge] C G [Chorus] F G"
    assert stage.session.document.undo_text == "begin Bridge with C"
    assert stage.view.cards[2].spoken == "Chord 3: C, I, 4 beats, begins Bridge"
    stage.desk.begin_section(2, "")
    assert stage.session.document.undo_text == "take the section Bridge away"
    stage.conductor.act("undo")
    stage.conductor.act("undo")
    assert stage.view.chart == SONG and stage.session.document.undo_text == "write the chords"
    stage.desk.begin_section(99, "Outro")
    stage.desk.begin_section(0, "Verse")
    assert stage.session.document.undo_text == "write the chords", "nothing was changed"


def test_what_is_typed_on_a_card_may_begin_a_section(stage: Stage) -> None:
    stage.desk.type(0, "Dm")
    stage.desk.type(1, "[Solo] F")
    assert stage.view.chart == "[Verse] Dm [Solo] F C G [Chorus] F G"
    stage.desk.type(1, "[] F")
    assert stage.view.sentence.startswith("Column 1: '[]' names no section")
    assert stage.view.chart == "[Verse] Dm [Solo] F C G [Chorus] F G"


def test_other_chords_and_fillings_stay_in_their_sections(stage: Stage) -> None:
    stage.desk.select([3, 4])
    stage.conductor.act("other_chords")
    assert stage.asked().sections == (0,) and stage.asked().gap == 2
    stage.answer("E Dm")
    assert stage.view.chart == "[Verse] Am F C E [Chorus] Dm G"
    stage.desk.select([4])
    stage.conductor.act("other_chords")
    assert stage.asked().sections == (0, 4), "the chord that is looked for begins one itself"
    stage.answer("F")
    stage.desk.select([3, 5])
    stage.conductor.act("fill_gap")
    assert stage.asked().sections == (0, 4)
    stage.answer("Am")
    stage.desk.drawing.choose(0)
    assert stage.view.chart == "[Verse] Am F C E [Chorus] Am G"
    stage.desk.select([3, 4])
    stage.desk.drawing.fill(1)
    assert stage.asked().sections == (0,), "what comes between comes before the next section"
    stage.desk.drawing.cadence()
    assert stage.asked().sections == (0, 4)


@pytest.mark.parametrize(
    ("selected", "replace", "sections"),
    [((), False, (0, 4)), ((3,), False, (0,)), ((4,), False, (0, 4)), ((4,), True, (0, 4)), ((0,), True, (0,))],
)
def test_suggestions_are_asked_for_with_sections(
    stage: Stage, selected: tuple[int, ...], replace: bool, sections: tuple[int, ...]
) -> None:
    stage.session.chord_wish = ChordWish(follows=Follows.PROGRESSION)
    stage.desk.set_replace(replace)
    stage.desk.select(selected)
    asked = asked_of(stage.session)
    if selected == (0,):
        assert asked is None, "there is nothing before it"
    else:
        assert asked is not None and asked.sections == sections


def test_sections_leave_with_the_chords(stage: Stage) -> None:
    assert b"\n[Verse]\n| Am | F | C | G |\n[Chorus]\n| F | G |\n" in written(stage.session, "chart")
    assert b"{comment: Chorus}" in written(stage.session, "chordpro")
    assert b"<rehearsal>Verse</rehearsal>" in written(stage.session, "musicxml")
    assert b"Chorus" in written(stage.session, "played")


# -- the panel -------------------------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot: QtBot, dressed: None, stage: Stage, tmp_path: Path) -> ProgressionPanel:
    panel = ProgressionPanel(stage.desk, DragFolder(tmp_path))
    qtbot.addWidget(panel)
    panel.touched.connect(lambda: panel.refresh(stage.session, 0.0))
    panel.resize(900, 190)
    panel.show()
    qtbot.waitExposed(panel)
    panel.refresh(stage.session, 0.0)
    QApplication.processEvents()
    return panel


def menu(panel: ProgressionPanel, stage: Stage) -> QMenu:
    return card_menu(QMenu(panel), stage.desk, panel._doing, panel.row)


def sections_menu(panel: ProgressionPanel, stage: Stage) -> QMenu:
    found = next(one.menu() for one in menu(panel, stage).actions() if one.text() == "Section begins here")
    assert isinstance(found, QMenu)
    return found


def test_the_menu_names_the_section_of_the_first_selected_card(panel: ProgressionPanel, stage: Stage) -> None:
    stage.desk.select([2, 3])
    offered = [action.text() for action in sections_menu(panel, stage).actions() if action.isCheckable()]
    assert offered == list(NAMES)
    menu_action(menu(panel, stage), "Section begins here", "section_Pre-chorus")
    assert stage.view.chart == "[Verse] Am F [Pre-chorus] C G [Chorus] F G" and stage.chosen() == (2, 3)
    checked = [action.text() for action in sections_menu(panel, stage).actions() if action.isChecked()]
    assert checked == ["Pre-chorus"]
    menu_action(menu(panel, stage), "Section begins here", "section_none")
    assert stage.view.chart == SONG
    none = sections_menu(panel, stage).actions()[-1]
    assert none.text() == "No section" and not none.isEnabled()


def test_own_words_are_typed(panel: ProgressionPanel, stage: Stage) -> None:
    stage.desk.select([2])
    menu_action(menu(panel, stage), "Section begins here", "section_words")
    editor = panel.row.findChild(QLineEdit)
    assert editor is not None and editor.maxLength() == LONGEST_SECTION
    QTest.keyClicks(editor, "Sax & strings")
    keys(editor, Qt.Key.Key_Return)
    assert stage.desk.row.cards[2].section == "Sax & strings" and panel.row.hasFocus()
    checked = [action.text() for action in sections_menu(panel, stage).actions() if action.isChecked()]
    assert checked == ["Sax && strings"], "menus take a single & for a key"


def test_keys_name_copy_and_move_sections(panel: ProgressionPanel, stage: Stage) -> None:
    row = panel.row
    row.setFocus(Qt.FocusReason.TabFocusReason)
    keys(row, Qt.Key.Key_Right, Qt.Key.Key_S)
    editor = row.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Turn")
    keys(editor, Qt.Key.Key_Return)
    assert stage.view.chart == "[Verse] Am [Turn] F C G [Chorus] F G"
    keys(row, Qt.Key.Key_S)
    again = row.findChildren(QLineEdit)[-1]
    assert again.selectedText() == "Turn"
    keys(again, Qt.Key.Key_Escape)
    keys(row, Qt.Key.Key_S)
    last = row.findChildren(QLineEdit)[-1]
    last.clear()
    keys(last, Qt.Key.Key_Return)
    assert stage.view.chart == SONG
    keys(row, Qt.Key.Key_End)
    keys(row, Qt.Key.Key_Left, modifier=Qt.KeyboardModifier.ShiftModifier)
    keys(row, Qt.Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "[Chorus] F G"
    keys(row, Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    assert stage.view.chart == f"{SONG} [Chorus] F G"


def test_a_chart_with_sections_is_typed(panel: ProgressionPanel, stage: Stage) -> None:
    assert panel.chart.text() == SONG
    panel.chart.setFocus()
    panel.chart.selectAll()
    QTest.keyClicks(panel.chart, "[A] Dm | G [Turn | C")
    keys(panel.chart, Qt.Key.Key_Return)
    assert panel.chart.text() == "[A] Dm G C" and panel.sentence.text().startswith("Column 12: '[Turn' has no bracket")


marked = st.lists(
    st.tuples(st.integers(12, 800), st.sampled_from(["", "", "A", "Pre-chorus", "x" * LONGEST_SECTION])), min_size=1
)


@given(marked, st.floats(9, 64), st.sampled_from([96, 144, 192]), st.integers(9, 24))
@example([(12, "A"), (13, "A")], 15.0, 96, 9)
def test_names_stand_beside_each_other_above_the_cards(
    qapp: QApplication, cards: list[tuple[int, str]], per_beat: float, bar: int, size: int
) -> None:
    """Whatever the width of a beat and the font: never on a card, where names, numerals and locks are."""
    font = QFont(qapp.font())
    font.setPixelSize(size)
    measures = measures_of(font, per_beat)
    marks, tick = [], 0
    for ticks, name in cards:
        marks += [(tick, name)] * bool(name)
        tick += ticks
    boxes = section_boxes(marks, measures, font, tick, bar)
    ends = [measures.x_of(start) for start, _ in [*marks[1:], (tick, "")]]
    metrics = QFontMetrics(section_font_of(font))
    for (start, name), end in zip(marks, ends, strict=False):
        here = [one for one in boxes if measures.x_of(start) <= one.box.left() < end]
        assert len(here) <= 1 and all(one.box.right() <= end for one in here)
        assert all(one.box.top() >= 0 and one.box.bottom() <= measures.ruler for one in here)
        if end - measures.x_of(start) > metrics.horizontalAdvance(name) + 16:
            assert [one.text for one in here] == [name]


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def test_the_name_is_seen_in_every_theme(qtbot: QtBot, qapp: QApplication, look: theme.Theme) -> None:
    """Where the name stands, the colours of text and ground are there; without it they are not."""
    theme.put_on(qapp, look)
    window = main_window("composing", 1280, 800)
    qtbot.addWidget(window)
    seen = []
    for name in ("", "Chorus"):
        window.conductor.progression.write(f"[{name}] Cm7 | F7" if name else "Cm7 | F7")
        settle(window)
        row = window.progression.row
        image = row.grab().toImage()
        high = measures_of(row.font(), 40).ruler - 2
        colours = {image.pixelColor(x, y).name() for x in range(16, row.box_of(0).right()) for y in range(2, high)}
        seen.append({look.text, look.raised} <= colours)
    qapp.setStyleSheet("")
    assert seen == [False, True]

"""The whole window with an engine that follows a script: news in, actions out, endings, what was left behind."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cocomposer.adapters.jam_files import open_jam
from cocomposer.adapters.journal import Journal, left_behind
from cocomposer.adapters.preferences import Closing
from cocomposer.adapters.presets import PresetStore
from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake, StarTake
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode, SuggestedLine
from cocomposer.music.grid import BeatSource
from tests.ui.scripted_engine import ANSWER, PHRASE, ScriptedLink, answered
from tests.ui.takes_jam import take
from tests.ui.window_desk import Desk, answering, do, sentences, words
from ui import theme
from ui.bench.scenes import main_window, settle
from ui.main_window import NO_ROOM, MainWindow, least_height
from ui.presenters.actions import ACTIONS
from ui.presenters.progression_state import Offers
from ui.presenters.session import Link
from ui.widgets.take_rows import NameEditor

# -- news --------------------------------------------------------------------------------------------------------------


def test_what_the_engine_tells_is_seen(desk: Desk) -> None:
    one = desk.started(
        outputs.BeatChanged(0.0, 0.0, 0.5 / 48, BeatSource.SET, True, 0, 4),
        outputs.Heard(1.0, 60, 80, 0, 96.0),
        outputs.ModeChanged(Mode.HEARING, 1.0),
        outputs.Released(1.2, 60, 0, 115.0),
        answered(1),
        outputs.ModeChanged(Mode.ANSWERING, 2.0),
        outputs.Notice("A string broke; tune it again."),
    )
    window = one.window
    assert [row.take.phrase for row in window.takes.list.takes.rows] == [PHRASE]
    assert "A string broke" in words(window.status)
    assert "answering" in words(window.transport_bar.big["answer"]).lower()
    assert window.isWindowModified()
    assert one.session.document.timeline.count == 1


def test_alternatives_are_there_while_they_are_wanted(desk: Desk) -> None:
    one = desk.started(answered(1))
    assert not one.window.alternatives.isVisible()
    do(one, "again")
    assert one.window.alternatives.isVisible()
    requests = [said for said in desk.engine.said if isinstance(said, inputs.Imagine)]
    desk.tell(one, *(outputs.Alternative(asked.request, asked.seed, ANSWER[:2]) for asked in requests))
    assert len([card for card in one.window.alternatives.cards if card.isVisible()]) == 4
    do(one, "close_alternatives")
    assert not one.window.alternatives.isVisible()


def test_a_controller_works_the_window(desk: Desk) -> None:
    one = desk.started(answered(1), outputs.Triggered("window:star", 1.0))
    assert one.session.document.takes[0].starred
    assert one.window.actions_by_id["star"].isChecked()


def test_what_a_newer_engine_triggers_is_no_trouble(desk: Desk) -> None:
    one = desk.started(outputs.Triggered("window:dance", 1.0))
    assert one.session.link is Link.JOINED


# -- actions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [action.id for action in ACTIONS])
def test_every_action_can_be_done_twice(desk: Desk, chosen: list[Path | None], action: str) -> None:
    one = desk.started(answered(1), answered(2, 2))
    with answering("Discard"):
        do(one, action)
        do(one, action)
    assert one.window.isVisible() == (action != "quit")


def test_every_action_can_be_done_with_nothing_there_and_no_engine(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.start("The engine cannot be started; run cocomposer doctor.")
    with answering("Discard"):
        for action in ACTIONS:
            do(one, action.id)
            assert one.window.isVisible() == (action.id != "quit")
            one.window.show()
    assert not one.session.document.takes


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[None]:
    qapp.setStyleSheet(theme.style_sheet(theme.DARK).replace("font-size: 13px", "font-size: 20px"))
    yield
    theme.put_on(qapp, theme.DARK)


def size_of(window: MainWindow) -> tuple[int, int]:
    return window.width(), window.height()


@pytest.mark.parametrize("state", ["composing", "alternatives"])
def test_parts_give_way_to_what_was_asked_for_last_and_the_window_never_grows(qtbot: QtBot, state: str) -> None:
    window = main_window(state, 1100, 700)
    qtbot.addWidget(window)
    alternatives = state == "alternatives"
    for act in ("chords", "progression", "piano", "progression", "chords", "piano", "piano", "chords", "progression"):
        part = {"chords": window.chords, "progression": window.progression, "piano": window.piano}[act]
        before = part.isVisible()
        window.act(act)
        settle(window)
        assert size_of(window) == (1100, 700) and window._middle_area.verticalScrollBar().maximum() == 0
        assert window.actions_by_id[act].isChecked() is part.isVisible()
        no_room = bool(window.session.notices) and window.session.notices[-1].sentence == NO_ROOM
        assert part.isVisible() is not before or (alternatives and no_room)
    if alternatives:
        assert not window.chords.isVisible() and not window.progression.isVisible()
        window.conductor.alternatives.close()
        settle(window)
    shown = window.chords.isVisible(), window.progression.isVisible(), window.piano.isVisible()
    window.resize(1100, 1000)
    settle(window)
    for part, before in zip((window.chords, window.progression, window.piano), shown, strict=True):
        assert part.isVisible() or not before, "with more room nothing goes"


@pytest.mark.usefixtures("large_letters")
def test_with_large_letters_nothing_is_out_of_reach(qtbot: QtBot) -> None:
    window = main_window("composing", 1100, 700)
    qtbot.addWidget(window)
    line = SuggestedLine(("Dm7b5", "G7#9"), ("iiø7", "V7#9"), 0.1)
    cards = window.session.document.progression.cards
    for offers in (None, Offers(1, 1, (96, 96), (line,) * 3, "fill the gap", cards)):
        window.session.row.offers = offers
        settle(window)
        assert size_of(window) == (1100, 700)
        assert window.progression.isVisible() or window.chords.isVisible()
        area = window._middle_area
        inside = area.widget()
        assert inside is not None
        across, down = area.horizontalScrollBar(), area.verticalScrollBar()
        assert inside.width() - across.maximum() <= area.viewport().width()
        assert inside.height() - down.maximum() <= area.viewport().height()
        for part in (window.roll, window.chords, window.progression, window.piano):
            assert not part.isVisible() or inside.rect().contains(part.geometry())
            assert not part.isVisible() or part.height() >= least_height(part)


@pytest.mark.parametrize("action", ["side_panel", "piano", "computer_keys", "follow"])
def test_what_is_shown_or_not_is_ticked(desk: Desk, action: str) -> None:
    one = desk.start()
    states = []
    for _ in range(3):
        one.window.frame()
        states.append(one.window.actions_by_id[action].isChecked())
        do(one, action)
    assert states[0] == states[2] != states[1]


def test_keys_work_actions_and_as_the_musician_chose(desk: Desk) -> None:
    desk.prefer(shortcuts={"answer": "Ctrl+J", "stop": "", "gone": "F11"})
    one = desk.start()
    QTest.keyClick(one.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.said[-1] == inputs.TakeOver()
    said = len(desk.engine.said)
    QTest.keyClick(one.window, Qt.Key.Key_F6)
    QTest.keyClick(one.window, Qt.Key.Key_Return)
    assert desk.engine.said[said:] == []
    QTest.keyClick(one.window, Qt.Key.Key_F5)
    assert desk.engine.said[said:] == [inputs.Listen()]


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_Return, "gold"), (Qt.Key.Key_Escape, "Take 1")])
def test_return_and_escape_end_a_name_and_not_the_silence(desk: Desk, key: Qt.Key, name: str) -> None:
    one = desk.started(answered(1))
    said = len(desk.engine.said)
    do(one, "rename")
    (editor,) = one.window.takes.findChildren(NameEditor)
    assert editor.hasFocus()
    QTest.keyClicks(editor, "gold")
    QTest.keyClick(editor, key)
    desk.qtbot.waitUntil(lambda: one.session.document.takes[0].name == name)
    desk.qtbot.waitUntil(lambda: not one.window.takes.findChildren(NameEditor))
    assert desk.engine.said[said:] == []


# -- the engine goes and comes -----------------------------------------------------------------------------------------


def test_a_lost_engine_is_told_of_and_the_next_one_joined(desk: Desk) -> None:
    second = ScriptedLink("two", desk.folder)
    one = desk.start(desk.engine, second)
    desk.tell(one, answered(1))
    desk.engine.die()
    desk.qtbot.waitUntil(lambda: one.session.link is Link.LOST)
    assert "The engine ended by itself" in words(one.window.status)
    assert desk.engine.closed
    desk.qtbot.waitUntil(lambda: one.session.link is Link.JOINED)
    desk.engine = second
    desk.tell(one, answered(1, 12))
    assert len(one.session.document.takes) == 2
    do(one, "panic")
    assert second.said[-1] == inputs.Panic()


def test_no_engine_is_told_of_and_tried_again(desk: Desk) -> None:
    one = desk.start("The engine cannot be started; run cocomposer doctor.", desk.engine)
    desk.qtbot.waitUntil(lambda: one.session.link is Link.LOST)
    do(one, "answer")
    assert "cannot be started" in sentences(one)[0]
    assert "try again" in sentences(one)[-1]
    desk.qtbot.waitUntil(lambda: one.session.link is Link.JOINED)


# -- presets -----------------------------------------------------------------------------------------------------------


def test_a_preset_is_recalled_as_one_edit(desk: Desk) -> None:
    one = desk.start()
    side = one.window.side
    side.preset_saved.emit("calm")
    now = one.session.settings
    desk.tell(one, outputs.SettingsChanged(msgspec.structs.replace(now, creativity=1.5)))
    side.preset_chosen.emit("calm")
    assert desk.engine.said[-1] == inputs.Change({"creativity": now.creativity})
    desk.qtbot.waitUntil(one.window.actions_by_id["undo"].isEnabled)
    assert one.window.actions_by_id["undo"].text() == "Undo use the preset calm"
    do(one, "undo")
    assert desk.engine.said[-1] == inputs.Change({"creativity": 1.5})
    side.preset_deleted.emit("calm")
    assert PresetStore(desk.folder).names() == []


# -- the end -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("closing", "ended"), [(Closing.KEEP, False), (Closing.STOP, True)])
def test_closing_does_with_the_music_as_preferred(desk: Desk, closing: Closing, ended: bool) -> None:
    desk.prefer(closing=closing)
    one = desk.started(outputs.ModeChanged(Mode.ANSWERING, 1.0))
    one.window.close()
    assert not one.window.isVisible()
    assert (desk.engine.closed, desk.engine.ended) == (True, ended)


@pytest.mark.parametrize(
    ("answer", "open_still", "ended"),
    [("Play on", False, False), ("Stop the music", False, True), ("Cancel", True, False)],
)
def test_closing_asks_while_music_plays(desk: Desk, answer: str, open_still: bool, ended: bool) -> None:
    one = desk.started(outputs.ModeChanged(Mode.ANSWERING, 1.0))
    with answering(answer) as asked:
        one.window.close()
    assert len(asked) == 1
    assert (one.window.isVisible(), desk.engine.closed, desk.engine.ended) == (open_still, not open_still, ended)


def test_closing_a_quiet_window_asks_nothing(desk: Desk) -> None:
    one = desk.start()
    with answering("Play on") as asked:
        one.window.close()
    assert not asked and desk.engine.ended


def test_what_was_not_saved_is_there_at_the_next_start(desk: Desk) -> None:
    first = desk.started(answered(1))
    do(first, "star")
    first.window.quit()
    again = desk.start(ScriptedLink("two", desk.folder))
    (back,) = again.session.document.takes
    assert back.starred and back.answer == ANSWER
    assert "Your last jam is back, with 1 take." in sentences(again)
    do(again, "undo")
    assert not again.session.document.takes[0].starred


def test_what_was_saved_leaves_nothing_behind(desk: Desk, chosen: list[Path | None]) -> None:
    one = desk.started(answered(1))
    chosen.append(desk.folder / "mine")
    do(one, "save")
    one.window.quit()
    assert left_behind(desk.journals) == []
    assert len(open_jam(desk.folder / "mine.cocojam").takes) == 1


def test_the_jam_of_a_window_that_crashed_is_back(desk: Desk) -> None:
    document = Document()
    journal = Journal.begin(desk.journals, document)
    for edit in (AddTake(take(1)), AddTake(take(2)), StarTake("t2", True)):
        document.edit(edit)
        journal.edited(edit)
    journal.leave()
    one = desk.start()
    assert [(kept.id, kept.starred) for kept in one.session.document.takes] == [("t1", False), ("t2", True)]
    assert [row.take.id for row in one.window.takes.list.takes.rows] == ["t2", "t1"]
    assert one.window.isWindowModified()


def test_a_journal_that_cannot_be_read_is_no_reason_not_to_start(desk: Desk) -> None:
    folder = desk.journals / "20260301-200000-1"
    folder.mkdir(parents=True)
    (folder / "journal").write_bytes(b"\xff\x00 nothing that one could read")
    one = desk.started(answered(1))
    assert len(one.session.document.takes) == 1
    assert sentences(one)


def test_the_window_is_as_it_was_left(desk: Desk) -> None:
    one = desk.start()
    do(one, "light_theme")
    one.window.takes.only_starred.click()
    one.window.quit()
    again = desk.start(ScriptedLink("two", desk.folder))
    assert again.window.takes.only_starred.isChecked()
    assert desk.preferences.theme == "light" and again.window.actions_by_id["light_theme"].isChecked()
    do(again, "light_theme")


def test_the_guide_comes_once(desk: Desk) -> None:
    desk.prefer(guide_seen=False)
    one = desk.start()
    guides = [window for window in QApplication.topLevelWidgets() if window.windowTitle() == "First steps"]
    assert len(guides) == 1 and guides[0].isVisible()
    guides[0].close()
    assert desk.preferences.guide_seen
    assert one.window.isVisible()

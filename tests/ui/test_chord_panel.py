"""The chord panel as it is looked at, pointed at and worked by keys; alone, and in the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings, changed
from tests.ui.window_desk import Desk, do, sentences
from ui import theme
from ui.bench import session_states as states
from ui.bench.scenes import main_window, settle
from ui.presenters.chords_wish import ChordWish, Follows
from ui.presenters.session import Session
from ui.presenters.targets import target_names
from ui.widgets.chord_panel import REST_MS, ChordPanel


class Shown:
    """A panel that shows a session, and what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        # Alone on the screen it would be held to the width that its cards have now.
        self.qtbot, self._desk, self.panel = qtbot, QWidget(), ChordPanel()
        self.panel.setParent(self._desk)
        qtbot.addWidget(self._desk)
        self.session, self.now = states.listening()
        self.placed: list[str] = []
        self.rested: list[str] = []
        self.acted: list[str] = []
        self.panel.placed.connect(self.placed.append)
        self.panel.rested.connect(self.rested.append)
        self.panel.acted.connect(self.acted.append)
        self.panel.wished.connect(self._wish)
        self.panel.resize(840, 190)
        self._desk.resize(840, 400)
        self._desk.show()
        self._desk.activateWindow()
        qtbot.waitUntil(self._desk.isActiveWindow)
        self.look()

    def _wish(self, wish: ChordWish) -> None:
        self.session.chord_wish = wish
        self.look()

    def look(self) -> None:
        self.panel.refresh(self.session, self.now)

    def point_at(self, number: int) -> None:
        at = QPointF(5, 5)
        QApplication.sendEvent(self.panel.cards[number - 1], QEnterEvent(at, at, at))

    def point_away(self, number: int) -> None:
        QApplication.sendEvent(self.panel.cards[number - 1], QEvent(QEvent.Type.Leave))


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    theme.put_on(qapp, theme.DARK)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def menu_of(panel: ChordPanel) -> QMenu:
    (menu,) = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    return menu


# -- shown ---------------------------------------------------------------------------------------------------------


def test_all_of_it_can_be_read_out(shown: Shown) -> None:
    panel = shown.panel
    assert panel.now.accessibleName() == "Chord now: Dm, 65 %"
    assert panel.now.accessibleDescription() == "It may also be F/A 20 %, Dm7 15 %, Am7♭5 5 %."
    assert panel.key.accessibleName() == "Key: D minor, 80 %" and panel.key.text() == "D minor 80 %"
    assert panel.so_far.accessibleDescription().startswith("Dm i, Am7 v7, Gm7 iv7")
    assert [card.accessibleName().split(",")[0] for card in panel.cards[:3]] == [
        "Suggestion 1: Bb", "Suggestion 2: C", "Suggestion 3: Gm7",
    ]  # fmt: skip


def test_places_without_a_suggestion_are_empty_and_say_why(shown: Shown) -> None:
    shown.session.suggested = outputs.Suggested(1, failure="The composer is away.")
    shown.look()
    assert not any(card.isEnabled() for card in shown.panel.cards)
    assert shown.panel.hint.isVisible() and shown.panel.hint.text() == "The composer is away."
    shown.session.suggested = states.suggested()
    shown.look()
    assert all(card.isEnabled() for card in shown.panel.cards) and not shown.panel.hint.isVisible()


class Painted(QObject):
    """Notes which widgets are painted."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.seen: set[QObject] = set()
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.seen.add(watched)
        return False


def test_it_is_painted_only_when_it_changes(shown: Shown) -> None:
    panel = shown.panel
    QApplication.processEvents()
    painted = Painted(*panel.cards, panel.now, panel.so_far)
    for _ in range(3):
        shown.session.take_in(states.status(shown.now))
        shown.session.take_in(states.harmony(4 * states.BAR + 40))
        shown.look()
        QApplication.processEvents()
    assert not painted.seen
    rows = states.suggested().chords
    shown.session.suggested = outputs.Suggested(2, (rows[1], rows[0], *rows[2:]))
    shown.look()
    QApplication.processEvents()
    assert painted.seen == set(panel.cards[:2])


@pytest.mark.parametrize(("wide", "cards"), [(840, 8), (492, 6), (390, 6)])
def test_at_least_six_cards_are_there_at_any_width(shown: Shown, wide: int, cards: int) -> None:
    shown.panel.resize(wide, 250)
    QApplication.processEvents()
    assert [card.number for card in shown.panel.cards if card.isVisible()] == list(range(1, cards + 1))
    right = max(card.geometry().right() for card in shown.panel.cards if card.isVisible())
    assert right < shown.panel.width()


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[None]:
    qapp.setStyleSheet(theme.style_sheet(theme.DARK).replace("font-size: 13px", "font-size: 20px"))
    yield
    theme.put_on(qapp, theme.DARK)


@pytest.mark.usefixtures("large_letters")
def test_large_letters_have_room(shown: Shown) -> None:
    high = shown.panel.sizeHint().height()
    assert high > 200
    shown.panel.resize(840, high)
    QApplication.processEvents()
    for card in shown.panel.cards:
        assert not card.isVisible() or card.height() >= card.sizeHint().height()
    assert shown.panel.now.height() >= shown.panel.now.sizeHint().height()


# -- heard and placed ----------------------------------------------------------------------------------------------


def test_a_card_is_heard_when_the_pointer_rests_on_it_and_not_on_its_way(shown: Shown) -> None:
    shown.point_at(1)
    shown.point_away(1)
    shown.point_at(2)
    shown.qtbot.waitUntil(lambda: shown.rested == ["C"], timeout=20 * REST_MS)
    shown.point_away(2)
    assert shown.placed == []


def first_names(shown: Shown) -> list[str]:
    return [card.accessibleName().split(",")[0] for card in shown.panel.cards[:2]]


def test_what_is_read_under_the_pointer_is_what_a_click_places(shown: Shown) -> None:
    before = first_names(shown)
    shown.point_at(1)
    shown.session.suggested = outputs.Suggested(2, states.suggested().chords[2:])
    shown.look()
    assert first_names(shown) == before
    shown.panel.cards[0].click()
    assert shown.placed == ["Bb"]
    shown.look()
    assert first_names(shown) == ["Suggestion 1: Gm7", "Suggestion 2: A7"], "then the new ones are there"


@pytest.mark.parametrize("leaves", [True, False])
def test_the_cards_change_once_the_pointer_leaves_or_has_rested_for_long(shown: Shown, leaves: bool) -> None:
    shown.panel.hold.setInterval(60_000 if leaves else 1)
    shown.point_at(1)
    shown.session.suggested = outputs.Suggested(2, states.suggested().chords[2:])
    if leaves:
        shown.point_away(1)
    else:
        shown.qtbot.waitUntil(lambda: not shown.panel.hold.isActive())
    shown.look()
    assert first_names(shown)[0] == "Suggestion 1: Gm7"


def test_a_card_is_placed_by_a_click_and_by_keys(shown: Shown) -> None:
    panel = shown.panel
    QTest.mouseClick(panel.cards[3], Qt.MouseButton.LeftButton)
    panel.cards[0].setFocus(Qt.FocusReason.TabFocusReason)
    shown.qtbot.waitUntil(lambda: shown.rested == ["Bb"], timeout=20 * REST_MS)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_7):
        QTest.keyClick(panel.cards[0], key)
    assert shown.placed == ["A7", "Bb", "Bb", "F"]


def test_arrows_go_from_card_to_card(shown: Shown) -> None:
    cards = shown.panel.cards
    cards[0].setFocus(Qt.FocusReason.TabFocusReason)
    went = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(next(card for card in cards if card.hasFocus()), key)
        went.append(next(card.number for card in cards if card.hasFocus()))
    assert went == [2, 6, 5, 1, 1, 1]


def test_tab_reaches_everything(shown: Shown) -> None:
    panel = shown.panel
    panel.now.setFocus()
    reached = []
    for _ in range(6 + 2 + len(panel.cards)):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert set(reached) >= {panel.now, panel.key, panel.pin, panel.follows, panel.style_field, panel.surprise,
                            panel.hear, panel.hide_button, *panel.cards}  # fmt: skip
    assert all(widget.accessibleName() for widget in reached)


# -- wishes and menus ----------------------------------------------------------------------------------------------


def test_wishes(shown: Shown) -> None:
    panel = shown.panel
    panel.surprise.setValue(10)
    panel.hear.click()
    panel.follows.chosen.emit("progression")
    panel.style_field.chosen.emit("standard")
    assert shown.session.chord_wish == ChordWish(None, Follows.PROGRESSION, "standard", 0.5, False)
    assert panel.follows.currentData() == "progression" and not panel.hear.isChecked()
    panel.pin.click()
    panel.hide_button.click()
    assert shown.acted == ["pin_key", "chords"]


def test_two_wishes_before_the_next_frame_add_up(shown: Shown) -> None:
    wished: list[ChordWish] = []
    shown.panel.wished.disconnect()
    shown.panel.wished.connect(wished.append)
    shown.panel.surprise.setValue(10)
    shown.panel.hear.click()
    assert wished[-1] == ChordWish(surprise=0.5, hear=False)


def test_a_key_is_chosen_from_the_menu(shown: Shown) -> None:
    panel = shown.panel
    panel.key.click()
    menu = menu_of(panel)
    assert menu.actions()[0].text() == "Follow what is played (D minor)" and menu.actions()[0].isChecked()
    minor = next(one for one in menu.findChildren(QMenu) if one.title() == "Minor")
    next(action for action in minor.actions() if action.text() == "G minor").trigger()
    menu.close()
    assert shown.session.chord_wish.pinned_key == "G minor"
    assert panel.key.text() == "G minor" and panel.pin.isChecked()


def test_what_could_stand_for_a_chord_is_heard_and_placed_from_its_menu(shown: Shown) -> None:
    card = shown.panel.cards[3]
    at = QPoint(5, 5)
    QApplication.sendEvent(card, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, card.mapToGlobal(at)))
    menu = menu_of(shown.panel)
    tritone = next(action for action in menu.actions() if "tritone" in action.text())
    tritone.hover()
    shown.qtbot.waitUntil(lambda: shown.rested == ["Eb7"], timeout=20 * REST_MS)
    tritone.trigger()
    menu.close()
    assert shown.placed == ["Eb7"]
    QTest.keyClick(shown.panel.now, Qt.Key.Key_Return)
    menu = menu_of(shown.panel)
    assert menu.title() == "Instead of Dm" and len(menu.actions()) > 3
    menu.close()


# -- in the window -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "visible"), [((1440, 900), True), ((1100, 700), False)])
def test_it_is_shown_where_there_is_room_and_where_it_is_wanted(
    qtbot: QtBot, size: tuple[int, int], visible: bool
) -> None:
    window = main_window("jamming", *size)
    qtbot.addWidget(window)
    assert window.chords.isVisible() == visible
    window.act("chords")
    settle(window)
    assert window.chords.isVisible() != visible
    assert window.actions_by_id["chords"].isChecked() != visible
    assert (window.width(), window.height()) == size


def test_alternatives_have_the_room_in_a_low_window(qtbot: QtBot) -> None:
    window = main_window("alternatives", 1100, 700)
    qtbot.addWidget(window)
    window.act("chords")
    settle(window)
    assert window.alternatives.isVisible() and not window.chords.isVisible()


def test_every_controller_can_place_a_card() -> None:
    names = target_names()
    assert [names[f"window:chord_{number}"][0] for number in (1, 8)] == ["Place suggestion 1", "Place suggestion 8"]


def questions(desk: Desk) -> list[inputs.Suggest]:
    return [said for said in desk.engine.said if isinstance(said, inputs.Suggest)]


def test_the_window_asks_while_one_plays_and_places_what_a_pad_says(desk: Desk) -> None:
    one = desk.started(states.harmony(2 * states.BAR + 10))
    desk.qtbot.waitUntil(lambda: len(questions(desk)) == 1)
    asked = questions(desk)[0]
    assert [symbol for symbol, _ in asked.chords] == ["Dm", "Am7", "Gm7"] and asked.key == "D minor"
    desk.tell(one, states.suggested(asked.request))
    assert one.window.chords.view.cards[0].symbol == "Bb"
    desk.tell(one, states.harmony(3 * states.BAR + 10))
    desk.qtbot.waitUntil(lambda: len(questions(desk)) == 2)
    desk.tell(one, outputs.Triggered("window:chord_4", 1.0))
    assert [card.symbol for card in one.session.document.progression.cards] == ["A7"]
    assert isinstance(desk.engine.said[-1], inputs.Audition)
    do(one, "undo")
    assert one.session.document.progression.cards == ()


def test_alt_and_a_number_place_a_card(desk: Desk) -> None:
    one = desk.started(states.harmony(2 * states.BAR))
    desk.qtbot.waitUntil(lambda: len(questions(desk)) == 1)
    desk.tell(one, states.suggested(questions(desk)[0].request))
    QTest.keyClick(one.window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert [card.symbol for card in one.session.document.progression.cards] == ["C"]


def test_space_answers_while_a_tried_chord_rings(desk: Desk) -> None:
    one = desk.started(outputs.AuditionBegan("chord G7", 0.0, 0, 0.01, 9.0))
    QTest.keyClick(one.window, Qt.Key.Key_Space)
    assert desk.engine.said[-1] == inputs.TakeOver()


def test_without_an_engine_a_chord_is_placed_silently(desk: Desk) -> None:
    one = desk.start("The engine cannot be started; run cocomposer doctor.")
    one.window.chords.placed.emit("C")
    assert [card.symbol for card in one.session.document.progression.cards] == ["C"]
    assert not any("try again" in sentence for sentence in sentences(one))


def test_a_pinned_key_is_ticked(desk: Desk) -> None:
    one = desk.started(states.harmony(2 * states.BAR))
    do(one, "pin_key")
    assert one.window.actions_by_id["pin_key"].isChecked()
    one.window.chords.wished.emit(ChordWish())
    one.window.frame()
    assert not one.window.actions_by_id["pin_key"].isChecked()


def test_a_session_knows_nothing_of_chords_of_an_engine_that_is_gone() -> None:
    session: Session = states.joined(changed(Settings(), {}))
    session.take_in(states.harmony(200.0))
    session.take_in(outputs.ChordsChanged((inputs.ChordSlot("C", 4.0),)))
    session.engine_lost("It ended.")
    assert session.harmony is None and not session.chords.slots

"""The painted roll: what is played is seen where and in the colour it should be, pointer and keys move about, and
nothing is painted while nothing moves.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from ui.bench import session_states as states
from ui.presenters.roll_viewport import Viewport
from ui.presenters.session import Session
from ui.theme import DARK, LIGHT, Theme, put_on
from ui.widgets.roll import RollPanel
from ui.widgets.roll_ground import SideKeys
from ui.widgets.roll_ink import velocity_colours

NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    put_on(qapp, request.param)
    yield request.param
    put_on(qapp, DARK)


@pytest.fixture
def panel(qtbot: QtBot) -> RollPanel:
    made = RollPanel()
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(panel: RollPanel, session: Session, now: float) -> QImage:
    panel.refresh(session, now)
    QApplication.processEvents()
    return panel.grab().toImage()


def middle_of(panel: RollPanel, note: Note) -> QPoint:
    """The pixel in the middle of a note."""
    field, viewport = panel.field(), panel.roll.viewport
    middle = note.onset_tick + min(note.duration_ticks, 20) / 2
    y = (viewport.y_of(note.pitch) + viewport.y_of(note.pitch - 1)) // 2
    return QPoint(field.left() + viewport.x_of(middle), field.top() + y)


def near(colour: QColor, wanted: QColor) -> int:
    return sum(abs(a - b) for a, b in zip(colour.getRgb()[:3], wanted.getRgb()[:3], strict=True))  # type: ignore[index]


def side_key(panel: RollPanel, image: QImage, pitch: int) -> QColor:
    field, viewport = panel.field(), panel.roll.viewport
    return image.pixelColor(4, field.top() + (viewport.y_of(pitch) + viewport.y_of(pitch - 1)) // 2)


def test_both_players_notes_are_painted_in_their_colours_where_they_lie(panel: RollPanel, theme: Theme) -> None:
    session, now = states.listening()
    image = shown(panel, session, now)
    for notes, colour in ((states.PHRASE[1:], theme.player), (states.ANSWER, theme.machine)):
        shades = velocity_colours(theme, colour)
        for note in notes:
            if panel.roll.viewport.x_of(note.onset_tick) > 0:
                seen = image.pixelColor(middle_of(panel, note))
                assert min(near(seen, shade) for shade in shades) == 0, note


def test_harder_played_is_further_from_the_ground(panel: RollPanel, theme: Theme) -> None:
    session = states.joined()
    soft, hard = Note(0, 60, 40, 30), Note(96, 60, 40, 120)
    image = shown(panel, states.told_all(session, states.heard([soft, hard])), states.BEGAN + 2)
    ground = QColor(theme.white_row)
    far = [near(image.pixelColor(middle_of(panel, note)), ground) for note in (soft, hard)]
    assert far[0] < far[1]


def test_what_is_played_along_is_slim_and_has_a_colour_of_its_own(panel: RollPanel, theme: Theme) -> None:
    session = states.joined()
    along, beside = Note(0, 60, 96, 90, 1), Note(0, 64, 96, 90)
    session.take_in(outputs.Accompany(-11, 1, along, states.BEGAN, states.BEGAN + 1))
    states.told_all(session, states.heard([beside]))
    image = shown(panel, session, states.BEGAN + 3)
    shades = velocity_colours(theme, theme.along)
    seen = image.pixelColor(middle_of(panel, along))
    assert min(near(seen, shade) for shade in shades) == 0
    assert all(near(shade, other) > 0 for shade in shades for other in velocity_colours(theme, theme.machine))
    x, viewport = middle_of(panel, along).x(), panel.roll.viewport
    top, bottom = (panel.field().top() + viewport.y_of(pitch) for pitch in (60, 59))
    column = [image.pixelColor(x, y) for y in range(top, bottom)]
    high = sum(min(near(one, shade) for shade in shades) == 0 for one in column)
    assert 0 < high <= 0.7 * len(column), "a slim note leaves room above and below"


@pytest.mark.parametrize("who", ["player", "machine", "along"])
def test_the_softest_note_is_still_found(theme: Theme, who: str) -> None:
    for row in (theme.white_row, theme.black_row, theme.scale_row):
        assert all(contrast(shade, QColor(row)) >= 3.0 for shade in velocity_colours(theme, getattr(theme, who))), row


def contrast(a: QColor, b: QColor) -> float:
    """As the web's accessibility guidelines (WCAG 2) have it."""

    def luminance(colour: QColor) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_players_are_told_apart_without_colour(panel: RollPanel) -> None:
    """A machine's note has its corners cut and an edge, a player's fills its box evenly."""
    session = states.joined()
    mine, its = Note(0, 60, 60, 80), Note(96, 60, 60, 80)
    states.told_all(session, [*states.heard([mine]), *states.played([its])])
    panel.roll.zoom(2.0, 0)
    image = shown(panel, session, states.BEGAN + 1)
    field, viewport = panel.field(), panel.roll.viewport
    top = field.top() + viewport.y_of(60)
    corner, edge, inside = [], [], []
    for note in (mine, its):
        left = field.left() + viewport.x_of(note.onset_tick)
        corner.append(image.pixelColor(left, top))
        edge.append(image.pixelColor(left + 20, top))
        inside.append(image.pixelColor(left + 20, top + 5))
    assert corner[0] == edge[0] == inside[0]
    assert len({colour.name() for colour in (corner[1], edge[1], inside[1])}) == 3


def test_drafts_are_outlines(panel: RollPanel) -> None:
    session, now = states.answering()
    image = shown(panel, session, now)
    draft = session.drafts[0]
    inside = image.pixelColor(middle_of(panel, draft))
    field, viewport = panel.field(), panel.roll.viewport
    outline = image.pixelColor(middle_of(panel, draft).x(), field.top() + viewport.y_of(draft.pitch))
    ground = image.pixelColor(middle_of(panel, Note(draft.onset_tick, draft.pitch + 12, 20, 80)))
    machine = QColor(DARK.machine)
    assert near(inside, ground) < 120 < near(inside, machine)
    assert near(outline, machine) < near(inside, machine)


def test_sounding_keys_are_lit_in_the_colour_of_who_plays(panel: RollPanel) -> None:
    session, now = states.hearing()
    image = shown(panel, session, now)
    assert side_key(panel, image, 60) == QColor(DARK.player)
    assert side_key(panel, image, 62) == QColor(DARK.white_key)
    session, now = states.answering()
    image = shown(panel, session, now)
    assert near(side_key(panel, image, 53), QColor(DARK.machine)) < near(
        side_key(panel, image, 53), QColor(DARK.player)
    )
    assert side_key(panel, image, 60) == QColor(DARK.white_key)


@pytest.mark.parametrize("row", [9.0, 11.0, 18.0])
def test_names_of_keys_are_whole_in_low_rows(panel: RollPanel, row: float) -> None:
    font = panel.font()
    font.setPixelSize(16)

    def inked(row: float) -> int:
        """Lines of pixels with ink of the name of middle C."""
        viewport = Viewport(width=400, height=400, row=row, top=round(row * 55))
        image = QImage(70, 400, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        SideKeys().paint(painter, image.rect(), viewport, {}, font, DARK)
        painter.end()
        middle = (viewport.y_of(60) + viewport.y_of(59)) // 2
        near_it = range(middle - 9, middle + 9)
        dark = [[image.pixelColor(x, y).lightness() < 120 for x in range(46, 68)] for y in near_it]
        return sum(any(line) and not all(line) for line in dark)

    assert inked(row) >= inked(24.0) - 1, "but for one that the line between two keys crosses"


def test_a_held_key_grows_up_to_the_playhead(panel: RollPanel) -> None:
    session = states.joined()
    session.take_in(outputs.Heard(states.BEGAN, 60, 100, 0, 0.0))
    session.take_in(outputs.ModeChanged(Mode.HEARING, states.BEGAN))
    for tick in (60, 120):
        image = shown(panel, session, states.seconds_at(tick))
        reached = middle_of(panel, Note(tick - 20, 60, 20, 100))
        beyond = middle_of(panel, Note(tick + 10, 60, 20, 100))
        shades = velocity_colours(DARK, DARK.player)
        assert image.pixelColor(reached) in shades
        assert image.pixelColor(beyond) not in shades


def test_the_playhead_is_painted(panel: RollPanel) -> None:
    session, now = states.answering()
    image = shown(panel, session, now)
    x = panel.field().left() + panel.roll.viewport.x_of(session.tick_at(now))
    assert image.pixelColor(x, panel.height() - 3) == QColor(DARK.playhead)


def test_the_selected_take_is_lit(panel: RollPanel) -> None:
    session, now = states.listening()
    place = middle_of(panel, Note(2 * states.BAR + 100, 55, 20, 80))
    before = shown(panel, session, now).pixelColor(place)
    session.selected = session.document.takes[0].id
    assert shown(panel, session, now).pixelColor(place) != before


def strip_point(panel: RollPanel, tick: float) -> QPoint:
    """On the brackets of takes, at a tick."""
    return QPoint(panel.field().left() + panel.roll.viewport.x_of(tick), panel.field().top() - 8)


def test_a_click_on_its_bracket_selects_a_take_and_two_play_it(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = states.listening()
    shown(panel, session, now)
    wanted = session.document.takes[0].id
    place = strip_point(panel, 2.5 * states.BAR)
    with qtbot.waitSignal(panel.selected, check_params_cb=lambda take: take == wanted):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO_KEY, place)
    with qtbot.waitSignal(panel.acted, check_params_cb=lambda action: action == "play_take"):
        QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, NO_KEY, place)
    with qtbot.assertNotEmitted(panel.selected):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO_KEY, strip_point(panel, 4.4 * states.BAR))


def test_a_click_on_a_note_selects_its_take_and_says_the_note(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = states.listening()
    shown(panel, session, now)
    with qtbot.waitSignal(panel.selected):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO_KEY, middle_of(panel, states.ANSWER[2]))
    assert panel.accessibleDescription() == "C 5, machine, bar 3 beat 1.5, medium"
    with qtbot.assertNotEmitted(panel.selected):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO_KEY, middle_of(panel, Note(2 * states.BAR, 57, 20, 60)))


def test_arrow_keys_say_note_after_note(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = states.listening()
    shown(panel, session, now)
    QTest.keyClick(panel, Qt.Key.Key_Home)
    assert panel.accessibleDescription() == "D 4, player, bar 1 beat 1, loud"
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.accessibleDescription() == "F 4, player, bar 1 beat 2, medium"
    before = panel.paints
    shown(panel, session, now)
    assert panel.paints > before, "the cursor is seen"
    QTest.keyClick(panel, Qt.Key.Key_End)
    assert "bar 4 beat 4" in panel.accessibleDescription()


def test_arrow_keys_on_an_empty_roll_say_so(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = states.empty()
    shown(panel, session, now)
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.accessibleDescription() == "There are no notes yet."


def turn_wheel(
    panel: RollPanel, at: QPoint, angle: QPoint, keys: Qt.KeyboardModifier, pixels: QPoint | None = None
) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(panel.mapToGlobal(at)), pixels or QPoint(), angle, Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(panel, event)


def long_session() -> tuple[Session, float]:
    session = states.joined()
    for turn in range(12):
        told = (
            *states.heard(states.take(1, turn * 768).phrase),
            *states.played(states.take(1, turn * 768).answer, turn),
        )
        states.told_all(session, told)
    session.take_in(states.beat(BeatSource.FREE))
    return session, states.seconds_at(12 * 768 + 300)


def test_the_wheel_scrolls_and_with_control_zooms_at_the_pointer(panel: RollPanel) -> None:
    session, now = long_session()
    shown(panel, session, now)
    at, field = QPoint(400, 300), panel.field()
    turn_wheel(panel, at, QPoint(0, 120), Qt.KeyboardModifier.ShiftModifier)
    left = panel.roll.viewport.left
    turn_wheel(panel, at, QPoint(0, 120), Qt.KeyboardModifier.ShiftModifier)
    assert panel.roll.viewport.left == left - 72 and not panel.following
    turn_wheel(panel, at, QPoint(0, 0), NO_KEY, QPoint(-30, 0))
    assert panel.roll.viewport.left == left - 42, "a trackpad moves by its pixels"
    tick = panel.roll.viewport.tick_of(400 - field.left())
    scale = panel.roll.viewport.pixels_per_tick
    turn_wheel(panel, at, QPoint(0, 240), Qt.KeyboardModifier.ControlModifier)
    viewport = panel.roll.viewport
    assert viewport.pixels_per_tick == pytest.approx(scale * 1.25**2)
    assert viewport.tick_of(400 - field.left()) == pytest.approx(tick, abs=1)
    turn_wheel(panel, at, QPoint(0, 120), Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    row, top = panel.roll.viewport.row, panel.roll.viewport.top
    assert row > viewport.row
    turn_wheel(panel, at, QPoint(0, -120), NO_KEY)
    assert panel.roll.viewport.top > top and panel.roll.viewport.row == row


def test_dragging_moves_the_sheet_and_ends_following(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = long_session()
    shown(panel, session, now)
    left = panel.roll.viewport.left
    with qtbot.waitSignal(panel.followed, check_params_cb=lambda follows: follows is False):
        QTest.mousePress(panel, Qt.MouseButton.LeftButton, NO_KEY, QPoint(300, 300))
        QTest.mouseMove(panel, QPoint(350, 300))
        QTest.mouseMove(panel, QPoint(420, 300))
    with qtbot.assertNotEmitted(panel.selected):
        QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, NO_KEY, QPoint(420, 300))
    assert panel.roll.viewport.left == left - 120


def test_following_is_offered_while_the_playhead_is_left_alone(panel: RollPanel, qtbot: QtBot) -> None:
    session, now = states.answering()
    shown(panel, session, now)
    panel.set_follow(False)
    shown(panel, session, now)
    assert panel.view.follow_offered
    with qtbot.waitSignal(panel.followed):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO_KEY, QPoint(panel.width() - 30, panel.height() - 25))
    assert panel.following
    shown(panel, session, now)
    assert not panel.view.follow_offered


def test_nothing_is_painted_while_nothing_moves(panel: RollPanel) -> None:
    session, now = states.listening()
    session.take_in(states.beat(BeatSource.FREE))
    shown(panel, session, now)
    shown(panel, session, now + 3)
    QApplication.processEvents()
    before = panel.paints
    for frame in range(120):
        panel.refresh(session, now + 3 + frame / 60)
        QApplication.processEvents()
    assert panel.paints == before
    session.take_in(outputs.Heard(now + 6, 60, 80, 0, 2000.0))
    panel.refresh(session, now + 6)
    QApplication.processEvents()
    assert panel.paints == before + 1


def test_the_roll_is_painted_only_when_the_playhead_has_moved_a_pixel(panel: RollPanel) -> None:
    session, now = states.answering()
    panel.roll.zoom(0.1, 0)
    shown(panel, session, now)
    before = panel.paints
    for frame in range(60):
        panel.refresh(session, now + frame / 600)
        QApplication.processEvents()
    assert panel.paints - before <= 4


def test_an_empty_roll_says_what_to_do(panel: RollPanel) -> None:
    session, now = states.empty()
    field = panel.field()
    box = field.adjusted(200, field.height() // 2 - 60, -200, -field.height() // 2 + 60)

    def light_pixels(image: QImage) -> int:
        return sum(
            image.pixelColor(x, y).lightness() > 150
            for x in range(box.left(), box.right(), 2)
            for y in range(box.top(), box.bottom(), 2)
        )

    assert light_pixels(shown(panel, session, now)) > 100
    states.told_all(session, states.heard([Note(0, 100, 20, 80)]))
    assert light_pixels(shown(panel, session, now + 2)) < 100


def test_hovering_over_a_note_tells_it(panel: RollPanel) -> None:
    session, now = states.listening()
    shown(panel, session, now)
    place = middle_of(panel, states.ANSWER[2])
    QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, place, panel.mapToGlobal(place)))
    assert QToolTip.text() == "C 5, machine, bar 3 beat 1.5, medium"

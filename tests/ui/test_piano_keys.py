"""The keys on the screen as a widget: played with the mouse and with fingers, silent when left."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cocomposer.jam.inputs import Arrived
from tests.ui.test_computer_keys import sounding
from ui import theme
from ui.bench import session_states as states
from ui.presenters.piano import Keyboard
from ui.widgets.piano_keys import HEIGHT, PianoKeys

WIDTH = 900


class Played:
    """What was played, as messages; each must bear the time of the clock given."""

    def __init__(self, keys: PianoKeys) -> None:
        self.messages: list[bytes] = []
        keys.commanded.connect(self._hear)

    def _hear(self, arrived: Arrived) -> None:
        assert arrived.at_seconds == 12.5
        self.messages.append(arrived.data)


@pytest.fixture
def keys(qtbot: QtBot) -> PianoKeys:
    keys = PianoKeys(clock=lambda: 12.5)
    qtbot.addWidget(keys)
    keys.resize(WIDTH, HEIGHT)
    keys.show()
    return keys


def place(pitch: int, share: float = 0.9) -> QPoint:
    keyboard = Keyboard(WIDTH, HEIGHT)
    key = next(key for key in (*keyboard.whites, *keyboard.blacks) if key.pitch == pitch)
    return QPointF(key.x + key.width / 2, key.height * share).toPoint()


def test_press_slide_and_release(keys: PianoKeys) -> None:
    played = Played(keys)
    QTest.mousePress(keys, Qt.MouseButton.LeftButton, pos=place(60))
    assert sounding(played.messages) == {60}
    for pitch in (62, 63, 64):
        QTest.mouseMove(keys, place(pitch))
        assert sounding(played.messages) == {pitch}
    QTest.mouseRelease(keys, Qt.MouseButton.LeftButton, pos=place(64))
    assert sounding(played.messages) == set() and len(played.messages) == 8


def test_lower_on_a_key_is_louder(keys: PianoKeys) -> None:
    played = Played(keys)
    for share in (0.1, 0.9):
        QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=place(61, share))
    soft, _, loud, _ = played.messages
    assert soft[2] + 40 < loud[2]


def test_two_fingers_are_two_notes(keys: PianoKeys) -> None:
    played = Played(keys)
    screen = QTest.createTouchDevice(QPointingDevice.DeviceType.TouchScreen)
    touch = QTest.touchEvent(keys, screen)
    touch.press(0, place(60), keys).press(1, place(64), keys).commit()
    assert sounding(played.messages) == {60, 64}
    touch.release(0, place(60), keys).move(1, place(65), keys).commit()
    assert sounding(played.messages) == {65}
    touch.release(1, place(65), keys).commit()
    assert sounding(played.messages) == set()


@pytest.mark.parametrize("leave", ["hide", "silence", "resize"])
def test_leaving_ends_what_is_held(keys: PianoKeys, leave: str) -> None:
    played = Played(keys)
    QTest.mousePress(keys, Qt.MouseButton.LeftButton, pos=place(60))
    match leave:
        case "hide":
            keys.hide()
        case "silence":
            keys.silence()
        case "resize":
            keys.resize(WIDTH - 100, HEIGHT)
    assert sounding(played.messages) == set()
    QTest.mouseRelease(keys, Qt.MouseButton.LeftButton, pos=place(60))
    assert len(played.messages) == 2


def colour_at(keys: PianoKeys, pitch: int) -> QColor:
    picture = keys.grab().toImage()
    spot = place(pitch, 0.5) if pitch % 12 in {1, 3, 6, 8, 10} else place(pitch, 0.75)
    return picture.pixelColor(
        round(spot.x() * picture.devicePixelRatio()), round(spot.y() * picture.devicePixelRatio())
    )


def test_keys_are_lit_in_the_colours_of_the_players(keys: PianoKeys) -> None:
    session, now = states.hearing()
    (held,) = {pitch for pitch, _, _ in session.document.timeline.sounding(session.tick_at(now))}
    keys.refresh(session, now)
    assert colour_at(keys, held) == QColor(theme.worn().player)
    session, now = states.answering()
    machine = {pitch for pitch, _, _ in session.document.timeline.sounding(session.tick_at(now))}
    keys.refresh(session, now)
    assert machine
    assert {colour_at(keys, pitch).name() for pitch in machine} == {theme.worn().machine}
    keys.refresh(*states.empty())
    assert colour_at(keys, held) == QColor(theme.worn().white_key)


def test_a_pressed_key_is_lit_before_the_engine_answers(keys: PianoKeys) -> None:
    session, now = states.empty()
    QTest.mousePress(keys, Qt.MouseButton.LeftButton, pos=place(61, 0.5))
    keys.refresh(session, now)
    assert colour_at(keys, 61) == QColor(theme.worn().player)
    QTest.mouseRelease(keys, Qt.MouseButton.LeftButton)


def test_letters_are_painted_on_the_keys_they_play(keys: PianoKeys) -> None:
    plain = keys.grab().toImage()
    keys.show_letters({62: "S"})
    assert keys.grab().toImage() != plain
    keys.show_letters({})
    assert keys.grab().toImage() == plain

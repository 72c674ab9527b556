"""The little picture of a take: its two parts in their colours, left to right, high to low, within its bounds."""

import msgspec
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.music.note import Note
from ui.bench import session_states as states
from ui.theme import DARK, LIGHT, Theme
from ui.widgets.take_picture import paint_take

GROUND = QColor(1, 2, 3)


def take(phrase: tuple[Note, ...], answer: tuple[Note, ...]) -> KeptTake:
    document = Document()
    document.happened(states.take())
    return msgspec.structs.replace(document.takes[0], phrase=phrase, answer=answer)


def painted(shown: KeptTake, theme: Theme, size: tuple[int, int] = (120, 40), margin: int = 10) -> QImage:
    image = QImage(size[0] + 2 * margin, size[1] + 2 * margin, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint_take(painter, QRectF(margin, margin, *size), shown, theme)
    painter.end()
    return image


def places(image: QImage, machine: bool) -> list[tuple[int, int]]:
    """Pixels that are clearly of one player's colour, warm or cool."""
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    warmth = ((x, y, image.pixelColor(x, y).red() - image.pixelColor(x, y).blue()) for x, y in spots)
    return [(x, y) for x, y, warm in warmth if (warm < -30 if machine else warm > 30)]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_the_phrase_is_left_and_the_answer_right_in_their_colours(qapp: QApplication, theme: Theme) -> None:
    image = painted(take(states.PHRASE, states.ANSWER), theme)
    phrase, answer = places(image, False), places(image, True)
    assert len(phrase) > 40 and len(answer) > 40
    assert max(x for x, _ in phrase) <= min(x for x, _ in answer)


def test_high_notes_lie_above_low_ones(qapp: QApplication) -> None:
    high, low = Note(0, 84, 48, 80), Note(0, 40, 48, 80)
    image = painted(take((high,), (low,)), DARK)
    assert max(y for _, y in places(image, False)) < min(y for _, y in places(image, True))


@pytest.mark.parametrize(
    "notes", [(Note(0, 60, 1, 80),), (Note(0, 0, 9999, 127), Note(9990, 127, 9, 1)), states.PHRASE]
)
def test_nothing_is_painted_beside_it(qapp: QApplication, notes: tuple[Note, ...]) -> None:
    image = painted(take(notes, ()), DARK)
    inside = QRectF(10, 10, 120, 40)
    beside = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if not inside.contains(x + 0.5, y + 0.5) and image.pixelColor(x, y) != GROUND
    ]
    assert not beside
    assert places(image, False)


def test_a_take_without_notes_is_an_empty_picture(qapp: QApplication) -> None:
    image = painted(take((), ()), DARK)
    assert all(image.pixelColor(x, y) == GROUND for x in range(140) for y in range(60))

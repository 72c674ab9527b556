"""The status bar as a widget: it shows what is so, fits, and lists what was said."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cocomposer.jam import outputs
from ui.bench import session_states as states
from ui.widgets.status_bar import StatusBar, ago


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 54)
    bar.show()
    return bar


@pytest.mark.parametrize("name", states.STATES)
def test_every_fact_has_room_and_a_spoken_text(bar: StatusBar, qtbot: QtBot, name: str) -> None:
    bar.refresh(*states.STATES[name]())
    qtbot.waitUntil(lambda: all(label.width() >= label.sizeHint().width() for label in bar.facts.values()))
    assert bar.minimumSizeHint().width() <= 1000
    assert all(label.fact.text and label.accessibleDescription() for label in bar.facts.values())
    rights = [label.geometry().right() for label in bar.facts.values()]
    lefts = [label.geometry().left() for label in bar.facts.values()]
    assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))


def test_the_sentence_has_a_line_of_its_own_where_there_is_little_room(bar: StatusBar, qtbot: QtBot) -> None:
    bar.refresh(*states.lost())
    qtbot.waitUntil(lambda: bar.sentence.y() > bar.facts["link"].y())
    words = bar.sentence.fontMetrics().horizontalAdvance(bar.sentence.fact.text)
    assert words <= bar.sentence.width()
    bar.resize(1500, bar.height())
    qtbot.waitUntil(lambda: abs(bar.sentence.geometry().center().y() - bar.facts["link"].geometry().center().y()) <= 1)


def test_the_last_notices_can_be_read(bar: StatusBar, qtbot: QtBot) -> None:
    session = states.joined()
    bar.refresh(session, states.BEGAN + 1.0)
    assert not bar.more.isVisible()
    for sentence in ("Tapped: 96 BPM.", "The keyboard is back."):
        session.take_in(outputs.Notice(sentence))
    bar.refresh(session, states.BEGAN + 1.0)
    assert bar.sentence.fact.text == "The keyboard is back."
    QTest.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert bar.popup.isVisible()
    rows = [bar.popup.list.item(row).text() for row in range(bar.popup.list.count())]
    assert [row.split("   ")[1] for row in rows] == ["The keyboard is back.", "Tapped: 96 BPM."]
    QTest.keyClick(bar.popup.list, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not bar.popup.isVisible())


@pytest.mark.parametrize(("seconds", "words"), [(0.0, "now"), (30.0, "30 s"), (125.0, "2 min")])
def test_how_long_ago(seconds: float, words: str) -> None:
    assert ago(seconds) == words


class PaintCount(QObject):
    """Counts how often a widget is asked to paint itself."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_nothing_is_painted_anew_while_nothing_changes(bar: StatusBar) -> None:
    session, now = states.listening()
    bar.refresh(session, now)
    QApplication.processEvents()
    paints = {name: PaintCount(label) for name, label in bar.facts.items()}
    for frame in range(10):
        bar.refresh(session, now + 1.0 + frame / 60)
        QApplication.processEvents()
    assert not any(paint.count for paint in paints.values())
    session.take_in(outputs.Heard(now + 2.0, 60, 80, 0, 0.0))
    bar.refresh(session, now + 2.0)
    QApplication.processEvents()
    assert {name for name, paint in paints.items() if paint.count} == {"input"}

"""What the roll keeps from frame to frame looks as if painted at once, and no more is laid out than has changed."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cocomposer.music.note import Note
from ui.bench import session_states as states
from ui.bench.scripted_jam import ScriptedJam
from ui.presenters.session import Session
from ui.widgets.roll import RollPanel
from ui.widgets.roll_ink import JOINED
from ui.widgets.roll_picture import RollPicture


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


def test_only_what_changed_is_laid_out_anew(panel: RollPanel) -> None:
    session = states.joined()
    timeline = session.document.timeline
    for place in range(3 * JOINED):
        timeline.played(1, Note(place, 40 + place % 40, 30, 80))
    panel.roll.zoom(0.3, 0)
    shown(panel, session, states.BEGAN)
    panel.roll.set_following(False)
    panel.roll.zoom_fit()
    shown(panel, session, states.BEGAN)
    ink = panel.picture.ink
    before = ink.laid_out
    timeline.played(1, Note(3 * JOINED, 60, 30, 80))
    shown(panel, session, states.BEGAN)
    assert ink.laid_out - before <= 64
    before = ink.laid_out
    timeline.turn_over(1, [Note(place, 40 + place % 40, 30, 80) for place in range(JOINED)])
    shown(panel, session, states.BEGAN)
    assert ink.laid_out - before == 2 * JOINED + 1, "those that were cut, and no others"


def test_notes_laid_out_bit_by_bit_look_as_if_laid_out_at_once(panel: RollPanel) -> None:
    session = states.joined()
    timeline = session.document.timeline
    panel.roll.set_following(False)
    for place in range(2 * JOINED + 100):
        timeline.heard(36 + place * 7 % 60, 1 + place % 127, 0, float(place))
        timeline.released(36 + place * 7 % 60, 0, float(place + 17))
        if place % 37 == 0:
            panel.refresh(session, states.BEGAN)
            panel.grab()
    panel.roll.zoom_fit()
    grown = shown(panel, session, states.BEGAN)
    panel.picture = RollPicture()
    assert shown(panel, session, states.BEGAN) == grown


def test_what_scrolled_into_sight_looks_as_if_painted_at_once(panel: RollPanel) -> None:
    jam = ScriptedJam(0.0)
    session = states.told_all(Session(), jam.beginning())
    timeline = session.document.timeline
    for place in range(2 * JOINED):
        timeline.heard(30 + place * 11 % 70, 1 + place % 127, 1, place * 3.0)
        timeline.released(30 + place * 11 % 70, 1, place * 3.0 + 40)
    panel.roll.zoom(1.7, 0)
    for step in range(140):
        states.told_all(session, jam.news(step * 0.05))
        if step == 100:
            panel.set_follow(False)
        if step > 100:
            panel.roll.scroll(-7 if step % 5 else 40, 0)
        panel.refresh(session, step * 0.05)
        panel.grab()
    grown = panel.grab().toImage()
    assert panel.picture.page.painted_whole < 20, "it was scrolled, not painted anew"
    panel.picture = RollPicture()
    assert panel.grab().toImage() == grown

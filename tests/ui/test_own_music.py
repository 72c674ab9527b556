"""The box for one's own files: what it says while they are read, and what a dropped folder or a button tells."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.inputs import PlayLike
from cocomposer.jam.outputs import PlayingLike
from cocomposer.jam.settings import Settings, changed
from ui.bench import session_states as states
from ui.presenters.own_music import NOBODY, own_music_of
from ui.presenters.session import Session
from ui.widgets.own_music import STEPS, OwnMusicBox
from ui.widgets.side_panel import SidePanel

LEFT_OUT = ("b.mid is damaged and was left out.",)


def told(*news: PlayingLike) -> Session:
    return states.told_all(states.joined(), news)


@pytest.mark.parametrize(
    ("news", "text", "share", "can_forget"),
    [
        (PlayingLike(""), NOBODY, None, False),
        (PlayingLike("music/own", done=False), "Reading own …", 0.0, True),
        (PlayingLike("music/own", 1, 4, 90, False), "Reading own: 1 of 4 files", 0.25, True),
        (PlayingLike("music/own", 4, 4, 1234, True), "Like own: 1,234 notes of 4 files", None, True),
        (
            PlayingLike("music/own", 2, 2, 9, True, LEFT_OUT),
            f"Like own: 9 notes of 2 files. {LEFT_OUT[0]}",
            None,
            True,
        ),
        (
            PlayingLike("own", 5, 5, 9, True, ("A.", "B.", "C.")),
            "Like own: 9 notes of 5 files. A. B. And 1 more: point here.",
            None,
            True,
        ),
        (
            PlayingLike("music/own", 2, 2, 9, True, (f"{Path('music/own', 'sub', 'b.mid')} is damaged.",)),
            f"Like own: 9 notes of 2 files. {Path('sub', 'b.mid')} is damaged.",
            None,
            True,
        ),
        (PlayingLike("music/own", 1, 1, 0, True, LEFT_OUT), LEFT_OUT[0], None, True),
    ],
)
def test_what_is_said(news: PlayingLike, text: str, share: float | None, can_forget: bool) -> None:
    music = own_music_of(told(news))
    assert (music.text, music.share, music.can_forget) == (text, share, can_forget)


def test_files_that_were_left_out_are_named() -> None:
    assert LEFT_OUT[0] in own_music_of(told(PlayingLike("own", 2, 2, 9, True, LEFT_OUT))).tip


@pytest.fixture
def box(qtbot: QtBot) -> OwnMusicBox:
    box = OwnMusicBox()
    qtbot.addWidget(box)
    box.resize(250, 120)
    box.show()
    return box


def drop(box: OwnMusicBox, given: QMimeData) -> bool:
    """Whether it would take it; drops it if so."""
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), copy, given, left, none)
    entering.ignore()
    box.dragEnterEvent(entering)
    if entering.isAccepted():
        box.dropEvent(QDropEvent(QPointF(5, 5), copy, given, left, none))
    return entering.isAccepted()


def test_a_folder_or_a_file_in_it_is_taken(box: OwnMusicBox, tmp_path: Path) -> None:
    wanted: list[object] = []
    box.wanted.connect(wanted.append)
    (tmp_path / "a.mid").write_bytes(b"")
    for path in (tmp_path, tmp_path / "a.mid"):
        given = QMimeData()
        given.setUrls([QUrl.fromLocalFile(str(path))])
        assert drop(box, given)
    assert wanted == [PlayLike(str(tmp_path))] * 2


def test_anything_else_is_not_taken(box: OwnMusicBox) -> None:
    given = QMimeData()
    given.setText("a folder")
    assert not drop(box, given)


def test_progress_is_shown_and_can_be_stopped(box: OwnMusicBox) -> None:
    wanted: list[object] = []
    box.wanted.connect(wanted.append)
    assert not box.forget.isEnabled() and not box.progress.isVisible()
    box.refresh(told(PlayingLike("own", 1, 4, 90, False)))
    assert box.progress.isVisible() and box.progress.value() == STEPS // 4
    box.forget.click()
    assert wanted == [PlayLike("")]
    box.refresh(told(PlayingLike("own", 4, 4, 90, True)))
    assert not box.progress.isVisible() and box.text.text().startswith("Like own")


EMPTY = PlayingLike("own", 0, 0, 0, True, ("own holds no MIDI files.",))
FOUND = (PlayingLike("own", 1, 2, 90, False), PlayingLike("own", 2, 2, 180, True))


@pytest.mark.parametrize(
    ("given", "files", "news", "edits"),
    [
        ("own", 0.0, FOUND, 1),
        ("own", 2.0, FOUND, 0),
        ("own", 0.0, (EMPTY,), 0),
        ("other", 0.0, FOUND, 0),
        (None, 0.0, FOUND, 0),
    ],
)
def test_a_given_folder_counts_as_soon_as_music_is_found_in_it(
    qtbot: QtBot, given: str | None, files: float, news: tuple[PlayingLike, ...], edits: int
) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    edited: list[object] = []
    panel.edited.connect(edited.append)
    session = states.joined(changed(Settings(), {"files": files}))
    panel.refresh(session, 0.0)
    if given is not None:
        panel.own_music.play_like(given)
    assert not edited
    for told_now in news:
        panel.refresh(states.told_all(session, (told_now,)), 0.0)
    assert [type(edit) for edit in edited] == [ChangeSettings] * edits

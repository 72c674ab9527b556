"""How the window and its dialogs stand: no text is clipped, no two widgets lie on each other, in every main state."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QSplitterHandle,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui import theme
from ui.bench.pictures import SIZES
from ui.bench.scenes import dialogs, main_window
from ui.bench.session_states import STATES
from ui.widgets.words import ElidedLabel

DIALOGS = ("guide-first-run", "guide-daw", "guide-joining", "controllers", "shortcuts", "shortcuts-taken",
           "settings-ports", "settings-sound", "settings-model", "settings-window", "settings-joining")  # fmt: skip


@pytest.fixture(scope="module", params=[theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def look(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[theme.Theme]:
    theme.put_on(qapp, request.param)
    yield request.param
    theme.put_on(qapp, theme.DARK)


@pytest.fixture(autouse=True)
def _swept() -> None:
    """Windows of the test before are gone, or each change of theme would dress them all again."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def text_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def clipped(whole: QWidget) -> list[str]:
    """Texts that have less room than they need. Those elided on purpose say so by their kind."""
    found = []
    for widget in whole.findChildren(QWidget):
        inside_a_field = isinstance(widget.parentWidget(), QLineEdit)  # its button to clear it
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or inside_a_field:
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            if needed > widget.height():
                found.append(f"{text_of(widget)!r}: {widget.height()} high, needs {needed}")
        elif isinstance(widget, QLabel | QPushButton | QCheckBox | QToolButton | QComboBox) and (
            not isinstance(widget, QLabel) or widget.text()
        ):
            hint = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
            if hint.width() > widget.width() or (hint.height() > widget.height() and not _slim(widget)):
                found.append(f"{type(widget).__name__} {text_of(widget)!r}: {widget.size()}, needs {hint}")
    return found


def _slim(widget: QWidget) -> bool:
    """Its text has its height all the same; the rest is the air that the style puts around it."""
    return widget.height() >= widget.fontMetrics().height()


def overlapping(whole: QWidget) -> list[str]:
    """Neighbours that lie on each other."""
    found = []
    for parent in (whole, *whole.findChildren(QWidget)):
        if isinstance(parent, QAbstractScrollArea | QAbstractItemView | QComboBox | QSplitter | QTabWidget):
            continue  # they stack their own parts
        children = [
            one
            for one in parent.children()
            if isinstance(one, QWidget) and one.isVisible() and not one.isWindow() and not one.size().isEmpty()
        ]
        for place, one in enumerate(children):
            for other in children[place + 1 :]:
                shared = one.geometry().intersected(other.geometry())
                if not shared.isEmpty() and not isinstance(other, QSplitterHandle):
                    found.append(f"{_name(one)} and {_name(other)} share {shared}")
    return found


def outside(whole: QWidget) -> list[str]:
    """What does not lie within the widget it belongs to."""
    return [
        f"{_name(one)} at {one.geometry()} in {_name(parent)} {parent.size()}"
        for one in whole.findChildren(QWidget)
        if one.isVisible() and not one.isWindow() and isinstance(parent := one.parentWidget(), QWidget)
        if not isinstance(parent.parentWidget(), QAbstractScrollArea)
        if not QRect(QPoint(0, 0), parent.size()).contains(one.geometry())
    ]


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {text_of(widget) or widget.accessibleName() or widget.objectName()!r}"


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs(qtbot: QtBot, name: str) -> None:
    for this, dialog in dialogs():
        qtbot.addWidget(dialog)
        if this == name:
            break
    dialog.show()
    qtbot.waitExposed(dialog)
    QApplication.processEvents()
    assert clipped(dialog) == []
    assert overlapping(dialog) == []
    assert outside(dialog) == []


def test_all_dialogs_are_looked_at(qtbot: QtBot) -> None:
    named = dict(dialogs())
    for dialog in named.values():
        qtbot.addWidget(dialog)
    assert tuple(named) == DIALOGS


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES)
def test_main_window(qtbot: QtBot, state: str, size: tuple[int, int]) -> None:
    window = main_window(state, *size)
    qtbot.addWidget(window)
    assert (window.width(), window.height()) == size, "it asks for more room than that"
    assert clipped(window) == []
    assert overlapping(window) == []
    assert outside(window) == []


def test_a_clipped_text_and_an_overlap_would_be_found(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    whole.resize(200, 100)
    clip, other = QLabel("far too long for so little room", whole), QPushButton("on it", whole)
    wrapped = QLabel("words " * 40, whole)
    wrapped.setWordWrap(True)
    clip.setGeometry(0, 0, 40, 20)
    other.setGeometry(30, 10, 100, 40)
    wrapped.setGeometry(0, 60, 200, 50)
    whole.show()
    qtbot.waitExposed(whole)
    assert len(clipped(whole)) == 2
    assert len(overlapping(whole)) == 1
    assert len(outside(whole)) == 1

"""Nothing of the window may outlive its test: no timer, no thread, no window. What is left over fails the test.

And the desk and the file dialogs of the tests of the whole window.
"""

import gc
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.fakes.left_over import left_over, windows
from tests.ui.window_desk import Desk
from ui import theme

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(autouse=True, scope="package")
def _thawed() -> Iterator[None]:
    """What the tests here set aside from the search for garbage is looked through again in the end."""
    yield
    gc.unfreeze()


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """In dark, as the window dresses its widgets."""
    theme.put_on(qapp, theme.DARK)
    yield
    qapp.setStyleSheet("")


@pytest.fixture(autouse=True)
def nothing_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Wraps all other fixtures of a test, so it looks when they have taken down what they made.

    What a failed test had is kept with its failure, and is no news.
    """
    before = set(threading.enumerate())
    shown = set(windows())
    # What is there already is not looked through afterwards: with torch loaded that would take longer than the tests.
    gc.freeze()
    yield
    # pytest keeps what fixtures gave until the test is over altogether.
    request.node.funcargs.clear()
    if QApplication.instance() is not None:
        # Without a display Qt gives up what lies there only after Python has ended: a crash when all tests have passed.
        QApplication.clipboard().clear()
    left = left_over(before, shown)
    assert request.node.stash.get(_FAILED, False) or not left, f"left over: {', '.join(left)}"


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    desk = Desk(qtbot, tmp_path)
    yield desk
    desk.end()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What is chosen in the next file dialogs, in order; nothing is left: cancelled."""
    coming: list[Path | None] = []

    def choose(*_: object, **__: object) -> tuple[str, str]:
        path = coming.pop(0) if coming else None
        return ("" if path is None else str(path)), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return coming

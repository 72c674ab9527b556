"""The watch over what a test leaves behind sees what it shall see, and nothing else."""

import gc
import threading

from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.left_over import left_over, windows


def seen() -> list[str]:
    return left_over(set(threading.enumerate()), set(QApplication.topLevelWidgets()))


def test_a_timer_that_runs(qtbot: QtBot) -> None:
    timer = QTimer()
    assert not seen()
    timer.start(1000)
    assert len(seen()) == 1
    timer.stop()
    assert not seen()


def test_a_timer_that_belongs_to_a_widget(qtbot: QtBot) -> None:
    widget = QWidget()
    QTimer(widget).start(1000)
    widget.timer = widget.findChild(QTimer)  # type: ignore[attr-defined]
    found = left_over(set(threading.enumerate()), set())
    assert any("timer" in one for one in found) and any("window" in one for one in found)
    widget.deleteLater()
    assert not seen()


def test_a_thread_of_qt(qtbot: QtBot) -> None:
    thread = QThread()
    thread.start()
    try:
        assert len(seen()) == 1
    finally:
        thread.quit()
        thread.wait()
    assert not seen()


def test_a_thread() -> None:
    before = set(threading.enumerate())
    go_on = threading.Event()
    thread = threading.Thread(target=lambda: go_on.wait(60), name="one of ours")
    thread.start()
    watching = threading.Timer(0.1, go_on.set)
    watching.start()
    assert not left_over(before, set(windows())), "a thread that ends by itself was not waited for"
    assert not thread.is_alive()
    gc.collect()

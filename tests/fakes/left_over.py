"""What a test of the window left behind: timers, threads, windows."""

import gc
import threading

from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_LEAVES_SECONDS = 5.0
"""A thread that was told to end may take so long."""


def left_over(threads: set[threading.Thread], shown: set[QWidget]) -> list[str]:
    """What is there and was not there before, in words."""
    for thread in set(threading.enumerate()) - threads:
        thread.join(_LEAVES_SECONDS)
    found = [f"thread {thread.name}" for thread in set(threading.enumerate()) - threads]
    if QApplication.instance() is None:
        return found
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    for one in gc.get_objects():
        if isinstance(one, QTimer) and _alive(one) and one.isActive():
            found.append(f"timer of {one.parent()}")
        elif isinstance(one, QThread) and _alive(one) and one.isRunning():
            found.append(f"{one}")
    found += [f"window {window} {window.windowTitle()!r}" for window in windows() if window not in shown]
    return found


def _alive(one: QTimer | QThread) -> bool:
    try:
        one.objectName()
    except RuntimeError:  # Qt's part is gone, Python's is not
        return False
    return True


def windows() -> list[QWidget]:
    """All windows that there are."""
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []

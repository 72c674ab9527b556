"""The computer keyboard as a piano for the whole window, while it is switched on and nobody types text.

An event filter of the application: letters become notes wherever the focus lies, also their release. Keys with Ctrl,
Alt or Meta stay shortcuts; Space, Return and Escape stay actions. Knows no ports.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from cocomposer.jam.inputs import Arrived
from ui.presenters.computer_keys import ComputerKeys, position_of

_KEYS: Final = frozenset((QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride))
_SHORTCUTS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class ComputerKeyboard(QObject):
    """Off at first."""

    commanded = Signal(object)
    """`Arrived`, for each note."""
    changed = Signal()
    """It was switched, or the letters lie on other keys."""

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.perf_counter) -> None:
        """Keys count while `window` is the active one."""
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._keys = ComputerKeys()
        self.active = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application

    @property
    def letters(self) -> Mapping[int, str]:
        """Pitch → the key that plays it; none while it is off."""
        return self._keys.letters() if self.active else {}

    def set_active(self, active: bool) -> None:
        """Switch it on or off."""
        if active == self.active:
            return
        self.active = active
        if active:
            self._application.installEventFilter(self)
            self._application.focusChanged.connect(self._focus_changed)
        else:
            self._application.removeEventFilter(self)
            self._application.focusChanged.disconnect(self._focus_changed)
            self.silence()
        self.changed.emit()

    def silence(self) -> None:
        """Nothing is held any more."""
        self._tell(self._keys.silence())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _KEYS or not isinstance(event, QKeyEvent):
            if kind == QEvent.Type.WindowDeactivate and watched is self._window:
                self.silence()
            return False
        position = position_of(
            QGuiApplication.platformName(), event.nativeScanCode(), event.nativeVirtualKey(), _printed(event.key())
        )
        if position is None:
            return False
        if kind == QEvent.Type.KeyRelease:
            # Whatever has the focus or is held besides: what sounds ends with its key.
            if event.isAutoRepeat() or not self._keys.holds(position):
                return False
            self._tell(self._keys.let_go(position))
            return True
        if event.modifiers() & _SHORTCUTS or not self._plays():
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()  # a shortcut on a bare letter waits while letters are notes
            return True
        if not event.isAutoRepeat():
            before = self._keys.letters()
            self._tell(self._keys.press(position, _printed(event.key())))
            if self._keys.letters() != before:
                self.changed.emit()
        return True

    def _plays(self) -> bool:
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return False
        if QApplication.activeWindow() not in (None, self._window):
            return False
        focus = QApplication.focusWidget()
        if focus is not None and focus.window() is not self._window:
            return False
        return not _takes_text(focus)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self._window or _takes_text(now):
            self.silence()

    def _tell(self, messages: Iterable[bytes]) -> None:
        at = self._clock()
        for data in messages:
            self.commanded.emit(Arrived(at, data))


def _takes_text(widget: QWidget | None) -> bool:
    """Whether letters belong to it. Fields of numbers take none."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit) and not widget.isReadOnly()


def _printed(key: int) -> str:
    """What is printed on a key, where that is one sign."""
    return chr(key).upper() if 0x20 < key < 0x250 else ""

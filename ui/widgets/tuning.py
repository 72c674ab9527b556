"""Settings while they are being moved: every step acts at once, and all steps of one movement are one edit to undo.

Knows no fields; it is told of steps and tells commands and edits.
"""

from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.inputs import Change
from cocomposer.jam.settings import Settings
from ui.presenters.setting_values import edit_of

QUIET_MS: Final = 400
"""A movement is over when nothing moved for so long."""


class Tuning(QObject):
    """One movement at a time, over any settings."""

    commanded = Signal(object)
    """A `Change`, at each step."""
    edited = Signal(object)
    """A `ChangeSettings`, when the movement is over."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        self._gripped = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.settle)

    def moves(self, name: str) -> bool:
        """Whether this setting is being moved; what the engine tells of it meanwhile is older than the movement."""
        return name in self._after

    def step(self, settings: Settings, changes: dict[str, Any]) -> None:
        """Some settings have these values now. `settings` are those in force, as far as is known."""
        edit = edit_of(settings, changes)
        if edit is None and not any(self.moves(name) for name in changes):
            return
        if edit is not None:
            for name, value in edit.before.items():
                self._before.setdefault(name, value)
            changes = changes | edit.after
        for name in changes:
            self._before.setdefault(name, getattr(settings, name))
        self._after |= changes
        self.commanded.emit(Change(dict(changes)))
        if not self._gripped:
            self._quiet.start()

    def grip(self) -> None:
        """A knob is held: the movement is not over before `release`."""
        self._gripped = True
        self._quiet.stop()

    def release(self) -> None:
        """The knob was let go."""
        self._gripped = False
        self.settle()

    def settle(self) -> None:
        """The movement is over."""
        self._quiet.stop()
        before, after = self._before, self._after
        self._before, self._after = {}, {}
        differing = [name for name in after if after[name] != before[name]]
        if differing:
            self.edited.emit(ChangeSettings({n: before[n] for n in differing}, {n: after[n] for n in differing}))

"""The table of parts: each has its MIDI channel, can be muted, and let in for as long as a button is held.

Controls are rows of settings, made elsewhere. Knows no session.
"""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from cocomposer.jam.inputs import Punch
from cocomposer.jam.settings import Settings
from ui import theme
from ui.presenters.setting_rows import PARTS
from ui.widgets.press_button import PressButton
from ui.widgets.setting_controls import SettingRow

CHANNEL_WIDTH: Final = 62
_HEADS: Final = ("Part", "Channel", "Mute", "Punch in")
_TIP: Final = (
    "Hold it to let the muted part in from the next beat on; let go, and it is muted again. For pads see Controllers: "
    "one that latches lets it in and out on bar lines."
)


class PartTable(QWidget):
    """One line a part."""

    commanded = Signal(object)
    """`Punch`."""

    def __init__(self, rows: Mapping[str, SettingRow]) -> None:
        """`rows`: for each part its channel's and its mute's, by the names of their settings."""
        super().__init__()
        self.punches: dict[str, PressButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.GAP // 2)
        grid.setColumnStretch(0, 1)
        for column, text in enumerate(_HEADS):
            head = QLabel(text)
            head.setProperty("role", "faint")
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignHCenter)
        for line, part in enumerate(PARTS, 1):
            channel, mute = rows[part.channel], rows[part.mute]
            channel.label.hide()
            assert channel.number is not None and mute.switch is not None
            channel.number.setFixedWidth(CHANNEL_WIDTH)
            # Its name stands at the head of the column, and is spoken all the same.
            mute.switch.setText("")
            button = self.punches[part.part] = PressButton("In", _TIP)
            button.setAccessibleName(f"Punch in: {part.label.lower()}")
            button.pressed.connect(self._telling(part.part, True))
            button.released.connect(self._telling(part.part, False))
            grid.addWidget(QLabel(part.label), line, 0)
            grid.addWidget(channel, line, 1)
            grid.addWidget(mute, line, 2, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(button, line, 3)

    def show_settings(self, settings: Settings) -> None:
        """Only what is muted can be let in; what is held in can be let go."""
        for part in PARTS:
            button = self.punches[part.part]
            button.setEnabled(button.isDown() or getattr(settings, part.mute))

    def _telling(self, part: str, down: bool) -> Callable[[], None]:
        return lambda: self.commanded.emit(Punch(part, down))

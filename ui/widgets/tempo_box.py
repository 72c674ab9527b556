"""The tempo: a big number to read, type and turn, who gives it in words, tapping, and giving a set one up.

Knows no session; it is shown a `TransportView`.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cocomposer.music.ticks import NOMINAL_BPM
from ui import theme
from ui.presenters.transport import TransportView
from ui.widgets.fields import NumberField
from ui.widgets.press_button import PressButton

TEMPO_LEAST = 20.0
TEMPO_MOST = 300.0


class TempoField(NumberField):
    """The number; a dash where nobody gives a beat. Turning moves it by one beat a minute."""

    unknown = False

    def __init__(self) -> None:
        super().__init__(TEMPO_LEAST, TEMPO_MOST, 1.0, decimals=1)
        self.setValue(NOMINAL_BPM)
        self.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Tempo, beats a minute")
        # No more than the font: padding on a spin box without buttons leaves its line no room.
        self.setStyleSheet("font-size: 22px; font-weight: 600;")

    def textFromValue(self, value: float) -> str:
        return "–" if self.unknown else f"{value:.1f}"

    def show_tempo(self, bpm: float | None) -> None:
        """Show it without telling; not while somebody types."""
        if self.typing:
            return
        if (bpm is None) != self.unknown:
            self.unknown = bpm is None
            self.blockSignals(True)
            self.setValue(self.value() + 1.0)  # the same number would not be written anew
            self.setValue(self.value() - 1.0)
            self.blockSignals(False)
        if bpm is not None:
            self.show_value(min(TEMPO_MOST, max(TEMPO_LEAST, bpm)))


class TempoBox(QWidget):
    """Two lines: number and tap button; source and, where a tempo was set, the button that gives it up."""

    turned = Signal(float)
    """Somebody chose this tempo."""
    released = Signal()
    """The tempo set by hand is given up."""
    tapped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = TempoField()
        self.field.setFixedSize(88, 32)
        self.tap = PressButton("Tap")
        self.tap.setFixedSize(50, 32)
        self.source = QLabel()
        self.source.setProperty("role", "faint")
        self.auto = PressButton("give up", "Give up the tempo set by hand; your DAW or your playing gives it")
        self.auto.setAccessibleName("Give up the tempo set by hand")
        self.auto.setStyleSheet("padding: 0px 6px; min-height: 16px; font-size: 11px;")
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(theme.GAP // 2)
        first.addWidget(self.field)
        first.addWidget(self.tap)
        second.addWidget(self.source, 1)
        second.addWidget(self.auto)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.GAP // 2)
        lines.addLayout(first)
        lines.addLayout(second)
        self.setFixedWidth(142)
        self.field.chosen.connect(self.turned)
        self.tap.pressed.connect(self.tapped)
        self.auto.clicked.connect(self.released)

    def show_view(self, view: TransportView, moving: bool) -> None:
        """`moving`: somebody turns the tempo right now, so it does not follow."""
        if not moving:
            self.field.show_tempo(view.bpm)
        self.field.setReadOnly(not view.tempo_editable)
        self.field.setToolTip(
            "Type or turn the tempo" if view.tempo_editable else "Your DAW gives the tempo; change it there"
        )
        self.field.setEnabled(view.connected)
        self.tap.setEnabled(view.connected)
        self.source.setText(view.tempo_source)
        self.auto.setVisible(view.tempo_releasable)

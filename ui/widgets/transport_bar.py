"""The transport bar: what is needed while playing, each one press away. Shows `TransportView`; decides nothing."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.settings import Entry, Length, Settings
from cocomposer.runtime.news import SetSound
from ui import theme
from ui.presenters.actions import BY_ID
from ui.presenters.session import Session
from ui.presenters.setting_rows import BY_NAME
from ui.presenters.setting_values import edit_of
from ui.presenters.transport import Transport, TransportView
from ui.widgets.big_button import BigButton
from ui.widgets.fields import CalmSlider, ChoiceField, NumberField
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton
from ui.widgets.tempo_box import TempoBox
from ui.widgets.tuning import Tuning

BIG: Final = (
    ("listen", "Listen", "ring", "good"),
    ("answer", "Answer", "triangle", "machine"),
    ("stop", "Stop", "square", "faint_text"),
    ("panic", "Panic", "octagon", "bad"),
)
"""Action, name, shape, and the colour of the theme that it wears."""
LONGEST_HUGE: Final = 5
"""Letters of bar and beat that fit in large type; from bar 1000 on it is smaller."""
ENTRIES: Final = (("free", "at once"), ("beat", "on beat"), ("bar", "on bar"))
LENGTHS: Final = (("phrase", "as phrase"), ("bars", "bars"), ("endless", "endless"))
FIELD_HEIGHT: Final = 28
SHORT: Final = 12
"""Pixels of the record button's dot."""


class TransportBar(Panel):
    """Big buttons at the left, beat in the middle, form of the answer and recording at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._presenter = Transport()
        self._view: TransportView | None = None
        self._settings = Settings()
        self._tuning = Tuning(self)
        self._tuning.commanded.connect(self.commanded)
        self._tuning.edited.connect(self.edited)
        self.big = {action: BigButton(name, shape, colour) for action, name, shape, colour in BIG}
        for action, button in self.big.items():
            # Pressed and not clicked: what is played live must not wait for the finger to come up.
            button.pressed.connect(lambda action=action: self.acted.emit(action))
        self.tempo = TempoBox()
        self.tempo.tapped.connect(lambda: self.acted.emit("tap"))
        self.tempo.turned.connect(lambda bpm: self._tuning.step(self._settings, {"tempo": round(bpm, 1)}))
        self.tempo.released.connect(lambda: self._choose({"tempo": None}))
        self.position = QLabel("–")
        self.position.setProperty("role", "huge")
        self.position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.position.setAccessibleName("Bar and beat")
        self.position.setToolTip("Bar and beat")
        self.position.setFixedSize(84, 32)
        self.metre = _number("beats_per_bar", "Beats in a bar", 1, 16, self._step)
        self.metre.setSuffix(" beats")
        self.metre.setFixedSize(84, FIELD_HEIGHT)
        self.metre.setToolTip("Beats in a bar")
        self.entry = _choice("Where answers enter", ENTRIES, lambda value: self._choose({"entry": value}))
        self.entry.setToolTip(BY_NAME["entry"].tip)
        self.entry_bars = _number("entry_bars", "Enter every so many bars", 1, 16, self._step)
        self.entry_bars.setPrefix("every ")
        self.entry_bars.setToolTip(BY_NAME["entry_bars"].tip)
        self.length = _choice("How long answers are", LENGTHS, lambda value: self._choose({"length": value}))
        self.length.setToolTip(BY_NAME["length"].tip)
        self.length_bars = _number("length_bars", "Bars of an answer", 1, 64, self._step)
        self.length_bars.setToolTip(BY_NAME["length_bars"].tip)
        self.record = _toggle("Record", "record", self.acted.emit)
        self.record.setIconSize(QSize(SHORT, SHORT))
        self.sound = _toggle("Sound", "sound", self.acted.emit)
        self.volume = CalmSlider(20)
        self.volume.setAccessibleName("Loudness of the built-in sound")
        self.volume.setFixedWidth(44)
        self.volume.valueChanged.connect(lambda step: self._set_volume(step / 20))
        self._lay_out()
        self.name_keys({action: BY_ID[action].keys[0] for action in (*self.big, "tap", "record", "sound")})

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP // 2)
        for button in self.big.values():
            row.addWidget(button, 3)
        row.addSpacing(theme.GAP)
        row.addStretch(1)
        row.addWidget(self.tempo)
        row.addSpacing(theme.GAP // 2)
        place = QVBoxLayout()
        place.setSpacing(theme.GAP // 2)
        place.addWidget(self.position)
        place.addWidget(self.metre)
        row.addLayout(place)
        row.addSpacing(theme.GAP)
        row.addStretch(1)
        form = QGridLayout()
        form.setSpacing(theme.GAP // 2)
        for line, (text, choice, number) in enumerate(
            (("Enters", self.entry, self.entry_bars), ("Lasts", self.length, self.length_bars))
        ):
            label = QLabel(text)
            label.setProperty("role", "faint")
            label.setBuddy(choice)
            choice.setFixedSize(98, FIELD_HEIGHT)
            number.setFixedSize(75, FIELD_HEIGHT)
            keep = number.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            number.setSizePolicy(keep)
            form.addWidget(label, line, 0)
            form.addWidget(choice, line, 1)
            form.addWidget(number, line, 2)
        row.addLayout(form)
        row.addSpacing(theme.GAP)
        kept = QVBoxLayout()
        kept.setSpacing(theme.GAP // 2)
        kept.addWidget(self.record)
        heard = QHBoxLayout()
        heard.setSpacing(theme.GAP // 2)
        heard.addWidget(self.sound)
        heard.addWidget(self.volume)
        kept.addLayout(heard)
        row.addLayout(kept)

    def name_keys(self, keys: Mapping[str, str]) -> None:
        """Action → the key that works it, in portable text, for the buttons that show or tell it."""
        for action, key in keys.items():
            tip, shown = BY_ID[action].tip or BY_ID[action].text, _short(key)
            if action in self.big:
                self.big[action].name_key(shown, tip)
            elif action == "tap":
                self.tempo.tap.setToolTip(f"{tip} ({shown})")
            elif action == "record":
                self.record.setToolTip(f"{tip} ({shown})")

    def refresh(self, session: Session, now: float) -> None:
        self._settings = session.settings
        view = self._presenter.view(session, now)
        if view == self._view:
            return
        before, self._view = self._view, view
        for action, big in zip(self.big, (view.listen, view.answer, view.stop, view.panic), strict=True):
            self.big[action].show_view(big)
        role = "huge" if len(view.position) <= LONGEST_HUGE else "title"
        if role != self.position.property("role"):
            self.position.setProperty("role", role)
            self.position.style().polish(self.position)
        self.position.setText(view.position)
        if before is None or _still(before) != _still(view):
            self._show_rest(view)

    def _show_rest(self, view: TransportView) -> None:
        """What changes seldom."""
        self.tempo.show_view(view, self._tuning.moves("tempo"))
        for name, number in (
            ("beats_per_bar", self.metre), ("entry_bars", self.entry_bars), ("length_bars", self.length_bars),
        ):  # fmt: skip
            if not self._tuning.moves(name):
                number.show_value(getattr(view, name))
            number.setEnabled(view.connected)
        self.entry.show_value(view.entry)
        self.length.show_value(view.length)
        self.entry_bars.setVisible(view.entry is Entry.BAR)
        self.length_bars.setVisible(view.length is Length.BARS)
        for field in (self.entry, self.length, self.record, self.sound, self.volume):
            field.setEnabled(view.connected)
        recording = view.recorded is not None
        self.record.setText(f" {view.recorded}" if recording else " Record")
        self.record.setChecked(recording)
        self.record.setAccessibleDescription(f"recording {view.recorded}" if recording else "")
        self.record.setIcon(_dot(theme.worn().window if recording else theme.worn().bad))
        self.sound.setChecked(view.sound_on)
        self.sound.setToolTip(view.sound_trouble or "The built-in sound, for playing without a DAW")
        if not self.volume.isSliderDown():
            self.volume.blockSignals(True)
            self.volume.setValue(round(view.volume * 20))
            self.volume.blockSignals(False)
        self.volume.setToolTip(f"Loudness of the built-in sound: {round(view.volume * 100)} %")

    def settle(self) -> None:
        """What is being turned counts as turned."""
        self._tuning.settle()

    def _step(self, name: str, value: float) -> None:
        self._tuning.step(self._settings, {name: int(value)})

    def _choose(self, changes: dict[str, Any]) -> None:
        edit: ChangeSettings | None = edit_of(self._settings, changes)
        if edit is not None:
            self.edited.emit(edit)

    def _set_volume(self, volume: float) -> None:
        on = self._view is not None and self._view.sound_on
        self.commanded.emit(SetSound(on, volume))


def _still(view: TransportView) -> tuple[object, ...]:
    """All of a view that is not the big buttons or the place in the bar."""
    return (
        view.bpm, view.tempo_source, view.tempo_editable, view.tempo_releasable, view.beats_per_bar, view.entry,
        view.entry_bars, view.length, view.length_bars, view.recorded, view.sound_on, view.volume, view.sound_trouble,
        view.connected,
    )  # fmt: skip


def _short(key: str) -> str:
    return {"Return": "Enter", "Escape": "Esc"}.get(key, key)


def _number(name: str, spoken: str, low: int, high: int, told: Callable[[str, float], None]) -> NumberField:
    field = NumberField(low, high)
    field.setAccessibleName(spoken)
    field.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
    field.setAlignment(Qt.AlignmentFlag.AlignCenter)
    field.chosen.connect(lambda value: told(name, value))
    return field


def _choice(spoken: str, choices: tuple[tuple[str, str], ...], told: Callable[[object], None]) -> ChoiceField:
    field = ChoiceField(choices)
    field.setAccessibleName(spoken)
    field.chosen.connect(told)
    return field


def _toggle(text: str, action: str, told: Callable[[str], None]) -> PressButton:
    """Shows what the session says; a press only tells the action."""
    button = PressButton(text, checkable=True)
    button.setAccessibleName(BY_ID[action].text)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def pressed() -> None:
        button.setChecked(not button.isChecked())
        told(action)

    button.clicked.connect(pressed)
    return button


def _dot(colour: str) -> QIcon:
    sharp = QPixmap(2 * SHORT, 2 * SHORT)
    sharp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sharp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(sharp.rect().adjusted(1, 1, -1, -1))
    painter.end()
    return QIcon(sharp)

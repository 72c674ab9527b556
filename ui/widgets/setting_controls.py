"""One row of the side panel for each row of the table of settings: a label, the value, the control, what works it.

A control follows the settings without telling; only what somebody moves is told. Knows no session.
"""

from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QValidator
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cocomposer.jam.inputs import Forget, Learn
from cocomposer.jam.settings import Settings
from ui import theme
from ui.presenters.setting_rows import Kind, Row
from ui.presenters.setting_values import (
    counts,
    pitch_name,
    pitch_of,
    step_at,
    steps_of,
    target_of,
    trigger_words,
    unit_of,
    value_at,
    words,
)
from ui.widgets.fields import CalmSlider, ChoiceField, NumberField
from ui.widgets.press_button import PressButton, claims

FIELD_WIDTH: Final = 132


class RowNumber(NumberField):
    """A number, shown in the words of its row."""

    def __init__(self, row: Row) -> None:
        self._row: Row | None = None
        super().__init__(row.low, row.high, row.step, row.decimals)
        self._row = row
        self.setSpecialValueText(row.lowest_text)
        self._fit_unit()
        self.valueChanged.connect(self._fit_unit)

    def show_value(self, value: float) -> None:
        super().show_value(value)
        self._fit_unit()

    def _fit_unit(self) -> None:
        unit = "" if self._row is None else unit_of(self._row, self.value())
        if unit != self.suffix():
            self.setSuffix(unit)

    def textFromValue(self, value: float) -> str:
        row = self._row
        return pitch_name(int(value)) if row is not None and row.kind is Kind.PITCH else super().textFromValue(value)

    def valueFromText(self, text: str) -> float:
        if self._row is None or self._row.kind is not Kind.PITCH:
            return super().valueFromText(text)
        pitch = pitch_of(text)
        return self.value() if pitch is None else float(pitch)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        if self._row is None or self._row.kind is not Kind.PITCH:
            return super().validate(text, place)
        done = pitch_of(text) is not None
        return QValidator.State.Acceptable if done else QValidator.State.Intermediate, text, place


class Switch(QCheckBox):
    """On or off. Reached by Tab; a click leaves the focus where it is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: Any) -> bool:
        return claims(event) or super().event(event)


class SettingRow(QWidget):
    """One setting."""

    stepped = Signal(str, object)
    """Name and value, while it is being moved."""
    chosen = Signal(str, object)
    """Name and value, picked once."""
    gripped = Signal()
    released = Signal()
    drawn = Signal()
    """A new seed is wanted."""
    commanded = Signal(object)
    """`Learn` or `Forget`."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.target = target_of(row)
        self._bound: str | None = None
        self._learning = False
        self._shown: Any = None
        self.label = QLabel(row.label)
        self.value = QLabel()
        self.value.setProperty("role", "faint")
        self.tag = QLabel()
        self.tag.setProperty("role", "faint")
        self.tag.setAccessibleName(f"What works {row.label}")
        self.tag.hide()
        self.slider: CalmSlider | None = None
        self.number: RowNumber | None = None
        self.choice: ChoiceField | None = None
        self.switch: Switch | None = None
        self.setToolTip(row.tip)
        self.control = control = self._lay_out()
        control.setAccessibleName(row.label)
        control.setAccessibleDescription(row.tip)
        self.label.setBuddy(control)

    # -- show ----------------------------------------------------------------------------------

    def show_settings(self, settings: Settings, moving: bool) -> None:
        """Follow, without telling; not while it is `moving` under somebody's hand."""
        # What counts only beside another value of another setting is not there without it.
        self.setVisible(counts(self.row, settings))
        if not moving:
            self._show_value(getattr(settings, self.row.name))
        trigger = settings.bindings.get(self.target) if self.target is not None else None
        self._bound = None if trigger is None else trigger_words(trigger)
        self._show_tag()

    def show_learning(self, learning: bool) -> None:
        """The next controller that is moved will work it."""
        self._learning = learning
        self._show_tag()

    def _show_value(self, value: Any) -> None:
        self._shown = value
        if self.slider is not None:
            place = step_at(self.row, value)
            if self.slider.value() != place and not self.slider.isSliderDown():
                self.slider.blockSignals(True)
                self.slider.setValue(place)
                self.slider.blockSignals(False)
            self.value.setText(words(self.row, value))
        elif self.number is not None:
            self.number.show_value(float(value))
        elif self.choice is not None:
            self.choice.show_value(value)
        elif self.switch is not None:
            self.switch.setChecked(bool(value))

    def _show_tag(self) -> None:
        text = "move a controller …" if self._learning else (self._bound or "")
        self.tag.setText(text)
        self.tag.setVisible(bool(text))
        role = "warning" if self._learning else "faint"
        if self.tag.property("role") != role:
            self.tag.setProperty("role", role)
            self.tag.style().unpolish(self.tag)
            self.tag.style().polish(self.tag)

    # -- lay out -------------------------------------------------------------------------------

    def _lay_out(self) -> QWidget:
        match self.row.kind:
            case Kind.SLIDER:
                return self._lay_out_slider()
            case Kind.CHOICE:
                return self._lay_out_choice()
            case Kind.SWITCH:
                return self._lay_out_switch()
            case Kind.NUMBER | Kind.PITCH | Kind.SEED:
                return self._lay_out_number()

    def _lay_out_slider(self) -> QWidget:
        row = self.row
        self.slider = slider = CalmSlider(steps_of(row))
        slider.valueChanged.connect(self._slid)
        slider.sliderPressed.connect(self.gripped)
        slider.sliderReleased.connect(self.released)
        slider.installEventFilter(self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.label)
        head.addStretch(1)
        head.addWidget(self.tag)
        head.addWidget(self.value)
        lines.addLayout(head)
        lines.addWidget(slider)
        if any(row.ends):
            ends = QHBoxLayout()
            sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
            for text, alignment in zip(row.ends, sides, strict=True):
                end = QLabel(text)
                end.setProperty("role", "faint")
                end.setStyleSheet("font-size: 11px;")
                end.setAlignment(alignment)
                ends.addWidget(end)
            lines.addLayout(ends)
        return slider

    def _lay_out_choice(self) -> QWidget:
        self.choice = choice = ChoiceField(self.row.choices)
        choice.chosen.connect(lambda value: self.chosen.emit(self.row.name, value))
        self._beside(choice)
        return choice

    def _lay_out_switch(self) -> QWidget:
        self.switch = switch = Switch(self.row.label)
        switch.clicked.connect(lambda on: self.chosen.emit(self.row.name, on))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(switch)
        line.addStretch(1)
        line.addWidget(self.tag)
        return switch

    def _lay_out_number(self) -> QWidget:
        self.number = number = RowNumber(self.row)
        number.chosen.connect(lambda value: self.stepped.emit(self.row.name, int(value)))
        self._beside(number)
        if self.row.kind is Kind.SEED:
            number.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
            die = PressButton("New seed", "Draw another seed, for other answers")
            die.clicked.connect(self.drawn)
            layout = self.layout()
            assert isinstance(layout, QGridLayout)
            layout.addWidget(die, 1, 1)
        return number

    def _beside(self, control: QWidget) -> None:
        # As wide as all others, unless its longest choice needs more.
        control.setMinimumWidth(FIELD_WIDTH)
        control.setSizePolicy(QSizePolicy.Policy.Fixed, control.sizePolicy().verticalPolicy())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP // 2)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(control, 0, 1)
        grid.addWidget(self.tag, 1, 0)
        grid.setColumnStretch(0, 1)

    def _slid(self, place: int) -> None:
        value = value_at(self.row, place)
        self.value.setText(words(self.row, value))
        self.stepped.emit(self.row.name, value)

    # -- reset ---------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On its label or its slider: back to the default."""
        if event.button() is Qt.MouseButton.LeftButton and self.row.kind is not Kind.SEED:
            self.chosen.emit(self.row.name, self.row.default)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.slider and event.type() is QEvent.Type.MouseButtonDblClick:
            assert isinstance(event, QMouseEvent)
            self.mouseDoubleClickEvent(event)
            return True
        return super().eventFilter(watched, event)

    # -- learn ---------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.target is None:
            super().contextMenuEvent(event)
            return
        self.menu().popup(QPoint(event.globalPos()))

    def menu(self) -> QMenu:
        """What can be done with what works it; for settings that a controller can work."""
        target = self.target
        assert target is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._learning:
            menu.addAction("Stop learning").triggered.connect(lambda: self.commanded.emit(Learn(None)))
        else:
            menu.addAction("Learn a controller …").triggered.connect(lambda: self.commanded.emit(Learn(target)))
        if self._bound is not None:
            menu.addAction(f"Forget {self._bound}").triggered.connect(lambda: self.commanded.emit(Forget(target)))
        return menu

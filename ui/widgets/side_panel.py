"""The side panel: the settings in sections, presets, the model; room for what is to come. Decides nothing.

What is laid out stands in the table of settings (`ui.presenters.setting_rows`).
"""

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cocomposer.jam.inputs import Change
from cocomposer.jam.settings import Settings, SettingsError
from cocomposer.runtime.news import LoadModel
from ui import theme
from ui.presenters.session import Link, Session
from ui.presenters.setting_rows import IN_TABLE, Group, Row, rows_of
from ui.presenters.setting_values import edit_of
from ui.presenters.standing import PROVIDERS
from ui.widgets.describe_box import DescribeBox
from ui.widgets.fields import ChoiceField
from ui.widgets.originality_meter import OriginalityMeter
from ui.widgets.own_music import OwnMusicBox
from ui.widgets.panel import Panel
from ui.widgets.part_table import PartTable
from ui.widgets.preset_box import PresetBox
from ui.widgets.sections import Section
from ui.widgets.setting_controls import FIELD_WIDTH, SettingRow
from ui.widgets.tuning import Tuning

WIDTH: Final = 272
SEEDS: Final = 1_000_000
"""New seeds lie below this: short enough to be read out and typed."""


def processors(platform: str) -> tuple[tuple[str, str], ...]:
    """What a model can be asked to run on, and its text, on a platform (`sys.platform`)."""
    graphics = {"darwin": ("coreml", "Apple (CoreML)"), "win32": ("directml", "GPU (DirectML)")}.get(platform)
    nvidia = () if platform == "darwin" else (("cuda", "GPU (NVIDIA)"),)
    return (("auto", "the fastest"), ("cpu", "CPU"), *nvidia, *(() if graphics is None else (graphics,)))


class ModelBox(QWidget):
    """Which model answers and where it runs; `wanted` tells a `LoadModel`."""

    wanted = Signal(object)

    def __init__(self, platform: str = sys.platform) -> None:
        super().__init__()
        self._shown: tuple[object, ...] | None = None
        self.model, self.processor = ChoiceField(()), ChoiceField(processors(platform))
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.state.setProperty("role", "faint")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        grid.setColumnStretch(0, 1)
        for line, (text, field) in enumerate((("Model", self.model), ("Runs on", self.processor))):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text)
            field.setFixedWidth(FIELD_WIDTH)
            field.chosen.connect(lambda _value: self._want())
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(self.state, 2, 0, 1, 2)

    def show_bundles(self, bundles: Sequence[tuple[str, str]]) -> None:
        """Models that can be loaded: path of the bundle and its name."""
        current = self.model.currentData()
        self.model.clear()
        for path, name in bundles:
            self.model.addItem(name, path)
        self.model.show_value(current)

    def show_session(self, session: Session) -> None:
        """Follow the engine."""
        options = None if session.hello is None else session.hello.options
        shown = (session.link, session.ready, session.lost, options)
        if shown == self._shown:
            return
        self._shown = shown
        if options is not None:
            if self.model.findData(options.bundle) < 0:
                self.model.addItem(PurePath(options.bundle).name, options.bundle)
            self.model.show_value(options.bundle)
            self.processor.show_value(options.provider)
        if session.lost is not None:
            text = session.lost.sentence
        elif session.ready is not None:
            runs_on = PROVIDERS.get(session.ready.provider, session.ready.provider)
            text = f"{session.ready.model} runs on the {runs_on}."
        else:
            text = "Loading …" if session.link is Link.JOINED else "–"
        self.state.setText(text)

    def _want(self) -> None:
        bundle = self.model.currentData()
        if bundle is not None:
            self.wanted.emit(LoadModel(str(bundle), str(self.processor.currentData())))


class SidePanel(Panel):
    """Sections from top to bottom."""

    preset_saved = Signal(str)
    preset_chosen = Signal(str)
    preset_deleted = Signal(str)

    def __init__(self, draw_seed: Callable[[], int] = lambda: random.randrange(SEEDS)) -> None:
        super().__init__()
        self._draw_seed = draw_seed
        self._settings = Settings()
        self._shown: tuple[object, ...] | None = None
        self._tuning = Tuning(self)
        self._tuning.commanded.connect(self.commanded)
        self._tuning.edited.connect(self.edited)
        self.rows: dict[str, SettingRow] = {}
        self.sections: dict[str, Section] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(2 * theme.GAP)
        self._column.addStretch(1)
        self.presets = PresetBox()
        self.presets.saved.connect(self.preset_saved)
        self.presets.chosen.connect(self.preset_chosen)
        self.presets.deleted.connect(self.preset_deleted)
        self.add_section("Presets", self.presets)
        self.words = DescribeBox()
        self.words.described.connect(self._change)
        self.add_section("In words", self.words)
        for group in Group:
            self._add_group(group)
        self.own_music = OwnMusicBox()
        self.own_music.wanted.connect(self.commanded)
        self.own_music.music_found.connect(self._like)
        self.add_section("Play like these", self.own_music)
        self.originality = OriginalityMeter()
        self.add_section("Originality", self.originality)
        self.model = ModelBox()
        self.model.wanted.connect(self.commanded)
        self.add_section("Model", self.model)
        self.setMinimumWidth(WIDTH)

    def add_section(self, title: str, widget: QWidget, more: bool = False) -> Section:
        """Put a widget under a title, below all others; under a title that is there already, below its widgets."""
        section = self.sections.get(title)
        if section is None:
            section = self.sections[title] = Section(title)
            self._column.insertWidget(self._column.count() - 1, section)
        section.add(widget, more)
        return section

    def show_presets(self, names: Sequence[str], unusable: Mapping[str, str]) -> None:
        """The presets that there are; those that cannot be used with why, as a sentence."""
        self.presets.show_presets(names, unusable)

    def show_bundles(self, bundles: Sequence[tuple[str, str]]) -> None:
        """Models that can be loaded: path of the bundle and its name."""
        self.model.show_bundles(bundles)

    def refresh(self, session: Session, _now: float) -> None:
        shown = (session.settings, session.learning, session.link)
        self.model.show_session(session)
        self.own_music.refresh(session)
        self.originality.refresh(session)
        if self._shown is not None and all(a is b for a, b in zip(shown, self._shown, strict=True)):
            return
        self._shown = shown
        self._settings = session.settings
        self.setEnabled(session.link is Link.JOINED)
        self.words.show_settings(session.settings)
        for name, row in self.rows.items():
            row.show_settings(session.settings, self._tuning.moves(name))
            row.show_learning(row.target is not None and session.learning == row.target)
        self.parts.show_settings(session.settings)

    def settle(self) -> None:
        """What is being moved counts as moved."""
        self._tuning.settle()

    def _add_group(self, group: Group) -> None:
        for more in (False, True):
            for row in rows_of(group, more):
                made = self.rows[row.name] = self._make_row(row)
                if row.name not in IN_TABLE:
                    self.add_section(group.value, made, more)
        if group is Group.ACCOMPANIMENT:
            self.parts = PartTable(self.rows)
            self.parts.commanded.connect(self.commanded)
            self.add_section(group.value, self.parts, more=True)

    def _make_row(self, row: Row) -> SettingRow:
        made = SettingRow(row)
        made.stepped.connect(self._step)
        made.chosen.connect(self._choose)
        made.gripped.connect(self._tuning.grip)
        made.released.connect(self._tuning.release)
        made.drawn.connect(lambda: self._choose("seed", self._draw_seed()))
        made.commanded.connect(self.commanded)
        return made

    def _step(self, name: str, value: Any) -> None:
        try:
            self._tuning.step(self._settings, {name: value})
        except SettingsError:
            self._refuse({name: value})

    def _like(self, _folder: str) -> None:
        """Music of the player's own is found: it shall count, unless how much was set already."""
        if not self._settings.files:
            self._change({"files": 1.0})

    def _choose(self, name: str, value: Any) -> None:
        self._change({name: value})

    def _change(self, changes: dict[str, Any]) -> None:
        """One edit, of several settings perhaps."""
        try:
            edit = edit_of(self._settings, changes)
        except SettingsError:
            self._refuse(changes)
            return
        if edit is not None:
            self.edited.emit(edit)

    def _refuse(self, changes: dict[str, Any]) -> None:
        """What contradicts other settings: the engine says why, and the controls go back to what is in force."""
        self.commanded.emit(Change(changes))
        for name in changes:
            if name in self.rows:
                self.rows[name].show_settings(self._settings, moving=False)

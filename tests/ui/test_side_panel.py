"""The side panel as a widget: each change is told, following tells nothing, controllers are learned and shown."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam import outputs
from cocomposer.jam.inputs import Change, Forget, Learn, Punch
from cocomposer.jam.settings import Settings, Trigger, TriggerKind, changed
from cocomposer.runtime import news
from cocomposer.runtime.news import LoadModel
from tests.ui.test_transport_bar import Told, turn
from ui.bench import session_states as states
from ui.presenters.session import Session
from ui.presenters.setting_rows import IN_TABLE, PARTS, ROWS, Kind, Row
from ui.presenters.setting_values import counts, step_at, value_at
from ui.widgets.setting_controls import SettingRow
from ui.widgets.side_panel import SidePanel, processors


@pytest.fixture
def panel(qtbot: QtBot) -> SidePanel:
    panel = SidePanel(draw_seed=lambda: 4242)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def other_value(row: Row) -> Any:
    """A value that is not the default, and shown otherwise."""
    match row.kind:
        case Kind.CHOICE:
            return next(value for value, _ in row.choices if value != row.default)
        case Kind.SWITCH:
            return not row.default
        case Kind.SLIDER:
            place = step_at(row, row.default)
            return value_at(row, place - 1 if place else place + 1)
        case Kind.NUMBER | Kind.PITCH | Kind.SEED:
            return row.default + (1 if row.default < row.high else -1)


def other_values() -> dict[str, Any]:
    """For every row a value that is not the default."""
    return {row.name: other_value(row) for row in ROWS}


def shown_value(row: SettingRow) -> object:
    if row.slider is not None:
        return row.slider.value()
    if row.number is not None:
        return row.number.value()
    if row.choice is not None:
        return row.choice.currentData()
    assert row.switch is not None
    return row.switch.isChecked()


def with_settings(**changes: Any) -> Session:
    return states.joined(changed(Settings(), changes))


def test_controls_follow_the_engine_without_telling(panel: SidePanel) -> None:
    session = states.joined()
    panel.refresh(session, 0.0)
    told = Told(panel)
    assert set(panel.rows) == {row.name for row in ROWS} == set(other_values())
    before = {name: shown_value(row) for name, row in panel.rows.items()}
    session.take_in(outputs.SettingsChanged(changed(Settings(), other_values())))
    panel.refresh(session, 0.0)
    after = {name: shown_value(row) for name, row in panel.rows.items()}
    assert all(before[name] != after[name] for name in before)
    session.take_in(outputs.SettingsChanged(Settings()))
    panel.refresh(session, 0.0)
    assert {name: shown_value(row) for name, row in panel.rows.items()} == before
    panel.settle()
    assert told.all == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_control_tells_its_own_setting(panel: SidePanel, row: Row) -> None:
    # What counts only beside another setting's value has it, and no slider is at its left end.
    needed = {row.only_if[0]: row.only_if[1][0]} if row.only_if is not None else {}
    session = with_settings(**needed, **({row.name: value_at(row, 1)} if row.kind is Kind.SLIDER else {}))
    panel.refresh(session, 0.0)
    told = Told(panel)
    made = panel.rows[row.name]
    for section in panel.sections.values():
        section.fold.setChecked(True)
    if made.switch is not None:
        QTest.mouseClick(made.switch, Qt.MouseButton.LeftButton)
    elif made.choice is not None:
        made.choice.activated.emit((made.choice.currentIndex() + 1) % made.choice.count())
    elif row.kind is Kind.SLIDER:
        assert made.slider is not None
        made.slider.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(made.slider, Qt.Key.Key_Left)
    else:
        assert made.number is not None
        made.number.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(made.number, Qt.Key.Key_Up)
    panel.settle()
    *commands, edit = told.all
    assert isinstance(edit, ChangeSettings)
    assert list(edit.after) == [row.name] == list(edit.before)
    assert edit.before[row.name] == msgspec.to_builtins(session.settings)[row.name] != edit.after[row.name]
    changed(session.settings, edit.after)
    assert commands in ([], [Change(edit.after)])


def test_dragging_acts_at_once_and_is_one_edit(panel: SidePanel) -> None:
    session = states.joined()
    panel.refresh(session, 0.0)
    told = Told(panel)
    slider = panel.rows["creativity"].slider
    assert slider is not None
    slider.setSliderDown(True)
    slider.sliderPressed.emit()
    for place in (20, 25, 30):
        slider.setValue(place)
        # What the engine answers lies behind the hand.
        session.take_in(outputs.SettingsChanged(Settings(creativity=0.95)))
        panel.refresh(session, 0.0)
        assert slider.value() == place
    assert [type(one) for one in told.all] == [Change] * 3
    slider.setSliderDown(False)
    slider.sliderReleased.emit()
    assert told.all[-1] == ChangeSettings({"creativity": 0.95}, {"creativity": 1.6})


def test_keys_on_a_slider_settle_by_themselves(panel: SidePanel, qtbot: QtBot) -> None:
    panel.refresh(states.joined(), 0.0)
    slider = panel.rows["follow_key"].slider
    assert slider is not None
    with qtbot.waitSignal(panel.edited, timeout=5000) as edited:
        for _ in range(3):
            QTest.keyClick(slider, Qt.Key.Key_Right)
    assert edited.args == [ChangeSettings({"follow_key": 0.3}, {"follow_key": 0.45})]


def test_the_wheel_scrolls_past_every_control(panel: SidePanel) -> None:
    panel.refresh(states.joined(), 0.0)
    told = Told(panel)
    focus = panel.focusWidget()
    for row in panel.rows.values():
        if row.control is not focus:
            turn(row.control)
    panel.settle()
    assert told.all == []


def test_what_has_no_effect_is_not_there(panel: SidePanel) -> None:
    for section in panel.sections.values():
        section.fold.setChecked(True)
    for changes in ({"entry": "free", "length": "bars"}, {}, {"scale": "auto"}, {"scale": "blues", "guard": False}):
        session = with_settings(**changes)
        panel.refresh(session, 0.0)
        assert {row.name for row in ROWS if panel.rows[row.name].isVisible()} == {
            row.name for row in ROWS if counts(row, session.settings)
        }


@pytest.mark.parametrize("name", ["density", "memory", "polyphony", "register_reach"])
def test_a_double_click_resets(panel: SidePanel, name: str) -> None:
    row = panel.rows[name]
    session = with_settings(**{name: other_value(row.row)})
    panel.refresh(session, 0.0)
    for section in panel.sections.values():
        section.fold.setChecked(True)
    assert row.slider is not None
    for target, place in ((row.slider, row.slider.rect().center()), (row, row.label.geometry().center())):
        told = Told(panel)
        QTest.mouseDClick(target, Qt.MouseButton.LeftButton, pos=place)
        assert told.all[-1] == ChangeSettings({name: other_value(row.row)}, {name: row.row.default})


def test_what_contradicts_itself_is_left_to_the_engine_to_refuse(panel: SidePanel) -> None:
    session = with_settings(lowest_pitch=61, highest_pitch=61)
    panel.refresh(session, 0.0)
    told = Told(panel)
    choice = panel.rows["scale"].choice
    assert choice is not None
    place = choice.findData("major")
    choice.setCurrentIndex(place)
    choice.activated.emit(place)
    assert told.all == [Change({"scale": "major"})]
    assert choice.currentData() == "off"


@pytest.mark.parametrize("name", ["joining", "lost"])
def test_nothing_can_be_set_without_an_engine(panel: SidePanel, name: str) -> None:
    panel.refresh(*states.STATES[name]())
    assert not panel.isEnabled()
    panel.refresh(*states.listening())
    assert panel.isEnabled()


def test_a_new_seed(panel: SidePanel) -> None:
    panel.refresh(states.joined(), 0.0)
    told = Told(panel)
    panel.rows["seed"].drawn.emit()
    assert told.all == [ChangeSettings({"seed": 1}, {"seed": 4242})]


@pytest.mark.parametrize("typed", ["c3", "48"])
def test_a_pitch_is_typed_by_name_or_number(panel: SidePanel, typed: str) -> None:
    panel.refresh(states.joined(), 0.0)
    told = Told(panel)
    number = panel.rows["lowest_pitch"].number
    assert number is not None and number.text() == "E1"
    number.selectAll()
    QTest.keyClicks(number, typed)
    QTest.keyClick(number, Qt.Key.Key_Return)
    panel.settle()
    assert told.all[-1] == ChangeSettings({"lowest_pitch": 28}, {"lowest_pitch": 48})


def test_learning_and_forgetting(panel: SidePanel) -> None:
    session = states.joined()
    panel.refresh(session, 0.0)
    told = Told(panel)
    row = panel.rows["creativity"]
    assert [action.text() for action in row.menu().actions()] == ["Learn a controller …"]
    row.menu().actions()[0].trigger()
    session.take_in(outputs.Learning("set:creativity"))
    panel.refresh(session, 0.0)
    assert row.tag.isVisible() and row.tag.text() == "move a controller …"
    assert not panel.rows["patience"].tag.isVisible()
    row.menu().actions()[0].trigger()
    bindings = {**Settings().bindings, "set:creativity": Trigger(TriggerKind.CONTROL, 21)}
    session.take_in(outputs.Learning(None))
    session.take_in(outputs.SettingsChanged(Settings(bindings=bindings)))
    panel.refresh(session, 0.0)
    assert row.tag.text() == "CC 21"
    row.menu().actions()[1].trigger()
    assert told.all == [Learn("set:creativity"), Learn(None), Forget("set:creativity")]


def test_presets(panel: SidePanel) -> None:
    panel.refresh(states.joined(), 0.0)
    said: list[tuple[str, str]] = []
    panel.preset_saved.connect(lambda name: said.append(("saved", name)))
    panel.preset_chosen.connect(lambda name: said.append(("chosen", name)))
    panel.preset_deleted.connect(lambda name: said.append(("deleted", name)))
    box = panel.presets
    assert not box.list.isEnabled() and not box.delete.isEnabled()
    QTest.mouseClick(box.save, Qt.MouseButton.LeftButton)
    QTest.keyClick(box.name, Qt.Key.Key_Return)
    assert said == []
    QTest.keyClicks(box.name, " ballad ")
    QTest.keyClick(box.name, Qt.Key.Key_Return)
    assert not box.name.isVisible()
    panel.show_presets(["ballad", "old"], {"old": "It needs a newer model."})
    model: Any = box.list.model()
    assert model.item(1).isEnabled() and not model.item(2).isEnabled()
    assert model.item(2).toolTip() == "It needs a newer model."
    box.list.setCurrentIndex(1)
    box.list.activated.emit(1)
    panel.show_presets(["a", "ballad"], {})
    assert box.list.currentData() == "ballad"
    QTest.mouseClick(box.delete, Qt.MouseButton.LeftButton)
    assert said == [("saved", "ballad"), ("chosen", "ballad"), ("deleted", "ballad")]


def test_escape_gives_up_a_name(panel: SidePanel) -> None:
    panel.refresh(states.joined(), 0.0)
    QTest.mouseClick(panel.presets.save, Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.presets.name, "x")
    QTest.keyClick(panel.presets.name, Qt.Key.Key_Escape)
    assert not panel.presets.name.isVisible()


def test_the_model_and_where_it_runs(panel: SidePanel) -> None:
    panel.show_bundles([("models/small", "small")])
    session = states.joined()
    panel.refresh(session, 0.0)
    box = panel.model
    assert (box.model.currentData(), box.state.text()) == ("models/live", "live runs on the CPU.")
    told = Told(panel)
    box.model.setCurrentIndex(box.model.findData("models/small"))
    box.model.activated.emit(box.model.currentIndex())
    assert told.all == [LoadModel("models/small", "auto")]
    session.take_in(news.Lost("The model cannot be read."))
    panel.refresh(session, 0.0)
    assert box.state.text() == "The model cannot be read."


@pytest.mark.parametrize(
    ("platform", "words"),
    [("linux", ["auto", "cpu", "cuda"]), ("win32", ["auto", "cpu", "cuda", "directml"]),
     ("darwin", ["auto", "cpu", "coreml"])],
)  # fmt: skip
def test_processors_are_those_of_the_system(platform: str, words: list[str]) -> None:
    assert [word for word, _ in processors(platform)] == words


def test_room_for_what_is_to_come(panel: SidePanel, qtbot: QtBot) -> None:
    added = QLabel("chords")
    section = panel.add_section("Chords", added)
    assert section is panel.sections["Chords"]
    qtbot.waitUntil(added.isVisible)
    hidden = QLabel("more chords")
    assert panel.add_section("Chords", hidden, more=True) is section
    assert not hidden.isVisible()
    section.fold.click()
    assert hidden.isVisible()


def test_few_settings_are_up_front_and_all_fit(panel: SidePanel) -> None:
    panel.refresh(states.joined(), 0.0)
    assert sum(row.isVisible() for row in panel.rows.values()) <= 12
    for section in panel.sections.values():
        section.fold.setChecked(True)
    assert all(row.isVisible() == counts(row.row, Settings()) for row in panel.rows.values())
    assert panel.minimumSizeHint().width() <= 300
    assert all(row.control.accessibleName() for row in panel.rows.values())


# -- the table of parts ------------------------------------------------------------------------


def test_each_part_has_its_channel_its_mute_and_its_punch_in(panel: SidePanel) -> None:
    session = with_settings(mute_bass=True, drums_channel=11)
    panel.refresh(session, 0.0)
    panel.sections["Playing along"].fold.setChecked(True)
    assert {name for line in PARTS for name in (line.channel, line.mute)} == IN_TABLE
    for line in PARTS:
        channel, mute, button = panel.rows[line.channel], panel.rows[line.mute], panel.parts.punches[line.part]
        assert channel.number is not None and mute.switch is not None
        assert all(one.isVisible() for one in (channel.number, mute.switch, button))
        assert not channel.label.isVisible()
        assert channel.number.accessibleName() and mute.switch.accessibleName() and button.accessibleName()
        assert mute.switch.isChecked() == button.isEnabled() == (line.part == "bass")
    drums = panel.rows["drums_channel"].number
    assert drums is not None and drums.value() == 11


def test_a_part_is_let_in_while_its_button_is_held(panel: SidePanel) -> None:
    session = with_settings(mute_voice=True)
    panel.refresh(session, 0.0)
    panel.sections["Playing along"].fold.setChecked(True)
    told = Told(panel)
    button = panel.parts.punches["voice"]
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    # It is unmuted now, and stays in the hand.
    session.take_in(outputs.SettingsChanged(Settings()))
    panel.refresh(session, 0.0)
    assert button.isEnabled() and button.isDown()
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert told.all == [Punch("voice", True), Punch("voice", False)]
    panel.refresh(with_settings(mute_voice=True), 0.0)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyPress(button, Qt.Key.Key_Space)
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert told.all[2:] == [Punch("voice", True), Punch("voice", False)]

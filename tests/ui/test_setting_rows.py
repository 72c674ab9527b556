"""The table of settings against the settings themselves, and values to and fro."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.jam.setting_facts import FACTS
from cocomposer.jam.settings import Entry, Length, Settings, SettingsError, Trigger, TriggerKind, changed
from cocomposer.jam.targets import SETTINGS as LEARNABLE
from ui.presenters.setting_rows import BY_NAME, ELSEWHERE, ROWS, Group, Kind, Row, rows_of
from ui.presenters.setting_values import (
    counts,
    edit_of,
    pitch_name,
    step_at,
    steps_of,
    target_of,
    trigger_words,
    value_at,
    words,
)

NUMBERS = [row for row in ROWS if row.kind in (Kind.SLIDER, Kind.NUMBER, Kind.PITCH, Kind.SEED)]
SLIDERS = [row for row in ROWS if row.kind is Kind.SLIDER]


def test_every_setting_has_its_place_once() -> None:
    names = [row.name for row in ROWS]
    assert sorted([*names, *ELSEWHERE]) == sorted(field.name for field in msgspec.structs.fields(Settings))
    laid_out = [row for group in Group for more in (False, True) for row in rows_of(group, more)]
    assert sorted(row.name for row in laid_out) == sorted(names)


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.name)
def test_the_ends_of_a_row_are_allowed(row: Row) -> None:
    for value in (row.low, row.high):
        edit = edit_of(Settings(), {row.name: value})
        assert edit is None or changed(Settings(), edit.after)


@pytest.mark.parametrize("row", [row for row in ROWS if row.kind is Kind.CHOICE], ids=lambda row: row.name)
def test_the_choices_are_all_there_are(row: Row) -> None:
    assert {value for value, _ in row.choices} == set(FACTS[row.name].choices)
    assert all(text for _, text in row.choices)


@given(st.sampled_from(SLIDERS), st.data())
def test_each_place_of_a_slider_is_a_value_and_back(row: Row, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, steps_of(row)))
    value = value_at(row, place)
    assert step_at(row, value) == place
    assert getattr(changed(Settings(), {row.name: value}), row.name) == value


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("creativity", 0.95, "0.95"),
        ("follow_key", 0.3, "30 %"),
        ("density", -0.25, "-25 %"),
        ("density", 0.25, "+25 %"),
        ("density", 0.0, "0 %"),
        ("memory", 1.5, "1.5×"),
        ("polyphony", 1, "1"),
        ("polyphony", 128, "any number"),
        ("scale", "auto", "the key that is heard"),
        ("tonic", "Bb", "B♭"),
        ("guard_notes", 12, "12 notes"),
        ("patience", 1.0, "1.00×"),
        ("nudge_ms", -15.0, "-15 ms"),
        ("nudge_ms", 15.0, "+15 ms"),
        ("register_reach", 12, "12 semitones"),
        ("register_reach", 127, "anywhere"),
        ("phrase_bars", 0, "after a pause"),
        ("phrase_bars", 1, "1 bar"),
        ("phrase_bars", 2, "2 bars"),
        ("lowest_pitch", 60, "C4"),
        ("entry", Entry.BAR, "on the bar"),
        ("answer", True, "on"),
        ("seed", 7, "7"),
    ],
)
def test_values_in_words(name: str, value: Any, text: str) -> None:
    assert words(BY_NAME[name], value) == text


def test_an_edit_knows_both_sides_and_only_what_changed() -> None:
    edit = edit_of(Settings(creativity=0.5), {"creativity": 1.5, "answer": True})
    assert edit is not None
    assert (edit.before, edit.after) == ({"creativity": 0.5}, {"creativity": 1.5})
    assert edit_of(Settings(), {"creativity": Settings().creativity}) is None


@given(st.integers(0, 127), st.sampled_from(["lowest_pitch", "highest_pitch"]))
def test_the_range_of_pitches_never_turns_over(pitch: int, name: str) -> None:
    edit = edit_of(Settings(), {name: pitch})
    after = changed(Settings(), edit.after if edit is not None else {})
    assert getattr(after, name) == pitch and after.lowest_pitch <= after.highest_pitch


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError):
        edit_of(Settings(), {"channel": 17})


@given(st.integers(0, 127))
def test_names_of_pitches_differ(pitch: int) -> None:
    assert sum(pitch_name(other) == pitch_name(pitch) for other in range(128)) == 1


def test_what_can_be_learned_has_a_target() -> None:
    for row in ROWS:
        assert (target_of(row) is not None) == (row.name in LEARNABLE)


@pytest.mark.parametrize(
    ("trigger", "text"),
    [
        (Trigger(TriggerKind.CONTROL, 21), "CC 21"),
        (Trigger(TriggerKind.NOTE, 36), "key C2"),
        (Trigger(TriggerKind.PROGRAM, 0, channel=3), "program 1, channel 3"),
    ],
)
def test_what_works_a_setting_in_words(trigger: Trigger, text: str) -> None:
    assert trigger_words(trigger) == text


def test_a_number_of_bars_counts_only_where_bars_do() -> None:
    assert counts(BY_NAME["entry_bars"], Settings()) and not counts(BY_NAME["length_bars"], Settings())
    assert counts(BY_NAME["length_bars"], Settings(length=Length.BARS))


def test_a_tonic_counts_only_under_a_scale_that_is_named() -> None:
    assert not counts(BY_NAME["tonic"], Settings()) and not counts(BY_NAME["tonic"], Settings(scale="auto"))
    assert counts(BY_NAME["tonic"], Settings(scale="dorian"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_says_what_it_does_and_knows_its_default(row: Row) -> None:
    assert row.tip and not row.tip.endswith(".")
    assert row.default == msgspec.to_builtins(Settings())[row.name]

"""Shortcuts without Qt: every action's keys, changes, and that no keys ever mean two things."""

from hypothesis import given
from hypothesis import strategies as st

from ui.presenters.actions import ACTIONS, BY_ID
from ui.presenters.shortcuts import default_taken_by, keys_of, shortcut_rows, taken_by, with_default, with_keys

IDS = [action.id for action in ACTIONS]
KEYS = [*{keys for action in ACTIONS for keys in action.keys}, "F3", "Ctrl+J", "Alt+X", ""]


def test_every_action_has_a_row_with_its_keys() -> None:
    rows = shortcut_rows({})
    assert [(row.id, row.keys, row.group) for row in rows] == [(a.id, a.keys, a.menu) for a in ACTIONS]
    assert not any(row.changed for row in rows)
    assert all(row.text and row.group and not row.text.endswith("…") for row in rows)
    assert len({row.text for row in rows}) == len(rows)


def test_default_keys_mean_one_thing_each() -> None:
    keys = [keys for action in ACTIONS for keys in action.keys]
    assert len(set(keys)) == len(keys)


def test_a_change_takes_the_place_of_all_default_keys() -> None:
    keys = keys_of({"redo": "F3", "answer": "", "gone in this version": "F3"})
    assert keys["redo"] == ("F3",)
    assert keys["answer"] == ()
    assert keys["undo"] == ("Ctrl+Z",)
    assert {row.id for row in shortcut_rows({"redo": "F3"}) if row.changed} == {"redo"}


def test_who_has_keys() -> None:
    assert taken_by("Ctrl+S", {}, "star") == "Save jam"
    assert taken_by("Ctrl+S", {}, "save") is None
    assert taken_by("F3", {}, "star") is None
    assert taken_by("F3", {"save": "F3"}, "star") == "Save jam"
    assert taken_by("Ctrl+S", {"save": "F3"}, "star") is None
    assert taken_by("", {"save": ""}, "star") is None


def test_what_was_chosen_wins_over_a_default() -> None:
    keys = keys_of({"star": "Ctrl+Y"})
    assert keys["star"] == ("Ctrl+Y",)
    assert keys["redo"] == ("Ctrl+Shift+Z",)


def test_the_default_is_no_change() -> None:
    assert with_keys({}, "star", "Ctrl+D") == {}
    assert with_keys({"star": "F3"}, "star", "Ctrl+D") == {}
    assert with_keys({}, "star", "F3") == {"star": "F3"}
    assert with_keys({}, "capture_all", "") == {}
    assert with_default({"star": "F3", "save": ""}, "star") == {"save": ""}


def test_a_default_that_was_given_away() -> None:
    changes = {"star": "F3", "again": "Ctrl+D"}
    assert default_taken_by(changes, "star") == BY_ID["again"].text
    assert default_taken_by({"star": "F3"}, "star") is None


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(KEYS)), max_size=12))
def test_no_keys_mean_two_things_whatever_is_changed(wishes: list[tuple[str, str]]) -> None:
    changes: dict[str, str] = {}
    for action, keys in wishes:
        if taken_by(keys, changes, action) is None:
            changes = with_keys(changes, action, keys)
    given_keys = [keys for its in keys_of(changes).values() for keys in its]
    assert len(set(given_keys)) == len(given_keys)

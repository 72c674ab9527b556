"""Which keys do what, with what the musician changed, and whether two actions want the same keys. Without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.presenters.actions import ACTIONS, BY_ID


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One row of the page."""

    id: str
    text: str
    group: str
    keys: tuple[str, ...]
    changed: bool


def keys_of(changes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Action → its keys, in portable text; `changes` holds an action's new keys (empty: none). Unknown ids are left."""
    found = {}
    for action in ACTIONS:
        change = changes.get(action.id)
        found[action.id] = action.keys if change is None else (change,) if change else ()
    return found


def shortcut_rows(changes: Mapping[str, str]) -> tuple[Shortcut, ...]:
    """All rows, in the order of the menus."""
    keys = keys_of(changes)
    return tuple(
        Shortcut(action.id, action.text.rstrip(" …"), action.menu, keys[action.id], action.id in changes)
        for action in ACTIONS
    )


def taken_by(keys: str, changes: Mapping[str, str], but: str) -> str | None:
    """The text of another action that has these keys; None if they are free."""
    for other, its in keys_of(changes).items():
        if keys and other != but and keys in its:
            return BY_ID[other].text.rstrip(" …")
    return None

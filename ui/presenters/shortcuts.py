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
    """Action → its keys, in portable text; `changes` holds an action's new keys (empty: none). Unknown ids are left.

    What the musician chose wins over another action's default (a newer version's, perhaps): no keys mean two things.
    """
    chosen = {keys for action, keys in changes.items() if keys and action in BY_ID}
    found = {}
    for action in ACTIONS:
        change = changes.get(action.id)
        defaults = tuple(keys for keys in action.keys if keys not in chosen)
        found[action.id] = defaults if change is None else (change,) if change else ()
    return found


def with_keys(changes: Mapping[str, str], action: str, keys: str) -> dict[str, str]:
    """The changes with these keys for an action (empty: none); what is the default anyway is no change."""
    after = {**changes, action: keys}
    return with_default(changes, action) if BY_ID[action].keys == ((keys,) if keys else ()) else after


def with_default(changes: Mapping[str, str], action: str) -> dict[str, str]:
    """The changes without those of an action."""
    return {other: keys for other, keys in changes.items() if other != action}


def default_taken_by(changes: Mapping[str, str], action: str) -> str | None:
    """The text of another action that was given one of this one's default keys; None if they are all free."""
    taken = (taken_by(keys, changes, action) for keys in BY_ID[action].keys)
    return next((text for text in taken if text is not None), None)


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

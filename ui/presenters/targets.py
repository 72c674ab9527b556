"""All that a controller can work, as rows: names for people, and what works each now. Knows no widgets."""

from dataclasses import dataclass
from typing import Final

from cocomposer.jam.settings import Trigger
from cocomposer.jam.targets import COMMANDS, PUNCH, SET, SETTINGS
from ui.presenters.actions import ACTIONS
from ui.presenters.session import Session
from ui.presenters.setting_rows import BY_NAME, PARTS
from ui.presenters.setting_values import trigger_words

_NAMES: Final = {
    "stop_answer": "Stop this answer",
    SET + "tempo": "Tempo",
    SET + "entry_bars": "Enters every so many bars",
    SET + "length_bars": "Lasts so many bars",
}
"""Where neither an action nor the side panel has a name that stands alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """One row."""

    target: str
    name: str
    group: str
    works: str
    """What works it now, in words; empty if nothing does."""
    learning: bool


def words_of(trigger: Trigger) -> str:
    """Such as "CC 67, channel 2, latching"."""
    turned = ", inverted" if trigger.inverted else ""
    return trigger_words(trigger) + turned + (", latching" if trigger.latch else "")


def target_names() -> dict[str, tuple[str, str]]:
    """Target → (name, group): the jam's commands, the settings as the side panel names them, then the window's."""
    names: dict[str, tuple[str, str]] = {}
    actions = {action.target: action for action in ACTIONS if action.target is not None}
    for command in COMMANDS:
        names[command] = (_NAMES[command] if command in _NAMES else actions[command].text, "Play")
    for setting in SETTINGS:
        target = SET + setting
        names[target] = (_NAMES[target] if target in _NAMES else BY_NAME[setting].label, "Settings")
    for line in PARTS:
        names[f"{PUNCH}{line.part}"] = (f"Punch in: {line.label.lower()}", "Play")
    for target, action in actions.items():
        names.setdefault(target, (action.text.rstrip(" …"), action.menu))
    return names


def target_rows(session: Session) -> tuple[Target, ...]:
    """All rows, commands first."""
    bindings = session.settings.bindings
    return tuple(
        Target(
            target, name, group, words_of(bindings[target]) if target in bindings else "", session.learning == target
        )
        for target, (name, group) in target_names().items()
    )

"""All that a controller can work, as rows: names for people, and what works each now. Knows no widgets."""

from dataclasses import dataclass

from cocomposer.jam.settings import Trigger, TriggerKind
from cocomposer.jam.targets import COMMANDS, SET, SETTINGS
from ui.presenters.actions import ACTIONS
from ui.presenters.session import Session

_KINDS = {TriggerKind.CONTROL: "controller", TriggerKind.NOTE: "key", TriggerKind.PROGRAM: "program"}


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
    """Such as "controller 67 on channel 2, latching"."""
    words = f"{_KINDS[trigger.kind]} {trigger.number}"
    if trigger.channel:
        words += f" on channel {trigger.channel}"
    if trigger.inverted:
        words += ", inverted"
    if trigger.latch:
        words += ", latching"
    return words


def target_names() -> dict[str, tuple[str, str]]:
    """Target → (name, group): commands by their action's text, settings by their own name, then the window's."""
    names: dict[str, tuple[str, str]] = {}
    actions = {action.target: action for action in ACTIONS if action.target is not None}
    for command in COMMANDS:
        action = actions.get(command)
        names[command] = (action.text if action is not None else command.replace("_", " ").capitalize(), "Play")
    for setting in SETTINGS:
        names[SET + setting] = (setting.replace("_", " ").capitalize(), "Settings")
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

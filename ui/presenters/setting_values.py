"""Settings as they are shown and changed: a value in words, an edit from a new value, what works it.

Knows no widgets. Nothing here is sent: edits are values.
"""

from typing import Any, Final

import msgspec

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.settings import Settings, Trigger, TriggerKind, changed
from cocomposer.jam.targets import SET
from cocomposer.jam.targets import SETTINGS as LEARNABLE
from ui.presenters.setting_rows import Kind, Row

_NOTES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def pitch_name(pitch: int) -> str:
    """Such as C4 for middle C (60)."""
    return f"{_NOTES[pitch % 12]}{pitch // 12 - 1}"


_PITCHES: Final = {pitch_name(pitch).lower(): pitch for pitch in range(128)} | {str(p): p for p in range(128)}


def pitch_of(text: str) -> int | None:
    """The pitch that a name (with sharp or flat as shown) or a MIDI note number means; None if it means none."""
    return _PITCHES.get(text.strip().lower())


def words(row: Row, value: Any) -> str:
    """A value as it is shown."""
    match row.kind:
        case Kind.CHOICE:
            return dict(row.choices).get(value, str(value))
        case Kind.SWITCH:
            return "on" if value else "off"
        case Kind.PITCH:
            return pitch_name(int(value))
        case Kind.SEED:
            return str(int(value))
    if row.lowest_text and value <= row.low:
        return row.lowest_text
    if row.beyond is not None and value > row.high:
        return row.beyond[1]
    sign = "+" if row.low < 0 < value else ""
    if row.unit == " %":
        return f"{sign}{round(value * 100)} %"
    return f"{sign}{value:.{row.decimals}f}{unit_of(row, value)}"


def unit_of(row: Row, value: float) -> str:
    """The unit behind a value, in the singular for one."""
    return row.unit.removesuffix("s") if value == 1 and row.unit in (" bars", " semitones") else row.unit


def steps_of(row: Row) -> int:
    """How many steps a slider has from end to end."""
    return round((row.high - row.low) / row.step) + (row.beyond is not None)


def step_at(row: Row, value: float) -> int:
    """The slider's place for a value; values beyond its ends lie at them."""
    return min(steps_of(row), max(0, round((value - row.low) / row.step)))


def value_at(row: Row, step: int) -> float:
    """The value at a slider's place; whole where the setting is whole."""
    if row.beyond is not None and step == steps_of(row):
        return row.beyond[0]
    value = round(row.low + step * row.step, 6)
    return int(value) if row.decimals == 0 and row.unit != " %" else value


def edit_of(settings: Settings, changes: dict[str, Any]) -> ChangeSettings | None:
    """The edit that makes these changes; None if they change nothing.

    The lowest note pushes the highest up and the highest pushes the lowest down. SettingsError for what cannot be.
    """
    now = msgspec.to_builtins(settings)
    after = dict(changes)
    if "lowest_pitch" in after and after["lowest_pitch"] > after.get("highest_pitch", now["highest_pitch"]):
        after["highest_pitch"] = after["lowest_pitch"]
    if "highest_pitch" in after and after["highest_pitch"] < after.get("lowest_pitch", now["lowest_pitch"]):
        after["lowest_pitch"] = after["highest_pitch"]
    then = msgspec.to_builtins(changed(settings, after))
    differing = [name for name in after if then[name] != now[name]]
    if not differing:
        return None
    return ChangeSettings({name: now[name] for name in differing}, {name: then[name] for name in differing})


def counts(row: Row, settings: Settings) -> bool:
    """Whether a setting has any effect beside the others."""
    return row.only_if is None or getattr(settings, row.only_if[0]) in row.only_if[1]


def target_of(row: Row) -> str | None:
    """What a controller is bound to for this setting; None if none can be."""
    return f"{SET}{row.name}" if row.name in LEARNABLE else None


def trigger_words(trigger: Trigger) -> str:
    """What works a target, such as CC 21 or key C2, with the channel where only one counts."""
    match trigger.kind:
        case TriggerKind.CONTROL:
            text = f"CC {trigger.number}"
        case TriggerKind.NOTE:
            text = f"key {pitch_name(trigger.number)}"
        case TriggerKind.PROGRAM:
            text = f"program {trigger.number + 1}"
    return f"{text}, channel {trigger.channel}" if trigger.channel else text

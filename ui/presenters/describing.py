"""What became of a description, in lines to be read before it is applied. Knows no widgets."""

from collections.abc import Mapping
from typing import Any

from cocomposer.jam.describing import Description
from ui.presenters.setting_rows import BY_NAME
from ui.presenters.setting_values import words


def change_in_words(name: str, value: Any) -> str:
    """A setting and its new value, such as "Density -45 %"."""
    if name == "tempo":
        return f"Tempo {value:.0f} BPM"
    if name == "beats_per_bar":
        return f"{value} beats in a bar"
    row = BY_NAME[name]
    return f"{row.label} {words(row, value)}"


def understood_lines(description: Description, now: Mapping[str, Any]) -> tuple[str, ...]:
    """One line for each thing that was understood; `now`: the settings as they are."""
    lines = []
    for found in description.understood:
        told = [
            change_in_words(name, value) + (" (as it is)" if now[name] == value else "")
            for name, value in found.changes.items()
        ]
        lines.append(f"“{found.words}”: {', '.join(told) if told else 'said more exactly by other words'}")
    return tuple(lines)


def unclear_lines(description: Description) -> tuple[str, ...]:
    """One line for each thing that was not."""
    return tuple(
        f"“{found.words}”: {found.reason}" if found.reason else f"“{found.words}”" for found in description.unclear
    )

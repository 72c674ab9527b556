"""How commands print: JSON for programs, note names and lines for people."""

from typing import Any

import msgspec

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def as_json(value: Any) -> str:
    """One line of JSON; floats with six digits."""
    return msgspec.json.encode(_rounded(value)).decode()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def pitch_name(pitch: int) -> str:
    """Scientific pitch name: 60 is C4."""
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"

"""What a controller, key or pedal can be bound to, by name. Knows names and ranges only, not what they do.

Four kinds: commands of the jam ("take_over"), settings ("set:creativity", the controller's 0–127 laid on a range;
switches are on from 64), parts to be punched in ("punch:bass") and things that only a window can do ("window:star").
"""

from typing import Final

COMMANDS: Final = ("take_over", "listen", "rest", "stop_answer", "reset", "panic", "tap")
SET: Final = "set:"
WINDOW: Final = "window:"
PUNCH: Final = "punch:"
PARTS: Final = ("answers", "chords", "bass", "voice", "drums")
"""What sounds on a channel of its own and can be muted, or punched in."""
RANGES: Final[dict[str, tuple[float, float]]] = {
    "creativity": (0.1, 2.0),
    "top_p": (0.1, 1.0),
    "min_p": (0.0, 0.5),
    "follow_key": (0.0, 1.0),
    "density": (-1.0, 1.0),
    "register": (-1.0, 1.0),
    "note_length": (-1.0, 1.0),
    "loudness": (-1.0, 1.0),
    "strictness": (-1.0, 1.0),
    "likeness": (-1.0, 1.0),
    "rhythm": (0.0, 1.0),
    "polyphony": (1, 16),
    "chord_lean": (0.0, 1.0),
    "memory": (0.0, 3.0),
    "files": (0.0, 3.0),
    "guard_notes": (9, 16),
    "register_reach": (0, 127),
    "tempo": (40.0, 220.0),
    "length_bars": (1, 32),
    "entry_bars": (1, 16),
    "phrase_bars": (0, 16),
    "patience": (0.25, 4.0),
    "accompany_volume": (0.1, 1.5),
    "nudge_ms": (-250.0, 250.0),
    "seed": (0, 127),
}
"""Where a controller's 0 and 127 lie for each number; whole ones are rounded. Narrower than a setting's own limits
where all of those would make a knob useless. Of a range that is as wide below 0 as above, the middle is 0."""
_MIDDLE: Final = 64
"""Where a controller with a middle has it."""
SWITCHES: Final = (
    "answer", "thru", "interruptible", "chord_lock", "guard", *(f"mute_{part}" for part in PARTS),
)  # fmt: skip
SETTINGS: Final = (*RANGES, *SWITCHES)
"""Settings that a controller can work."""


def is_target(name: str) -> bool:
    """Whether this can be bound."""
    if name.startswith(SET):
        return name.removeprefix(SET) in SETTINGS
    if name.startswith(PUNCH):
        return name.removeprefix(PUNCH) in PARTS
    return name in COMMANDS or (name.startswith(WINDOW) and name != WINDOW)


def words_for(name: str) -> str:
    """A target for a sentence, such as "take over"."""
    if name.startswith(PUNCH):
        return f"the punch-in of the {name.removeprefix(PUNCH)}"
    return name.removeprefix(SET).removeprefix(WINDOW).replace("_", " ")


def mute_of(part: str) -> str:
    """The setting that silences a part."""
    return f"mute_{part}"


def laid_on(name: str, value: int) -> float | int:
    """A controller's 0–127 as a value of the number `name`."""
    low, high = RANGES[name]
    if low == -high:
        number = high * (value - _MIDDLE) / (_MIDDLE if value < _MIDDLE else 127 - _MIDDLE)
    else:
        number = low + (high - low) * value / 127
    return round(number) if isinstance(low, int) else round(number, 4)


def told_by(name: str, value: float) -> int:
    """A number's value as a controller's 0–127; inverse of `laid_on` as far as there are so many steps."""
    low, high = RANGES[name]
    if low == -high:
        return max(0, min(127, round(_MIDDLE + value / high * (_MIDDLE if value < 0 else 127 - _MIDDLE))))
    return max(0, min(127, round((value - low) / (high - low) * 127)))

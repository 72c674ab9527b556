"""What a controller, key or pedal can be bound to, by name. Knows names only, not what they do.

Three kinds: commands of the jam ("take_over"), continuous settings ("set:creativity", the controller's 0–127 laid on
the setting's range) and things that only a window can do ("window:star").
"""

from typing import Final

COMMANDS: Final = ("take_over", "listen", "rest", "stop_answer", "reset", "panic", "tap")
SET: Final = "set:"
WINDOW: Final = "window:"
SETTINGS: Final = (
    "creativity", "top_p", "follow_key", "register_reach", "tempo", "length_bars", "entry_bars", "phrase_bars",
    "patience", "nudge_ms", "answer", "thru", "interruptible", "seed",
)  # fmt: skip
"""Settings that a controller can work: numbers with limits, and switches."""


def is_target(name: str) -> bool:
    """Whether this can be bound."""
    return name in COMMANDS or name.removeprefix(SET) in SETTINGS or name.startswith(WINDOW)

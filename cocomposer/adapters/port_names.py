"""The part of a MIDI port's name that stays the same when the device is plugged in again.

MIDI systems put client and port numbers into names, and those change. Facts as tables; knows no library.
"""

import re
from collections.abc import Sequence
from typing import Final

# Sources: RtMidi 5 (RtMidi.cpp: ALSA appends " client:port", WinMM " number"), a2jmidid's and PipeWire's port names,
# JACK's "-01" after the client name when that is taken, Windows' "2- " before a device moved to another socket.
_WANDERING: Final = (
    re.compile(r"\s+\d+:\d+(?=$|\s*\()"),
    re.compile(r"\s*\[\d+\]"),
    re.compile(r"-\d\d(?=:)"),
    re.compile(r"^\d+\s*-\s+"),
)
_WINMM_NUMBER: Final = re.compile(r"\s+\d+$")


def stable_name(raw: str, system: str) -> str:
    """`raw` without the numbers that change from one plugging to the next; `system` as in `rtmidi_ports`."""
    name = raw.strip()
    for pattern in _WANDERING:
        name = pattern.sub("", name)
    if system == "winmm":
        name = _WINMM_NUMBER.sub("", name)
    return name.strip() or raw


def match_name(wanted: str, raw_names: Sequence[str], system: str) -> str | None:
    """The raw name that `wanted` means: exactly, else by its stable part, else if only one contains it; or None."""
    if wanted in raw_names:
        return wanted
    stable = stable_name(wanted, system).casefold()
    same = [raw for raw in raw_names if stable_name(raw, system).casefold() == stable]
    if same:
        return same[0]
    containing = [raw for raw in raw_names if stable in stable_name(raw, system).casefold()]
    kinds = {stable_name(raw, system) for raw in containing}
    return containing[0] if len(kinds) == 1 else None

"""How things stand, told to the controllers that work them: lamps of pads, rings of knobs, motors of faders.

Tells a controller only what differs from what it was told last, and not what it has just said itself. Knows neither
ports nor what the targets do.
"""

from typing import Final

from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings, Trigger, TriggerKind
from cocomposer.jam.state import State
from cocomposer.jam.targets import PUNCH, RANGES, SET, SWITCHES, WINDOW, mute_of, told_by
from cocomposer.music.message import CONTROL_CHANGE, NOTE_ON

_ON: Final = 127


class Lights:
    """What the controllers of one jam were told."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._shown: dict[str, float] = {}
        self._told: dict[str, bytes] = {}
        self._seen: tuple[Settings, Mode] | None = None

    def show(self, target: str, value: float) -> None:
        """How a target of the window stands, 0 to 1."""
        if target.startswith(WINDOW):
            self._shown[target] = value
            self._seen = None

    def tell_all(self) -> None:
        """The controllers know nothing (any more): tell them everything."""
        self._told.clear()
        self._seen = None

    def tell(self, came_from: set[str]) -> None:
        """Tell what changed, but for targets whose controller said it itself."""
        settings, mode = self._state.settings, self._state.mode
        if self._seen is not None and self._seen[0] is settings and self._seen[1] is mode:
            return
        self._seen = (settings, mode)
        before, self._told = self._told, {}
        for target, trigger in settings.bindings.items():
            value = self._value(target)
            data = None if value is None else _message(trigger, value)
            if data is not None:
                self._told[target] = data
                if data != before.get(target) and target not in came_from:
                    self._state.out.append(outputs.Light(data))
        self._dim(before)

    def _dim(self, before: dict[str, bytes]) -> None:
        """A lamp that works nothing any more goes out; a fader stays where it is."""
        used = {data[:2] for data in self._told.values()}
        for target, data in before.items():
            if data[:2] not in used and data[2] and target.removeprefix(SET) not in RANGES:
                self._state.out.append(outputs.Light(bytes((*data[:2], 0))))

    def _value(self, target: str) -> int | None:
        """0–127; None for what only happens and does not stand in any way."""
        settings = self._state.settings
        if target.startswith(WINDOW):
            # In this order not even a number that is none gets through.
            return round(_ON * min(1.0, max(0.0, self._shown.get(target, 0.0))))
        name = target.removeprefix(SET)
        if target.startswith(SET):
            value: float | None = getattr(settings, name)
            if name in SWITCHES:
                return _ON * bool(value)
            return None if value is None else told_by(name, value)
        if target.startswith(PUNCH):
            return _ON * (not getattr(settings, mute_of(target.removeprefix(PUNCH))))
        match name:
            case "take_over":
                return _ON * (self._state.mode in (Mode.ARMED, Mode.ANSWERING))
            case "listen":
                return _ON * settings.answer
            case "rest":
                return _ON * (not settings.answer)
            case _:
                return None


def _message(trigger: Trigger, value: int) -> bytes | None:
    """The message that works the trigger, with this value; None for a program change, which has none."""
    channel = max(0, trigger.channel - 1)
    match trigger.kind:
        case TriggerKind.CONTROL:
            return bytes((CONTROL_CHANGE | channel, trigger.number, _ON - value if trigger.inverted else value))
        case TriggerKind.NOTE:
            return bytes((NOTE_ON | channel, trigger.number, value))
        case TriggerKind.PROGRAM:
            return None

"""Which message of a controller means what: a command, a setting's value, something for the window; and learning it.

Turns messages into the jam's own inputs. Knows no music and carries nothing out; what is no controller's it leaves
to whoever plays.
"""

from typing import Final

import msgspec

from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Trigger, TriggerKind
from cocomposer.jam.state import State
from cocomposer.jam.targets import PUNCH, RANGES, SET, SWITCHES, WINDOW, is_target, laid_on, mute_of, words_for
from cocomposer.music.message import (
    CC_ALL_SOUND_OFF,
    CC_SUSTAIN,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    PROGRAM_CHANGE,
    TimedMessage,
    channel_of,
    kind_of,
)

_KINDS: Final = {
    CONTROL_CHANGE: TriggerKind.CONTROL, NOTE_ON: TriggerKind.NOTE, PROGRAM_CHANGE: TriggerKind.PROGRAM,
}  # fmt: skip
_WORDS: Final = {TriggerKind.CONTROL: "Controller", TriggerKind.NOTE: "Key", TriggerKind.PROGRAM: "Program"}
_COMMANDS: Final[dict[str, type[inputs.TakeOver | inputs.Listen | inputs.Rest | inputs.StopAnswer | inputs.Reset]]] = {
    "take_over": inputs.TakeOver, "listen": inputs.Listen, "rest": inputs.Rest, "stop_answer": inputs.StopAnswer,
    "reset": inputs.Reset,
}  # fmt: skip


class Bindings:
    """The controllers of one jam."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.learning: str | None = None
        """What the next controller will work."""
        self.came_from: set[str] = set()
        """Settings whose value came from their own controller since this was last cleared."""
        self._high: dict[tuple[int, int], bool] = {}
        self._warned = False

    # -- learning ------------------------------------------------------------------------------

    def learn(self, target: str | None) -> None:
        """The next controller, key or program works this; None: none of them does."""
        if target is not None and not is_target(target):
            self._state.say(_unknown(target))
            return
        if target != self.learning:
            self._now_learning(target)
        if target is not None:
            self._state.say(f"Move the controller or strike the key that shall work {words_for(target)}.")

    def forget(self, target: str) -> list[inputs.Input]:
        """Nothing works this any more."""
        bindings = self._state.settings.bindings
        if target not in bindings:
            self._state.say(f"Nothing works {words_for(target)}." if is_target(target) else _unknown(target))
            return []
        return [_bound({name: trigger for name, trigger in bindings.items() if name != target})]

    def _now_learning(self, target: str | None) -> None:
        self.learning, self._warned = target, False
        self._state.out.append(outputs.Learning(target))

    def _learnt(self, trigger: Trigger, pressed: bool) -> list[inputs.Input] | None:
        """The change of settings if this binds what is being learnt; None if it cannot."""
        target = self.learning
        if target is None:
            return None
        if trigger.kind is TriggerKind.CONTROL:
            if trigger.number >= CC_ALL_SOUND_OFF or not (pressed or target.startswith(SET)):
                return None
            if trigger.number == CC_SUSTAIN:
                if not self._warned:
                    self._warned = True
                    self._state.say("The sustain pedal stays musical; use another pedal, a knob or a key.")
                return None
        if trigger.kind is TriggerKind.PROGRAM and target.removeprefix(SET) in RANGES:
            self._state.say(f"A program change has no value for {words_for(target)}; move a knob or a fader.")
            return []
        bindings, robbed = dict(self._state.settings.bindings), []
        for name, other in self._state.settings.bindings.items():
            if name != target and (other.kind, other.number) == (trigger.kind, trigger.number):
                del bindings[name]
                robbed.append(words_for(name))
        bindings[target] = trigger
        self._now_learning(None)
        no_longer = f", and no longer {' and '.join(robbed)}" if robbed else ""
        self._state.say(f"{_WORDS[trigger.kind]} {trigger.number} now works {words_for(target)}{no_longer}.")
        return [_bound(bindings)]

    # -- at work -------------------------------------------------------------------------------

    def meaning(self, message: TimedMessage) -> list[inputs.Input] | None:
        """What the message tells the jam to do (perhaps nothing, as when a pedal comes up); None if it is music.

        A key's end is always left to the music, where one too many is harmless: the key may have been down before.
        """
        kind = _KINDS.get(kind_of(message.data))
        return None if kind is None else self._worked(message, kind)

    def let_go(self, message: TimedMessage) -> list[inputs.Input]:
        """The parts that were held in by the key that this lets go. The message is left to the music all the same."""
        if kind_of(message.data) != NOTE_OFF:
            return []
        channel, number = channel_of(message.data), message.data[1]
        return [
            inputs.Punch(target.removeprefix(PUNCH), False)
            for target, trigger in self._state.settings.bindings.items()
            if target.startswith(PUNCH) and not trigger.latch
            and (trigger.kind, trigger.number) == (TriggerKind.NOTE, number) and trigger.channel in (0, channel + 1)
        ]  # fmt: skip

    def _worked(self, message: TimedMessage, kind: TriggerKind) -> list[inputs.Input] | None:
        data, was_high = message.data, None
        channel, number = channel_of(data), data[1]
        value = 127 if kind is TriggerKind.PROGRAM else data[2]
        if kind is TriggerKind.CONTROL:
            was_high = self._high.get((channel, number))
            self._high[channel, number] = value >= PEDAL_THRESHOLD
        plain = Trigger(kind, number)
        learnt = self._learnt(plain, _pressed(plain, value, was_high))
        if learnt is not None:
            return learnt
        meant: list[inputs.Input] = []
        bound = False
        for target, trigger in self._state.settings.bindings.items():
            if (trigger.kind, trigger.number) == (kind, number) and trigger.channel in (0, channel + 1):
                bound = True
                meant += self._meant(target, trigger, value, _pressed(trigger, value, was_high), message.at_seconds)
        return meant if bound else None

    def _meant(self, target: str, trigger: Trigger, value: int, pressed: bool, at_seconds: float) -> list[inputs.Input]:
        name = target.removeprefix(SET)
        if name in RANGES and target.startswith(SET):
            if trigger.kind is TriggerKind.PROGRAM:
                return []
            self.came_from.add(target)
            return self._set(name, laid_on(name, 127 - value if trigger.inverted else value))
        if name in SWITCHES and target.startswith(SET):
            if trigger.kind is TriggerKind.CONTROL and not trigger.latch:
                self.came_from.add(target)
                return self._set(name, (value >= PEDAL_THRESHOLD) != trigger.inverted)
            return self._set(name, not getattr(self._state.settings, name)) if pressed else []
        if target.startswith(PUNCH):
            return self._punched(target.removeprefix(PUNCH), trigger, value, pressed)
        if not pressed:
            return []
        if target.startswith(WINDOW):
            self._state.out.append(outputs.Triggered(target, 1.0))
            return []
        if target == "tap":
            return [inputs.Tap(at_seconds)]
        return [inputs.Panic() if target == "panic" else _COMMANDS[target]()]

    def _punched(self, part: str, trigger: Trigger, value: int, pressed: bool) -> list[inputs.Input]:
        """A key or pedal holds the part in; what latches, and a program, lets it in and out on bar lines."""
        if trigger.latch or trigger.kind is TriggerKind.PROGRAM:
            muted = getattr(self._state.settings, mute_of(part))
            return [inputs.Punch(part, muted, on_bar=True)] if pressed else []
        if trigger.kind is TriggerKind.CONTROL:
            return [inputs.Punch(part, (value >= PEDAL_THRESHOLD) != trigger.inverted)]
        return [inputs.Punch(part, True)]

    def _set(self, name: str, value: float | bool) -> list[inputs.Input]:
        return [] if getattr(self._state.settings, name) == value else [inputs.Change({name: value})]


def _pressed(trigger: Trigger, value: int, was_high: bool | None) -> bool:
    """Whether this is a press: a pedal that sends its whole way down is pressed once, a key with each stroke.

    `was_high`: where the controller was before; None if it never moved.
    """
    if trigger.kind is not TriggerKind.CONTROL:
        return True
    high = value >= PEDAL_THRESHOLD
    if trigger.latch:
        return value in (0, 127) if was_high is None else high is not was_high
    return high is not trigger.inverted and was_high is not high


def _bound(bindings: dict[str, Trigger]) -> inputs.Change:
    return inputs.Change({"bindings": msgspec.to_builtins(bindings)})


def _unknown(target: str) -> str:
    return f"Nothing is called {target!r} that a controller could work; see the list of commands."

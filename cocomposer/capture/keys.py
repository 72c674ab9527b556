"""The keyboard as it is now: pairs on, off and pedal messages into the notes of the phrase being played.

Owns the question which key is down since when. Knows no beat, no end of phrase and no echo: messages that are
our own notes coming back must be kept away (`echo`). Moments are seconds of the arrival clock; a message
stamped before an earlier one (two ports, a driver's own stamps) counts as arriving together with it.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from cocomposer.music.message import (
    CC_ALL_NOTES_OFF,
    CC_ALL_SOUND_OFF,
    CC_SUSTAIN,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    SYSTEM_RESET,
    TimedMessage,
    channel_of,
    kind_of,
)
from cocomposer.music.note import Pedal, PlayedNote

HELD_LIMIT_SECONDS: Final = 20.0
_CC_RESET_CONTROLLERS: Final = 121
_ENDING_CONTROLLERS: Final = frozenset((CC_ALL_SOUND_OFF, CC_ALL_NOTES_OFF, 124, 125, 126, 127))
"""Mode messages 124–127 (omni, mono, poly) also mean all notes off (MIDI 1.0, table IV)."""

_Key = tuple[int, int]
"""Channel and pitch."""


class KeyEvent(Enum):
    """What a message did to the keyboard."""

    NOTE_BEGAN = auto()
    NOTE_ENDED = auto()
    PEDAL_MOVED = auto()
    """The sustain pedal went down or came up."""


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """A key no longer counts as held: it came up, was held too long, or was given up."""

    at_seconds: float
    channel: int
    pitch: int


class Keys:
    """Pairs messages into the `PlayedNote`s of the current phrase."""

    def __init__(self, held_limit_seconds: float = HELD_LIMIT_SECONDS) -> None:
        """A key held longer than `held_limit_seconds` is taken as released then: its note-off was lost."""
        self._held_limit = held_limit_seconds
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the start of a jam."""
        self._ends: list[KeyEnd] = []
        self._notes: list[PlayedNote] = []
        self._held: dict[_Key, int] = {}
        self._carried: dict[_Key, float] = {}
        self._pedals_down: set[int] = set()
        self._pedal_heard = False
        self._pedal_fresh = False
        self._latest = float("-inf")
        self._last_onset: float | None = None
        self._last_release: float | None = None
        self._frozen: tuple[PlayedNote, ...] | None = ()

    @property
    def notes(self) -> tuple[PlayedNote, ...]:
        """The phrase so far in order of onset; `release_seconds` is None while a key is held."""
        if self._frozen is None:
            self._frozen = tuple(self._notes)
        return self._frozen

    @property
    def held(self) -> int:
        """How many keys of the current phrase are down."""
        return len(self._held)

    @property
    def carried(self) -> int:
        """How many keys are still down that were struck in phrases already taken."""
        return len(self._carried)

    @property
    def pedal_down(self) -> bool:
        """Whether the sustain pedal is down, on any channel."""
        return bool(self._pedals_down)

    @property
    def last_onset_seconds(self) -> float | None:
        """The last onset of the current phrase; None if nothing was played."""
        return self._last_onset

    @property
    def last_release_seconds(self) -> float | None:
        """The last release of a key of the current phrase; None if none was released."""
        return self._last_release

    def arrive(self, message: TimedMessage) -> KeyEvent | None:
        """Take one message in; None if it changes no key and no pedal (clock, orphaned note-off …)."""
        data = message.data
        if not data:
            return None
        kind = kind_of(data)
        if kind not in (NOTE_ON, NOTE_OFF, CONTROL_CHANGE, SYSTEM_RESET):
            return None
        at_seconds = self._latest = max(message.at_seconds, self._latest)
        if kind == NOTE_ON:
            self._strike((channel_of(data), data[1]), data[2], at_seconds)
            return KeyEvent.NOTE_BEGAN
        if kind == NOTE_OFF:
            return KeyEvent.NOTE_ENDED if self._lift((channel_of(data), data[1]), at_seconds) else None
        if kind == SYSTEM_RESET:
            moved = self._pedal_up(None)
            return KeyEvent.NOTE_ENDED if self._lift_channel(None, at_seconds) else moved
        return self._control(channel_of(data), data[1], data[2], at_seconds)

    def take_ends(self) -> list[KeyEnd]:
        """The keys that ceased to be held since the last call, in order: one end for each note begun, never two."""
        ends, self._ends = self._ends, []
        return ends

    def expire(self, now: float) -> bool:
        """Take keys held longer than the limit as released at the limit; whether one was of the current phrase."""
        expired = [key for key, index in self._held.items() if self._too_long(self._notes[index].onset_seconds, now)]
        for key in expired:
            self._lift(key, self._notes[self._held[key]].onset_seconds + self._held_limit)
        for key, onset in [item for item in self._carried.items() if self._too_long(item[1], now)]:
            self._lift(key, onset + self._held_limit)
        return bool(expired)

    def take(self) -> tuple[PlayedNote, ...]:
        """Close the phrase and give it; the next one begins empty.

        Keys still held keep `release_seconds` None in what is given; they stay known as `carried`, so that
        their later note-offs are theirs and no orphans.
        """
        phrase = self.notes
        for key, index in self._held.items():
            self._carried[key] = self._notes[index].onset_seconds
        self._held.clear()
        self._notes.clear()
        self._frozen = ()
        self._last_onset = self._last_release = None
        return phrase

    def shed(self, keep: int) -> tuple[PlayedNote, ...]:
        """Give the oldest notes of the phrase away so that about `keep` stay, none of them before a key still held."""
        count = min([len(self._notes) - keep, *self._held.values()])
        if count <= 0:
            return ()
        gone = tuple(self._notes[:count])
        del self._notes[:count]
        self._held = {key: index - count for key, index in self._held.items()}
        self._frozen = None
        return gone

    def release_all(self, at_seconds: float) -> bool:
        """All keys and pedals up, as when the port is lost; whether a key was down."""
        self._latest = max(at_seconds, self._latest)
        self._pedal_up(None)
        return self._lift_channel(None, self._latest)

    def lift_all(self, at_seconds: float) -> bool:
        """All keys up, the pedals as they are; whether a key was down."""
        self._latest = max(at_seconds, self._latest)
        return self._lift_channel(None, self._latest)

    def _too_long(self, onset_seconds: float, now: float) -> bool:
        return now - onset_seconds > self._held_limit

    def _strike(self, key: _Key, velocity: int, at_seconds: float) -> None:
        self._lift(key, at_seconds)
        if not self._pedal_heard:
            pedal = Pedal.UNKNOWN
        elif not self._pedals_down:
            pedal = Pedal.UP
        else:
            pedal = Pedal.FRESH if self._pedal_fresh else Pedal.DOWN
        self._pedal_fresh = False
        self._held[key] = len(self._notes)
        self._notes.append(PlayedNote(at_seconds, None, key[1], velocity, key[0], pedal))
        self._frozen = None
        self._last_onset = at_seconds

    def _lift(self, key: _Key, at_seconds: float) -> bool:
        carried, index = self._carried.pop(key, None), self._held.pop(key, None)
        if carried is None and index is None:
            return False
        self._ends.append(KeyEnd(at_seconds, *key))
        if index is None:
            return True
        self._notes[index] = replace(self._notes[index], release_seconds=at_seconds)
        self._frozen = None
        self._last_release = at_seconds if self._last_release is None else max(self._last_release, at_seconds)
        return True

    def _lift_channel(self, channel: int | None, at_seconds: float) -> bool:
        """Lift all keys of a channel, or of all channels for None; whether there were any."""
        keys = [key for key in (*self._held, *self._carried) if channel is None or key[0] == channel]
        for key in keys:
            self._lift(key, at_seconds)
        return bool(keys)

    def _control(self, channel: int, controller: int, value: int, at_seconds: float) -> KeyEvent | None:
        if controller == CC_SUSTAIN:
            self._pedal_heard = True
            if value < PEDAL_THRESHOLD:
                return self._pedal_up(channel)
            if channel in self._pedals_down:
                return None
            self._pedal_fresh = self._pedal_fresh or not self._pedals_down
            self._pedals_down.add(channel)
            return KeyEvent.PEDAL_MOVED
        if controller == _CC_RESET_CONTROLLERS:
            return self._pedal_up(channel)
        if controller in _ENDING_CONTROLLERS:
            return KeyEvent.NOTE_ENDED if self._lift_channel(channel, at_seconds) else None
        return None

    def _pedal_up(self, channel: int | None) -> KeyEvent | None:
        before = set(self._pedals_down)
        if channel is None:
            self._pedals_down.clear()
        else:
            self._pedals_down.discard(channel)
        return KeyEvent.PEDAL_MOVED if before != self._pedals_down else None

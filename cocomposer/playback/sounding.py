"""What sounds at the other end of the wire, so that everything that was started can be ended.

Follows the messages in the order in which they go out, the player's own (thru) ones among them.
Knows nothing of what is still to come, nor of ports.
"""

from dataclasses import dataclass
from typing import Final

from cocomposer.music.message import (
    CC_ALL_NOTES_OFF,
    CC_ALL_SOUND_OFF,
    CC_SOSTENUTO,
    CC_SUSTAIN,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    channel_of,
    control_change,
    kind_of,
    note_off,
)

HOLDING_PEDALS: Final = (CC_SUSTAIN, CC_SOSTENUTO)
"""Controllers that keep notes sounding after their note-off."""
FIRST_SYSTEM_STATUS: Final = 0xF0
THRU_TURN: Final = -1
"""The turn number given to what the player's own hands started."""
AUDITION_TURN: Final = -2
"""The turn number given to what is only auditioned; answers count from 1."""
CHORD_TURNS: Final = (-3, -4, -5)
"""The turn numbers given to the jam's own chords: one progression takes over from another, and may be replaced then."""
ACCOMPANIMENT_TURNS: Final = {"chords": -11, "bass": -12, "voice": -13}
"""The turn number given to each part that accompanies the player, so that it can be cut by itself."""


@dataclass(frozen=True, slots=True)
class SoundingKey:
    """Who started the note that sounds on a key: a machine's turn and note, or nobody's (thru)."""

    turn: int
    note_id: int | None


class Sounding:
    """A register of sounding keys, held pedals and used channels."""

    def __init__(self) -> None:
        # A machine's note and one of the player's hands may share a key; each then gets its own note-off,
        # because one off too many is harmless and one too few is a hung note.
        self._keys: dict[tuple[int, int, bool], SoundingKey] = {}
        self._pedals: dict[tuple[int, int], set[int]] = {}
        self._channels: set[int] = set()

    @property
    def keys(self) -> tuple[tuple[int, int], ...]:
        """(channel, pitch) of all that sounds, oldest first."""
        return tuple(dict.fromkeys((channel, pitch) for channel, pitch, _ in self._keys))

    @property
    def pedals(self) -> tuple[tuple[int, int], ...]:
        """(channel, controller) of every pedal that is down."""
        return tuple(self._pedals)

    @property
    def silent(self) -> bool:
        """Whether nothing sounds and no pedal is down."""
        return not self._keys and not self._pedals

    def at(self, channel: int, pitch: int) -> tuple[SoundingKey, ...]:
        """Who sounds on this key: nobody, the machine, the player's hands, or both."""
        found = (self._keys.get((channel, pitch, by_hand)) for by_hand in (False, True))
        return tuple(key for key in found if key is not None)

    def heard(self, data: bytes, turn: int, note_id: int | None = None) -> None:
        """Follow one message that goes out."""
        if not data or data[0] >= FIRST_SYSTEM_STATUS:
            return
        channel = channel_of(data)
        self._channels.add(channel)
        kind, by_hand = kind_of(data), turn == THRU_TURN
        if kind == NOTE_ON:
            self._keys.pop((channel, data[1], by_hand), None)
            self._keys[channel, data[1], by_hand] = SoundingKey(turn, note_id)
        elif kind == NOTE_OFF:
            self._keys.pop((channel, data[1], by_hand), None)
        elif kind == CONTROL_CHANGE and data[1] in HOLDING_PEDALS:
            if data[2] >= PEDAL_THRESHOLD:
                self._pedals.setdefault((channel, data[1]), set()).add(turn)
            else:
                self._pedals.pop((channel, data[1]), None)

    def ending_messages(self, turns: set[int] | None = None) -> list[tuple[bytes, SoundingKey]]:
        """The note-offs and pedal-ups that end what `turns` started (None: everybody), notes first. Changes nothing."""
        offs = [
            (note_off(channel, pitch), key)
            for (channel, pitch, _), key in self._keys.items()
            if turns is None or key.turn in turns
        ]
        ups = [
            (control_change(channel, pedal, 0), SoundingKey(min(holders), None))
            for (channel, pedal), holders in self._pedals.items()
            if turns is None or holders & turns
        ]
        return offs + ups

    def machine_turns(self) -> set[int]:
        """All turns but the player's own hands that have a key or pedal down."""
        turns = {key.turn for key in self._keys.values()}.union(*self._pedals.values())
        return turns - {THRU_TURN}

    def silencing_controllers(self) -> list[bytes]:
        """Sustain up, All Notes Off, All Sound Off on every used channel; on all 16 if none is known."""
        return [
            control_change(channel, controller, 0)
            for channel in sorted(self._channels or range(16))
            for controller in (CC_SUSTAIN, CC_ALL_NOTES_OFF, CC_ALL_SOUND_OFF)
        ]

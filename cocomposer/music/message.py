"""MIDI 1.0 wire messages as plain `bytes`, one complete message each: build them and ask what they are.

Running status and interleaved real-time bytes are undone before (`wire`); nothing here keeps state.
Source: MIDI 1.0 Detailed Specification, tables I to V.
"""

from dataclasses import dataclass
from typing import Final

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
POLY_PRESSURE: Final = 0xA0
CONTROL_CHANGE: Final = 0xB0
PROGRAM_CHANGE: Final = 0xC0
CHANNEL_PRESSURE: Final = 0xD0
PITCH_BEND: Final = 0xE0
SYSEX: Final = 0xF0
SONG_POSITION: Final = 0xF2
CLOCK: Final = 0xF8
START: Final = 0xFA
CONTINUE: Final = 0xFB
STOP: Final = 0xFC
ACTIVE_SENSING: Final = 0xFE
SYSTEM_RESET: Final = 0xFF

CC_SUSTAIN: Final = 64
CC_SOSTENUTO: Final = 66
CC_SOFT: Final = 67
CC_ALL_SOUND_OFF: Final = 120
CC_ALL_NOTES_OFF: Final = 123

PEDAL_THRESHOLD: Final = 64
"""A switch controller is on from this value (MIDI 1.0: 0–63 off, 64–127 on)."""


@dataclass(frozen=True, slots=True)
class TimedMessage:
    """A message with the moment of its arrival, in seconds of the arrival clock (`time.perf_counter`)."""

    at_seconds: float
    data: bytes


def note_on(channel: int, pitch: int, velocity: int) -> bytes:
    """Note-on; `velocity` 1–127 (0 would mean off)."""
    return bytes((NOTE_ON | channel, pitch, velocity))


def note_off(channel: int, pitch: int, velocity: int = 64) -> bytes:
    """Note-off with a release velocity."""
    return bytes((NOTE_OFF | channel, pitch, velocity))


def control_change(channel: int, controller: int, value: int) -> bytes:
    """Control change."""
    return bytes((CONTROL_CHANGE | channel, controller, value))


def song_position(sixteenths: int) -> bytes:
    """Song Position Pointer: `sixteenths` (0–16383) since the start of the song."""
    return bytes((SONG_POSITION, sixteenths & 0x7F, sixteenths >> 7 & 0x7F))


def kind_of(data: bytes) -> int:
    """The status without its channel: NOTE_ON, CONTROL_CHANGE, CLOCK … A note-on of velocity 0 is a NOTE_OFF."""
    status = data[0]
    if status >= 0xF0:
        return status
    if status & 0xF0 == NOTE_ON and data[2] == 0:
        return NOTE_OFF
    return status & 0xF0


def channel_of(data: bytes) -> int:
    """Channel 0–15 of a channel message."""
    return data[0] & 0x0F

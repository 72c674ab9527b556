"""A small synthesiser: MIDI messages with the frame at which they are due in, stereo sound out.

It holds what MIDI says (keys, pedals, bends, the drum channel) and leaves the sound itself to `voices` and `drums`.
The result does not depend on how many frames are asked for at a time. Knows no clock and no sound card; it is not
thread-safe.
"""

import heapq
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.message import (
    CC_ALL_NOTES_OFF,
    CC_ALL_SOUND_OFF,
    CC_SUSTAIN,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    PITCH_BEND,
    SYSEX,
    SYSTEM_RESET,
    channel_of,
    kind_of,
)
from cocomposer.music.wire import data_bytes_after
from cocomposer.sound.drums import DrumKit
from cocomposer.sound.tone import damped, struck
from cocomposer.sound.voices import SPAN, Key, Voices

MOST_VOICES: Final = 48
DRUM_CHANNEL: Final = 9
_CC_RESET_CONTROLLERS: Final = 121
_CC_LAST_MODE: Final = 127  # 124–127 change the mode of reception, and end all notes as 123 does
_BEND_SEMITONES: Final = 2.0
_BEND_CENTRE: Final = 0x2000
_RESTRUCK_LOSS: Final = 60.0
"""Nepers a second with which a string fades whose key is struck again."""
_VOLUME_SECONDS: Final = 0.03
"""How long the volume takes from silent to full."""
_KNEE: Final = 0.7
_CHANNEL_APART: Final = 0.22
_KEYS_APART: Final = 0.25


class Synth:
    """48 strings and a drum kit. Frames are counted from 0 at `sample_rate` a second."""

    def __init__(self, sample_rate: int, volume: float = 1.0) -> None:
        """`volume` 0–1."""
        self._voices = Voices(sample_rate, MOST_VOICES)
        self._drums = DrumKit(sample_rate)
        self._rate = sample_rate
        self._due: list[tuple[int, int, bytes]] = []
        self._fed = 0
        self._frame = 0
        self._pedals = [False] * 16
        self._bends = [1.0] * 16
        self._volume = self._wanted_volume = _between_0_and_1(volume)
        self._volume_step = 1 / (_VOLUME_SECONDS * sample_rate)

    @property
    def frame(self) -> int:
        """The next frame to be rendered."""
        return self._frame

    @property
    def voices(self) -> int:
        """How many strings sound."""
        return self._voices.count

    @property
    def silent(self) -> bool:
        """Nothing sounds and nothing waits."""
        return self._voices.silent and self._drums.silent and not self._due

    def set_volume(self, volume: float) -> None:
        """0–1; reached smoothly."""
        self._wanted_volume = _between_0_and_1(volume)

    def feed(self, message: bytes, at_frame: int) -> None:
        """One complete wire message, due at a frame, or at once if that is past. What it cannot use it ignores."""
        if _is_channel_message(message) or message == bytes((SYSTEM_RESET,)):
            heapq.heappush(self._due, (max(at_frame, self._frame), self._fed, bytes(message)))
            self._fed += 1

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames, shape (frames, 2), each sample between −1 and 1."""
        sound = np.zeros((frames, 2), np.float32)
        done = 0
        while done < frames:
            while self._due and self._due[0][0] <= self._frame:
                self._take(heapq.heappop(self._due)[2])
            # Spans lie on a fixed grid, so that what happens at their ends does not depend on how much is asked for.
            span = min(frames - done, SPAN - self._frame % SPAN)
            if self._due:
                span = min(span, self._due[0][0] - self._frame)
            self._add_span(sound[done : done + span])
            done += span
            self._frame += span
            if self._frame % SPAN == 0 and self._voices.count:
                self._voices.drop_inaudible()
        return sound

    def _add_span(self, sound: NDArray[np.float32]) -> None:
        frames = len(sound)
        volume = self._next_volume(frames)
        if self._voices.silent and self._drums.silent:
            return
        if not self._voices.silent:
            sound += self._voices.render(frames)
        self._drums.add_to(sound)
        sound *= volume
        _limit(sound)

    def _next_volume(self, frames: int) -> NDArray[np.float32] | float:
        if self._volume == self._wanted_volume:
            return self._volume
        way = self._wanted_volume - self._volume
        steps = np.minimum(np.arange(1, frames + 1) * self._volume_step, abs(way))
        ramp: NDArray[np.float64] = self._volume + np.sign(way) * steps
        self._volume = self._wanted_volume if steps[-1] == abs(way) else float(ramp[-1])
        return ramp.astype(np.float32)[:, None]

    def _take(self, message: bytes) -> None:
        kind = kind_of(message)
        if kind == SYSTEM_RESET:
            self._voices.cut()
            self._drums.cut()
            self._pedals, self._bends = [False] * 16, [1.0] * 16
            return
        channel = channel_of(message)
        if kind == NOTE_ON:
            self._strike(channel, message[1], message[2])
        elif kind == NOTE_OFF:
            self._let_go(channel, message[1])
        elif kind == CONTROL_CHANGE:
            self._control(channel, message[1], message[2])
        elif kind == PITCH_BEND:
            self._bend(channel, message[1] | message[2] << 7)

    def _strike(self, channel: int, pitch: int, velocity: int) -> None:
        if channel == DRUM_CHANNEL:
            self._drums.hit(pitch, velocity)
            return
        for row, key in enumerate(self._voices.keys):
            if (key.channel, key.pitch) == (channel, pitch):
                self._damp(row, _RESTRUCK_LOSS)
        pan = _CHANNEL_PAN[channel] + _KEYS_APART * (pitch - 64) / 64
        tone = struck(pitch, velocity, self._rate)
        self._voices.strike(Key(channel, pitch), tone, max(-1.0, min(1.0, pan)), self._bends[channel])

    def _let_go(self, channel: int, pitch: int | None = None) -> None:
        """One key of a channel, or all."""
        for row, key in enumerate(self._voices.keys):
            if key.channel == channel and pitch in (None, key.pitch):
                key.down = False
                if not self._pedals[channel]:
                    self._damp(row, damped(key.pitch))

    def _damp(self, row: int, loss: float) -> None:
        key = self._voices.keys[row]
        key.down = False
        if not key.damped:
            key.damped = True
            self._voices.damp(row, loss)

    def _control(self, channel: int, number: int, value: int) -> None:
        if number == CC_SUSTAIN:
            self._pedal(channel, value >= PEDAL_THRESHOLD)
        elif number == CC_ALL_SOUND_OFF:
            self._voices.cut(channel)
            if channel == DRUM_CHANNEL:
                self._drums.cut()
        elif number == _CC_RESET_CONTROLLERS:
            self._pedal(channel, False)
            self._bend(channel, _BEND_CENTRE)
        elif CC_ALL_NOTES_OFF <= number <= _CC_LAST_MODE:
            self._let_go(channel)

    def _pedal(self, channel: int, down: bool) -> None:
        self._pedals[channel] = down
        if not down:
            for row, key in enumerate(self._voices.keys):
                if key.channel == channel and not key.down:
                    self._damp(row, damped(key.pitch))

    def _bend(self, channel: int, value: int) -> None:
        factor = 2.0 ** ((value - _BEND_CENTRE) / _BEND_CENTRE * _BEND_SEMITONES / 12)
        if factor != self._bends[channel]:
            self._voices.bend(channel, factor / self._bends[channel])
            self._bends[channel] = factor


_CHANNEL_PAN: Final = tuple(_CHANNEL_APART * (0, 1, -1)[channel % 3] for channel in range(16))
"""Channel 1 in the middle, 2 to the right, 3 to the left, so that two who play are told apart."""


def _is_channel_message(message: bytes) -> bool:
    return (
        len(message) > 1
        and 0x80 <= message[0] < SYSEX
        and len(message) - 1 == data_bytes_after(message[0])
        and max(message[1:]) < 0x80
    )


def _between_0_and_1(volume: float) -> float:
    return min(1.0, max(0.0, volume))


def _limit(sound: NDArray[np.float32]) -> None:
    """Bend what is louder than the knee so that it never reaches 1; leave the rest as it is."""
    size = np.abs(sound)
    if size.max(initial=0.0) > _KNEE:
        room = np.float32(1 - _KNEE)
        over = size > _KNEE
        sound[over] = np.sign(sound[over]) * (_KNEE + room * np.tanh((size[over] - _KNEE) / room) * np.float32(0.999))

"""All strings that sound, rendered together: each a few decaying sine waves, as turning and shrinking complex numbers.

Such a wave is the real part of a·zⁿ. The powers of z for one span of frames are a table made when the string is struck,
so a span of all strings is one product of matrices, and damping a string only makes a new table. Everything is
continuous: a string struck fades in, one damped decays, and one cut off leaves a short fading tail.
Knows neither MIDI nor when things happen.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.sound.tone import WAVES, Tone

SPAN: Final = 128
"""Frames of one table: the most that can be rendered at once."""
TAIL: Final = 2 * SPAN
"""Frames in which a string that is cut off fades."""
ATTACK: Final = 64
"""Frames in which a string fades in."""
INAUDIBLE: Final = 3e-5
"""Amplitude (−90 dB) below which a string is at an end."""

_COARSE: Final = np.arange(0, SPAN, 16)
_FINE: Final = np.arange(16)
_FRAMES: Final = np.arange(SPAN)
_FADE: Final = (0.5 + 0.5 * np.cos(np.pi * (np.arange(TAIL) + 0.5) / TAIL)).astype(np.float32)

Rows = NDArray[np.intp]


@dataclass(slots=True)
class Key:
    """Which key struck a string, and whether it and the pedal still hold it."""

    channel: int
    pitch: int
    down: bool = True
    damped: bool = False


class Voices:
    """Up to `most` strings. The first `count` rows of each array are in use, in no order."""

    def __init__(self, sample_rate: int, most: int) -> None:
        self._rate = sample_rate
        self._most = most
        self.keys: list[Key] = []
        """What struck each, by row."""
        self._now = np.zeros((most, WAVES), np.complex128)
        self._turn = np.zeros((most, WAVES), np.complex128)
        """Per frame: minus the loss in nepers, plus i times the angle."""
        self._leap = np.zeros((most, WAVES), np.complex128)
        """What a whole span does to `_now`."""
        self._table = np.zeros((most, 2 * WAVES, SPAN), np.float32)
        """Real parts of the powers of z, then minus their imaginary parts."""
        self._age = np.zeros(most, np.int64)
        self._sides = np.zeros((most, 2), np.float32)
        self._tail = np.zeros((TAIL, 2), np.float32)
        self._tail_frames = 0

    @property
    def count(self) -> int:
        """How many sound."""
        return len(self.keys)

    @property
    def silent(self) -> bool:
        """Nothing would be heard."""
        return not self.keys and not self._tail_frames

    def strike(self, key: Key, tone: Tone, pan: float, bend: float) -> None:
        """A string more, `bend` a factor on its frequencies, pan −1 (left) to 1. Where all are in use one gives way."""
        if self.count == self._most:
            self._cut([self._least_missed()])
        row = self.count
        self.keys.append(key)
        self._now[row] = -1j * tone.amplitudes  # a sine: begins at zero
        self._turn[row] = (1j * tone.radians * bend - tone.losses) / self._rate
        self._age[row] = 0
        angle = (pan + 1) * np.pi / 4
        self._sides[row] = np.cos(angle) * np.sqrt(2), np.sin(angle) * np.sqrt(2)
        self._tabulate(np.array([row]))

    def damp(self, row: int, nepers_per_second: float) -> None:
        """Let a string fade faster from now on."""
        self._turn[row] -= nepers_per_second / self._rate
        self._tabulate(np.array([row]))

    def bend(self, channel: int, factor: float) -> None:
        """Multiply the frequencies of a channel's strings."""
        rows = np.array([row for row, key in enumerate(self.keys) if key.channel == channel], np.intp)
        if rows.size:
            self._turn[rows] = self._turn[rows].real + 1j * factor * self._turn[rows].imag
            self._tabulate(rows)

    def cut(self, channel: int | None = None) -> None:
        """End the strings of a channel, or all, within TAIL frames."""
        self._cut([row for row, key in enumerate(self.keys) if channel in (None, key.channel)])

    def drop_inaudible(self) -> None:
        """Forget the strings that have died away."""
        loud = np.abs(self._now[: self.count]).sum(1)
        self._forget([int(row) for row in np.flatnonzero(loud < INAUDIBLE)])

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames (at most SPAN), shape (frames, 2)."""
        count = self.count
        sound = self._sound(self._now[:count], self._age[:count], slice(0, count), frames).T @ self._sides[:count]
        if frames == SPAN:
            self._now[:count] *= self._leap[:count]
        else:
            self._now[:count] *= np.exp(frames * self._turn[:count])
        self._age[:count] += frames
        if self._tail_frames:
            sound += self._tail[:frames]
            self._tail[:-frames] = self._tail[frames:]
            self._tail[-frames:] = 0
            self._tail_frames = max(0, self._tail_frames - frames)
        return sound

    def _sound(
        self, now: NDArray[np.complex128], age: NDArray[np.int64], rows: slice | Rows, frames: int
    ) -> NDArray[np.float32]:
        """Shape (rows, frames), each as loud as it is before it is placed left and right."""
        parts = np.concatenate((now.real, now.imag), axis=1, dtype=np.float32)
        sound: NDArray[np.float32] = np.matmul(parts[:, None, :], self._table[rows, :, :frames])[:, 0, :]
        young = np.flatnonzero(age < ATTACK)
        if young.size:
            sound[young] *= np.minimum((age[young, None] + _FRAMES[:frames]) / ATTACK, 1).astype(np.float32)
        return sound

    def _tabulate(self, rows: Rows) -> None:
        turn = self._turn[rows, :, None]
        powers = (np.exp(turn * _COARSE)[..., None] * np.exp(turn * _FINE)[..., None, :]).reshape(
            len(rows), WAVES, SPAN
        )
        self._table[rows, :WAVES] = powers.real
        self._table[rows, WAVES:] = -powers.imag
        self._leap[rows] = np.exp(SPAN * self._turn[rows])

    def _least_missed(self) -> int:
        """The softest; what is no longer held counts for a quarter, and of equals the oldest goes."""
        count = self.count
        loud = np.abs(self._now[:count]).sum(1)
        loud *= np.where([key.damped for key in self.keys], 0.25, 1.0)
        return int(np.lexsort((-self._age[:count], loud))[0])

    def _cut(self, rows: list[int]) -> None:
        if not rows:
            return
        chosen = np.array(rows, np.intp)
        now, age = self._now[chosen], self._age[chosen]
        for begin in range(0, TAIL, SPAN):
            sound = self._sound(now, age, chosen, SPAN) * _FADE[begin : begin + SPAN]
            self._tail[begin : begin + SPAN] += sound.T @ self._sides[chosen]
            now, age = now * self._leap[chosen], age + SPAN
        self._tail_frames = TAIL
        self._forget(rows)

    def _forget(self, rows: list[int]) -> None:
        for row in sorted(rows, reverse=True):
            last = self.count - 1
            if row != last:
                for array in (self._now, self._turn, self._leap, self._table, self._age, self._sides):
                    array[row] = array[last]
                self.keys[row] = self.keys[last]
            self.keys.pop()

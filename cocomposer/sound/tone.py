"""What one struck string is made of: the decaying sine waves of a pitch and a velocity, a plain piano.

A string's partials lie a little sharp of whole multiples (stiffness), fade faster the higher they are, and the lowest
fade in two stages, because the strings of one key do not stay together. A harder blow is louder and brighter.
Source of the shapes: Fletcher and Rossing, The Physics of Musical Instruments, chapter 12; the numbers are to taste.
Knows neither voices nor time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

PARTIALS: Final = 11
AFTER_SOUNDS: Final = 3
"""So many of the lowest partials go on softly when their first loud stage is over."""
KNOCKS: Final = (135.0, 310.0)
"""Hertz of the wooden knock of the blow."""
WAVES: Final = PARTIALS + AFTER_SOUNDS + len(KNOCKS)

LEVEL: Final = 0.16
"""Root mean square of the hardest blow on middle C as it begins; full scale is 1."""
_STRIKE_POINT: Final = 0.13  # of the string's length; partials with a node there are weak
_AFTER_SHARE: Final = 0.22
_AFTER_DETUNE: Final = 1.0003  # half a cent: a slow beating
_AFTER_SLOWER: Final = 2.2
_KNOCK_SHARE: Final = 0.05
_KNOCK_RATE: Final = 55.0
_LN_1000: Final = 6.9078  # a fall of 60 dB, in nepers
_HIGHEST_SHARE: Final = 0.42  # of the sample rate


@dataclass(frozen=True, slots=True)
class Tone:
    """Sine waves that begin together at zero: radians a second, loss in nepers a second, amplitude at the start."""

    radians: NDArray[np.float64]
    losses: NDArray[np.float64]
    amplitudes: NDArray[np.float64]


def hertz(pitch: float) -> float:
    """Equal temperament, A4 (69) = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def loudness(velocity: int) -> float:
    """Amplitude of a velocity 1–127, against the hardest."""
    return float((velocity / 127.0) ** 1.7)


def struck(pitch: int, velocity: int, sample_rate: int) -> Tone:
    """The tone of a key; no wave lies so high that it would be mirrored by the sample rate."""
    lowest = hertz(pitch)
    number = np.arange(1, PARTIALS + 1, dtype=np.float64)
    stiffness = 7e-4 * 2.0 ** ((pitch - 69) / 9)
    frequencies = number * lowest * np.sqrt((1 + stiffness * number**2) / (1 + stiffness))
    softness = 900.0 + 4200.0 * (velocity / 127.0) ** 1.5 + 1.2 * lowest  # hertz; the felt is harder when hit hard
    strengths = np.abs(np.sin(np.pi * number * _STRIKE_POINT)) / number * np.exp(-frequencies / softness)
    sixty_db_seconds = 5.0 * 2.0 ** (-(pitch - 60) / 24)
    losses = _LN_1000 / sixty_db_seconds * (1 + 0.28 * (number - 1))

    knocks = np.array(KNOCKS)
    low = slice(0, AFTER_SOUNDS)
    all_frequencies = np.concatenate((frequencies, frequencies[low] * _AFTER_DETUNE, knocks))
    all_losses = np.concatenate((losses, losses[low] / _AFTER_SLOWER, np.full(len(knocks), _KNOCK_RATE)))
    first = strengths.copy()
    first[low] *= 1 - _AFTER_SHARE
    knock = _KNOCK_SHARE * velocity / 127.0 * float(np.sqrt(np.sum(strengths**2)))
    amplitudes = np.concatenate((first, strengths[low] * _AFTER_SHARE, np.full(len(knocks), knock)))
    amplitudes *= all_frequencies < _HIGHEST_SHARE * sample_rate
    evenness = 2.0 ** (-(pitch - 60) / 48)  # a treble as strong as the bass would be shrill
    power = np.sqrt(0.5 * np.sum(strengths**2))
    return Tone(2 * np.pi * all_frequencies, all_losses, amplitudes * (LEVEL * evenness * loudness(velocity) / power))


def damped(pitch: int) -> float:
    """Loss in nepers a second that the damper adds when the key is let go."""
    return _LN_1000 / 0.34 * float(2.0 ** ((pitch - 60) / 60))

"""A small drum kit: each drum is one short sound, made once from sines and filtered noise, and mixed in when it is hit.

Which note is which drum follows the General MIDI percussion map. Knows neither channels nor when things happen.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.sound.tone import loudness

Samples = NDArray[np.float32]

_LEVEL: Final = 0.42
_MOST: Final = 24
_FADE_FRAMES: Final = 256
_FADE: Final = (0.5 + 0.5 * np.cos(np.pi * (np.arange(_FADE_FRAMES) + 0.5) / _FADE_FRAMES)).astype(np.float32)

_GM: Final[dict[str, tuple[int, ...]]] = {
    "kick": (35, 36),
    "stick": (31, 33, 37, 75, 76, 77, 85),
    "snare": (38, 40),
    "clap": (39,),
    "low tom": (41, 43, 64),
    "middle tom": (45, 47, 61, 63, 66),
    "high tom": (48, 50, 60, 62, 65),
    "closed hat": (42, 44, 54, 69, 70, 82),
    "open hat": (46,),
    "crash": (49, 52, 55, 57),
    "ride": (51, 53, 59),
}
_OTHERS: Final = "stick"
_DRUM_OF: Final = {note: drum for drum, notes in _GM.items() for note in notes}
_SIDE: Final = {"closed hat": 0.25, "open hat": 0.25, "ride": 0.35, "crash": -0.35, "low tom": -0.3, "high tom": 0.2}
"""Left (−1) to right (1); the rest is in the middle."""


@dataclass(slots=True)
class _Hit:
    drum: str
    samples: Samples
    gains: NDArray[np.float32]
    at: int = 0


class DrumKit:
    """Hits that sound, up to a number; a new one takes the place of the oldest."""

    def __init__(self, sample_rate: int) -> None:
        self._drums = _made(sample_rate)
        self._hits: list[_Hit] = []

    @property
    def silent(self) -> bool:
        """Nothing would be heard."""
        return not self._hits

    def hit(self, note: int, velocity: int) -> None:
        """Strike the drum of a General MIDI note; a closed hi-hat ends an open one."""
        drum = _DRUM_OF.get(note, _OTHERS)
        if drum == "closed hat":
            for sounding in self._hits:
                if sounding.drum == "open hat":
                    _end(sounding)
        if len(self._hits) >= _MOST:
            # What is fading already is at an end within five milliseconds: look for one that is not.
            _end(next((hit for hit in self._hits if len(hit.samples) - hit.at > _FADE_FRAMES), self._hits[0]))
        angle = (_SIDE.get(drum, 0.0) + 1) * np.pi / 4
        gains = np.array((np.cos(angle), np.sin(angle)), np.float32) * np.float32(np.sqrt(2) * loudness(velocity))
        self._hits.append(_Hit(drum, self._drums[drum], gains))

    def cut(self) -> None:
        """End all that sounds, within five milliseconds."""
        for hit in self._hits:
            _end(hit)

    def add_to(self, sound: NDArray[np.float32]) -> None:
        """Add the next frames to `sound`, shape (frames, 2)."""
        for hit in self._hits:
            piece = hit.samples[hit.at : hit.at + len(sound)]
            sound[: len(piece)] += piece[:, None] * hit.gains
            hit.at += len(piece)
        self._hits = [hit for hit in self._hits if hit.at < len(hit.samples)]


def _end(hit: _Hit) -> None:
    rest = hit.samples[hit.at : hit.at + _FADE_FRAMES]
    if hit.at + len(rest) < len(hit.samples):
        hit.samples, hit.at = rest * _FADE, 0


def _made(rate: int) -> dict[str, Samples]:
    """Every drum, the loudest sample of each at its level."""
    chance = np.random.default_rng(10)

    def time(seconds: float) -> NDArray[np.float64]:
        return np.arange(int(seconds * rate)) / rate

    def noise(seconds: float, low: float, high: float) -> NDArray[np.float64]:
        """White between two frequencies in hertz, with slopes of an octave."""
        frames = int(seconds * rate)
        spectrum = np.fft.rfft(chance.standard_normal(frames))
        octaves = np.log2(np.maximum(np.fft.rfftfreq(frames, 1 / rate), 1.0))
        spectrum *= np.clip(octaves - np.log2(low) + 1, 0, 1) * np.clip(np.log2(high) + 1 - octaves, 0, 1)
        made: NDArray[np.float64] = np.fft.irfft(spectrum, frames)
        loudest: float = np.abs(made).max()
        return made / loudest

    def fall(seconds: float, rate_of_loss: float) -> NDArray[np.float64]:
        made: NDArray[np.float64] = np.exp(-rate_of_loss * time(seconds))
        return made

    def swept(seconds: float, start: float, end: float, speed: float) -> NDArray[np.float64]:
        """A sine whose frequency falls from start to end hertz."""
        t = time(seconds)
        made: NDArray[np.float64] = np.sin(2 * np.pi * (end * t + (start - end) * (1 - np.exp(-speed * t)) / speed))
        return made

    def tom(end: float) -> NDArray[np.float64]:
        return swept(0.6, 1.8 * end, end, 22) * fall(0.6, 9) + 0.15 * noise(0.6, 300, 3000) * fall(0.6, 45)

    claps = np.exp(-90 * (time(0.35) % 0.011)) * (time(0.35) < 0.033) + (time(0.35) >= 0.033) * fall(0.35, 18)
    made = {
        "kick": (swept(0.5, 170, 48, 38) * fall(0.5, 9) + 0.12 * noise(0.5, 1200, 5000) * fall(0.5, 180), 1.0),
        "stick": (
            np.sin(2 * np.pi * 1650 * time(0.08)) * fall(0.08, 90) + 0.4 * noise(0.08, 900, 6000) * fall(0.08, 120),
            0.4,
        ),
        "snare": (0.5 * swept(0.4, 240, 185, 30) * fall(0.4, 20) + 0.8 * noise(0.4, 900, 9000) * fall(0.4, 17), 0.75),
        "clap": (noise(0.35, 900, 4500) * claps, 0.6),
        "low tom": (tom(82), 0.8),
        "middle tom": (tom(118), 0.8),
        "high tom": (tom(165), 0.8),
        "closed hat": (noise(0.14, 7000, 15000) * fall(0.14, 55), 0.32),
        "open hat": (noise(0.8, 6500, 15000) * fall(0.8, 7), 0.32),
        "crash": (noise(2.2, 3500, 14000) * fall(2.2, 2.6), 0.42),
        "ride": (
            noise(1.4, 5000, 13000) * fall(1.4, 5) + 0.35 * np.sin(2 * np.pi * 5230 * time(1.4)) * fall(1.4, 8),
            0.28,
        ),
    }
    drums = {}
    for name, (samples, level) in made.items():
        samples[:16] *= np.arange(16) / 16
        samples[-_FADE_FRAMES:] *= _FADE
        drums[name] = (samples * (_LEVEL * level / np.abs(samples).max())).astype(np.float32)
    return drums

"""The keys of a piano as rectangles, what fingers on them play, and how each key is lit. Knows no Qt.

Coordinates are those of the widget, from its upper left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.document.timeline import PLAYER
from cocomposer.music.message import note_off, note_on

BLACK: Final = frozenset({1, 3, 6, 8, 10})
BLACK_HEIGHT: Final = 0.62
BLACK_WIDTH: Final = 0.62
"""Of a white key."""
WHITE_LEAST: Final = 15.0
"""Narrower white keys cannot be hit; fewer are shown instead."""
RANGES: Final = ((21, 108), (28, 103), (36, 96), (36, 84), (48, 84))
"""Lowest and highest key of pianos with 88, 76, 61, 49 and 37 keys."""
SOFTEST: Final = 32
LOUDEST: Final = 120


def is_black(pitch: int) -> bool:
    """Whether it is a black key."""
    return pitch % 12 in BLACK


@dataclass(frozen=True, slots=True)
class Key:
    """One key."""

    pitch: int
    x: float
    width: float
    height: float

    @property
    def black(self) -> bool:
        """It lies above the white ones."""
        return is_black(self.pitch)


class Keyboard:
    """The keys in a rectangle of this size; as many as can be hit."""

    def __init__(self, width: float, height: float) -> None:
        self.low, self.high = next(
            (pair for pair in RANGES if width / _whites(*pair) >= WHITE_LEAST), RANGES[-1]
        )  # fmt: skip
        wide = width / _whites(self.low, self.high)
        keys, x = [], 0.0
        for pitch in range(self.low, self.high + 1):
            if is_black(pitch):
                keys.append(Key(pitch, x - BLACK_WIDTH * wide / 2, BLACK_WIDTH * wide, BLACK_HEIGHT * height))
            else:
                keys.append(Key(pitch, x, wide, height))
                x += wide
        self.whites = tuple(key for key in keys if not key.black)
        self.blacks = tuple(key for key in keys if key.black)

    def key_at(self, x: float, y: float) -> Key | None:
        """The key at a place; None beside them."""
        for key in (*self.blacks, *self.whites):
            if key.x <= x < key.x + key.width and 0.0 <= y < key.height:
                return key
        return None


def _whites(low: int, high: int) -> int:
    return sum(not is_black(pitch) for pitch in range(low, high + 1))


def velocity_at(key: Key, y: float) -> int:
    """How hard a key is struck at this height of it: softly at its far end, hard at the near one."""
    share = min(1.0, max(0.0, y / key.height))
    return round(SOFTEST + share * (LOUDEST - SOFTEST))


class Fingers:
    """Fingers (or the mouse) on keys: places in, messages out. Lifting all of them leaves nothing sounding."""

    def __init__(self) -> None:
        self._on: dict[int, int] = {}

    @property
    def pitches(self) -> frozenset[int]:
        """Keys held now."""
        return frozenset(self._on.values())

    def place(self, finger: int, key: Key | None, y: float) -> tuple[bytes, ...]:
        """A finger goes down or slides here; None: beside the keys."""
        pitch = None if key is None else key.pitch
        if self._on.get(finger) == pitch:
            return ()
        ended = self.lift(finger)
        if key is None:
            return ended
        struck = () if key.pitch in self.pitches else (note_on(0, key.pitch, velocity_at(key, y)),)
        self._on[finger] = key.pitch
        return (*ended, *struck)

    def lift(self, finger: int) -> tuple[bytes, ...]:
        """A finger goes up."""
        pitch = self._on.pop(finger, None)
        return () if pitch is None or pitch in self.pitches else (note_off(0, pitch),)

    def silence(self) -> tuple[bytes, ...]:
        """All fingers go up."""
        ended = tuple(note_off(0, pitch) for pitch in sorted(self.pitches))
        self._on.clear()
        return ended


def lit(sounding: Sequence[tuple[int, int, int]], pressed: frozenset[int]) -> tuple[tuple[int, bool, bool], ...]:
    """(pitch, by the player, by the machine) of each key that shows light.

    `sounding` is what the timeline says, `pressed` what is held here and may not have come back from the engine yet.
    """
    player = {pitch for pitch, _, who in sounding if who == PLAYER} | pressed
    machine = {pitch for pitch, _, who in sounding if who != PLAYER}
    return tuple((pitch, pitch in player, pitch in machine) for pitch in sorted(player | machine))

"""The computer keyboard as a piano: which key is which note, by where it lies and not by what is printed on it.

The middle letter row holds the white keys, the row above the black ones, as in most DAWs; below lie octave and
loudness. Knows no Qt: keys come in as positions (numbers of the keyboard's own, see `position_of`), messages go out.
Whatever keys come and go, `silence` leaves nothing sounding, and so does letting go of every key.
"""

from collections.abc import Mapping
from typing import Final

from cocomposer.music.message import note_off, note_on

WHITE_AND_BLACK: Final = "AWSEDFTGYHUJKOLP;'"
"""Names of the keys on a US keyboard, a semitone apart."""
OCTAVE_DOWN, OCTAVE_UP, SOFTER, LOUDER = "Z", "X", "C", "V"

_SCAN_CODES: Final = {
    "Q": 16, "W": 17, "E": 18, "R": 19, "T": 20, "Y": 21, "U": 22, "I": 23, "O": 24, "P": 25,
    "A": 30, "S": 31, "D": 32, "F": 33, "G": 34, "H": 35, "J": 36, "K": 37, "L": 38, ";": 39, "'": 40,
    "Z": 44, "X": 45, "C": 46, "V": 47,
}  # fmt: skip
"""PC keyboards: scan codes of set 1 (Windows), which are also Linux's own key codes."""
_MAC_CODES: Final = {
    "Q": 12, "W": 13, "E": 14, "R": 15, "T": 17, "Y": 16, "U": 32, "I": 34, "O": 31, "P": 35,
    "A": 0, "S": 1, "D": 2, "F": 3, "G": 5, "H": 4, "J": 38, "K": 40, "L": 37, ";": 41, "'": 39,
    "Z": 6, "X": 7, "C": 8, "V": 9,
}  # fmt: skip
"""macOS: virtual key codes, which name positions (HIToolbox, Events.h: kVK_ANSI_…)."""
_X11_OFFSET: Final = 8
"""X11 and Wayland count key codes from 8."""
_AT_SCAN_CODE: Final = {code: name for name, code in _SCAN_CODES.items()}
_AT_MAC_CODE: Final = {code: name for name, code in _MAC_CODES.items()}

OCTAVE_LEAST: Final = 0
OCTAVE_MOST: Final = 8
OCTAVE_FIRST: Final = 4
"""C4 is middle C, note 60."""
VELOCITY_STEP: Final = 16
VELOCITY_FIRST: Final = 80


def position_of(platform: str, scan_code: int, virtual_key: int, letter: str) -> str | None:
    """Where a key lies, as the name it has on a US keyboard; None if it is none that plays.

    `platform` is Qt's name of it ("xcb", "wayland", "windows", "cocoa" …), the codes are Qt's native ones. Where a
    platform tells no position, `letter`, what is printed on the key, counts.
    """
    name: str | None = letter
    if platform == "cocoa":
        name = _AT_MAC_CODE.get(virtual_key)
    elif scan_code and (platform == "xcb" or platform.startswith("wayland")):
        name = _AT_SCAN_CODE.get(scan_code - _X11_OFFSET)
    elif scan_code and platform == "windows":
        name = _AT_SCAN_CODE.get(scan_code)
    return name if name in _ROLES else None


_SEMITONES: Final = {name: number for number, name in enumerate(WHITE_AND_BLACK)}
_ROLES: Final = frozenset((*_SEMITONES, OCTAVE_DOWN, OCTAVE_UP, SOFTER, LOUDER))


class ComputerKeys:
    """Keys that go down and up in, MIDI messages out."""

    def __init__(self) -> None:
        self.octave = OCTAVE_FIRST
        self.velocity = VELOCITY_FIRST
        self._held: dict[str, int] = {}
        self._printed: dict[str, str] = {}

    @property
    def sounding(self) -> frozenset[int]:
        """Pitches held now."""
        return frozenset(self._held.values())

    def holds(self, position: str) -> bool:
        """Whether that key plays right now."""
        return position in self._held

    def letters(self) -> Mapping[int, str]:
        """Pitch → what is printed on its key, as far as it was seen; else as on a US keyboard."""
        first = 12 * (self.octave + 1)
        return {
            first + number: self._printed.get(name, name)
            for name, number in _SEMITONES.items()
            if first + number <= 127
        }

    def press(self, position: str, printed: str = "") -> tuple[bytes, ...]:
        """A key goes down (no repeats). What is then to be played, in order."""
        if printed:
            self._printed[position] = printed.upper()
        match position:
            case "Z":
                return self._to_octave(self.octave - 1)
            case "X":
                return self._to_octave(self.octave + 1)
            case "C":
                self.velocity = max(VELOCITY_STEP, self.velocity - VELOCITY_STEP)
                return ()
            case "V":
                self.velocity = min(127, self.velocity + VELOCITY_STEP)
                return ()
        pitch = 12 * (self.octave + 1) + _SEMITONES[position]
        if pitch > 127 or position in self._held:
            return ()
        self._held[position] = pitch
        return (note_on(0, pitch, self.velocity),)

    def let_go(self, position: str) -> tuple[bytes, ...]:
        """A key comes up."""
        pitch = self._held.pop(position, None)
        return () if pitch is None else (note_off(0, pitch),)

    def silence(self) -> tuple[bytes, ...]:
        """No key counts as held any more."""
        ended = tuple(note_off(0, pitch) for pitch in self._held.values())
        self._held.clear()
        return ended

    def _to_octave(self, octave: int) -> tuple[bytes, ...]:
        self.octave = min(OCTAVE_MOST, max(OCTAVE_LEAST, octave))
        return self.silence()

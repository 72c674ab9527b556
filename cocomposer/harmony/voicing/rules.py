"""What a player may ask of a voicing: style, number of voices, register, hand span, inversion, strictness.

Pure values and the facts of each style as a table. Knows no chord.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Style(StrEnum):
    """How the tones of a chord are laid out."""

    CLOSE = "close"
    """Bass in the left hand, the other tones as close together as they go in the right."""
    DROP_2 = "drop-2"
    """Close, with the second voice from the top an octave lower."""
    DROP_3 = "drop-3"
    """Close, with the third voice from the top an octave lower."""
    OPEN = "open"
    """Spread over both hands, no two neighbours close."""
    SHELL = "shell"
    """Root, third and seventh."""
    GUIDE_TONE = "guide-tone"
    """Third and seventh alone."""
    ROOTLESS = "rootless"
    """Third, fifth or thirteenth, seventh, ninth: forms A and B of jazz pianists; somebody else plays the bass."""
    POWER = "power"
    """Root, fifth, root."""
    BLOCK = "block"
    """All tones stacked up from the bass."""
    CHORALE = "chorale"
    """Four singers, in the strict style."""


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style is where the player says nothing."""

    voices: int
    """How many, the bass counted."""
    fewest: int
    most: int
    centre: int
    """Pitch around which the voices above the bass lie."""
    left_bass: bool = False
    """Whether the left hand plays the bass alone."""
    root_position: bool = False
    doubles: bool = False
    """Whether a chord of fewer tones is filled up to the number of voices; otherwise it gets fewer voices."""
    strict: bool = False


STYLES: Final[dict[Style, StyleFacts]] = {
    Style.CLOSE: StyleFacts(4, 2, 6, 62, left_bass=True, doubles=True),
    Style.DROP_2: StyleFacts(4, 3, 5, 61),
    Style.DROP_3: StyleFacts(4, 3, 5, 60),
    Style.OPEN: StyleFacts(4, 3, 6, 61, root_position=True, doubles=True),
    Style.SHELL: StyleFacts(3, 3, 3, 56, root_position=True),
    Style.GUIDE_TONE: StyleFacts(2, 2, 2, 58),
    Style.ROOTLESS: StyleFacts(4, 3, 4, 58),
    Style.POWER: StyleFacts(3, 2, 3, 48, root_position=True),
    Style.BLOCK: StyleFacts(4, 2, 8, 62, root_position=True),
    Style.CHORALE: StyleFacts(4, 4, 4, 64, root_position=True, doubles=True, strict=True),
}

HAND_SPAN: Final = 16
"""A major tenth, in semitones."""
LOWEST: Final = 33
"""A1."""
HIGHEST: Final = 84
"""C6."""


@dataclass(frozen=True, slots=True)
class VoicingRules:
    """What holds for all chords of a progression; None is what the style says."""

    style: Style = Style.CLOSE
    voices: int | None = None
    """How many, the bass counted. A shell has 3, guide tones are 2, a block has all tones of its chord."""
    left_bass: bool | None = None
    """Whether the left hand plays the bass alone, below whatever the style makes of the other voices."""
    root_position: bool | None = None
    """Whether the root (of a slash chord always the given bass) is lowest; otherwise any tone may be."""
    lowest: int = LOWEST
    highest: int = HIGHEST
    hand_span: int = HAND_SPAN
    """Semitones that a hand reaches."""
    centre: int | None = None
    """Pitch around which the voices above the bass lie."""
    strict: bool | None = None
    """No parallel fifths and octaves."""
    no_hidden: bool = False
    """In the strict style, no hidden ones between the outer voices either."""
    colours: bool = True
    """Whether rootless voicings add the ninth and thirteenth that players add without being told."""

    def __post_init__(self) -> None:
        facts = STYLES[self.style]
        most = facts.most + (self.has_left_bass and not facts.left_bass)
        if self.voices is not None and not facts.fewest <= self.voices <= most:
            numbers = f"{facts.fewest} to {most}" if facts.fewest < most else f"{most}"
            raise ValueError(f"the style {self.style} has {numbers} voices, not {self.voices}")
        if not 0 <= self.lowest < self.highest <= 127:
            raise ValueError(f"a register lies between 0 and 127, lowest first, not {self.lowest} to {self.highest}")
        if self.hand_span < 1:
            raise ValueError(f"a hand spans at least a semitone, not {self.hand_span}")

    @property
    def has_left_bass(self) -> bool:
        """Whether the left hand plays the bass alone."""
        return STYLES[self.style].left_bass if self.left_bass is None else self.left_bass

    @property
    def is_root_position(self) -> bool:
        """Whether the lowest voice is given by the chord's symbol."""
        return STYLES[self.style].root_position if self.root_position is None else self.root_position

    @property
    def is_strict(self) -> bool:
        """Whether parallel fifths and octaves are forbidden."""
        return STYLES[self.style].strict if self.strict is None else self.strict

    @property
    def upper_centre(self) -> int:
        """Pitch around which the voices above the bass lie."""
        return STYLES[self.style].centre if self.centre is None else self.centre

    def voices_for(self, tones: int, is_bass_apart: bool) -> int:
        """Number of voices of a chord that has so many different tones; a bass apart is one of them."""
        facts = STYLES[self.style]
        if self.voices is not None:
            return self.voices
        if facts.doubles:
            return facts.voices
        return min(facts.voices, tones) + is_bass_apart

"""What the musician wants of the suggested chords, as a value. Knows nothing that was heard."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STYLES: Final = (
    ("any", "Any song"),
    ("pop", "Pop song"),
    ("standard", "Old standard"),
    ("loop", "Loop"),
    ("classical", "Classical"),
)
"""As `inputs.Suggest` has them, and for people."""


class Follows(StrEnum):
    """Whose chords the suggestions go on from."""

    JAM = "jam"
    PROGRESSION = "progression"


@dataclass(frozen=True, slots=True)
class ChordWish:
    """All of it."""

    pinned_key: str | None = None
    """A key by name; None: whatever is heard."""
    follows: Follows = Follows.JAM
    style: str = "any"
    """One of STYLES."""
    surprise: float = 0.0
    """0 the likeliest first, 1 the most surprising."""
    hear: bool = True
    """A card sounds when the pointer or the focus rests on it."""


def remembered_wish(style: str, surprise: float, hear: bool) -> ChordWish:
    """What is kept from one start to the next; a style of another version is any."""
    return ChordWish(style=style if style in dict(STYLES) else "any", surprise=surprise, hear=hear)

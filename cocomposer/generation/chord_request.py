"""What a front end asks of the next-chord model and what it is told, as values. Knows no model.

They pass through the jam as they are. Chords travel as symbols that `harmony.names.symbols` reads, keys as names that
`harmony.key.key_named` reads.
"""

from typing import Final

import msgspec

MOST_CHORDS: Final = 4096
"""Of a song so far; a longer one is refused."""
MOST_SUGGESTIONS: Final = 96
"""As many as there are chords that the model tells apart."""
LONGEST_GAP: Final = 8
"""Chords that are filled in at once."""


class Suggest(msgspec.Struct, frozen=True, tag=True):
    """What could come next? Comes back as `Suggested`, always, and later than what the running jam wants."""

    request: int
    """Chosen by the front end, told back."""
    chords: tuple[tuple[str, float], ...] = ()
    """(symbol, beats) of the song so far, in order, from a bar line on; "N.C." is silence, which takes its time too."""
    key: str | None = None
    """Such as "D minor"; None: the one that fits the chords, else C major."""
    beats_per_bar: int = 4
    count: int = 6
    """So many chords (and lines, for a gap), 1 to MOST_SUGGESTIONS."""
    style: str = "any"
    """pop, standard, loop, classical or any."""
    surprise: float = 0.0
    """0 the likeliest first, 1 the most surprising."""
    memory: float = 1.0
    """How much the song's own past counts, 0 to 1."""
    following: str | None = None
    """The chord that must come after the suggested one, or after the gap."""
    gap: int = 0
    """Beside the next chord, whole lines of so many chords are wanted, before `following` if there is one; 0: none."""
    ending: str | None = None
    """The cadence that such a line ends with: the value of a `harmony.progressions.filling.Ending`."""
    lasting: float | None = None
    """Beats of each suggested chord; None: a bar."""
    sections: tuple[int, ...] = ()
    """Numbers of the chords, from 0, with which a section begins; the one after the last is the suggested chord."""


class SuggestedChord(msgspec.Struct, frozen=True):
    """One chord that could come next."""

    symbol: str
    """Spelt in the key."""
    numeral: str
    """Roman, in the key."""
    probability: float
    """0–1, under all that was asked."""
    function: str
    """The value of a `harmony.progressions.reasons.Function`, such as "dominant"."""
    reason: str
    """Why it works, in a few words."""
    device: str = ""
    """The idea behind it: the value of a `harmony.progressions.reasons.Device`, such as "modal interchange"."""
    remembered: float = 0.0
    """The share of its probability that comes from this song's own past, 0–1."""


class SuggestedLine(msgspec.Struct, frozen=True):
    """Several chords in a row that fill a gap."""

    symbols: tuple[str, ...]
    numerals: tuple[str, ...]
    probability: float
    """Of all of them together, and of what must follow."""


class Suggested(msgspec.Struct, frozen=True, tag=True):
    """What a `Suggest` came to; `failure` is a sentence if it came to nothing."""

    request: int
    chords: tuple[SuggestedChord, ...] = ()
    """Best first."""
    lines: tuple[SuggestedLine, ...] = ()
    """Best first; empty where no gap was to be filled."""
    key: str = ""
    """In which they are named."""
    failure: str | None = None

"""All that can be asked of chord types without knowing how they are made: each set of tones, and tables by hand."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

SEMITONES = {
    degree: semitones
    for semitones, degrees in enumerate("1|b9|2 9|#9 b3|3|4 11|#11 b5|5|#5 b13|6 13 bb7|b7|7".split("|"))
    for degree in degrees.split()
}
ALL_TYPES = tuple(
    frozenset({0, *(tone for tone in range(1, 12) if number >> tone & 1)}) for number in range(0, 4096, 2)
)
"""Every set of tones above a root."""


@dataclass(frozen=True)
class Spelt:
    """One row of spellings.toml."""

    tones: frozenset[int]
    implied: frozenset[int]
    plain: str
    jazz: str
    harte: str
    spellings: tuple[str, ...]


def spelling_table() -> list[Spelt]:
    """The table of spellings."""
    rows = tomllib.loads(Path(__file__).with_name("spellings.toml").read_text("utf-8"))["chord"]
    return [
        Spelt(
            frozenset(SEMITONES[degree.strip("()")] for degree in row["degrees"].split()),
            frozenset(SEMITONES[degree.strip("()")] for degree in row["degrees"].split() if degree.startswith("(")),
            row["plain"],
            row["jazz"],
            row["harte"],
            tuple(row["spellings"]),
        )
        for row in rows
    ]


def corpus_qualities() -> list[str]:
    """What stands after "root:" in the chord sheets of the corpus, bass included."""
    return str(tomllib.loads(Path(__file__).with_name("corpus_qualities.toml").read_text("utf-8"))["qualities"]).split()

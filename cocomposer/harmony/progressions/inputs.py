"""What a next-chord network is given: songs and their matches as padded arrays. Knows no network, no probabilities."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.key import Mode
from cocomposer.harmony.progressions.matches import (
    FEATURES,
    USE_CLASSES,
    Matches,
    Runs,
    matches_at,
    matches_of,
    uses_of,
)
from cocomposer.harmony.progressions.song import DURATION_CLASSES, METRE_CLASSES, PHRASE_CLASSES, POSITION_CLASSES, Song
from cocomposer.harmony.progressions.vocabulary import BEGINNING, CLASSES, TOKENS

Integers = NDArray[np.int64]
Inputs = dict[str, Integers]

SEQUENCES: Final = ("before", "position", "phrase", "duration", "metre", "style", "mode")
"""Inputs [songs, places]: the chord before each place, when the place is (see `Song`), style and mode of the song."""
MODES: Final = (None, Mode.MAJOR, Mode.MINOR)
"""In the order of their classes; None where it is not known."""
MATCHED: Final = ("places", "earlier", "tokens")
"""Inputs [matches]: two places, counted through all songs, and the token of the second."""
NAMES: Final = (*SEQUENCES, "uses", *MATCHED, "classes")


def fingerprint() -> str:
    """SHA-256 over all that a trained network depends on: the tokens, and the names and classes of its inputs."""
    described = [
        CLASSES,
        FEATURES,
        USE_CLASSES,
        POSITION_CLASSES,
        PHRASE_CLASSES,
        DURATION_CLASSES,
        METRE_CLASSES,
        MODES,
        NAMES,
    ]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A song with what its memory says."""

    song: Song
    style: int
    mode: Mode | None
    matches: Matches
    uses: Integers
    """[n + 1, TOKENS] (see `uses_of`)"""

    @property
    def places(self) -> int:
        """One more than it has chords."""
        return len(self.song) + 1


def reading_of(song: Song, style: int, mode: Mode | None = None) -> Reading:
    """The song, with the matches of all its places."""
    return Reading(song, style, mode, matches_of(song), uses_of(song))


def last_reading_of(song: Song, style: int, mode: Mode | None, runs: Runs) -> Reading:
    """The song, with the matches of its last place only, whose runs are given."""
    return Reading(song, style, mode, matches_at(song, len(song), runs), uses_of(song))


def inputs_of(readings: Sequence[Reading]) -> Inputs:
    """The arrays NAMES of at least one song, padded at their ends to the longest."""
    songs = [reading.song for reading in readings]
    width = max(reading.places for reading in readings)
    uses = np.zeros((len(readings), width, TOKENS), np.int64)
    for row, reading in enumerate(readings):
        uses[row, : reading.places] = reading.uses
    matches = [reading.matches for reading in readings]
    return {
        "before": padded([song.before for song in songs], width, BEGINNING),
        "position": padded([song.position_classes for song in songs], width, 0),
        "phrase": padded([song.phrase_classes for song in songs], width, 0),
        "duration": padded([song.duration_classes for song in songs], width, 0),
        "metre": padded([song.metre_classes for song in songs], width, 0),
        "style": np.repeat(np.array([[reading.style] for reading in readings], np.int64), width, axis=1),
        "mode": np.repeat(np.array([[MODES.index(reading.mode)] for reading in readings], np.int64), width, axis=1),
        "uses": uses,
        "places": np.concatenate([found.places + width * row for row, found in enumerate(matches)]),
        "earlier": np.concatenate([found.earlier + width * row for row, found in enumerate(matches)]),
        "tokens": np.concatenate([found.tokens for found in matches]),
        "classes": np.concatenate([found.classes for found in matches]),
    }


def padded(rows: Sequence[Integers], width: int, filling: int) -> Integers:
    """[rows, width]"""
    result = np.full((len(rows), width), filling, np.int64)
    for row, values in zip(result, rows, strict=True):
        row[: len(values)] = values
    return result

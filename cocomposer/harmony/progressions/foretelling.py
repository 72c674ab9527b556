"""The distribution of the next chord, from a network and the song's own memory. Knows no names and no reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.key import Mode
from cocomposer.harmony.progressions.inputs import Inputs, inputs_of, last_reading_of
from cocomposer.harmony.progressions.matches import Runs, runs_after, runs_of
from cocomposer.harmony.progressions.mixture import Mixture, mixture_of
from cocomposer.harmony.progressions.song import Song

LONGEST: Final = 192
"""Chords that are looked back on: more than most songs have."""


class ChordScores(Protocol):
    """A trained network."""

    def scores(self, inputs: Inputs) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(log-probabilities [members, songs, places, TOKENS] from all songs, strengths [members, matches])"""
        ...


class SongStyle(IntEnum):
    """The kind of song; the numbers are the network's classes."""

    POP = 0
    """Charts of 1958–1991."""
    STANDARD = 1
    """Songs before 1930."""
    LOOP = 2
    """A few chords round and round."""
    CLASSICAL = 3
    """Songs, hymns, piano pieces and quartets of the 19th century, mostly; as the app's own ear heard their chords."""
    ANY = 4


@dataclass(frozen=True, slots=True, eq=False)
class SongSoFar:
    """A song, and what its memory knows at its last place."""

    song: Song
    runs: Runs

    def then(self, token: int, beats: float) -> "SongSoFar":
        """With one more chord that lasts so long."""
        song = self.song.then(token, beats)
        return SongSoFar(song, runs_after(song, len(song), self.runs))


def so_far(song: Song) -> SongSoFar:
    """The last chords of a song."""
    recent = song.last(LONGEST)
    return SongSoFar(recent, runs_of(recent))


def foretell(
    network: ChordScores,
    songs: Sequence[SongSoFar],
    style: SongStyle = SongStyle.ANY,
    mode: Mode | None = None,
    memory: float = 1.0,
) -> list[Mixture]:
    """What comes next in each of the songs, in one run of the network."""
    readings = [last_reading_of(each.song, style, mode, each.runs) for each in songs]
    inputs = inputs_of(readings)
    general, strengths = network.scores(inputs)
    width = inputs["before"].shape[1]
    found = []
    for row, reading in enumerate(readings):
        own = inputs["places"] // width == row
        found.append(mixture_of(general[:, row, reading.places - 1], strengths[:, own], inputs["tokens"][own], memory))
    return found

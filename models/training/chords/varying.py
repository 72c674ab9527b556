"""A song as it could have been otherwise: begun in its middle, or written down more plainly. For training only.

A song that begins later has chords that are new to it once more, which is what is hardest to foretell; and players
type a few chords from the middle of a song, often as triads.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from cocomposer.harmony.names.folding import ChordClass
from cocomposer.harmony.progressions.song import Song
from cocomposer.harmony.progressions.vocabulary import CLASSES

_PLAINER: Final = {
    ChordClass.SEVENTH: ChordClass.MAJ,
    ChordClass.MAJ7: ChordClass.MAJ,
    ChordClass.SUS: ChordClass.MAJ,
    ChordClass.MIN7: ChordClass.MIN,
}
_PLAIN: Final = np.array([CLASSES.index(_PLAINER.get(one, one)) for one in CLASSES])
_PHRASE: Final = 4
"""Bars; a song rather begins again where so many of them have gone by …"""
_RATHER: Final = 4.0
_WITHIN_A_BAR: Final = 0.1
"""… and rarely within a bar."""
_PASSED_OVER, _LEFT = 2, 6
"""Chords that are left out at least, and that are left at least."""


def begun_at(song: Song, chord: int) -> Song:
    """As if the song had begun with that chord, in its first bar and in the key of that chord."""
    expected = song.expected[chord:].copy()
    expected[0] = song.seen[chord]
    return replace(
        song,
        seen=song.seen[chord:],
        expected=expected,
        beats=song.beats[chord:] - song.beats[chord],
        bars=song.bars[chord:] - song.bars[chord],
        positions=song.positions[chord:],
        metres=song.metres[chord:],
        sections=np.maximum(song.sections[chord:] - song.bars[chord], 0),
    )


def beginning_in(song: Song, chance: np.random.Generator) -> int:
    """A chord with which the song could begin; 0 in a short one."""
    places = np.arange(len(song))
    weights = np.where(song.positions[:-1] > 0, _WITHIN_A_BAR, 1.0)
    weights *= np.where(song.bars[:-1] % _PHRASE == 0, _RATHER, 1.0)
    weights[(places < _PASSED_OVER) | (places > len(song) - _LEFT)] = 0
    return int(chance.choice(places, p=weights / weights.sum())) if weights.any() else 0


def in_triads(song: Song) -> Song:
    """Sevenths and suspended chords as the triads that they are made of; equal neighbours are one chord."""
    seen, expected = (
        tokens - tokens % len(CLASSES) + _PLAIN[tokens % len(CLASSES)] for tokens in (song.seen, song.expected)
    )
    kept = np.append(True, expected[1:] != seen[:-1])
    places = np.append(kept, True)
    return replace(
        song,
        seen=seen[kept],
        expected=expected[kept],
        beats=song.beats[places],
        bars=song.bars[places],
        positions=song.positions[places],
        metres=song.metres[places],
        sections=song.sections[places],
    )

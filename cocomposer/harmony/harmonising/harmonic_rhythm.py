"""How often chords change: by the place in the bar and the time since the last change, as people write them.

Sources, train splits: OpenEWLD (public-domain songs before 1930; dataset MIT, Copyright (c) 2018 00sapo), and McGill
Billboard (CC0; charts of 1958–1991). Counted by `python -m models.training.chords.melody_fit`, which prints the tables.
Knows no chord.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.harmonising.slots import Place, Slots
from cocomposer.harmony.progressions.foretelling import SongStyle

Floats = NDArray[np.float64]

SPANS: Final = (0.45, 0.95, 1.05, 2.05)
"""Upper edges, in bars, of the classes of time since the last change: a beat or so, half a bar, a bar, two, more."""
PRIOR: Final = 8.0
"""Beats that each entry is mixed with: changes as often as at this place over all."""
SHEETS: Final = (
    ((2, 84), (40, 343), (269, 802), (201, 441), (79, 154)),
    ((13, 101), (30, 332), (748, 822), (97, 120), (162, 102)),
    ((20, 46), (1726, 581), (37, 24), (495, 108), (303, 20)),
    ((3284, 157), (2320, 96), (15, 4), (1542, 40), (828, 8)),
)
"""Lead sheets: for each `Place` and class of time since the last change, beats where the chord stays and changes."""
CHARTS: Final = (
    ((363, 1361), (1537, 5359), (2660, 9741), (2043, 5655), (3076, 1351)),
    ((445, 1333), (1285, 5150), (7767, 10026), (1088, 1780), (3863, 808)),
    ((1029, 997), (30966, 10812), (949, 1385), (9717, 1073), (8718, 270)),
    ((54527, 3014), (33727, 1626), (438, 340), (21159, 511), (18294, 106)),
)
"""The same of charts."""


def span_class(ticks: int, bar_ticks: int) -> int:
    """The number in SPANS of a stretch of time."""
    return int(np.searchsorted(SPANS, ticks / bar_ticks))


def _probabilities(counts: tuple[tuple[tuple[int, int], ...], ...]) -> Floats:
    """[places, classes of time] of a change."""
    stays, changes = np.moveaxis(np.array(counts, np.float64), 2, 0)
    over_all = changes.sum(axis=1, keepdims=True) / (stays + changes).sum(axis=1, keepdims=True)
    return np.asarray((changes + PRIOR * over_all) / (stays + changes + PRIOR))


_LIKE_SHEETS, _LIKE_CHARTS = _probabilities(SHEETS), _probabilities(CHARTS)
_PLACES: Final = {place: number for number, place in enumerate(Place)}


def change_probabilities(slots: Slots, bar_ticks: int, style: SongStyle) -> Floats:
    """[slots, ages] of a change where a slot begins, by how many slots ago the last one was: age 0 is one slot.

    The last age stands for all that are longer. Of pop songs and loops as in charts, of others as in lead sheets.
    """
    table = _LIKE_CHARTS if style in {SongStyle.POP, SongStyle.LOOP} else _LIKE_SHEETS
    edges = np.array(slots.edges[:-1])
    long = SPANS[-1] * bar_ticks
    # So many that what is older has lasted longer than the last of SPANS.
    ages = 1 + max(int((edges[number] - edges[:number] <= long).sum()) for number in range(len(edges)))
    since = edges[:, None] - edges[np.maximum(np.arange(len(edges))[:, None] - 1 - np.arange(ages), 0)]
    places = np.array([_PLACES[place] for place in slots.places])
    return np.asarray(table[places[:, None], np.searchsorted(SPANS, since / bar_ticks)])

"""Who among the remembered votes on the next note, and why its vote counts as much as it does: features in classes.

A place is a moment when the last event happened before. What came after it is its vote; how far it and the present
agree (length of the match, age, beat, register, and what of the note is drawn already) says how much it counts. Knows
no weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import DRAWN, PHASE_UNKNOWN
from cocomposer.memory.store import KEPT_INDEX, LONGEST, MELODIC, RHYTHMIC, Context, Places, Store

MOST_PLACES: Final = 64
"""Places of each store that vote, for each way of telling: the best matches; more cost time and say little."""
AGES: Final = (32, 128, 512)
"""Notes ago, up to which a place of the jam is in the first, second … class of age."""
IN_FILES: Final = len(AGES) + 1
"""The class of age of whatever was not played in this jam."""

FEATURES: Final = {
    "melodic": LONGEST + 1,
    "rhythmic": LONGEST + 1,
    "age": IN_FILES + 1,
    "beat": 4,
    "register": 3,
    "agrees": 12,
}
"""Classes of each feature: events matched in each way of telling; age; beat and bar of the
last event unknown, different, same beat phase, same beat of the bar too; last pitch different, an octave off, the same;
the fields drawn already (see `_agrees`)."""

_AGES: Final = np.asarray(AGES)
_ONSET, _PITCH, _DURATION, _PHASE, _BEAT = (
    KEPT_INDEX[name] for name in ("onset", "pitch", "duration", "phase", "beat")
)


@dataclass(frozen=True, slots=True)
class Votes:
    """What the places say of one field."""

    classes: NDArray[np.int64]
    """[votes] the class that each votes for."""
    features: NDArray[np.int64]
    """[FEATURES, votes]"""


@dataclass(frozen=True, slots=True)
class _Present:
    """The places, with what does not depend on the field."""

    followers: NDArray[np.int64]
    """[KEPT, places] of the event after each; its pitch moved to where the music stands."""
    features: NDArray[np.int64]
    """[FEATURES, places]; the last one is of a field."""


class Recall:
    """What the jam and the files remember at one moment, asked field by field."""

    def __init__(self, jam: Store, files: Store | None = None, moment: Context | None = None) -> None:
        """The moment is the end of `jam`, which must not be empty, unless another is given."""
        self._present = _present(
            jam, files if files is not None and len(files) else None, jam.context() if moment is None else moment
        )

    def votes(self, drawn: Sequence[int]) -> Votes:
        """Votes on the field after the `drawn` classes of the next note; none where nothing matches."""
        field = DRAWN[len(drawn)]
        features = self._present.features
        features[-1] = self._agrees(drawn)
        classes = self._present.followers[len(drawn)]
        if not len(classes) or (classes.min() >= field.first_drawn and classes.max() < field.classes):
            return Votes(classes, features.copy())
        valid = (classes >= field.first_drawn) & (classes < field.classes)
        return Votes(classes[valid], features[:, valid])

    def _agrees(self, drawn: Sequence[int]) -> NDArray[np.int64] | int:
        """Of the first three fields drawn: whether the follower's is the same.

        The onset may be 2 the same, 1 another one but both or neither are struck together with the note before, 0.
        """
        if not drawn:
            return 0
        followers = self._present.followers
        onset = followers[_ONSET]
        code: NDArray[np.int64] = (onset == drawn[0]).astype(np.int64)
        code += (onset > 0) == (drawn[0] > 0)
        if len(drawn) > 1:
            code += 3 * (followers[_PITCH] == drawn[1])
        if len(drawn) > 2:
            code += 6 * (followers[_DURATION] == drawn[2])
        return code


def _present(jam: Store, files: Store | None, context: Context) -> _Present:
    stores = (jam,) if files is None else (jam, files)
    places = [_places(store, context) for store in stores]
    there = _joined([store.at(found) for store, found in zip(stores, places, strict=True)])
    followers = _joined([store.at(found + 1) for store, found in zip(stores, places, strict=True)])
    features = np.empty((len(FEATURES), there.shape[1]), dtype=np.int64)
    features[:2] = _joined([store.lengths(found, context) for store, found in zip(stores, places, strict=True)])
    of_jam = len(places[0])
    features[2, :of_jam] = _AGES.searchsorted(len(jam) - places[0])
    features[2, of_jam:] = IN_FILES
    last = context.last
    if last[_PHASE] == PHASE_UNKNOWN:
        features[3] = 0
    else:
        same = there[_PHASE] == last[_PHASE]
        features[3] = there[_PHASE] != PHASE_UNKNOWN
        features[3] += same
        features[3] += same & (there[_BEAT] == last[_BEAT])
    apart = there[_PITCH] - int(last[_PITCH])
    features[4] = apart % 12 == 0
    features[4] += apart == 0
    if jam.by_interval:
        followers[_PITCH] -= apart
    return _Present(followers, features)


def _places(store: Store, context: Context) -> Places:
    """Those that vote, in order."""
    places = np.concatenate([store.places(view, context, MOST_PLACES) for view in (MELODIC, RHYTHMIC)])
    places.sort()
    # Found both ways, a place votes once.
    fresh = np.empty(len(places), dtype=np.bool_)
    fresh[:1] = True
    np.not_equal(places[1:], places[:-1], out=fresh[1:])
    return places[fresh]


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

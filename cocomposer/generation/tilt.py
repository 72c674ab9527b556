"""A tilt: one number moves one field along one feature of its classes, such as pitches upward, closing the loop.

Adding `t · feature(class)` to the logits moves the mean of the feature the way of t's sign, whatever the distribution
(an exponential family: the derivative of the mean is the feature's variance). How steep t is hangs on what came of it:
while the notes drawn lately lie short of the aim it grows from note to note, so that a model that is sure of itself is
moved as well; beyond the aim it falls to nothing, and it never pushes the other way. Knows no single control.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import DRAWN, DRAWN_INDEX, VELOCITY_BIN
from cocomposer.events.steps import STEPS
from cocomposer.generation.phrase import split
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.music.note import Note

DRAWN_NOTES: Final = 12
"""The notes drawn are averaged over about so many."""
SHORT_OF_AIM: Final = 2.0
"""How much steeper the tilt is for each reach that the notes drawn lie short of the aim."""
STAYING_SHORT: Final = 0.25
"""How much steeper it gets with each note for each reach, as long as they do."""
STEEPEST: Final = 6.0
STEADIED_NOTES: Final = 24
"""As `DRAWN_NOTES`, where nothing is asked for."""
BACK: Final = 10.0
"""Logits per unit of the feature, for each unit that the notes drawn lately lie beyond their room."""
MOST_BACK: Final = 1.5
"""Logits per unit of the feature: steeper, one long rest would answer for many chords."""
PACE_ROOM: Final = 0.25
"""Units of DENSITY's feature; people leave it with one note in twenty."""
_SOON: Final = 6
"""Onsets this many ticks apart or less (a strummed chord) are equally dense."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a tilt moves, and how far."""

    field: str
    feature: NDArray[np.float64]
    """[classes]"""
    measure: Callable[[Note, int], float]
    """The feature of a note that began so many ticks after the one before."""
    unheard: float
    """The mean of the feature where nothing was heard."""
    reach: float
    """So far from the mean of the notes heard lies the aim of a control at 1."""
    push: float
    """Logits per unit of the feature with a control at 1 where the aim is just reached and always was."""


def _density(ticks: float) -> float:
    return -math.log2(1 + max(ticks, _SOON) / _SOON)


def _octaves(ticks: float) -> float:
    return math.log2(max(ticks, 1))


def _over_classes(field: str, feature: Callable[[int], float]) -> NDArray[np.float64]:
    return np.asarray([feature(number) for number in range(DRAWN[DRAWN_INDEX[field]].classes)])


DENSITY: Final = Kind(
    "onset",
    _over_classes("onset", lambda step: _density(STEPS[step])),
    lambda _, since: _density(since),
    unheard=_density(18),
    reach=1.0,
    push=0.9,
)
REGISTER: Final = Kind(
    "pitch",
    _over_classes("pitch", lambda pitch: pitch / 12),
    lambda note, _: note.pitch / 12,
    unheard=62 / 12,
    reach=1.0,
    push=0.7,
)
LENGTH: Final = Kind(
    "duration",
    _over_classes("duration", lambda step: _octaves(STEPS[step])),
    lambda note, _: _octaves(note.duration_ticks),
    unheard=_octaves(20),
    reach=1.5,
    push=0.8,
)
LOUDNESS: Final = Kind(
    "velocity",
    _over_classes("velocity", lambda number: number * VELOCITY_BIN / 32),
    lambda note, _: note.velocity / 32,
    unheard=72 / 32,
    reach=1.0,
    push=0.8,
)
KINDS: Final = {"density": DENSITY, "register": REGISTER, "length": LENGTH, "loudness": LOUDNESS}
"""Control → its tilt."""


class Tilt:
    """A shaper for one turn."""

    def __init__(self, kind: Kind, value: float, phrase_ticks: tuple[int, int] | None = None) -> None:
        """`value` from -1 to 1, not 0; where the phrase lies (see `phrase.split`)."""
        self._kind, self._value, self._phrase_ticks = kind, value, phrase_ticks
        self._aim = self._mean = kind.unheard
        self._grown = 0.0
        self._last_tick: int | None = None

    def begin(self, heard: Sequence[Note]) -> None:
        """The aim lies beside the mean of the phrase; what followed it is this answer so far."""
        phrase, answer = split(heard, self._phrase_ticks)
        self._mean = _mean_of(phrase, self._kind)
        self._aim = self._mean + self._value * self._kind.reach
        self._grown = 0.0
        self._last_tick = phrase[-1].onset_tick if phrase else None
        for note in answer:
            self.took(note)

    @property
    def steepness(self) -> float:
        """Logits per unit of the feature: of the control's sign, or 0."""
        factor = 1 + SHORT_OF_AIM * self._short() + self._grown
        return self._value * self._kind.push * min(STEEPEST, max(0.0, factor))

    def _short(self) -> float:
        """How many reaches the notes drawn lately lie short of the aim; below 0 beyond it."""
        return math.copysign(1.0, self._value) * (self._aim - self._mean) / self._kind.reach

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Its own field is tilted."""
        del drawing
        return logits + self.steepness * self._kind.feature if field == self._kind.field else logits

    def took(self, note: Note) -> None:
        """Close the loop."""
        since = 0 if self._last_tick is None else max(0, note.onset_tick - self._last_tick)
        self._mean += (self._kind.measure(note, since) - self._mean) / DRAWN_NOTES
        self._grown = min(STEEPEST, max(-1.0, self._grown + STAYING_SHORT * self._short()))
        self._last_tick = note.onset_tick


class Steadied:
    """A shaper for one turn whose control is neutral: what runs away from the phrase all the same is led back.

    A network that draws from what it has drawn itself may play faster and faster. Within `room` of the phrase's mean
    nothing is touched; beyond it the tilt is the steeper the further away.
    """

    def __init__(self, kind: Kind, room: float, phrase_ticks: tuple[int, int] | None = None) -> None:
        """`room`: in units of the feature, either way."""
        self._kind, self._room, self._phrase_ticks = kind, room, phrase_ticks
        self._heard = self._mean = kind.unheard
        self._last_tick: int | None = None

    def begin(self, heard: Sequence[Note]) -> None:
        """A turn begins after this hearing, or goes on."""
        phrase, answer = split(heard, self._phrase_ticks)
        self._heard = self._mean = _mean_of(phrase, self._kind)
        self._last_tick = phrase[-1].onset_tick if phrase else None
        for note in answer:
            self.took(note)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Its own field is tilted back; the same array where the turn is near the phrase."""
        del drawing
        away = self._mean - self._heard
        beyond = abs(away) - self._room
        if field != self._kind.field or beyond <= 0:
            return logits
        return logits - math.copysign(min(MOST_BACK, BACK * beyond), away) * self._kind.feature

    def took(self, note: Note) -> None:
        """Close the loop."""
        since = 0 if self._last_tick is None else max(0, note.onset_tick - self._last_tick)
        self._mean += (self._kind.measure(note, since) - self._mean) / STEADIED_NOTES
        self._last_tick = note.onset_tick


def _mean_of(notes: Sequence[Note], kind: Kind) -> float:
    found = [kind.measure(note, since) for note, since in zip(notes, _since(notes), strict=True)]
    return sum(found) / len(found) if found else kind.unheard


def _since(notes: Sequence[Note]) -> list[int]:
    """Ticks from each note's predecessor to it; of the first, as of the second."""
    apart = [max(0, later.onset_tick - note.onset_tick) for note, later in pairwise(notes)]
    return [*apart[:1], *apart] if apart else [0] * len(notes)

"""Where in its bars the chords of a melody may change. Knows no notes' pitches and no chord."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cocomposer.music.ticks import TICKS_PER_BEAT

_PULSES_OF_A_GROUP: Final = 3
_FASTEST_PULSE: Final = 8
_UPBEAT: Final = 0.5
"""Share of a bar; what is shorter before the first bar line has no chord."""


class Per(StrEnum):
    """The least time between two changes."""

    BAR = "bar"
    HALF = "half"
    BEAT = "beat"


class Place(StrEnum):
    """Where in the bar a slot begins."""

    ODD_BAR = "odd bar"
    EVEN_BAR = "even bar"
    MIDDLE = "middle"
    BEAT = "beat"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one metre."""

    ticks: int
    """Length of a bar."""
    pulses: int
    """Beats that are felt in it: two in 6/8."""
    origin: int = 0
    """A tick on which a bar begins."""

    @property
    def beats(self) -> float:
        """Quarter notes in a bar."""
        return self.ticks / TICKS_PER_BEAT

    def before(self, tick: int) -> int:
        """The bar line at or before a tick."""
        return self.origin + (tick - self.origin) // self.ticks * self.ticks

    def after(self, tick: int) -> int:
        """The bar line at or after a tick."""
        return -(-(tick - self.origin) // self.ticks) * self.ticks + self.origin

    def step(self, per: Per) -> int:
        """Ticks from one possible change to the next; of halves and beats that a bar has not, the next longer one."""
        halves = self.pulses % 2 == 0 and self.ticks % 2 == 0
        match per:
            case Per.BAR:
                return self.ticks
            case Per.HALF:
                return self.ticks // 2 if halves else self.ticks
            case Per.BEAT:
                return self.ticks // self.pulses if self.ticks % self.pulses == 0 else self.ticks

    def place(self, tick: int, first_bar: int) -> Place:
        """Of a tick, in a piece whose first full bar begins at `first_bar`."""
        since = (tick - self.origin) % self.ticks
        if since == 0:
            return Place.EVEN_BAR if (tick - first_bar) // self.ticks % 2 else Place.ODD_BAR
        return Place.MIDDLE if 2 * since == self.ticks and self.pulses % 2 == 0 else Place.BEAT


def bars_of_meter(numerator: int, denominator: int, origin: int = 0) -> Bars:
    """The bars of a printed metre such as 6/8."""
    grouped = denominator >= _FASTEST_PULSE and numerator > _PULSES_OF_A_GROUP and numerator % _PULSES_OF_A_GROUP == 0
    pulses = numerator // _PULSES_OF_A_GROUP if grouped else numerator
    return Bars(4 * TICKS_PER_BEAT * numerator // denominator, pulses, origin)


@dataclass(frozen=True, slots=True)
class Slots:
    """Stretches of time in a row, each with one chord; neighbours may share theirs."""

    edges: tuple[int, ...]
    """Ticks at which they begin, and at last where the last one ends."""
    places: tuple[Place, ...]
    """One for each slot."""

    def __len__(self) -> int:
        """How many."""
        return len(self.places)

    def beats(self, first: int, last: int) -> float:
        """Quarter notes from the beginning of one slot to that of another."""
        return (self.edges[last] - self.edges[first]) / TICKS_PER_BEAT

    def at(self, tick: int) -> int:
        """The slot in which a tick lies; the first or last one where it lies in none."""
        found = sum(edge <= tick for edge in self.edges[:-1]) - 1
        return min(max(found, 0), len(self) - 1)


def slots_of(start: int, end: int, bars: Bars, per: Per = Per.BEAT, more: Iterable[int] = ()) -> Slots:
    """The slots of music from `start` to `end`, up to whole bars; chords may also change at the ticks `more`.

    An upbeat shorter than half a bar is in none.
    """
    if end <= start:
        raise ValueError("there is no time for a chord")
    first = bars.before(start)
    if bars.after(start) - start < _UPBEAT * bars.ticks and bars.after(start) < end:
        first = bars.after(start)
    last = max(bars.after(end), first + bars.ticks)
    edges = {*range(first, last, bars.step(per)), *(tick for tick in more if first < tick < last)}
    ordered = sorted(edges)
    return Slots((*ordered, last), tuple(bars.place(tick, first) for tick in ordered))


def origin_of(starts: Sequence[int], bar_ticks: int) -> int:
    """Where bars begin in a piece with an upbeat of unknown length: where most of its chords do. 0 without chords."""
    counts: dict[int, int] = {}
    for start in starts:
        counts[start % bar_ticks] = counts.get(start % bar_ticks, 0) + 1
    return max(sorted(counts), key=lambda phase: counts[phase], default=0)

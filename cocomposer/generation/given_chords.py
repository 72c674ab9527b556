"""Chords that an answer shall go by, on the tick axis. Knows how a model is told of them, not how they were found."""

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from cocomposer.events.layout import CHORD_QUALITIES, QUALITY_UNKNOWN, ROOT_UNKNOWN
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.folding import fold


class GivenChord(msgspec.Struct, frozen=True):
    """One chord from a tick on, in small numbers, so that it travels."""

    tick: int
    root: int
    quality: str
    """One of `layout.CHORD_QUALITIES`: what the model is told."""
    tones: tuple[int, ...]
    """All its pitch classes, ascending: what fits it."""
    name: str = "?"
    """As musicians write it."""


def given(tick: int, chord: Chord) -> GivenChord:
    """A chord in force from `tick` on."""
    return GivenChord(tick, chord.root, fold(chord), tuple(sorted(chord.pitch_classes)), chord.name())


class GivenChords(msgspec.Struct, frozen=True):
    """A progression. Nothing is in force before its first chord; the last one stays, unless it goes round."""

    chords: tuple[GivenChord, ...] = ()
    """In order of their ticks, which differ."""
    loop_ticks: int | None = None
    """It goes round, also before its first tick: once in so many ticks, more than from its first chord to its last."""
    since_tick: int | None = None
    """Nothing is in force before it, also where it goes round."""

    def at(self, tick: int) -> GivenChord | None:
        """The chord in force; None if there is none."""
        if not self.chords or (self.since_tick is not None and tick < self.since_tick):
            return None
        first = self.chords[0].tick
        if self.loop_ticks is not None:
            tick = first + (tick - first) % self.loop_ticks
        place = bisect_right(self.chords, tick, key=lambda chord: chord.tick)
        return self.chords[place - 1] if place else None

    def everywhere(self, moved_ticks: int) -> "GivenChords":
        """The same so many ticks later, and in force also before `since_tick`."""
        chords = tuple(msgspec.structs.replace(chord, tick=chord.tick + moved_ticks) for chord in self.chords)
        return GivenChords(chords, self.loop_ticks)

    def classes_at(self, tick: int) -> tuple[int, int]:
        """(chord_root, chord_quality) of the layout."""
        chord = self.at(tick)
        return (ROOT_UNKNOWN, QUALITY_UNKNOWN) if chord is None else (chord.root, CHORD_QUALITIES.index(chord.quality))


def progression(chords: Iterable[tuple[int, Chord]], loop_ticks: int | None = None) -> GivenChords:
    """Chords with the ticks from which they are in force."""
    return GivenChords(tuple(given(tick, chord) for tick, chord in chords), loop_ticks)

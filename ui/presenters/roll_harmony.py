"""What the roll says of harmony: the key, whose scale its rows show, and the chords above it.

Takes bring their names; for what is being played they are found here, a few times a second at most, from the last
notes only. Knows no Qt and no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cocomposer.document.takes import KeptTake
from cocomposer.document.timeline import Timeline
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.progression import chords_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.roll_notes import Rows, ends_at
from ui.presenters.roll_time import MetreChange, is_on_the_jam, metre_at

LAST_NOTES: Final = 64
"""The key of so many last notes is the key that is being played in."""
LIVE_TICKS: Final = 16 * TICKS_PER_BEAT
"""Chords of what is no take yet are named so far back."""
EVERY_SECONDS: Final = 0.4
SURE: Final = 0.55
"""A key is left for another only if that is so likely."""


@dataclass(frozen=True, slots=True)
class ChordStretch:
    """A chord by name."""

    tick: int
    end_tick: int
    name: str


class RollHarmony:
    """Keeps what was found until there is more to hear."""

    def __init__(self) -> None:
        self.key: Key | None = None
        """Of what was played last."""
        self.live: tuple[ChordStretch, ...] = ()
        self._kept: tuple[tuple[KeptTake, ...], tuple[ChordStretch, ...], float] = ((), (), 0.0)
        self._heard = -1
        self._heard_at = -EVERY_SECONDS

    def key_of(self, take: KeptTake | None) -> Key | None:
        """The selected take's key; that of what was played last if none is selected or its key is unclear."""
        if take is None or not take.key:
            return self.key
        try:
            return key_named(take.key)
        except ValueError:  # a name from a file
            return self.key

    def chords(self, takes: tuple[KeptTake, ...]) -> tuple[ChordStretch, ...]:
        """The chords of all turns, and behind them those of what is no take yet."""
        if takes is not self._kept[0]:
            found = [stretch for take in takes if is_on_the_jam(take) for stretch in stretches_of(take)]
            found.sort(key=lambda stretch: stretch.tick)
            self._kept = takes, without_overlap(found), max((s.end_tick for s in found), default=0.0)
        _, kept, end = self._kept
        later = tuple(stretch for stretch in self.live if stretch.tick >= end)
        return kept + later if later else kept

    def hear(self, timeline: Timeline, metres: tuple[MetreChange, ...], tick: float, now: float) -> None:
        """Name what was played lately; nothing if there is nothing new, or it is too soon after the last time."""
        if timeline.version == self._heard or now - self._heard_at < EVERY_SECONDS:
            return
        self._heard, self._heard_at = timeline.version, now
        begun = np.flatnonzero((timeline.onset <= tick) & (timeline.end > timeline.onset))
        last = notes_of(timeline, begun[-LAST_NOTES:], tick)
        found = find_key(last)
        if found is not None and (self.key is None or found.confidence >= SURE):
            self.key = found.key
        recent = [note for note in last if note.onset_tick >= tick - LIVE_TICKS]
        metre = metre_at(metres, tick)
        self.live = tuple(
            ChordStretch(span.tick, span.end_tick, span.chord.name(self.key))
            for span in chords_of(recent, metre)
            if span.chord is not None
        )


def notes_of(timeline: Timeline, rows: Rows, tick: float) -> list[Note]:
    """Rows of the timeline as notes in order; keys still down end at `tick`."""
    onsets = np.rint(timeline.onset[rows]).astype(np.int64)
    lengths = np.maximum(1, np.rint(ends_at(timeline, rows, tick)).astype(np.int64) - onsets)
    facts = (onsets, timeline.pitch[rows], lengths, timeline.velocity[rows], timeline.channel[rows])
    return sorted(Note(*values) for values in zip(*(column.tolist() for column in facts), strict=True))


def stretches_of(take: KeptTake) -> list[ChordStretch]:
    """A take's chords, each up to the next; the last to the end of its notes."""
    end = max(note.end_tick for note in (*take.phrase, *take.answer))
    ends = [*(chord.tick for chord in take.chords[1:]), end]
    return [
        ChordStretch(chord.tick, until, chord.name)
        for chord, until in zip(take.chords, ends, strict=False)
        if until > chord.tick
    ]


def without_overlap(stretches: Sequence[ChordStretch]) -> tuple[ChordStretch, ...]:
    """In order, each cut where the next begins; of those that begin together the later one."""
    kept: list[ChordStretch] = []
    for stretch in stretches:
        while kept and kept[-1].tick >= stretch.tick:
            kept.pop()
        if kept and kept[-1].end_tick > stretch.tick:
            kept[-1] = ChordStretch(kept[-1].tick, stretch.tick, kept[-1].name)
        kept.append(stretch)
    return tuple(kept)

"""The chords so far while music goes on: only the last few bars are judged anew when notes come.

What lies further back is settled and never changes again, so the chord lane is calm and an update costs the same at
the thousandth note as at the hundredth. Knows no clock: it is fed notes as they end.
"""

from bisect import insort
from collections.abc import Iterable
from typing import Final

from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan, spans_between
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

OPEN_BEATS: Final = 16
"""A chord that ended so long before the newest note is settled: four bars of 4/4."""
OPEN_NOTES_MOST: Final = 256
"""So many notes are kept open at most, which bounds the cost of an update in the thickest music too."""


class LiveChords:
    """Feed it notes in any order that is roughly that of their ends; ask for the spans at any time."""

    def __init__(self, metre: Metre | None = None) -> None:
        """For another metre make a new one."""
        self._metre = metre or Metre()
        self._open: list[Note] = []
        self._settled: tuple[ChordSpan, ...] = ()
        self._recent: tuple[ChordSpan, ...] = ()

    @property
    def spans(self) -> tuple[ChordSpan, ...]:
        """The chords so far, in order and without gaps; no two neighbours are alike."""
        return _joined(self._settled, self._recent)

    @property
    def settled_tick(self) -> int | None:
        """Chords before this tick no longer change; None while all still may."""
        return self._settled[-1].end_tick if self._settled else None

    def add(self, *notes: Note) -> tuple[ChordSpan, ...]:
        """Hear notes that ended, and give the spans so far.

        Drums are not heard, nor notes that ended before what is settled.
        """
        self.extend(notes)
        return self.spans

    def extend(self, notes: Iterable[Note]) -> None:
        """Hear many notes at once."""
        settled = self.settled_tick
        heard = [
            note for note in notes if note.channel != DRUM_CHANNEL and (settled is None or note.end_tick > settled)
        ]
        if heard:
            for note in heard:
                insort(self._open, note)
            self._judge()

    def _judge(self) -> None:
        settled = self.settled_tick
        start = self._open[0].onset_tick if settled is None else settled
        end = max(note.end_tick for note in self._open)
        edges = self._metre.edges(start, end, [note.onset_tick for note in self._open if note.onset_tick > start])
        self._recent = spans_between(self._open, edges, self._metre)
        self._settle(end)

    def _settle(self, end: int) -> None:
        """Close the spans that lie far enough back, always leaving the newest open."""
        excess = len(self._open) - OPEN_NOTES_MOST
        until = end - OPEN_BEATS * TICKS_PER_BEAT
        if excess > 0:
            until = max(until, self._open[excess].onset_tick)
        done = [span for span in self._recent[:-1] if span.end_tick <= until]
        if done:
            self._settled = _joined(self._settled, tuple(done))
            self._recent = self._recent[len(done) :]
            boundary = done[-1].end_tick
            self._open = [note for note in self._open if note.end_tick > boundary]


def _joined(before: tuple[ChordSpan, ...], after: tuple[ChordSpan, ...]) -> tuple[ChordSpan, ...]:
    """One sequence of spans; two alike that meet become one."""
    if before and after and before[-1].chord == after[0].chord:
        return (*before[:-1], ChordSpan(before[-1].tick, after[0].end_tick, after[0].chord), *after[1:])
    return before + after

"""The chords so far while music goes on: only the last few bars are judged anew when notes come.

What lies further back is settled and never changes again, so the chord lane is calm and an update costs the same at
the thousandth note as at the hundredth. Knows no clock: it is fed notes as they end.
"""

from bisect import insort
from collections.abc import Iterable
from typing import Final

from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan, Stretches, best_spans, scored
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

OPEN_BEATS: Final = 16
"""A chord that ended so long before the newest note is settled: four bars of 4/4."""
OPEN_NOTES_MOST: Final = 256
"""So many notes are kept open at most, which bounds the cost of an update in the thickest music too."""


class LiveChords:
    """Feed it notes in any order that is roughly that of their ends; ask for the spans at any time."""

    def __init__(self, metre: Metre | None = None, most: int | None = None) -> None:
        """`most`: so many chords are remembered, the last ones; None: all."""
        self._metre = metre or Metre()
        self._most = most
        self._open: list[Note] = []
        self._settled: tuple[ChordSpan, ...] = ()
        self._recent: tuple[ChordSpan, ...] = ()
        self._scored: tuple[list[int], Stretches] | None = None

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
        self.hear(notes)
        self.judge()

    @property
    def is_waiting(self) -> bool:
        """Whether notes were heard that are not judged yet."""
        return self._scored is not None

    def hear(self, notes: Iterable[Note]) -> None:
        """The first half of the work of `extend`, for a caller that has little time at once; `judge` is the other."""
        settled = self.settled_tick
        heard = [
            note for note in notes if note.channel != DRUM_CHANNEL and (settled is None or note.end_tick > settled)
        ]
        if heard:
            self._leave_out_silence(min(note.onset_tick for note in heard))
            for note in heard:
                insort(self._open, note)
            self._score()

    def _leave_out_silence(self, onset: int) -> None:
        """A long rest is no chord, without being judged beat by beat."""
        end = max((note.end_tick for note in self._open), default=self.settled_tick)
        if end is None or onset - end <= OPEN_BEATS * TICKS_PER_BEAT:
            return
        self._settle_all()
        last = end if self.settled_tick is None else self.settled_tick
        begins = self._metre.beat_at(onset) if self._metre.beat_known else onset
        self._settled = self._remembered((ChordSpan(last, begins, None),))

    def _score(self) -> None:
        settled = self.settled_tick
        start = self._open[0].onset_tick if settled is None else settled
        end = max(note.end_tick for note in self._open)
        edges = self._metre.edges(start, end, [note.onset_tick for note in self._open if note.onset_tick > start])
        # Where another metre was before, what is settled need not end on a beat of this one.
        edges[0] = max(edges[0], start) if settled is not None else edges[0]
        self._scored = edges, scored(self._open, edges)

    def judge(self) -> None:
        """Bring the spans up to date with all that was heard."""
        if self._scored is not None:
            edges, stretches = self._scored
            self._scored = None
            self._recent = best_spans(stretches, edges, self._metre)
            self._settle(max(note.end_tick for note in self._open))

    def change_metre(self, metre: Metre) -> None:
        """What was heard so far is settled; what comes is judged by this metre."""
        self._settle_all()
        self._metre = metre

    def _settle_all(self) -> None:
        self.judge()
        if self._recent:
            end = self._recent[-1].end_tick
            self._settled, self._recent = self._remembered(self._recent), ()
            self._open = [note for note in self._open if note.end_tick > end]

    def _settle(self, end: int) -> None:
        """Close the spans that lie far enough back, always leaving the newest open."""
        excess = len(self._open) - OPEN_NOTES_MOST
        until = end - OPEN_BEATS * TICKS_PER_BEAT
        if excess > 0:
            until = max(until, self._open[excess].onset_tick)
        done = [span for span in self._recent[:-1] if span.end_tick <= until]
        if done:
            self._settled = self._remembered(tuple(done))
            self._recent = self._recent[len(done) :]
            boundary = done[-1].end_tick
            self._open = [note for note in self._open if note.end_tick > boundary]

    def _remembered(self, more: tuple[ChordSpan, ...]) -> tuple[ChordSpan, ...]:
        spans = _joined(self._settled, more)
        return spans if self._most is None else spans[-self._most :]


def _joined(before: tuple[ChordSpan, ...], after: tuple[ChordSpan, ...]) -> tuple[ChordSpan, ...]:
    """One sequence of spans; two alike that meet become one."""
    if before and after and before[-1].chord == after[0].chord:
        return (*before[:-1], ChordSpan(before[-1].tick, after[0].end_tick, after[0].chord), *after[1:])
    return before + after

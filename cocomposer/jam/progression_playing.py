"""A progression as the notes of an accompanist, some bars at a time and without end: voiced, and in a rhythm.

Voiced in pieces, each by an exact search from the voicing before it, so that a long progression never takes long at
once. Pure; knows ticks, not when they sound.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import comp
from cocomposer.harmony.comping_patterns import CompingPattern
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.search import voice_progression
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note

PIECE: Final = 8
"""Chords that are voiced at once."""
_KEPT_CHAPTERS: Final = 3


@dataclass(frozen=True, slots=True)
class Manner:
    """How chords are played."""

    rules: VoicingRules
    pattern: CompingPattern | None
    """None: each chord is held as long as it lasts."""
    velocity: int
    channel: int
    """From 0."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A progression on the tick axis."""

    chords: tuple[Chord | None, ...]
    """At least one; None: silence."""
    offsets: tuple[int, ...]
    """Where each begins, counted from the first, and where the last one ends; ascending."""
    first_tick: int
    """Where the first begins."""
    loop: bool

    @property
    def length(self) -> int:
        """Ticks of once through."""
        return self.offsets[-1]

    @property
    def end_tick(self) -> int | None:
        """Where it is over; None: never."""
        return None if self.loop else self.first_tick + self.length

    def place(self, tick: int) -> tuple[int, int] | None:
        """(number of the chord at a tick, the tick at which it began), numbers going on from round to round; None
        before the first and after the last."""
        if tick < self.first_tick or (not self.loop and tick >= self.first_tick + self.length):
            return None
        rounds, within = divmod(tick - self.first_tick, self.length)
        number = bisect_right(self.offsets, within) - 1
        return rounds * len(self.chords) + number, tick - within + self.offsets[number]

    def span(self, number: int) -> ChordSpan:
        """The chord of a number that goes on from round to round."""
        rounds, slot = divmod(number, len(self.chords))
        start = self.first_tick + rounds * self.length
        return ChordSpan(start + self.offsets[slot], start + self.offsets[slot + 1], self.chords[slot])

    def spans_between(self, begin: int, end: int) -> list[tuple[int, ChordSpan]]:
        """(number, chord) of all that sound between two ticks."""
        found: list[tuple[int, ChordSpan]] = []
        here = self.place(max(begin, self.first_tick))
        if here is None:
            return found
        number = here[0]
        while self.loop or number < len(self.chords):
            span = self.span(number)
            if span.tick >= end:
                break
            found.append((number, span))
            number += 1
        return found


class PlayedProgression:
    """The notes of one progression in one manner, in order, from a tick on."""

    def __init__(self, laid: Laid, manner: Manner, beats_per_bar: int, bar_tick: int, begin_tick: int) -> None:
        """`bar_tick`: where some bar begins. `begin_tick`: nothing is struck before; what lasts then is struck then."""
        self.laid, self.manner = laid, manner
        self._metre = Metre(beats_per_bar, bar_tick)
        bars = 1
        if manner.pattern is not None and manner.pattern.cycle_ticks is not None:
            bars = max(1, manner.pattern.cycle_ticks // self._metre.ticks_per_bar)
        self._chapter_ticks = bars * self._metre.ticks_per_bar
        # Cycles of several bars are counted from the bar in which the progression begins.
        first_bar = bar_tick + (laid.first_tick - bar_tick) // self._metre.ticks_per_bar * self._metre.ticks_per_bar
        self.begin_tick = begin_tick
        self._next_chapter = first_bar + (begin_tick - first_bar) // self._chapter_ticks * self._chapter_ticks
        self._voicings: dict[int, Voicing | None] = {}
        self._voiced_to = 0

    @property
    def next_tick(self) -> int | None:
        """Where the notes begin that `more` gives next; None: there are none any more."""
        end = self.laid.end_tick
        return None if end is not None and self._next_chapter >= end else self._next_chapter

    def more(self) -> list[Note]:
        """The notes of the next bar, or of the next cycle of the rhythm, in order."""
        begin = self._next_chapter
        end = self._next_chapter = begin + self._chapter_ticks
        # With what is before and behind, for strokes that anticipate a chord and are tied over.
        since = begin - self._chapter_ticks
        numbered = self.laid.spans_between(max(since, self.begin_tick), end + self._chapter_ticks)
        if not numbered:
            return []
        voicings = [self._voicing(number) for number, _ in numbered]
        self._forget(numbered[0][0])
        spans = [replace(span, tick=max(span.tick, self.begin_tick)) for _, span in numbered]
        return [note for note in self._played(spans, voicings, since) if begin <= note.onset_tick < end]

    def _played(self, spans: list[ChordSpan], voicings: Sequence[Voicing | None], since: int) -> Sequence[Note]:
        manner = self.manner
        if manner.pattern is None:
            return sorted(
                Note(span.tick, pitch, span.end_tick - span.tick, manner.velocity, manner.channel)
                for span, voicing in zip(spans, voicings, strict=True)
                if voicing is not None
                for pitch in voicing.pitches
            )
        # Bars are counted from the one in which the first span begins: that must be the same in each chapter.
        first = spans[0]
        if first.tick < since:
            spans = [replace(first, tick=since), *spans[1:]]
        elif first.tick >= since + self._metre.ticks_per_bar:
            spans, voicings = [ChordSpan(since, first.tick, None), *spans], [None, *voicings]
        return comp(spans, voicings, manner.pattern, self._metre, manner.velocity, manner.channel)

    def _voicing(self, number: int) -> Voicing | None:
        if not self._voicings:
            self._voiced_to = number
        while self._voiced_to <= number:
            self._voice_piece()
        return self._voicings[number]

    def _voice_piece(self) -> None:
        """Voice the next chords: to the end of the round at most, so that each round is voiced alike."""
        first, count = self._voiced_to, len(self.laid.chords)
        last = min(first + PIECE, (first // count + 1) * count)
        chords = [self.laid.chords[number % count] for number in range(first, last)]
        before = [voicing for _, voicing in sorted(self._voicings.items()) if voicing is not None]
        voicings = _voiced(chords, self.manner.rules, before[-1] if before else None)
        self._voicings.update(zip(range(first, last), voicings, strict=True))
        self._voiced_to = last

    def _forget(self, number: int) -> None:
        """Voicings of long ago are not wanted again."""
        for old in [old for old in self._voicings if old < number - _KEPT_CHAPTERS * PIECE]:
            del self._voicings[old]


def _voiced(chords: Sequence[Chord | None], rules: VoicingRules, before: Voicing | None) -> Sequence[Voicing | None]:
    try:
        return voice_progression(chords, rules, previous=before).voicings
    except ValueError:
        if rules == VoicingRules():
            return [None] * len(chords)
        # No hand spans one of them in this style: all are played plainly.
        return _voiced(chords, VoicingRules(), before)

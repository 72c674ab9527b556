"""How well known chords of pieces are found, as a whole and live, and what the confidence is worth.

Shares of time. `exact` has root, quality and bass; `quality` root and quality; `class` root and one of the eight
classes of `names.folding`; `root` the root. What a chord is called where nobody says it is not counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from cocomposer.bench.known_chords import KnownPiece
from cocomposer.bench.played_live import DRAW_TICKS, Played, Shown, play
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.folding import fold
from cocomposer.harmony.progression import ChordSpan, chords_of
from cocomposer.music.ticks import TICKS_PER_BEAT

MEASURES: Final = ("root", "class", "quality", "exact")
BINS: Final = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)
"""Edges of confidence in the table that shows what it is worth."""
LIVE_BEATS: Final = 96
"""Of each piece are played live: an update is told 25 times a beat."""


@dataclass
class Tally:
    """Ticks that were right, and out of how many."""

    right: Counter[str] = field(default_factory=Counter)
    ticks: int = 0

    def add(self, found: Chord | None, wanted: Chord, ticks: int) -> None:
        """Count what is found in place of what is wanted, for so long."""
        self.ticks += ticks
        for measure in agreements(found, wanted):
            self.right[measure] += ticks

    def shares(self) -> dict[str, float]:
        """By measure."""
        return {measure: self.right[measure] / max(1, self.ticks) for measure in MEASURES}


def agreements(found: Chord | None, wanted: Chord) -> Iterator[str]:
    """In which of MEASURES the two are alike."""
    if found is None or found.root != wanted.root:
        return
    yield "root"
    if fold(found) == fold(wanted):
        yield "class"
    if found.quality == wanted.quality:
        yield "quality"
        if found.bass_or_root == wanted.bass_or_root:
            yield "exact"


def measure_whole(pieces: Iterable[KnownPiece]) -> tuple[Tally, dict[str, Tally]]:
    """All together, and by the quality that was meant."""
    total, by_quality = Tally(), dict[str, Tally]()
    for piece in pieces:
        for found, wanted, ticks in overlaps(chords_of(piece.notes, piece.metre), piece):
            total.add(found, wanted, ticks)
            by_quality.setdefault(wanted.quality, Tally()).add(found, wanted, ticks)
    return total, by_quality


def overlaps(found: Sequence[ChordSpan], piece: KnownPiece) -> Iterator[tuple[Chord | None, Chord, int]]:
    """(found, wanted, ticks) of all time in which a chord is known and something is found."""
    for known in piece.chords:
        wanted = known.span.chord
        if wanted is None:
            continue
        for span in found:
            ticks = min(span.end_tick, known.span.end_tick) - max(span.tick, known.span.tick)
            if ticks > 0:
                yield span.chord, wanted, ticks


@dataclass
class LiveTally:
    """What live playing came to."""

    shown: Tally = field(default_factory=Tally)
    waits: list[float] = field(default_factory=list)
    """Beats from a chord's beginning until its root is shown, where it was shown at all."""
    chords: int = 0
    found: int = 0
    """Chords whose root was shown before they ended."""
    changes: int = 0
    """Of the display."""
    wanted_changes: int = 0
    confidence: dict[int, list[tuple[float, bool]]] = field(default_factory=dict)
    """(confidence, whether root and quality are right) at the end of every beat, by bin."""
    seconds: list[float] = field(default_factory=list)

    def reliability(self) -> list[tuple[float, float, int]]:
        """(mean confidence, share right, beats) of each bin that has any."""
        rows = [self.confidence[number] for number in sorted(self.confidence)]
        return [(sum(c for c, _ in row) / len(row), sum(r for _, r in row) / len(row), len(row)) for row in rows]


def measure_live(pieces: Iterable[KnownPiece]) -> LiveTally:
    """The first beats of each piece, key by key."""
    tally = LiveTally()
    for piece in pieces:
        until = min(LIVE_BEATS * TICKS_PER_BEAT, max((note.end_tick for note in piece.notes), default=0))
        played = play([note for note in piece.notes if note.onset_tick < until], piece.metre, until)
        tally.seconds += played.seconds
        _count(tally, piece, played, until)
    return tally


def _count(tally: LiveTally, piece: KnownPiece, played: Played, until: int) -> None:
    known = [each.span for each in piece.chords if each.span.chord is not None and each.span.tick < until]
    for span in known:
        assert span.chord is not None
        during = [shown for shown in played.shown if span.tick <= shown.tick < span.end_tick]
        roots = [shown.tick for shown in during if shown.chord is not None and shown.chord.root == span.chord.root]
        tally.chords += 1
        tally.found += bool(roots)
        if roots:
            tally.waits.append((roots[0] - span.tick) / TICKS_PER_BEAT)
        for shown in during:
            tally.shown.add(shown.chord, span.chord, DRAW_TICKS)
            _count_confidence(tally, shown, span.chord)
    tally.wanted_changes += sum(one.chord != other.chord for one, other in pairwise(known))
    tally.changes += max(0, len(played.chords()) - 1)


def _count_confidence(tally: LiveTally, shown: Shown, wanted: Chord) -> None:
    is_end_of_beat = TICKS_PER_BEAT - shown.tick % TICKS_PER_BEAT <= DRAW_TICKS
    if shown.chord is None or not is_end_of_beat:
        return
    number = next(number for number, edge in enumerate(BINS[1:]) if shown.confidence < edge)
    is_right = "quality" in agreements(shown.chord, wanted)
    tally.confidence.setdefault(number, []).append((shown.confidence, is_right))

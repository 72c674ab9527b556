"""Takes cut afterwards out of what was played: nothing has to be armed, and nothing is lost.

Everything lies in the document's timeline already; this decides where to cut. Knows no seconds but a take's tempo.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.document.document import KIND_NAMES, Document
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.document.timeline import FALLBACK, MACHINE, PLAYER
from cocomposer.music.grid import Grid
from cocomposer.music.note import Note
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT

EARLY_TICKS: Final = 6
"""A note so little before a bar line (1/32) was meant for the bar behind it."""
PAUSE_TICKS: Final = 2 * TICKS_PER_BEAT
"""So long without a key down ends a phrase: a second in free time."""
EARLIEST: Final = -math.inf


def captured(document: Document, now_tick: float, ticks: float, grid: Grid | None = None) -> KeptTake | None:
    """The last `ticks` that the player played up to `now_tick` (timeline), as a take; None if nothing was played.

    Silence at the end does not count. Where bars are known, whole bars are taken: the one in which the last note
    began is the last. `grid` is the engine's, on its own ticks; without it the last take tells the beat.
    """
    played = _played(document, now_tick)
    if not played:
        return None
    beat = _beat(document, grid)
    last = played[-1].onset_tick
    if beat.bar_tick is None:
        first = max(note.end_tick for note in played) - ticks
    else:
        bars = max(1, round(ticks / beat.ticks_per_bar))
        line = _line_at(last + EARLY_TICKS, beat.bar_tick, beat.ticks_per_bar)
        first = line - (bars - 1) * beat.ticks_per_bar - EARLY_TICKS
    kept = [note for note in played if note.onset_tick >= min(first, last)]
    return _take(document, TakeKind.CAPTURED, kept, (), beat)


def last_phrase(document: Document, now_tick: float, grid: Grid | None = None) -> KeptTake | None:
    """What the player played since the last pause, up to `now_tick`, as a take; None if nothing was played.

    A pause is PAUSE_TICKS or more in which none of the player's keys is down.
    """
    played = _played(document, now_tick)
    if not played:
        return None
    ends: list[int] = []
    for note in played:
        ends.append(max(note.end_tick, ends[-1] if ends else note.end_tick))
    begin = 0
    for index in range(len(played) - 1, 0, -1):
        if played[index].onset_tick - ends[index - 1] >= PAUSE_TICKS:
            begin = index
            break
    return _take(document, TakeKind.CAPTURED, played[begin:], (), _beat(document, grid))


def recorded(document: Document, from_tick: float, to_tick: float, grid: Grid | None = None) -> KeptTake | None:
    """All that both played from one tick of the timeline to another, as a take; None if there is nothing.

    Notes that sound on at the end are cut there.
    """
    phrase = document.timeline.notes(from_tick, to_tick, (PLAYER,))
    answer = document.timeline.notes(from_tick, to_tick, (MACHINE, FALLBACK))
    if not phrase and not answer:
        return None
    return _take(document, TakeKind.RECORDING, phrase, answer, _beat(document, grid))


def _played(document: Document, now_tick: float) -> list[Note]:
    return document.timeline.notes(EARLIEST, now_tick, (PLAYER,))


@dataclass(frozen=True, slots=True)
class _Beat:
    """Whose bars to cut on; ticks are the timeline's."""

    bpm: float
    known: bool
    bar_tick: int | None
    beats_per_bar: int

    @property
    def ticks_per_bar(self) -> int:
        return self.beats_per_bar * TICKS_PER_BEAT


def _beat(document: Document, grid: Grid | None) -> _Beat:
    """The engine's, else that of the last turn, else that of the settings."""
    if grid is not None:
        bar = grid.bar_tick + document.offset_ticks if grid.beat_known and grid.bar_tick is not None else None
        return _Beat(grid.bpm, grid.beat_known, bar, grid.beats_per_bar)
    for take in reversed(document.takes):
        if take.kind is TakeKind.ANSWER:
            return _Beat(take.bpm, take.beat_known, take.bar_tick if take.beat_known else None, take.beats_per_bar)
    return _Beat(document.settings.tempo or NOMINAL_BPM, False, None, document.settings.beats_per_bar)


def _take(document: Document, kind: TakeKind, phrase: Sequence[Note], answer: Sequence[Note], beat: _Beat) -> KeptTake:
    number = document.next_number(kind)
    return KeptTake(
        id=document.new_id(kind),
        number=number,
        kind=kind,
        name=f"{KIND_NAMES[kind]} {number}",
        phrase=tuple(phrase),
        answer=tuple(answer),
        bpm=beat.bpm,
        beat_known=beat.known,
        bar_tick=beat.bar_tick or 0,
        beats_per_bar=beat.beats_per_bar,
        seed=document.settings.seed,
        settings=document.settings,
        created_at=document.last_moment,
        along=document.timeline.along((*phrase, *answer)),
    )


# -- keeping some bars of an answer ----------------------------------------------------------


def answer_bars(take: KeptTake) -> list[tuple[int, int]]:
    """First tick, and first tick behind it, of each bar of the answer; empty if there is no answer.

    The first bar begins no sooner than the answer. Where no beat is known, bars are counted from its first note.
    """
    if not take.answer:
        return []
    begin = take.answer[0].onset_tick
    lines = _lines(take)
    return [(max(line, begin) if n == 0 else line, line + take.ticks_per_bar) for n, line in enumerate(lines)]


def gaps(take: KeptTake, kept_bars: Collection[int]) -> list[tuple[int, int]]:
    """What must be drawn anew if these bars of the answer stay: first tick, first tick behind, of each run of bars.

    In order; each is to be drawn after all that lies before it: phrase, kept bars, and what was drawn for gaps before.
    """
    found: list[tuple[int, int]] = []
    for number, (first, end) in enumerate(answer_bars(take)):
        if number in kept_bars:
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def regenerated(take: KeptTake, kept_bars: Collection[int], drawn: Sequence[Note]) -> tuple[Note, ...]:
    """The answer with its kept bars as they were, and what was drawn in place of the others.

    A kept note keeps its length, also over the bar line. A drawn note ends at the line of the next kept bar, and is
    left out if a kept note holds its key, or if it does not begin in a gap.
    """
    bars = answer_bars(take)
    kept = [note for note in take.answer if _bar_of(note, take, len(bars)) in kept_bars]
    lines = [first for number, (first, _) in enumerate(bars) if number in kept_bars]
    spans = gaps(take, kept_bars)
    answer = list(kept)
    for note in drawn:
        if not any(first <= note.onset_tick < end for first, end in spans):
            continue
        if any(_same_key(note, other) and other.onset_tick <= note.onset_tick < other.end_tick for other in kept):
            continue
        end = min([line for line in lines if line > note.onset_tick], default=note.end_tick)
        same = [other.onset_tick for other in kept if _same_key(note, other) and other.onset_tick > note.onset_tick]
        length = min(note.end_tick, end, *same) - note.onset_tick
        answer.append(replace(note, duration_ticks=max(1, length)))
    return tuple(sorted(answer))


def _lines(take: KeptTake) -> list[int]:
    """Where the bars of the answer begin."""
    first, last = take.answer[0].onset_tick, take.answer[-1].onset_tick
    if not take.beat_known:
        return list(range(first, last + 1, take.ticks_per_bar))
    begin = _line_at(first + EARLY_TICKS, take.bar_tick, take.ticks_per_bar)
    return list(range(begin, _line_at(last + EARLY_TICKS, take.bar_tick, take.ticks_per_bar) + 1, take.ticks_per_bar))


def _line_at(tick: int, bar_tick: int, ticks_per_bar: int) -> int:
    """The last bar line at or before a tick."""
    return bar_tick + (tick - bar_tick) // ticks_per_bar * ticks_per_bar


def _bar_of(note: Note, take: KeptTake, bars: int) -> int:
    """Which bar of the answer a note belongs to."""
    early = EARLY_TICKS if take.beat_known else 0
    return max(0, min(bars - 1, (note.onset_tick + early - _lines(take)[0]) // take.ticks_per_bar))


def _same_key(one: Note, other: Note) -> bool:
    return one.pitch == other.pitch and one.channel == other.channel

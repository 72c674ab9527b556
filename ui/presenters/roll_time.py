"""The roll's ruler: where bars, beats and seconds lie, and which stretch of time each take is. Knows no Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.harmony.metre import Metre
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.ticks import NOMINAL_SECONDS_PER_TICK, TICKS_PER_BEAT
from ui.presenters.roll_viewport import Viewport

TICKS_PER_SECOND: Final = round(1 / NOMINAL_SECONDS_PER_TICK)
"""Where no beat is known ticks run at the nominal tempo."""
ON_THE_JAM: Final = frozenset({TakeKind.ANSWER, TakeKind.RECORDING, TakeKind.CAPTURED})
"""Takes whose ticks are those of the timeline."""
BEATS_FROM: Final = 14.0
"""Beat lines are shown from this distance on (pixels at ratio 1)."""
LABELS_FROM: Final = 56.0
_MOST_CHANGES: Final = 64
"""A DAW that plays a loop begins its bars anew each time round; so many of the latest changes are shown."""
_BAR_STEPS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
_SECOND_STEPS: Final = (1, 5, 10, 30, 60, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class MetreChange:
    """From this tick on time is counted so."""

    from_tick: float
    metre: Metre
    """On the timeline's ticks; bar 1 begins on its `bar_tick`."""


@dataclass(frozen=True, slots=True)
class TakeSpan:
    """The stretch of a take, phrase and answer."""

    take_id: str
    name: str
    first_tick: int
    split_tick: int
    """Where the answer begins; the end if there is none."""
    end_tick: int
    lane: int
    """0 for turns, 1 for recordings and captures, which lie over turns."""
    starred: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the ruler as pixels from the viewport's left edge."""

    bars: tuple[int, ...]
    beats: tuple[int, ...]
    """Beats that are no bars; seconds where no beat is known."""
    labels: tuple[tuple[int, str, bool], ...]
    """Pixel, text, whether it is a bar (else a time)."""


def counted(
    before: tuple[MetreChange, ...], grid: Grid | None, offset: int, last_tick: float
) -> tuple[MetreChange, ...]:
    """How time was counted so far, and from where on the grid counts it now: over what has sounded nothing changes.

    `offset`: added to the grid's ticks; `last_tick`: where the music ended. A beat that was found in the playing
    counts for that playing.
    """
    if grid is None:
        return before
    bar = grid.bar_tick + offset if grid.bar_tick is not None and grid.beat_known else None
    metre = Metre(grid.beats_per_bar, bar, grid.beat_known)
    if not before:
        return (MetreChange(offset, metre),)
    last = before[-1]
    if _alike(last.metre, metre):
        return before
    found = grid.source is BeatSource.ESTIMATE and not last.metre.beat_known
    if not found and last_tick > last.from_tick:
        return (*before[1 - _MOST_CHANGES :], MetreChange(last_tick, metre))
    rest = before[:-1]
    return rest if rest and _alike(rest[-1].metre, metre) else (*rest, MetreChange(last.from_tick, metre))


def metres_of(takes: Sequence[KeptTake], since: tuple[MetreChange, ...]) -> tuple[MetreChange, ...]:
    """How time was counted through the jam: as each take says from where it begins, else as `since` (see `counted`)."""
    found: list[MetreChange] = []
    last = 0.0
    for take in sorted((take for take in takes if is_on_the_jam(take)), key=_first_tick):
        metre = Metre(take.beats_per_bar, take.bar_tick if take.beat_known else None, take.beat_known)
        if not found or not _alike(found[-1].metre, metre):
            found.append(MetreChange(_first_tick(take), metre))
        last = max(last, _end_tick(take))
    for change in (*(change for change in since[:-1] if change.from_tick >= last), *since[-1:]):
        if not found or not _alike(found[-1].metre, change.metre):
            found.append(MetreChange(max(last, change.from_tick), change.metre))
    return tuple(found)


def _alike(a: Metre, b: Metre) -> bool:
    return a == b or not (a.beat_known or b.beat_known)


def metre_at(metres: tuple[MetreChange, ...], tick: float) -> Metre | None:
    """How time is counted at a tick; before the first as by the first."""
    before = [change.metre for change in metres if change.from_tick <= tick]
    return before[-1] if before else metres[0].metre if metres else None


def place_words(metres: tuple[MetreChange, ...], tick: float) -> str:
    """A tick in words: "bar 3 beat 2.5", "beat 7" where no bar is known, "second 4.2" where no beat is."""
    metre = metre_at(metres, tick)
    if metre is None or not metre.beat_known:
        return f"second {tick / TICKS_PER_SECOND:.1f}"
    if metre.bar_tick is None:
        return f"beat {round(tick / TICKS_PER_BEAT + 1, 2):g}"
    # To a hundredth of a beat first, or a note a hair before the bar would lie on its fifth beat of four.
    beats = round((tick - metre.bar_tick) / TICKS_PER_BEAT, 2)
    bar, beat = divmod(beats, metre.beats_per_bar)
    return f"bar {int(bar) + 1} beat {round(beat + 1, 2):g}"


def lines_of(metres: tuple[MetreChange, ...], viewport: Viewport) -> Lines:
    """The lines and labels in the viewport, no closer than can be told apart."""
    bars: list[int] = []
    beats: list[int] = []
    labels: list[tuple[int, str, bool]] = []
    room = viewport.pixels_per_tick / viewport.ratio
    # A label may begin left of the window.
    first_seen = viewport.tick_of(-2 * LABELS_FROM * viewport.ratio)
    for place, change in enumerate(metres):
        metre = change.metre
        first = max(first_seen, change.from_tick if place else 0.0)
        end = min(viewport.end_tick, metres[place + 1].from_tick if place + 1 < len(metres) else math.inf)
        if not metre.beat_known:
            step = _step(_SECOND_STEPS, TICKS_PER_SECOND * room)
            if TICKS_PER_SECOND * room >= BEATS_FROM:
                beats += [viewport.x_of(tick) for tick in _multiples(0, TICKS_PER_SECOND, first, end)]
            for tick in _multiples(0, step * TICKS_PER_SECOND, first, end):
                labels.append((viewport.x_of(tick), _clock(tick // TICKS_PER_SECOND), False))
            continue
        if TICKS_PER_BEAT * room >= BEATS_FROM:
            beats += [viewport.x_of(tick) for tick in _multiples(metre.bar_tick or 0, TICKS_PER_BEAT, first, end)]
        if metre.bar_tick is None:
            continue
        step = _step(_BAR_STEPS, metre.ticks_per_bar * room)
        for tick in _multiples(metre.bar_tick, metre.ticks_per_bar * step, first, end):
            number = (tick - metre.bar_tick) // metre.ticks_per_bar + 1
            if number >= 1:
                labels.append((viewport.x_of(tick), str(number), True))
        thin = 1 if metre.ticks_per_bar * room >= BEATS_FROM else step
        bars += [viewport.x_of(tick) for tick in _multiples(metre.bar_tick, metre.ticks_per_bar * thin, first, end)]
    on_bars = set(bars)
    return Lines(tuple(bars), tuple(x for x in beats if x not in on_bars), tuple(labels))


def _multiples(origin: int, step: int, first: float, end: float) -> range:
    begin = origin + math.ceil((first - origin) / step) * step
    return range(begin, max(begin, math.ceil(end)), step)


def _step(steps: tuple[int, ...], pixels: float) -> int:
    return next((step for step in steps if step * pixels >= LABELS_FROM), steps[-1])


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


def spans_of(takes: Sequence[KeptTake]) -> tuple[TakeSpan, ...]:
    """The takes that lie on the timeline, in order of beginning."""
    spans = [
        TakeSpan(
            take.id,
            take.name,
            _first_tick(take),
            min((note.onset_tick for note in take.answer), default=_end_tick(take))
            if take.phrase
            else _first_tick(take),
            _end_tick(take),
            0 if take.kind is TakeKind.ANSWER else 1,
            take.starred,
        )
        for take in takes
        if is_on_the_jam(take)
    ]
    return tuple(sorted(spans, key=lambda span: (span.first_tick, span.lane)))


def is_on_the_jam(take: KeptTake) -> bool:
    """Whether its notes lie on the timeline; those of alternatives and imports do not."""
    return take.kind in ON_THE_JAM and bool(take.phrase or take.answer)


def span_at(spans: Sequence[TakeSpan], tick: float, lane: int | None = None) -> TakeSpan | None:
    """The take at a tick, of one lane or the shortest of any; None if there is none."""
    found = [span for span in spans if span.first_tick <= tick < span.end_tick and lane in (None, span.lane)]
    return min(found, key=lambda span: span.end_tick - span.first_tick, default=None)


def _first_tick(take: KeptTake) -> int:
    return min(note.onset_tick for note in (*take.phrase[:1], *take.answer[:1]))


def _end_tick(take: KeptTake) -> int:
    return max(note.end_tick for note in (*take.phrase, *take.answer))

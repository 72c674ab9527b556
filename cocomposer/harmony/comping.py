"""Chords in a rhythm: the notes that an accompanist plays for voiced chords, in one of the comping patterns.

The pattern runs on the bars, the chords change where they change: a stroke sounds the chord of its moment (or, where it
leads, of the beat that it anticipates) and never longer than that chord lasts. Knows no tempo.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cocomposer.harmony.comping_patterns import CompingPattern, Part, Stroke, patterns_for
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.tones import fifth_of
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note

VELOCITY: Final = 72
LOWEST_FIFTH: Final = 33
"""A1: an alternating bass goes below the bass down to here."""
HIGHEST_PITCH: Final = 127
FOUR_FOUR: Final = Metre()
_TELLING: Final = frozenset({Part.ALL, Part.RIGHT, Part.STEP})
"""Parts that tell which chord it is."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A chord that sounds."""

    tick: int
    end_tick: int
    voicing: Voicing


@dataclass(frozen=True, slots=True)
class _Struck:
    """One part of one chord, struck once."""

    tick: int
    end_tick: int
    span: _Span
    part: Part
    step: int
    accent: float


def comp(
    spans: Sequence[ChordSpan],
    voicings: Sequence[Voicing | None],
    pattern: CompingPattern,
    metre: Metre = FOUR_FOUR,
    velocity: int = VELOCITY,
    channel: int = 0,
) -> tuple[Note, ...]:
    """The notes of the chords in the rhythm of the pattern, in order; no pitch is struck while it still sounds.

    `spans`, ascending and without overlap, say when; `voicings`, one for each, what. Where a voicing is None it is
    silent. Every chord is heard, also one that the pattern would pass over. Bars are counted from the one in which the
    first span begins; where the metre knows no bar, one begins there. ValueError where the pattern is not made for
    the metre, or the voicings are not as many as the spans.
    """
    if len(spans) != len(voicings):
        raise ValueError(f"{len(spans)} chords need as many voicings, not {len(voicings)}")
    if not pattern.fits(metre.beats_per_bar):
        names = ", ".join(fitting.name for fitting in patterns_for(metre.beats_per_bar))
        raise ValueError(
            f"the rhythm {pattern.name} is not made for bars of {metre.beats_per_bar} beats; take one of: {names}"
        )
    sounding = [
        _Span(span.tick, span.end_tick, voicing)
        for span, voicing in zip(spans, voicings, strict=True)
        if voicing is not None and voicing.pitches and span.end_tick > span.tick
    ]
    if not sounding:
        return ()
    struck = list(_struck(sounding, pattern, metre, spans[0].tick))
    struck += _passed_over(sounding, struck)
    notes = [
        Note(
            stroke.tick,
            pitch,
            stroke.end_tick - stroke.tick,
            max(1, min(127, round(velocity * stroke.accent))),
            channel,
        )
        for stroke in struck
        for pitch in _pitches(stroke)
    ]
    return _without_overlaps(notes)


def _struck(spans: Sequence[_Span], pattern: CompingPattern, metre: Metre, start: int) -> Iterator[_Struck]:
    starts = [span.tick for span in spans]
    first_struck: dict[int, int] = {}
    tied: set[int] = set()
    for tick, stroke in _timed(pattern, metre, start, spans[-1].end_tick):
        now = _number_at(spans, starts, tick)
        number = now
        if stroke.lead_ticks:
            ahead = _number_at(spans, starts, tick + stroke.lead_ticks)
            # The next chord, and only where the present one has been heard.
            if ahead is not None and (now is None or (ahead == now + 1 and first_struck.get(now, tick) < tick)):
                number = ahead
        if number is None or (stroke.only_untied and tick in tied):
            continue
        wanted = tick + (stroke.ticks or 0)
        end = min(wanted, spans[number].end_tick)
        if stroke.lead_ticks and end > tick + stroke.lead_ticks:
            tied.add(tick + stroke.lead_ticks)
        first_struck.setdefault(number, tick)
        yield _Struck(tick, end, spans[number], stroke.part, stroke.step, stroke.accent)
        while stroke.holds and end < wanted and (following := _number_at(spans, starts, end)) is not None:
            begin, end = end, min(wanted, spans[following].end_tick)
            first_struck.setdefault(following, begin)
            yield _Struck(begin, end, spans[following], stroke.part, stroke.step, stroke.accent)


def _timed(pattern: CompingPattern, metre: Metre, start: int, end: int) -> Iterator[tuple[int, Stroke]]:
    """The strokes of all bars, with their ticks; those before the start are none, but a long one is struck there."""
    length = metre.ticks_per_bar
    origin = start if metre.bar_tick is None or not metre.beat_known else metre.bar_tick
    first = origin + (start - origin) // length * length
    for number, bar in enumerate(range(first, end, length)):
        for stroke in pattern.strokes_in_bar(number, length):
            tick = bar + stroke.tick
            late = tick + (stroke.ticks or 0) - start
            if tick >= start:
                yield tick, stroke
            elif stroke.holds and late > 0:
                yield start, replace(stroke, tick=start - bar, ticks=late)


def _number_at(spans: Sequence[_Span], starts: Sequence[int], tick: int) -> int | None:
    number = bisect_right(starts, tick) - 1
    return number if number >= 0 and tick < spans[number].end_tick else None


def _passed_over(spans: Sequence[_Span], struck: Sequence[_Struck]) -> list[_Struck]:
    """The chords of which no more than a bass tone sounds while they last, each struck once, whole."""
    heard = {s.span.tick for s in struck if s.end_tick > s.span.tick and s.part in _TELLING}
    return [_Struck(span.tick, span.end_tick, span, Part.ALL, 0, 1.0) for span in spans if span.tick not in heard]


def _pitches(stroke: _Struck) -> Sequence[int]:
    voicing = stroke.span.voicing
    low, high = _divided(voicing)
    match stroke.part:
        case Part.ALL:
            return voicing.pitches
        case Part.LEFT:
            return low
        case Part.RIGHT:
            return high
        case Part.BASS:
            return voicing.pitches[:1]
        case Part.FIFTH:
            return (_fifth(voicing),)
        case Part.STEP:
            octave, number = divmod(stroke.step, len(high))
            pitch = high[number] + octave * PITCH_CLASSES
            return (pitch if pitch <= HIGHEST_PITCH else high[number],)


def _divided(voicing: Voicing) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the two hands play in a pattern; of a voicing for one hand, the lowest voice and the others."""
    if 0 < voicing.left < len(voicing.pitches):
        return voicing.left_hand, voicing.right_hand
    return voicing.pitches[:1], voicing.pitches[1:] or voicing.pitches


def _fifth(voicing: Voicing) -> int:
    """The fifth below or above the lowest voice; the root where the lowest voice is another tone of the chord."""
    chord, bass = voicing.chord, voicing.pitches[0]
    fifth = fifth_of(chord.template)
    other = chord.root
    if bass % PITCH_CLASSES == chord.root:
        other = chord.root + (fifth.semitones if fifth else 0)
    below = bass - (bass - other) % PITCH_CLASSES
    return below if below >= min(LOWEST_FIFTH, bass) else below + PITCH_CLASSES


def _without_overlaps(notes: Sequence[Note]) -> tuple[Note, ...]:
    """In order, each ending where its pitch is struck again; of equal strokes the longest and loudest."""
    last: dict[int, int] = {}
    found: list[Note] = []
    for note in sorted(notes):
        number = last.get(note.pitch)
        if number is not None:
            before = found[number]
            if before.onset_tick == note.onset_tick:
                found[number] = replace(
                    before,
                    duration_ticks=max(before.duration_ticks, note.duration_ticks),
                    velocity=max(before.velocity, note.velocity),
                )
                continue
            if before.end_tick > note.onset_tick:
                found[number] = replace(before, duration_ticks=note.onset_tick - before.onset_tick)
        last[note.pitch] = len(found)
        found.append(note)
    return tuple(found)

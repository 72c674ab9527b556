"""The bass of an accompaniment: the root where chords and bars begin, the fifth between, a step into the next.

The line lies between E1 and E3 and moves to the nearest of the wanted tones. Knows neither seconds nor what is sent.
"""

from collections.abc import Sequence
from typing import Final

from cocomposer.accompaniment.parts import Cue, stroke_ticks
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.tones import fifth_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

LOWEST: Final = 28
HIGHEST: Final = 52
CENTRE: Final = 38
_OFF_CENTRE: Final = 0.3
"""For each semitone, beside one for each semitone of motion."""
STROKES: Final[dict[int, tuple[int, ...]]] = {
    2: (0, 1), 3: (0,), 4: (0, 2), 6: (0, 3), 8: (0, 2, 4, 6), 12: (0, 3, 6, 9),
}  # fmt: skip
"""Beats of a bar → beats that are struck; the first one alone in other bars."""
APPROACHED_FROM_BEATS: Final = 2
"""A chord that lasts at least so long leads into the next one with a step on its last beat."""
_STEPS: Final = (-2, 2, -1, 1)
LEGATO: Final = 0.95
"""Of the time to the next stroke: how long a tone sounds."""


class BassPart:
    """Remembers the line that it played."""

    def __init__(self) -> None:
        self._line: dict[int, int] = {}
        """tick → pitch"""

    def plan(self, cue: Cue) -> Sequence[Note]:
        """See `parts.Planner`."""
        old = cue.spans[0].tick if cue.spans else 0
        self._line = {tick: pitch for tick, pitch in self._line.items() if old <= tick < cue.from_tick}
        ticks = stroke_ticks(cue, STROKES.get(cue.metre.beats_per_bar, (0,)))
        notes: list[Note] = []
        for number, span in enumerate(cue.spans):
            if span.chord is None:
                continue
            following = cue.spans[number + 1] if number + 1 < len(cue.spans) else None
            own = [tick for tick in ticks if span.tick <= tick < span.end_tick]
            notes += self._under(span, span.chord, own, following, cue)
        return notes

    def _under(
        self, span: ChordSpan, chord: Chord, ticks: list[int], following: ChordSpan | None, cue: Cue
    ) -> list[Note]:
        """The tones under one chord."""
        notes = []
        approach = self._approach_tick(span, following, cue)
        strokes = sorted({*ticks, approach}) if approach is not None else ticks
        if not strokes:
            return []
        for tick, end in zip(strokes, [*strokes[1:], span.end_tick], strict=True):
            before = self._line[max(self._line)] if self._line else None
            if tick == approach and following is not None and following.chord is not None and before is not None:
                pitch = _approach(before, following.chord, chord, cue.scale)
            elif tick == span.tick or cue.metre.is_bar(tick) or before is None:
                pitch = _nearest(chord.bass_or_root, before)
            else:
                pitch = _nearest(_other_tone(chord, before), before)
            self._line[tick] = pitch
            notes.append(Note(tick, pitch, max(1, round((end - tick) * LEGATO)), cue.velocity))
        return notes

    def _approach_tick(self, span: ChordSpan, following: ChordSpan | None, cue: Cue) -> int | None:
        """The last beat of a chord before another bass that is expected; None where there is no time for a step."""
        if following is None or following.chord is None or span.chord is None:
            return None
        last = span.end_tick - TICKS_PER_BEAT
        is_long = span.end_tick - span.tick >= APPROACHED_FROM_BEATS * TICKS_PER_BEAT
        if not is_long or last < cue.from_tick or following.chord.bass_or_root == span.chord.bass_or_root:
            return None
        return last


def _other_tone(chord: Chord, before: int) -> int:
    """The fifth after the bass tone, and the bass tone after any other."""
    fifth = fifth_of(chord.template)
    if fifth is None or before % PITCH_CLASSES != chord.bass_or_root:
        return chord.bass_or_root
    return (chord.root + fifth.semitones) % PITCH_CLASSES if chord.bass_or_root == chord.root else chord.root


def _nearest(pitch_class: int, before: int | None) -> int:
    """The pitch nearest to the one before and to the centre."""
    pitches = range(LOWEST + (pitch_class - LOWEST) % PITCH_CLASSES, HIGHEST + 1, PITCH_CLASSES)
    origin = CENTRE if before is None else before
    return min(pitches, key=lambda pitch: abs(pitch - origin) + _OFF_CENTRE * abs(pitch - CENTRE))


def _approach(before: int, following: Chord, chord: Chord, scale: frozenset[int]) -> int:
    """A tone a step away from the next bass: best of the chord, else of the key, and on the way there."""
    target = _nearest(following.bass_or_root, before)
    candidates = [target + step for step in _STEPS if LOWEST <= target + step <= HIGHEST]
    candidates += [p for p in range(max(LOWEST, target - 5), min(HIGHEST, target + 5) + 1) if p != target]

    def cost(pitch: int) -> float:
        tone = pitch % PITCH_CLASSES
        foreign = 0.0 if tone in chord.pitch_classes else 1.0 if tone in scale else 2.5
        away = abs(target - pitch)
        return foreign + 0.6 * away + 0.2 * abs(pitch - before) + (1.0 if pitch == before else 0.0)

    return min(candidates, key=cost)

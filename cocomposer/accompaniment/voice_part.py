"""A second voice under (or over) a melody: a calm line of guide tones that goes its own way.

Each tone is the cheapest next one of the chord: third or seventh before root and fifth (guide tones tell the chord),
a step before a leap, against the melody's direction before along with it, a third or sixth from it before an octave
or a fourth, and never with it from one perfect interval to the next. Source of the rules: two-part counterpoint as in
Fux, Gradus ad Parnassum (1725), book I. Knows neither seconds nor what is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.accompaniment.parts import Cue, stroke_ticks
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.voicing.tones import degree
from cocomposer.music.note import Note

LOWEST: Final = 48
HIGHEST: Final = 79
ROOM_BELOW: Final = 3
"""Semitones at least between the melody and the voice below it."""
FARTHEST: Final = 16
"""A tenth: as far as it keeps from the melody."""
UNDER_FROM: Final = 57
"""Below a melody that is lower it would growl, so it goes above."""
STROKES: Final[dict[int, tuple[int, ...]]] = {2: (0, 1), 3: (0,), 4: (0, 2), 6: (0, 3), 8: (0, 4), 12: (0, 6)}
LEGATO: Final = 0.98

_DEGREE_COST: Final[dict[str, float]] = {"3": 0.0, "b3": 0.0, "7": 0.0, "b7": 0.0, "6": 0.5, "5": 1.5, "1": 1.5}
_DEGREE_OTHERWISE: Final = 1.0
_LEAP: Final = 0.6
"""For each semitone beyond a step."""
_REPEATED: Final = 0.8
_SAME_DIRECTION: Final = 0.5
_PERFECT: Final = frozenset({0, 7})
_PERFECT_AGAIN: Final = 8.0
_INTERVAL_COST: Final[dict[int, float]] = {
    0: 2.5, 1: 4.0, 2: 2.0, 3: 0.0, 4: 0.0, 5: 1.0, 6: 1.5, 7: 0.8, 8: 0.0, 9: 0.0, 10: 2.0, 11: 4.0,
}  # fmt: skip
"""Semitones between the two voices, octaves left out."""


@dataclass(frozen=True, slots=True)
class _Placed:
    pitch: int
    melody: int | None


class VoicePart:
    """Remembers the line that it played, and the melody over it."""

    def __init__(self) -> None:
        self._line: dict[int, _Placed] = {}

    def plan(self, cue: Cue) -> Sequence[Note]:
        """See `parts.Planner`."""
        old = cue.spans[0].tick if cue.spans else 0
        self._line = {tick: placed for tick, placed in self._line.items() if old <= tick < cue.from_tick}
        strokes = stroke_ticks(cue, STROKES.get(cue.metre.beats_per_bar, (0,)))
        notes = []
        for span in cue.spans:
            own = [tick for tick in strokes if span.tick <= tick < span.end_tick]
            if span.chord is None or not own:
                continue
            for tick, end in zip(own, [*own[1:], span.end_tick], strict=True):
                before = self._line[max(self._line)] if self._line else None
                pitch = next_tone(span.chord, before.pitch if before else None, before.melody if before else None, cue)
                self._line[tick] = _Placed(pitch, cue.melody)
                notes.append(Note(tick, pitch, max(1, round((end - tick) * LEGATO)), cue.velocity))
        return notes


def next_tone(chord: Chord, before: int | None, melody_before: int | None, cue: Cue) -> int:
    """The next tone of the voice, by the melody that is heard when it is planned."""
    lowest, highest = _register(cue.melody)
    tones = [pitch for pitch in range(lowest, highest + 1) if pitch % PITCH_CLASSES in chord.pitch_classes]

    def cost(pitch: int) -> float:
        name = degree(chord.template, pitch - chord.root)
        total = _DEGREE_OTHERWISE if name is None else _DEGREE_COST.get(name, _DEGREE_OTHERWISE)
        if cue.melody is not None:
            total += _INTERVAL_COST[abs(cue.melody - pitch) % PITCH_CLASSES]
        if before is None:
            return total + 0.1 * abs(pitch - (lowest + highest) / 2)
        motion = pitch - before
        total += _REPEATED if motion == 0 else _LEAP * max(0, abs(motion) - 2)
        if cue.melody is not None and melody_before is not None:
            led = cue.melody - melody_before
            total += _SAME_DIRECTION * (motion * led > 0)
            now, then = abs(cue.melody - pitch) % PITCH_CLASSES, abs(melody_before - before) % PITCH_CLASSES
            total += _PERFECT_AGAIN * (now == then and now in _PERFECT and motion != 0)
        return total

    return min(tones, key=cost)


def _register(melody: int | None) -> tuple[int, int]:
    """Lowest and highest pitch: an octave at least, so that each chord has tones there."""
    if melody is None:
        return 55, 67
    if melody >= UNDER_FROM + ROOM_BELOW:
        highest = min(HIGHEST, melody - ROOM_BELOW)
        return min(max(LOWEST, melody - FARTHEST), highest - PITCH_CLASSES), highest
    lowest = max(LOWEST, melody + ROOM_BELOW)
    return lowest, min(HIGHEST, lowest + PITCH_CLASSES)

"""Rhythms that an accompanist plays chords in, as data: when which hand strikes what, how long and how strongly.

A beat is a quarter note, as everywhere; a bar of 6/8 has three. Knows no chord: `comping` plays the patterns.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from cocomposer.music.ticks import TICKS_PER_BEAT


class Part(StrEnum):
    """What of a voicing is struck."""

    ALL = "all"
    LEFT = "left"
    RIGHT = "right"
    BASS = "bass"
    """The lowest voice alone."""
    FIFTH = "fifth"
    """The other bass tone of an alternating bass: the fifth, below the bass where there is room."""
    STEP = "step"
    """One voice above the left hand, counted from below; beyond the top it goes on an octave higher."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a pattern."""

    tick: int
    """After the beginning of the cycle."""
    ticks: int | None
    """How long it sounds; None: to the end of the cycle."""
    part: Part
    accent: float = 1.0
    """Factor on the velocity."""
    step: int = 0
    """Which voice, for Part.STEP."""
    lead_ticks: int = 0
    """So much before the beat that it belongs to: it plays that beat's chord, and is tied over where it is longer."""
    only_untied: bool = False
    """Left out where a stroke before is tied over its moment."""
    holds: bool = False
    """Where the chord changes while it sounds, the next chord is struck for the rest of it."""


@dataclass(frozen=True, slots=True)
class CompingPattern:
    """A rhythm that repeats."""

    name: str
    label: str
    """For people."""
    strokes: tuple[Stroke, ...]
    cycle_ticks: int | None
    """It begins anew so often, and on the bar line; a cycle of several bars goes through them. None: every bar."""
    bar_beats: tuple[int, ...] = ()
    """Bars, in beats, that it is made for; empty: any."""

    def fits(self, beats_per_bar: int) -> bool:
        """Whether it is made for bars of so many beats."""
        return not self.bar_beats or beats_per_bar in self.bar_beats

    def strokes_in_bar(self, bar: int, ticks_per_bar: int) -> tuple[Stroke, ...]:
        """The strokes of the bar of this number, their ticks counted from its bar line, in order; cut at its end."""
        cycle = self.cycle_ticks or ticks_per_bar
        bars = max(1, cycle // ticks_per_bar)
        begin = bar % bars * ticks_per_bar if bars > 1 else 0
        found = []
        for again in range(1 if bars > 1 else -(-ticks_per_bar // cycle)):
            for stroke in self.strokes:
                tick = stroke.tick + again * cycle - begin
                if 0 <= tick < ticks_per_bar:
                    ticks = cycle - stroke.tick if stroke.ticks is None else stroke.ticks
                    found.append(replace(stroke, tick=tick, ticks=ticks))
        return tuple(sorted(found, key=lambda stroke: stroke.tick))


def _stroke(
    beat: float,
    beats: float | None,
    part: Part | int,
    accent: float = 1.0,
    *,
    lead: float = 0,
    only_untied: bool = False,
    holds: bool = False,
) -> Stroke:
    """A stroke in beats; a number for the part is a step."""
    return Stroke(
        round(beat * TICKS_PER_BEAT),
        None if beats is None else round(beats * TICKS_PER_BEAT),
        part if isinstance(part, Part) else Part.STEP,
        accent,
        0 if isinstance(part, Part) else part,
        round(lead * TICKS_PER_BEAT),
        only_untied,
        holds,
    )


def _steps(first: float, beats: float, numbers: str, accent: float) -> tuple[Stroke, ...]:
    """An arpeggio in even eighths: a digit for each voice."""
    return tuple(_stroke(first + 0.5 * i, beats, int(number), accent) for i, number in enumerate(numbers))


def _pattern(
    name: str, label: str, cycle_beats: float | None, bar_beats: tuple[int, ...], *strokes: Stroke
) -> CompingPattern:
    cycle = None if cycle_beats is None else round(cycle_beats * TICKS_PER_BEAT)
    return CompingPattern(name, label, strokes, cycle, bar_beats)


_A, _L, _R, _B, _F = Part.ALL, Part.LEFT, Part.RIGHT, Part.BASS, Part.FIFTH

_TABLE: Final = (
    _pattern("whole", "Whole notes", None, (), _stroke(0, None, _A, holds=True)),
    _pattern("half", "Half notes", 2, (2, 4), _stroke(0, 2, _A, holds=True)),
    _pattern("quarters", "Quarter pulse", 1, (), _stroke(0, 0.9, _L), _stroke(0, 0.9, _R, 0.9)),
    _pattern("offbeats", "Offbeats", 1, (), _stroke(0, 0.45, _B), _stroke(0.5, 0.4, _R, 0.9)),
    _pattern(
        "charleston",
        "Charleston",
        4,
        (4,),
        _stroke(0, 1.4, _A, only_untied=True),
        _stroke(1.5, 0.8, _A, 0.9, lead=0.5),
    ),
    _pattern(
        "bossa",
        "Bossa nova",
        8,
        (4,),
        # The left hand's surdo, the right hand on the bossa clave.
        *(
            stroke
            for bar in (0, 4)
            for stroke in (
                _stroke(bar, 1.4, _B),
                _stroke(bar + 1.5, 0.5, _F, 0.8),
                _stroke(bar + 2, 1.4, _F, 0.95),
                _stroke(bar + 3.5, 0.5, _B, 0.8, lead=0.5),
            )
        ),
        _stroke(0, 0.6, _R, 0.85),
        _stroke(1.5, 0.9, _R, 0.9),
        _stroke(3, 0.6, _R, 0.85),
        _stroke(5, 0.6, _R, 0.85),
        _stroke(6.5, 0.9, _R, 0.9),
    ),
    _pattern(
        "ballad",
        "Ballad arpeggio",
        4,
        (4,),
        _stroke(0, 4, _L, holds=True),
        *_steps(0.5, 1, "0123210", 0.8),
    ),
    _pattern("alberti", "Alberti bass", 2, (2, 4), _stroke(0, 2, _L, 0.9, holds=True), *_steps(0, 0.5, "0212", 0.8)),
    _pattern("waltz", "Waltz", 3, (3,), _stroke(0, 1, _B), _stroke(1, 0.7, _R, 0.8), _stroke(2, 0.7, _R, 0.75)),
    _pattern(
        "skank",
        "Reggae skank",
        4,
        (4,),
        _stroke(0, 1.5, _B),
        _stroke(1, 0.35, _R, 0.95),
        _stroke(2, 1, _F, 0.9),
        _stroke(3, 0.35, _R, 0.95),
        _stroke(3.5, 0.5, _B, 0.8),
    ),
    _pattern(
        "push",
        "Pushed eighths",
        4,
        (4,),
        _stroke(0, 1.5, _L, holds=True),
        _stroke(1.5, 0.5, _L, 0.85),
        _stroke(2, 1.5, _L, 0.95, holds=True),
        _stroke(0, 0.45, _R, only_untied=True),
        *(_stroke(beat / 2, 0.45, _R, 0.8 if beat % 2 else 0.9) for beat in range(1, 7)),
        # Struck an eighth before the bar line and tied over it.
        _stroke(3.5, 0.95, _R, 1.1, lead=0.5),
    ),
    _pattern(
        "six-eight",
        "6/8 rolling",
        3,
        (3,),
        _stroke(0, 3, _L, holds=True),
        *_steps(0.5, 1, "01210", 0.8),
    ),
    _pattern(
        "six-eight-chords",
        "6/8 chords",
        3,
        (3,),
        _stroke(0, 1.5, _B),
        _stroke(0.5, 0.4, _R, 0.75),
        _stroke(1, 0.4, _R, 0.8),
        _stroke(1.5, 1.5, _F, 0.95),
        _stroke(2, 0.4, _R, 0.75),
        _stroke(2.5, 0.4, _R, 0.8),
    ),
)

COMPING_PATTERNS: Final[dict[str, CompingPattern]] = {pattern.name: pattern for pattern in _TABLE}
"""Name → pattern."""


def patterns_for(beats_per_bar: int) -> tuple[CompingPattern, ...]:
    """The patterns that are made for bars of so many beats."""
    return tuple(pattern for pattern in COMPING_PATTERNS.values() if pattern.fits(beats_per_bar))

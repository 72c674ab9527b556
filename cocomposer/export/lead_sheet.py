"""A progression with all that a lead sheet says about it: chords with beats and sections, key, metre, tempo, title,
melody.

What every format of chords is written from, and its division into bars. Beats are quarter notes, in any metre. Knows no
format.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.names.chart import Step
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.music.note import Note
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT

LONGEST_BARS: Final = 10_000
"""Of what is longer nobody wants a lead sheet; a damaged file would fill the memory with its bars."""
_DENOMINATORS: Final = frozenset({1, 2, 4, 8, 16, 32})


class SheetError(ValueError):
    """A progression cannot be written in a format, or a file is none; one sentence for the user, with what to do."""


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """Chords from the first bar line on, one after the other."""

    steps: tuple[Step, ...]
    key: Key | None = None
    meter: tuple[int, int] = (4, 4)
    bpm: float = NOMINAL_BPM
    """Quarter notes a minute."""
    title: str = ""
    melody: tuple[Note, ...] = ()
    """In ticks from the first bar line."""

    def __post_init__(self) -> None:
        numerator, denominator = self.meter
        if not 1 <= numerator <= 64 or denominator not in _DENOMINATORS:
            raise SheetError(f"{numerator}/{denominator} is no metre; write it like 3/4 or 12/8.")
        if self.beats > LONGEST_BARS * self.bar_beats:
            raise SheetError(f"It has more than {LONGEST_BARS} bars; take a part of it.")

    @property
    def bar_beats(self) -> Fraction:
        """Length of a bar."""
        return Fraction(4 * self.meter[0], self.meter[1])

    @property
    def beats(self) -> Fraction:
        """Length of all chords."""
        return sum((step.beats for step in self.steps), Fraction(0))

    @property
    def starts(self) -> tuple[Fraction, ...]:
        """Beat on which each step begins, and at last the one on which the last ends."""
        return tuple(accumulate((step.beats for step in self.steps), initial=Fraction(0)))

    @property
    def ticks(self) -> tuple[int, ...]:
        """The same in ticks, rounded where 48 do not divide them (fifths and sevenths of a beat)."""
        return tuple(round(start * TICKS_PER_BEAT) for start in self.starts)

    @property
    def chords(self) -> tuple[Chord | None, ...]:
        """One for each step; None where none sounds or none is known."""
        return tuple(step.chord if isinstance(step.chord, Chord) else None for step in self.steps)


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a step that lies in one bar."""

    chord: Chord | NoChord
    start: Fraction
    """Beats after the bar line."""
    beats: Fraction
    begins: bool
    """Whether the step begins here; False where it is held over the bar line."""
    section: str = ""
    """Name of the section that begins with it; empty where none does."""


Bar = tuple[Slice, ...]


def bars_of(sheet: LeadSheet) -> tuple[Bar, ...]:
    """What each bar has of the chords; the last one may not be full."""
    length = sheet.bar_beats
    bars: list[list[Slice]] = []
    for step, start in zip(sheet.steps, sheet.starts[:-1], strict=True):
        at, end = start, start + step.beats
        while at < end:
            number = int(at / length)
            until = min(end, (number + 1) * length)
            if number == len(bars):
                bars.append([])
            begins = at == start
            bars[number].append(
                Slice(step.chord, at - number * length, until - at, begins, step.section if begins else "")
            )
            at = until
    return tuple(tuple(bar) for bar in bars)


def filled(sheet: LeadSheet) -> LeadSheet:
    """The sheet with silence up to the end of its last bar, for formats whose bars are all full."""
    missing = -sheet.beats % sheet.bar_beats
    if not missing:
        return sheet
    return replace(sheet, steps=(*sheet.steps, Step(NoChord.SILENT, missing)))


def joined(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps with equal neighbours in a section as one: what is heard of them, however it was written."""
    found: list[Step] = []
    for step in steps:
        if found and found[-1].chord == step.chord and not step.section:
            found[-1] = replace(found[-1], beats=found[-1].beats + step.beats)
        else:
            found.append(step)
    return tuple(found)

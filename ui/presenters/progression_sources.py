"""Where chord cards come from: what somebody types or pastes, a take, what the jam has heard. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

from cocomposer.document.progression import LONGEST_TICKS, Card
from cocomposer.document.takes import KeptTake
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.names.chart import read_chart
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.progression_edits import spelt

_FLAT: Final = key_named("Gb major")
_SHARP: Final = key_named("F# major")


@dataclass(frozen=True, slots=True)
class Cards:
    """What was read."""

    cards: tuple[Card, ...]
    faults: tuple[str, ...] = ()
    """A sentence for each symbol that cannot be read; its card says X."""


@dataclass(frozen=True, slots=True)
class Span:
    """A chord as it was heard, in ticks."""

    tick: float
    end_tick: float
    symbol: str


def cards_of_text(text: str, key: Key | None, beats_per_bar: int) -> Cards:
    """The cards of a chart such as "Am | F C | G"; Roman numerals are read in the key."""
    chart = read_chart(text, key, beats_per_bar)
    ends = [round(beats * TICKS_PER_BEAT) for beats in accumulate(step.beats for step in chart.steps)]
    lengths = [end - start for start, end in pairwise((0, *ends))]
    cards = tuple(
        Card(spelt(step.chord, key), min(ticks, LONGEST_TICKS), section=step.section)
        for step, ticks in zip(chart.steps, lengths, strict=True)
        if ticks > 0
    )
    return Cards(cards, tuple(fault.message for fault in chart.faults))


def as_written(key: Key, text: str) -> Key:
    """The key, written with flats or sharps (if both can be) as most of a chart's chords are."""
    flats, sharps = (len(re.findall(f"[A-G][{signs}]", text)) for signs in ("b♭", "#♯"))
    return key if flats == sharps else key.beside(_FLAT if flats > sharps else _SHARP)


def cards_of_spans(spans: Iterable[Span], bar_tick: float | None, ticks_per_bar: int, key: Key | None) -> Cards:
    """Chords that were heard, each with whole beats, equal neighbours as one.

    Where bars are known, the first card begins on a bar line: silence stands before a chord that came later in it.
    """
    heard = [span for span in spans if span.end_tick > span.tick]
    if not heard:
        return Cards(())
    begin = heard[0].tick
    if bar_tick is not None:
        beats = Fraction(round((begin - bar_tick) / TICKS_PER_BEAT))
        begin = bar_tick + float(beats // (ticks_per_bar // TICKS_PER_BEAT)) * ticks_per_bar
    pieces: list[tuple[str, int]] = []
    at = 0
    for span in heard:
        start, end = (round((tick - begin) / TICKS_PER_BEAT) for tick in (span.tick, span.end_tick))
        start = max(start, at)
        if end <= start:
            continue
        if start > at:
            pieces.append((NoChord.SILENT.value, start - at))
        pieces.append((_symbol(span.symbol, key), end - start))
        at = end
    return Cards(_merged(pieces))


def spans_of_take(take: KeptTake) -> list[Span]:
    """A take's chords, each up to the next; the last to the end of its notes."""
    if not take.chords:
        return []
    end = max(note.end_tick for note in take.notes)
    ends = [*(chord.tick for chord in take.chords[1:]), end]
    return [Span(chord.tick, until, chord.name) for chord, until in zip(take.chords, ends, strict=True)]


def _symbol(name: str, key: Key | None) -> str:
    try:
        return spelt(read_symbol(name), key)
    except UnknownChord:
        return NoChord.UNKNOWN.value


def _merged(pieces: Sequence[tuple[str, int]]) -> tuple[Card, ...]:
    """Equal neighbours as one card."""
    joined: list[tuple[str, int]] = []
    for symbol, beats in pieces:
        if joined and joined[-1][0] == symbol:
            joined[-1] = symbol, joined[-1][1] + beats
        else:
            joined.append((symbol, beats))
    return tuple(Card(symbol, min(beats * TICKS_PER_BEAT, LONGEST_TICKS)) for symbol, beats in joined)

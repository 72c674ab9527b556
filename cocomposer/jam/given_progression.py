"""A `PlayChords` understood: chords, where each begins, and the manner in which they are played; or why it cannot be.

Pure; knows no beat and no moment.
"""

import math
from dataclasses import dataclass
from typing import Final

from cocomposer.generation.given_chords import GivenChord, GivenChords, given
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS, patterns_for
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.jam.inputs import PlayChords
from cocomposer.jam.outputs import slot_ticks
from cocomposer.jam.progression_playing import Laid, Manner
from cocomposer.sync.tap import BPM_LEAST, BPM_MOST

MOST_SLOTS: Final = 256
LONGEST_SYMBOL: Final = 40
LEAST_BEATS: Final = 0.25
MOST_BEATS: Final = 256.0
"""Of one slot."""


class ChordsRefused(ValueError):
    """A progression cannot be played so; the text is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """A progression that can be played."""

    event: PlayChords
    chords: tuple[Chord | None, ...]
    offsets: tuple[int, ...]
    """See `accompaniment.Laid`."""
    manner: Manner

    def sounds_like(self, other: "Given") -> bool:
        """Whether nothing that is heard, or told of its place, differs."""
        return (self.chords, self.offsets, self.manner, self.event.loop, self.event.sound) == (
            other.chords, other.offsets, other.manner, other.event.loop, other.event.sound,
        )  # fmt: skip

    def laid(self, first_tick: int) -> Laid:
        """Its first chord begins there."""
        return Laid(self.chords, self.offsets, first_tick, self.event.loop)

    def laid_after(self, before: Laid, tick: int) -> Laid:
        """From `tick` on in the place of another one: it goes on where that is, if all is as long up to there."""
        here = before.place(tick)
        if here is None:
            return self.laid(tick)
        reached = (tick - before.first_tick) % before.length
        passed = [[offset for offset in offsets if offset <= reached] for offsets in (before.offsets, self.offsets)]
        return self.laid(tick - reached if passed[0] == passed[1] and reached < self.offsets[-1] else tick)

    def chords_from(self, laid: Laid, tick: int) -> GivenChords:
        """What answers go by, from `tick` on. While there is silence the chord before it counts."""
        chords: list[GivenChord] = [
            given(laid.first_tick + offset, chord)
            for offset, chord in zip(self.offsets, self.chords, strict=False)
            if chord is not None
        ]
        return GivenChords(tuple(chords), laid.length if laid.loop else None, tick)


def understood(event: PlayChords, beats_per_bar: int) -> Given:
    """A command with slots; ChordsRefused says what is wrong with it."""
    if len(event.slots) > MOST_SLOTS:
        raise ChordsRefused(
            f"A progression has at most {MOST_SLOTS} chords, not {len(event.slots)}; play a part of it."
        )
    chords = []
    for slot in event.slots:
        if not (math.isfinite(slot.beats) and LEAST_BEATS <= slot.beats <= MOST_BEATS):
            raise ChordsRefused(
                f"A chord lasts from {LEAST_BEATS:g} to {MOST_BEATS:g} beats, not {slot.beats:g}; choose another."
            )
        chords.append(_chord(slot.symbol))
    if all(chord is None for chord in chords):
        raise ChordsRefused("There is no chord in this progression; put one in.")
    if event.bpm is not None and not BPM_LEAST <= event.bpm <= BPM_MOST:
        raise ChordsRefused(f"A tempo lies between {BPM_LEAST:g} and {BPM_MOST:g} BPM, not at {event.bpm:g}.")
    return Given(event, tuple(chords), slot_ticks(event.slots), _manner(event, beats_per_bar))


def _chord(symbol: str) -> Chord | None:
    if len(symbol) > LONGEST_SYMBOL:
        raise ChordsRefused(f"{symbol[:LONGEST_SYMBOL]!r}… is no chord that can be read; write it like C or F#m7.")
    try:
        chord = read_symbol(symbol)
    except ValueError as error:
        raise ChordsRefused(str(error)) from error
    return chord if isinstance(chord, Chord) else None


def _manner(event: PlayChords, beats_per_bar: int) -> Manner:
    if not 1 <= event.channel <= 16:
        raise ChordsRefused(f"There are MIDI channels 1 to 16, not {event.channel}; choose one of them.")
    if not 1 <= event.velocity <= 127:
        raise ChordsRefused(f"A velocity lies between 1 and 127, not at {event.velocity}.")
    if event.style not in set(Style):
        raise ChordsRefused(f"Chords cannot be laid out as {event.style!r}; choose one of {', '.join(Style)}.")
    try:
        rules = VoicingRules(Style(event.style), voices=event.voices)
    except ValueError as error:
        raise ChordsRefused(f"It cannot be voiced so: {error}.") from error
    pattern = None
    if event.pattern is not None:
        pattern = COMPING_PATTERNS.get(event.pattern)
        if pattern is None or not pattern.fits(beats_per_bar):
            names = ", ".join(one.name for one in patterns_for(beats_per_bar))
            raise ChordsRefused(
                f"{event.pattern!r} is no rhythm for bars of {beats_per_bar} beats; choose one of {names}."
            )
    return Manner(rules, pattern, event.velocity, event.channel - 1)

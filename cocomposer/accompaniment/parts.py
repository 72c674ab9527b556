"""The parts of an accompaniment as values: their names, and what each is told when it plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan
from cocomposer.music.note import Note


class Part(StrEnum):
    """Who plays."""

    CHORDS = "chords"
    BASS = "bass"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Cue:
    """What a part has to know to plan: chords, bars and how the player plays."""

    spans: tuple[ChordSpan, ...]
    """Chords accompanied so far and expected, in order and without gaps; at least the last two bars and the next."""
    metre: Metre
    """Its beat and its bars are known."""
    from_tick: int
    """All before this was played already."""
    velocity: int
    """1–127."""
    onsets_per_beat: float
    """The player's."""
    top: int | None = None
    """The player's highest pitch lately."""
    melody: int | None = None
    """The pitch of the player's that is heard most just now."""
    scale: frozenset[int] = frozenset()
    """Pitch classes of the key; empty where none is known."""

    @property
    def end_tick(self) -> int:
        """Nothing is planned from here on."""
        return self.spans[-1].end_tick if self.spans else self.from_tick


class Planner(Protocol):
    """One part."""

    def plan(self, cue: Cue) -> Sequence[Note]:
        """All notes that begin at or after `cue.from_tick`, in order, on channel 0; what was planned there is void."""
        ...


def stroke_ticks(cue: Cue, beats: Sequence[int]) -> list[int]:
    """The ticks at or after the cue's first on these beats of each bar (0: the bar line), and where chords begin."""
    length, origin = cue.metre.ticks_per_bar, cue.metre.bar_tick or 0
    first = origin + (cue.from_tick - origin) // length * length
    ticks = {
        bar + beat * (length // cue.metre.beats_per_bar) for bar in range(first, cue.end_tick, length) for beat in beats
    }
    ticks |= {span.tick for span in cue.spans}
    return sorted(tick for tick in ticks if cue.from_tick <= tick < cue.end_tick)

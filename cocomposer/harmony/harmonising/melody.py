"""A melody as chords are fitted to it: its notes by pitch class, length and how likely they are ornaments.

Knows no chord and no key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from cocomposer.harmony.harmonising.slots import Slots
from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import SAME_MOMENT_TICKS
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

_SHORT_TICKS, _LONG_TICKS = TICKS_PER_BEAT // 2, TICKS_PER_BEAT * 3 // 2
_STEP: Final = 2
_REST_TICKS: Final = TICKS_PER_BEAT
"""After so long a silence a note is not left by step."""


class Kind(IntEnum):
    """How a note stands: weak ones and those that are left by step are more often ornaments."""

    WEAK = 0
    WEAK_STEP = 1
    PLAIN = 2
    PLAIN_STEP = 3
    STRONG = 4
    STRONG_STEP = 5


@dataclass(frozen=True, slots=True)
class Part:
    """What of one note of a melody sounds in one slot."""

    slot: int
    pitch_class: int
    kind: Kind
    beats: float
    note_beats: float
    """Of the whole note."""


def top_line(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The highest line of what sounds: of notes together the highest, without those that begin well under a held one.

    A note that is overtaken by the next one ends there. Drums are not heard.
    """
    line: list[Note] = []
    for note in sorted((n for n in notes if n.channel != DRUM_CHANNEL), key=lambda n: (n.onset_tick, -n.pitch)):
        if line and note.onset_tick - line[-1].onset_tick <= SAME_MOMENT_TICKS:
            if note.pitch > line[-1].pitch:
                line[-1] = note
            continue
        if line and note.pitch < line[-1].pitch and note.onset_tick < line[-1].end_tick - SAME_MOMENT_TICKS:
            continue
        line.append(note)
    return tuple(
        Note(n.onset_tick, n.pitch, max(1, min(n.end_tick, following.onset_tick) - n.onset_tick), n.velocity, n.channel)
        for n, following in pairwise(line)
    ) + tuple(line[-1:])


def is_single_line(notes: Sequence[Note], line: Sequence[Note]) -> bool:
    """Whether a line is nearly all that sounds."""
    pitched = [note for note in notes if note.channel != DRUM_CHANNEL]
    return len(pitched) - len(line) <= len(pitched) // 10


def kind_of(note: Note, following: Note | None, origin: int) -> Kind:
    """Of a note and the one after it; beats are counted from tick `origin`."""
    by_step = (
        following is not None
        and 0 < abs(following.pitch - note.pitch) <= _STEP
        and following.onset_tick - note.end_tick < _REST_TICKS
    )
    on_beat = (note.onset_tick - origin) % TICKS_PER_BEAT <= SAME_MOMENT_TICKS
    if note.duration_ticks >= _LONG_TICKS:
        return Kind(Kind.STRONG + by_step)
    if not on_beat or note.duration_ticks < _SHORT_TICKS:
        return Kind(Kind.WEAK + by_step)
    return Kind(Kind.PLAIN + by_step)


def parts_of(melody: Sequence[Note], slots: Slots) -> Iterator[Part]:
    """The melody, cut where slots begin; it is in order and of one voice."""
    for note, following in zip(melody, [*melody[1:], None], strict=True):
        kind = kind_of(note, following, slots.edges[0])
        first, last = slots.at(note.onset_tick), slots.at(note.end_tick - 1)
        for slot in range(first, last + 1):
            begins, ends = max(note.onset_tick, slots.edges[slot]), min(note.end_tick, slots.edges[slot + 1])
            if ends > begins:
                beats, whole = (ends - begins) / TICKS_PER_BEAT, note.duration_ticks / TICKS_PER_BEAT
                yield Part(slot, note.pitch % PITCH_CLASSES, kind, beats, whole)

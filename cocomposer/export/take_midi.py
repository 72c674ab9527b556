"""A take as a Standard MIDI File of named parts, for every DAW. Knows no document, only what a take has."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

PLAYER_PART: Final = "Player"
MACHINE_PART: Final = "cocomposer"
ALONG_PART: Final = "cocomposer along"
"""With the channel behind it, counted from 1."""
EARLY_TICKS: Final = 6
"""A first note so little before a bar line (1/32) was meant for the bar behind it, and is put on the line."""


class Take(Protocol):
    """What is written of a take; one just played and one kept in a document both have it."""

    @property
    def phrase(self) -> tuple[Note, ...]: ...
    @property
    def answer(self) -> tuple[Note, ...]: ...
    @property
    def bpm(self) -> float: ...
    @property
    def beat_known(self) -> bool: ...
    @property
    def bar_tick(self) -> int: ...
    @property
    def beats_per_bar(self) -> int: ...


def take_midi(take: Take, title: str = "cocomposer take", along: Sequence[Note] = ()) -> bytes:
    """The bytes of the file: tempo, metre, the phrase, the answer, and what sounds `along` with them, a part a channel.

    It begins on the bar line before the first note, so rests within the first bar stay; where no beat is known, with
    the first note. A part without notes is left out.
    """
    notes = (*take.phrase, *take.answer, *along)
    shift = 0
    if notes:
        first = min(note.onset_tick for note in notes)
        bar = take.beats_per_bar * TICKS_PER_BEAT
        shift = take.bar_tick + (first + EARLY_TICKS - take.bar_tick) // bar * bar if take.beat_known else first
    beside = {
        f"{ALONG_PART}, channel {channel + 1}": [note for note in along if note.channel == channel]
        for channel in sorted({note.channel for note in along})
    }
    parts = [
        Part(name, _begun_at(shift, part))
        for name, part in ((PLAYER_PART, take.phrase), (MACHINE_PART, take.answer), *beside.items())
        if part
    ]
    return midi_bytes(parts, tempos=[(0, take.bpm)], meter=(take.beats_per_bar, 4), title=title)


def _begun_at(tick: int, notes: Sequence[Note]) -> list[Note]:
    """The notes with this tick as their tick 0; what begins before it begins on it."""
    found = []
    for note in notes:
        onset = max(0, note.onset_tick - tick)
        found.append(replace(note, onset_tick=onset, duration_ticks=max(1, note.end_tick - tick - onset)))
    return found

"""A MIDI file as what a player, and a DAW's clock, would have sent: messages with their moments. Knows no ports."""

from collections.abc import Iterator
from itertools import count
from typing import Final

import numpy as np

from cocomposer.adapters.midi_files import MidiPiece
from cocomposer.music.message import CC_SUSTAIN, CLOCK, START, control_change, note_off, note_on
from cocomposer.music.ticks import CLOCKS_PER_BEAT

Script = list[tuple[float, bytes]]
"""(seconds from the start, message), ascending."""

COUNT_IN_BEATS: Final = 2
"""A DAW's clock ticks before it starts; so long before, that whoever follows knows the tempo by then."""


def clock_of(piece: MidiPiece) -> Iterator[tuple[float, bytes]]:
    """A DAW's clock for the file, without end: some beats of count-in, Start, then 24 clocks a beat in its tempo."""
    period = float(piece.seconds_of(piece.ticks_per_beat)) / CLOCKS_PER_BEAT
    for number in range(COUNT_IN_BEATS * CLOCKS_PER_BEAT):
        yield number * period, bytes((CLOCK,))
    begun = COUNT_IN_BEATS * CLOCKS_PER_BEAT * period
    yield begun, bytes((START,))
    for number in count():
        yield begun + float(piece.seconds_of(number * piece.ticks_per_beat / CLOCKS_PER_BEAT)), bytes((CLOCK,))


def clock_start_seconds(piece: MidiPiece) -> float:
    """When `clock_of` comes to tick 0 of the file."""
    return COUNT_IN_BEATS * float(piece.seconds_of(piece.ticks_per_beat))


def script_of(piece: MidiPiece, longest_seconds: float | None = None, tick_0_seconds: float | None = None) -> Script:
    """Notes and sustain pedal of all tracks on channel 1, beginning with the first note at 0 seconds.

    `longest_seconds` leaves out notes that begin later; `tick_0_seconds` puts tick 0 of the file there instead.
    Note-offs stand before note-ons of the same moment.
    """
    notes = piece.notes
    onset, end = piece.seconds_of(notes[:, 0]), piece.seconds_of(notes[:, 1])
    first = float(onset[0]) if tick_0_seconds is None else -tick_0_seconds
    kept = np.ones(len(notes), dtype=bool) if longest_seconds is None else onset - onset[0] <= longest_seconds
    events: list[tuple[float, int, bytes]] = []
    for begin, stop, pitch, velocity in zip(onset[kept], end[kept], notes[kept, 2], notes[kept, 3], strict=True):
        events.append((float(begin) - first, 1, note_on(0, int(pitch), max(1, int(velocity)))))
        events.append((float(stop) - first, 0, note_off(0, int(pitch))))
    last = max(moment for moment, _, _ in events)
    moments = piece.seconds_of(piece.pedals[:, 0]) - first if len(piece.pedals) else np.empty(0)
    for moment, value in zip(moments, piece.pedals[:, 2], strict=True):
        if moment <= last:
            events.append((max(0.0, float(moment)), 0, control_change(0, CC_SUSTAIN, int(value))))
    # A pedal left down would keep the phrase ringing for ever.
    if len(piece.pedals):
        events.append((last, 0, control_change(0, CC_SUSTAIN, 0)))
    return [(moment, data) for moment, _, data in sorted(events, key=lambda e: (e[0], e[1]))]

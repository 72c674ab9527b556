"""A MIDI file as what a player would have sent: wire messages with their moments. Knows no ports."""

import numpy as np

from cocomposer.adapters.midi_files import MidiPiece
from cocomposer.music.message import CC_SUSTAIN, control_change, note_off, note_on

Script = list[tuple[float, bytes]]
"""(seconds from the start, message), ascending."""


def script_of(piece: MidiPiece, longest_seconds: float | None = None) -> Script:
    """Notes and sustain pedal of all tracks on channel 1, beginning with the first note at 0 seconds.

    `longest_seconds` leaves out notes that begin later. Note-offs stand before note-ons of the same moment.
    """
    notes = piece.notes
    onset, end = piece.seconds_of(notes[:, 0]), piece.seconds_of(notes[:, 1])
    first = float(onset[0])
    kept = np.ones(len(notes), dtype=bool) if longest_seconds is None else onset - first <= longest_seconds
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

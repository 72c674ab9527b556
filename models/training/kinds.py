"""What kind of music a MIDI file holds, found from its notes where nobody says it.

The rules, with how often they find what the corpus' manifest says, are in README.md. Knows no folders and no splits.
"""

from dataclasses import replace

import numpy as np

from cocomposer.adapters.midi_files import MidiPiece
from cocomposer.music.message import PEDAL_THRESHOLD
from models.training.pieces import DRUM_CHANNEL, Source

GRID_BEATS = (1 / 8, 1 / 6)
"""Notes of a score begin on 32nds or on triplets of 16ths …"""
GRID_TOLERANCE_BEATS = 0.01
"""… within this much (rounding of coarse ticks; 5 ms at 120 BPM, where players miss by 10 and more) …"""
GRID_SHARE = 0.6
"""… and this share of them does (the rest: grace notes, quintuplets). By chance, a quarter does."""
DYNAMIC_SHARE = 0.02
"""Velocities say something when this share of the notes is louder or softer than is usual in their part."""
PEDALLED_SHARE = 0.25
"""A pedal counts when the channels it is on have this share of the notes; else it is one instrument's of many."""


def recognise(midi: MidiPiece, source: Source) -> Source:
    """`source` with kind, style, on_beats, has_velocity and has_pedal as the file shows them."""
    drums = midi.notes[:, 4] == DRUM_CHANNEL
    only_drums = bool(drums.all())
    heard = midi if only_drums else replace(midi, notes=midi.notes[~drums])
    on_beats = lies_on_grid(heard)
    kind = "drums" if only_drums else "score" if on_beats else "performed"
    return replace(
        source,
        kind=kind,
        style=kind,
        # Drums are recorded to a click: their beats mean something even where no stroke is on them.
        on_beats=on_beats or only_drums,
        has_velocity=has_dynamics(heard),
        has_pedal=not only_drums and has_pedal(heard),
    )


def lies_on_grid(midi: MidiPiece) -> bool:
    """Whether the notes begin on the subdivisions of the file's beats."""
    beats = midi.beats_of(midi.notes[:, 0])
    near = np.zeros(len(beats), dtype=np.bool_)
    for step in GRID_BEATS:
        near |= np.abs(beats / step - np.rint(beats / step)) * step <= GRID_TOLERANCE_BEATS
    return bool(near.mean() >= GRID_SHARE)


def has_dynamics(midi: MidiPiece) -> bool:
    """Whether velocities vary within the parts; one velocity for each part is a mix, not a touch."""
    velocity = midi.notes[:, 3]
    part = np.unique(midi.notes[:, 4:6], axis=0, return_inverse=True)[1].reshape(-1)
    counts = np.zeros((int(part.max()) + 1, 128), dtype=np.int64)
    np.add.at(counts, (part, velocity), 1)
    return bool(1 - counts.max(axis=1).sum() / len(velocity) >= DYNAMIC_SHARE)


def has_pedal(midi: MidiPiece) -> bool:
    """Whether a sustain pedal goes down that holds a fair share of the notes."""
    pressed = midi.pedals[:, 2] >= PEDAL_THRESHOLD
    return bool(np.isin(midi.notes[:, 4], midi.pedals[pressed, 1]).mean() >= PEDALLED_SHARE)

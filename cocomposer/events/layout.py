"""The vocabulary: which small integers describe a note, in which order they are drawn, and its fingerprint.

A row holds the DRAWN fields of a note, what is GIVEN with it (its place in the bar, the kind of
music) and the pitches just before it. The network, the codec and every bundle read this one table;
a bundle made for another table is refused by `fingerprint`. Growing the vocabulary (say, a part or
a chord in force) means a new field here and a new VERSION, nothing else.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

from cocomposer.events.steps import STEP_COUNT, STEPS
from cocomposer.music.ticks import TICKS_PER_BEAT

VERSION: Final = 1

VELOCITY_BIN: Final = 4
"""Velocities per class."""
VELOCITY_UNKNOWN: Final = 0
PITCH_NONE: Final = 128
"""Stands for "no note" among the pitches before."""
PHASE_UNKNOWN: Final = TICKS_PER_BEAT
BEAT_UNKNOWN: Final = 16
RECENT: Final = 3
"""How many pitches before the note's own stand in its row."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a row. `first_drawn` is the lowest class that may be drawn (below lie "unknown" inputs)."""

    name: str
    classes: int
    first_drawn: int = 0


DRAWN: Final = (
    Field("onset", STEP_COUNT),
    Field("pitch", 128),
    Field("duration", STEP_COUNT, first_drawn=1),
    Field("velocity", 1 + 128 // VELOCITY_BIN, first_drawn=1),
    Field("pedal", 4, first_drawn=1),
)
"""Drawn one after another: ticks since the note before, pitch, key-down ticks, velocity class, `Pedal`."""

GIVEN: Final = (
    Field("phase", TICKS_PER_BEAT + 1),
    Field("beat", BEAT_UNKNOWN + 1),
    Field("style", 7),
)
"""Known about a note without drawing: tick within the beat, beat within the bar, kind of music."""

STYLES: Final = ("unknown", "performed", "score", "leadsheet", "folk", "hymn", "drums")
"""Classes of the style field; the corpus manifest's `kind` names them."""

COLUMNS: Final = (
    *(field.name for field in DRAWN),
    *(field.name for field in GIVEN),
    *(f"before_{n}" for n in range(1, RECENT + 1)),
)
COLUMN: Final = {name: index for index, name in enumerate(COLUMNS)}
DRAWN_INDEX: Final = {field.name: index for index, field in enumerate(DRAWN)}


def fingerprint() -> str:
    """SHA-256 over all that a trained model depends on in this table."""
    described = {
        "version": VERSION,
        "drawn": [asdict(field) for field in DRAWN],
        "given": [asdict(field) for field in GIVEN],
        "columns": COLUMNS,
        "styles": STYLES,
        "steps": STEPS,
        "velocity_bin": VELOCITY_BIN,
        "ticks_per_beat": TICKS_PER_BEAT,
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()

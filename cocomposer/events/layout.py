"""The vocabulary: which small integers describe a note, in which order they are drawn, and its fingerprint.

A row holds the DRAWN fields of a note, what is GIVEN with it (its place in the bar, the kind of
music, the chord in force, whose note it is) and the pitches just before it. The network, the codec and
every bundle read this one table; a bundle made for another table is refused by `fingerprint`. Growing the
vocabulary means a new field here and a new VERSION, nothing else.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

from cocomposer.events.steps import STEP_COUNT, STEPS
from cocomposer.music.ticks import TICKS_PER_BEAT

VERSION: Final = 2

VELOCITY_BIN: Final = 4
"""Velocities per class."""
VELOCITY_UNKNOWN: Final = 0
PITCH_NONE: Final = 128
"""Stands for "no note" among the pitches before."""
PHASE_UNKNOWN: Final = TICKS_PER_BEAT
BEAT_UNKNOWN: Final = 16
ROOT_UNKNOWN: Final = 12
QUALITY_UNKNOWN: Final = 0
PART_UNKNOWN: Final = 0
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
    Field("chord_root", 13),
    Field("chord_quality", 9),
    Field("part", 3),
)
"""Known about a note without drawing: tick within the beat, beat within the bar, kind of music, the chord that
is in force at its onset (pitch class of the root, class of chord), and whose it is."""

PLACE: Final = ("phase", "beat", "chord_root", "chord_quality", "part")
"""What a head may know of the new note beyond what is drawn; of these the onset head knows the part alone."""
UNPLACED: Final = (PHASE_UNKNOWN, BEAT_UNKNOWN, ROOT_UNKNOWN, QUALITY_UNKNOWN, PART_UNKNOWN)
"""A place of which nothing is known."""

STYLES: Final = ("unknown", "performed", "score", "leadsheet", "folk", "hymn", "drums")
"""Classes of the style field; the corpus manifest's `kind` names them."""
CHORD_QUALITIES: Final = ("unknown", "maj", "min", "7", "m7", "maj7", "sus", "dim", "aug")
"""Classes of the chord quality; every chord is folded to one of them."""
PARTS: Final = ("unknown", "theirs", "mine")
"""Classes of the part: the player's note, or the machine's."""

COLUMNS: Final = (
    *(field.name for field in DRAWN),
    *(field.name for field in GIVEN),
    *(f"before_{n}" for n in range(1, RECENT + 1)),
)
COLUMN: Final = {name: index for index, name in enumerate(COLUMNS)}
PLACE_COLUMNS: Final = [COLUMN[name] for name in PLACE]
RECENT_COLUMNS: Final = [COLUMN["pitch"], *(COLUMN[f"before_{n}"] for n in range(1, RECENT + 1))]
"""In the row of a note: the pitches that stand before the next one, nearest first."""
DRAWN_INDEX: Final = {field.name: index for index, field in enumerate(DRAWN)}


def fingerprint() -> str:
    """SHA-256 over all that a trained model depends on in this table."""
    described = {
        "version": VERSION,
        "drawn": [asdict(field) for field in DRAWN],
        "given": [asdict(field) for field in GIVEN],
        "columns": COLUMNS,
        "place": PLACE,
        "styles": STYLES,
        "chord_qualities": CHORD_QUALITIES,
        "parts": PARTS,
        "steps": STEPS,
        "velocity_bin": VELOCITY_BIN,
        "ticks_per_beat": TICKS_PER_BEAT,
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()

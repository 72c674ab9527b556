"""What a take's music is called: its key and its chords, by name. Knows nothing of how it was kept."""

from collections.abc import Sequence
from typing import Final

import msgspec

from cocomposer.document.takes import ChordName, KeptTake
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import chords_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT

MOST_NOTES: Final = 400
"""Chords of so many notes are named; they take some milliseconds, and nobody reads more of them in a list."""


def key_and_chords(
    notes: Sequence[Note],
    bar_tick: int = 0,
    beats_per_bar: int = BEATS_PER_BAR_DEFAULT,
    beat_known: bool = True,
) -> tuple[str, tuple[ChordName, ...]]:
    """The name of the key, empty if it is unclear, and the chords of the first MOST_NOTES notes; `notes` in order."""
    found = find_key(notes)
    key = found.key if found is not None else None
    metre = Metre(beats_per_bar, bar_tick, beat_known)
    spans = chords_of(notes[:MOST_NOTES], metre)
    chords = tuple(ChordName(span.tick, span.chord.name(key)) for span in spans if span.chord is not None)
    return ("" if key is None else key.name), chords


def named(take: KeptTake) -> KeptTake:
    """The take with its key and chords."""
    key, chords = key_and_chords(take.notes, take.bar_tick, take.beats_per_bar, take.beat_known)
    return msgspec.structs.replace(take, key=key, chords=chords)

"""What a take's music is called: its key and its chords, by name. Knows nothing of how it was kept."""

from collections.abc import Sequence
from typing import Final

import msgspec

from cocomposer.document.takes import ChordName, KeptTake
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import chords_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import BEATS_PER_BAR_DEFAULT

MOST_NOTES: Final = 400
"""Chords of so many notes are named; they take some milliseconds, and nobody reads more of them in a list."""

OPENING_NOTES: Final = 24
"""The key of so many notes is the one that a phrase begins in."""


def key_and_chords(
    notes: Sequence[Note],
    bar_tick: int = 0,
    beats_per_bar: int = BEATS_PER_BAR_DEFAULT,
    beat_known: bool = True,
    before: Key | None = None,
) -> tuple[str, tuple[ChordName, ...]]:
    """The name of the key, empty if it is unclear, and the chords of the first MOST_NOTES notes; `notes` in order.

    The key is written as it is beside the one `before` them, or else the one that they begin in.
    """
    found = find_key(notes)
    opening = find_key(notes[:OPENING_NOTES]) if before is None else None
    key = None if found is None else found.key.beside(before if opening is None else opening.key)
    metre = Metre(beats_per_bar, bar_tick, beat_known)
    spans = chords_of(notes[:MOST_NOTES], metre)
    chords = tuple(ChordName(span.tick, span.chord.name(key)) for span in spans if span.chord is not None)
    return ("" if key is None else key.name), chords


def named(take: KeptTake, others: Sequence[KeptTake] = ()) -> KeptTake:
    """The take with its key and chords; `others` with a key, as far as they come before it, have a say in its names."""
    earlier = [one for one in others if one.key and one.notes and one.notes < take.notes]
    before = _key(max(earlier, key=lambda one: one.notes[0].onset_tick).key) if earlier else None
    key, chords = key_and_chords(take.notes, take.bar_tick, take.beats_per_bar, take.beat_known, before)
    return msgspec.structs.replace(take, key=key, chords=chords)


def _key(name: str) -> Key | None:
    try:
        return key_named(name)
    except ValueError:  # a name from a file
        return None

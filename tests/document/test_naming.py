"""How takes are named: a key of six accidentals is written as what stood before it."""

from dataclasses import replace

import pytest

from cocomposer.document.naming import key_and_chords, named
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.harmony.key import Key, key_named
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

FLATTER = ((54, 58, 61), (59, 63, 66), (61, 65, 68, 71), (54, 58, 61))
"""Gb Cb Db7 Gb, which sounds like F# B C#7 F#."""
FLAT = ((49, 53, 56), (54, 58, 61), (56, 60, 63, 66), (49, 53, 56))


def notes(*chords: tuple[int, ...]) -> tuple[Note, ...]:
    """A beat each."""
    return tuple(
        Note(n * TICKS_PER_BEAT, pitch, TICKS_PER_BEAT - 2, 80) for n, chord in enumerate(chords) for pitch in chord
    )


@pytest.mark.parametrize(
    ("before", "key", "chords"),
    [
        (None, "F# major", ["F#", "B", "C#7", "F#"]),
        ("Db major", "Gb major", ["Gb", "Cb", "Db7", "Gb"]),
        ("E major", "F# major", ["F#", "B", "C#7", "F#"]),
    ],
)
def test_as_the_key_before(before: str | None, key: str, chords: list[str]) -> None:
    earlier: Key | None = None if before is None else key_named(before)
    name, spans = key_and_chords(notes(*FLATTER), before=earlier)
    assert (name, [span.name for span in spans]) == (key, chords)


def test_as_the_key_that_the_notes_begin_in() -> None:
    name, spans = key_and_chords(notes(*FLAT * 3, *FLATTER * 6))
    assert name == "Gb major" and {span.name for span in spans} == {"Db", "Gb", "Ab7", "Cb", "Db7"}


def test_as_the_take_before() -> None:
    def take(name: str, begin: int, chords: tuple[tuple[int, ...], ...], key: str = "") -> KeptTake:
        phrase = tuple(replace(note, onset_tick=note.onset_tick + begin) for note in notes(*chords))
        return KeptTake(
            name, 1, TakeKind.ANSWER, name, phrase, (), 120.0, True, 0, 4, 1, Settings(), "2026-11-21T12:00", key=key
        )

    flatter = take("b", 960, FLATTER)
    flat, sharp = take("a", 0, FLAT, "Db major"), take("c", 1920, FLAT, "E major")
    assert named(flatter, (flat, sharp, flatter)).key == "Gb major"
    assert named(flatter, (sharp, flatter)).key == named(flatter).key == "F# major"
    assert named(flatter, (take("d", 0, FLAT, "H major"), flatter)).key == "F# major"

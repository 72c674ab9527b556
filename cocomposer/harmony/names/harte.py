"""Chord symbols in Harte's notation, as corpora are annotated: "C:maj7/3", "A:min7", "G:7(b9,13)", "D:(1,3,5,b7)".

Source: C. Harte et al., "Symbolic representation of musical chords", ISMIR 2005; the shorthands beyond it (5, 11, 13 …)
are those of the McGill Billboard set. A bass may also be the name of a note. `N` and `X` are `symbols`'.
"""

import re
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES, name_at, pitch_class_at, place_of_name
from cocomposer.harmony.qualities import quality_of, semitones_of_degree, tones_of

_HARTE: Final = re.compile(r"([A-G](?:b{1,2}|#{1,2})?)(?::([a-z]*\d*(?:\([^()]*\))?))?(?:/([b#]*\d+|[A-G][b#]*))?")
_BASS_DEGREES: Final = ("1", "b9", "9", "b3", "3", "11", "b5", "5", "b13", "13", "b7", "7")
"""Of each pitch class above the root, if it is none of the chord's tones."""


def read_harte(text: str) -> Chord:
    """The chord; ValueError if it is none."""
    found = _HARTE.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(f"{text!r} is no chord in Harte's notation")
    root = pitch_class_at(place_of_name(found[1]))
    bass = None
    if found[3]:
        named = found[3][0].isupper()
        bass = pitch_class_at(place_of_name(found[3])) if named else root + semitones_of_degree(found[3])
        bass %= PITCH_CLASSES
    return Chord(root, quality_of(tones_of(found[2] or "maj")), None if bass == root else bass)


def write_harte(chord: Chord, root_place: int) -> str:
    """The chord with its root spelt at a place on the line of fifths."""
    name = f"{name_at(root_place)}:{chord.quality}"
    above = (chord.bass_or_root - chord.root) % PITCH_CLASSES
    if above == 0:
        return name
    degrees = {tone.semitones: tone.degree for tone in chord.template.tones}
    return f"{name}/{degrees.get(above, _BASS_DEGREES[above])}"

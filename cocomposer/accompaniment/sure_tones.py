"""Which tone an accompanist dares to strike: one that is surely of the chord, else the likeliest one that is near.

Knows neither seconds nor how the likelihoods came about.
"""

from dataclasses import replace
from typing import Final

from cocomposer.accompaniment import bass_part, voice_part
from cocomposer.accompaniment.chord_belief import Floats
from cocomposer.accompaniment.chord_part import CEILINGS
from cocomposer.accompaniment.parts import Part
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note

SURE: Final = 0.75
"""A tone is struck if it is so likely to be one of the chord; the others wait until more was heard."""
LIKELY: Final = 0.5
"""The bass, whose the pulse is, waits for none that is so likely: it strikes the likeliest one that is near."""
_REGISTERS: Final = {
    Part.CHORDS: (bass_part.LOWEST, CEILINGS[-1]),
    Part.BASS: (bass_part.LOWEST, bass_part.HIGHEST),
    Part.VOICE: (voice_part.LOWEST, voice_part.HIGHEST),
}
"""Lowest and highest pitch."""


def surest(drafts: list[tuple[Part, Note]], tones: Floats, begin: int, until: int) -> list[tuple[Part, Note]]:
    """Of what could be struck the likeliest one, on the likeliest tone of all that is near; nothing of nothing."""
    if not drafts:
        return []
    part, note = max(drafts, key=lambda draft: tones[draft[1].pitch % PITCH_CLASSES])
    pitch = surest_pitch(part, note, tones)
    onset = max(begin, note.onset_tick)
    return [(part, replace(note, onset_tick=onset, pitch=pitch, duration_ticks=until - onset))]


def surest_pitch(part: Part, note: Note, tones: Floats) -> int:
    """The note's own, if it is sure, else the likeliest one that is near."""
    if tones[note.pitch % PITCH_CLASSES] >= SURE:
        return note.pitch
    return max(near(part, note), key=lambda pitch: (tones[pitch % PITCH_CLASSES], -abs(pitch - note.pitch)))


def near(part: Part, note: Note) -> range:
    """The octave around a pitch, within the part's register."""
    lowest, highest = _REGISTERS[part]
    begin = max(lowest, min(note.pitch - PITCH_CLASSES // 2, highest + 1 - PITCH_CLASSES))
    return range(begin, begin + PITCH_CLASSES)

"""Which tone is struck while a chord is not sure."""

import numpy as np
import pytest

from cocomposer.accompaniment import bass_part
from cocomposer.accompaniment.parts import Part
from cocomposer.accompaniment.sure_tones import near, surest, surest_pitch
from cocomposer.music.note import Note

TONES = np.array([0.6, 0, 0.1, 0, 0.8, 0, 0, 0.9, 0, 0.2, 0, 0])
"""C .6, E .8, G .9"""


@pytest.mark.parametrize(("pitch", "struck"), [(40, 40), (43, 43), (36, 31), (48, 43), (45, 43)])
def test_the_bass_keeps_a_sure_tone_and_else_takes_the_likeliest_near(pitch: int, struck: int) -> None:
    assert surest_pitch(Part.BASS, Note(0, pitch, 48, 80), TONES) == struck


def test_of_several_the_likeliest_is_struck_to_the_end_of_the_beat() -> None:
    drafts = [(Part.CHORDS, Note(0, pitch, 90, 80)) for pitch in (60, 64, 69)]
    assert surest(drafts, TONES, 10, 48) == [(Part.CHORDS, Note(10, 64, 38, 80))]
    assert surest([], TONES, 0, 48) == []


@pytest.mark.parametrize("pitch", range(bass_part.LOWEST, bass_part.HIGHEST + 1))
def test_near_is_an_octave_within_the_register(pitch: int) -> None:
    found = near(Part.BASS, Note(0, pitch, 48, 80))
    assert len(found) == 12 and pitch in found
    assert found[0] >= bass_part.LOWEST and found[-1] <= bass_part.HIGHEST

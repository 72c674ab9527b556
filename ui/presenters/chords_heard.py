"""How a chord sounds when it is tried: voiced near the chord before, for two beats. Pure; plays nothing."""

from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.search import next_voicing
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.jam.inputs import Audition
from cocomposer.music.note import Note
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT
from ui.presenters.chords import read

HEARD: Final = "chord "
"""Auditions of chords begin with it, and the symbol follows."""
BEATS: Final = 2
VELOCITY: Final = 72


def voiced(symbol: str, before: Voicing | None, rules: VoicingRules) -> Voicing | None:
    """A chord near the one before; None for what is no chord, or has no voicing in these rules."""
    chord = read(symbol)
    if not isinstance(chord, Chord):
        return None
    try:
        return next_voicing(chord, before, rules)
    except ValueError:
        return None


def audition_of(voicing: Voicing, symbol: str, channel: int) -> Audition:
    """Heard now, without a word to an answer that sounds. `channel` as musicians count them, from 1."""
    notes = tuple(Note(0, pitch, BEATS * TICKS_PER_BEAT, VELOCITY) for pitch in voicing.pitches)
    return Audition(f"{HEARD}{symbol}", notes, NOMINAL_BPM, channel, at_once=True, beside=True)


def is_tried(name: str) -> bool:
    """Whether an audition is of a chord."""
    return name.startswith(HEARD)

"""Every voicing of one chord on the keyboard, with what each costs by itself: register, mud, doublings, omissions.

What it costs to come from one to another is `motion`'s. Costs are in semitones of motion that one would accept instead.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.shapes import has_bass_apart, is_bass_given, shapes_of
from cocomposer.harmony.voicing.tones import SEVENTHS
from cocomposer.harmony.voicing.voicing import Voicing, voicing_of

Pitches = NDArray[np.int16]
Costs = NDArray[np.float32]
Marks = NDArray[np.bool_]

LOW_INTERVAL_LIMITS: Final[dict[int, int]] = {
    1: 52, 2: 51, 3: 48, 4: 46, 5: 46, 6: 47, 7: 34, 8: 41, 9: 41, 10: 41, 11: 41,
}  # fmt: skip
"""Interval in semitones → lowest pitch of its lower tone (minor third: C3) before it sounds muddy.

Source: low interval limits as taught at Berklee; table in Sweetwater's glossary, whose C3 is our C4.
"""
MUD_PER_SEMITONE: Final = 6.0
"""For each semitone that an interval lies below its limit."""

_CENTRE_FREE: Final = 3.0
"""Semitones off the centre that cost nothing."""
_OFF_CENTRE: Final = 0.5
"""For each semitone beyond, so that a long line of minimal motions does not drift away."""
_OPENING: Final = 1.0
"""For each semitone off the centre where no chord leads there."""
_BASS_CENTRE: Final = 43
"""G2."""
_BASS_FREE: Final = 7
_BASS_OFF_CENTRE: Final = 0.4

SINGERS: Final = ((40, 60), (48, 67), (55, 74), (60, 79))
"""Registers of bass, tenor, alto and soprano, as harmony books have them."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """All voicings of one chord, one a row; all have the same number of voices."""

    chord: Chord
    pitches: Pitches
    """[voicings, voices], ascending in each row."""
    cost: Costs
    """[voicings]"""
    opening: Costs
    """[voicings]: what a voicing costs besides where it comes first."""
    is_bass_given: bool
    is_bass_apart: bool

    def voicing(self, number: int, rules: VoicingRules) -> Voicing:
        """One row as a value."""
        return voicing_of(self.chord, self.pitches[number].tolist(), rules.hand_span, rules.has_left_bass)

    @property
    def sevenths(self) -> Marks:
        """[voicings, voices]: which voices have a seventh that wants to fall."""
        falling = [
            tone.semitones for tone in self.chord.template.tones if tone.degree in SEVENTHS and tone.degree != "6"
        ]
        return np.isin((self.pitches - self.chord.root) % PITCH_CLASSES, falling)

    @property
    def leading_tones(self) -> Marks:
        """[voicings, voices]: which voices have a major third, the leading tone to the chord a fifth below."""
        leading = [tone.semitones for tone in self.chord.template.tones if tone.degree == "3"]
        return np.isin((self.pitches - self.chord.root) % PITCH_CLASSES, leading)


def locked(voicing: Voicing, rules: VoicingRules) -> Candidates:
    """The one candidate where the player has decided."""
    free = np.zeros(1, np.float32)
    is_slash = voicing.chord.bass_or_root != voicing.chord.root
    return Candidates(
        voicing.chord,
        np.asarray([voicing.pitches], np.int16),
        free,
        free,
        is_bass_given(is_slash, rules),
        False,
    )


@lru_cache(maxsize=1024)
def candidates_of(chord: Chord, rules: VoicingRules, into_minor: bool = False) -> Candidates:
    """Every voicing that the rules allow; ValueError where there is none in the register."""
    bass = (chord.bass_or_root - chord.root) % PITCH_CLASSES
    template, is_slash = chord.template, bass != 0
    shapes = shapes_of(template, bass, is_slash, rules, into_minor and rules.style is Style.ROOTLESS)
    if not shapes:
        raise ValueError(f"no hand spans {chord.name()} in the style {rules.style}; allow a wider span or other voices")
    offsets = np.asarray([shape.offsets for shape in shapes], np.int16) + chord.root
    octaves = np.arange(0, 128, PITCH_CLASSES, dtype=np.int16)
    pitches = (offsets[None] + octaves[:, None, None]).reshape(-1, offsets.shape[1])
    cost = np.tile(np.asarray([shape.cost for shape in shapes], np.float32), len(octaves))
    inside = (pitches[:, 0] >= rules.lowest) & (pitches[:, -1] <= rules.highest)
    if rules.style is Style.CHORALE:
        registers = np.asarray(SINGERS, np.int16)[: pitches.shape[1]]
        singable = inside & ((pitches >= registers[:, 0]) & (pitches <= registers[:, 1])).all(axis=1)
        # A single tone in four octaves, or what a strange register forces, is more than singers have.
        inside = singable if singable.any() else inside
    if not inside.any():
        raise ValueError(
            f"no voicing of {chord.name()} in the style {rules.style} lies between the pitches {rules.lowest} and "
            f"{rules.highest}; widen the register or take fewer voices"
        )
    pitches, cost = pitches[inside], cost[inside]
    apart = has_bass_apart(template, bass, is_slash, rules)
    off_centre = np.abs(pitches[:, int(apart) :].mean(axis=1, dtype=np.float32) - rules.upper_centre)
    cost = cost + _OFF_CENTRE * np.maximum(off_centre - _CENTRE_FREE, 0) + mud(pitches)
    if apart:
        cost = cost + _BASS_OFF_CENTRE * np.maximum(np.abs(pitches[:, 0] - _BASS_CENTRE) - _BASS_FREE, 0)
    return Candidates(
        chord,
        np.ascontiguousarray(pitches),
        cost.astype(np.float32),
        (_OPENING * off_centre).astype(np.float32),
        is_bass_given(is_slash, rules),
        apart,
    )


def mud(pitches: Pitches) -> Costs:
    """[voicings]: how far its intervals lie below their limits."""
    limits = np.zeros(128, np.int16)
    limits[list(LOW_INTERVAL_LIMITS)] = list(LOW_INTERVAL_LIMITS.values())
    total = np.zeros(len(pitches), np.float32)
    for low in range(pitches.shape[1]):
        for high in range(low + 1, pitches.shape[1]):
            limit = limits[pitches[:, high] - pitches[:, low]]
            total += np.where(limit > 0, np.maximum(limit - pitches[:, low], 0), 0)
    return MUD_PER_SEMITONE * total

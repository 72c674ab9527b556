"""Which shapers a wish asks for: each control that is not neutral has one, and a neutral one has none.

So a neutral control cannot change a distribution, not in its last bit. Drums have two of their own.
"""

from cocomposer.generation.chord_lean import ChordLean
from cocomposer.generation.circles import Circles
from cocomposer.generation.drum_leans import STYLE as DRUMS
from cocomposer.generation.drum_leans import Cymbals, Places
from cocomposer.generation.key_lean import KeyLean
from cocomposer.generation.likeness import Likeness
from cocomposer.generation.request import Wish
from cocomposer.generation.shaping import Shaper
from cocomposer.generation.tilt import DENSITY, KINDS, PACE_ROOM, Steadied, Tilt
from cocomposer.generation.timing_leans import Rhythm, Strictness


def shapers_of(wish: Wish) -> tuple[Shaper, ...]:
    """The shapers of one turn, leans first: a tilt closes its loop over what all together draw."""
    controls = wish.controls
    shapers: list[Shaper] = []
    if wish.steady:
        shapers.append(Circles(wish.phrase_ticks))
        if not controls.density:
            shapers.append(Steadied(DENSITY, PACE_ROOM, wish.phrase_ticks))
    if wish.style == DRUMS:
        shapers.append(Cymbals())
        if wish.metre.bar_tick is not None and wish.phrase_ticks is not None:
            shapers.append(Places(wish.metre, wish.phrase_ticks))
    if wish.follow_key:
        shapers.append(KeyLean(wish.follow_key))
    if controls.likeness:
        shapers.append(Likeness(controls.likeness, wish.phrase_ticks))
    if controls.chord and wish.chords.chords:
        shapers.append(ChordLean(controls.chord, wish.chords))
    if controls.rhythm:
        first = wish.earliest_tick if wish.first_tick is None else wish.first_tick
        shapers.append(Rhythm(controls.rhythm, wish.metre, wish.phrase_ticks, first))
    if controls.strictness and wish.metre.beat_known:
        shapers.append(Strictness(controls.strictness))
    for name, kind in KINDS.items():
        value: float = getattr(controls, name)
        if value:
            shapers.append(Tilt(kind, value, wish.phrase_ticks))
    return tuple(shapers)

"""What contradicts itself in a wish, told in a sentence each before a jam begins. Knows the constraints, no window."""

from itertools import pairwise

import msgspec

from cocomposer.generation.constraints import on_pitch_classes, pitch_mask
from cocomposer.generation.controls import limits_of
from cocomposer.generation.request import GivenUp, OnsetGrid, Wish
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.ticks import TICKS_PER_BEAT


def faults(wish: Wish) -> tuple[str, ...]:
    """One sentence with what to do for each contradiction; empty if all constraints can be kept together.

    What only the moment tells (more still sounds than may) is no contradiction.
    """
    return (*_of_values(wish), *(_of_chord_values(wish) or _of_pitches(wish)), *_of_times(wish))


def _of_values(wish: Wish) -> list[str]:
    found = []
    for name, value in msgspec.structs.asdict(wish.controls).items():
        lowest, highest = limits_of(name)
        if not lowest <= value <= highest:
            found.append(f"The control {name} cannot be {value:g}; choose a value from {lowest:g} to {highest:g}.")
    if not wish.temperature > 0:
        found.append("The creativity must be more than 0; raise it.")
    if not 0 < wish.top_p <= 1:
        found.append("top_p must be more than 0 and at most 1; 1 leaves all notes in.")
    if not 0 <= wish.min_p < 1:
        found.append("min_p must be at least 0 and less than 1; 0 leaves all notes in.")
    if wish.most_at_once < 1 or wish.most_sounding < 1:
        found.append("With no note allowed to sound nothing can be answered; allow at least one at a time.")
    return found


def _of_chord_values(wish: Wish) -> list[str]:
    chords, loop = wish.chords.chords, wish.chords.loop_ticks
    ticks = [chord.tick for chord in chords]
    if ticks != sorted(set(ticks)):
        return ["Two of the given chords begin at the same time or out of order; put them in order."]
    if loop is not None and (not chords or loop <= ticks[-1] - ticks[0]):
        return ["The given chords last longer than the loop that repeats them; make the loop longer."]
    if wish.chord_tones_only and not chords:
        return ["Only chord tones are allowed, but no chords are given; give some or allow other notes."]
    if not all(0 <= pitch_class < PITCH_CLASSES for pitch_class in wish.scale):
        return ["The scale has a note that is none of the twelve; choose the scale again."]
    return []


def _of_pitches(wish: Wish) -> list[str]:
    lowest, highest = wish.lowest_pitch, wish.highest_pitch
    if not 0 <= lowest <= highest <= 127:
        return [f"The lowest pitch ({lowest}) lies above the highest ({highest}) or out of 0 to 127; change them."]
    register = f"from pitch {lowest} to {highest}"
    if GivenUp.SCALE in pitch_mask(wish, None)[1]:
        return [f"No note of the scale lies in the register {register}; widen it or unlock the scale."]
    found = []
    scale = on_pitch_classes(wish.scale or tuple(range(PITCH_CLASSES)))
    for chord in {chord.tones: chord for chord in wish.chords.chords}.values() if wish.chord_tones_only else ():
        if not pitch_mask(wish, chord)[1]:
            continue
        if not (on_pitch_classes(chord.tones) & scale).any():
            found.append(f"No tone of the chord {chord.name} is in the scale; unlock one of them or change the chord.")
        else:
            found.append(
                f"No tone of the chord {chord.name} that the scale allows lies in the register {register}; widen it."
            )
    return found


def _of_times(wish: Wish) -> list[str]:
    found = []
    if wish.metre.beat_known and wish.grid is not OnsetGrid.OFF:
        places = [tick for tick in range(TICKS_PER_BEAT + 1) if wish.grid.allows(tick % TICKS_PER_BEAT)]
        widest = max(later - place for place, later in pairwise(places))
        if wish.longest_rest_ticks < widest:
            found.append("The longest rest is shorter than a step of the grid; lengthen it or choose a finer grid.")
    elif wish.longest_rest_ticks < 1:
        found.append("The longest rest leaves no room for a next note; lengthen it.")
    first = wish.earliest_tick if wish.first_tick is None else wish.first_tick
    if wish.end_tick is not None and wish.end_tick <= first:
        found.append("The answer would be over before it begins; make it longer.")
    return found

"""The one time unit of composed music: the tick, 1/48 of a beat (quarter note).

48 divides by 16ths (12), 16th triplets (8), 32nds (6) and lies near 10 ms at 120 BPM (10.4 ms), so
scores and free performances share one grid. Knows no seconds but the nominal tempo of free time.
"""

from typing import Final

TICKS_PER_BEAT: Final = 48
NOMINAL_BPM: Final = 120.0
"""Free time (no beat known) is laid on ticks as if it were played at this tempo."""
NOMINAL_SECONDS_PER_TICK: Final = 60.0 / NOMINAL_BPM / TICKS_PER_BEAT
BEATS_PER_BAR_DEFAULT: Final = 4
CLOCKS_PER_BEAT: Final = 24
"""MIDI clock messages per quarter note (MIDI 1.0)."""
TICKS_PER_CLOCK: Final = TICKS_PER_BEAT // CLOCKS_PER_BEAT


def seconds_per_tick(bpm: float) -> float:
    """Length of one tick in seconds at `bpm` quarter notes a minute; ValueError unless bpm > 0."""
    if not bpm > 0:
        raise ValueError(f"tempo must be above 0 BPM, not {bpm}")
    return 60.0 / bpm / TICKS_PER_BEAT


def bpm_of(seconds_of_a_tick: float) -> float:
    """Quarter notes a minute when one tick lasts `seconds_of_a_tick`."""
    return 60.0 / (seconds_of_a_tick * TICKS_PER_BEAT)

"""When is the phrase over, if nothing else happens? The rule, and a simple wait for when nothing better is known.

Knows no notes, only the facts of the keyboard; a model may supply a better wait. Moments are seconds.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CHORD_SECONDS: Final = 0.03
"""Onsets closer together than this are one chord."""
GAPS_REMEMBERED: Final = 24
GAP_QUANTILE: Final = 0.9
WAIT_FACTOR: Final = 2.3
WAIT_FLOOR_SECONDS: Final = 0.4
SILENCE_SECONDS: Final = 0.3
"""On piano rolls, 0.3 s of silence instead of 0.1 s spared a quarter of the false endings at the same median wait."""
FIRST_WAIT_SECONDS: Final = 1.0
"""The wait while there is no gap to judge by: after a single note or chord."""


def onset_gaps(onsets_seconds: Sequence[float], at_most: int = GAPS_REMEMBERED) -> list[float]:
    """The last gaps between onsets (given in order), latest first; a chord, told by its first note, is one onset."""
    gaps: list[float] = []
    chord_ends = [
        index
        for index in range(len(onsets_seconds) - 1, 0, -1)
        if onsets_seconds[index] - onsets_seconds[index - 1] >= CHORD_SECONDS
    ][: at_most + 1]
    starts = [onsets_seconds[index] for index in chord_ends]
    if onsets_seconds and len(starts) <= at_most:
        starts.append(onsets_seconds[0])
    gaps = [later - earlier for later, earlier in itertools.pairwise(starts)]
    return gaps[:at_most]


def simple_wait(
    onsets_seconds: Sequence[float],
    factor: float = WAIT_FACTOR,
    floor_seconds: float = WAIT_FLOOR_SECONDS,
    first_seconds: float = FIRST_WAIT_SECONDS,
) -> float:
    """Seconds to wait after the last onset: `factor` times the 90 % quantile of the last 24 gaps between onsets."""
    gaps = sorted(onset_gaps(onsets_seconds))
    if not gaps:
        return max(first_seconds, floor_seconds)
    position = GAP_QUANTILE * (len(gaps) - 1)
    below = int(position)
    above = min(below + 1, len(gaps) - 1)
    quantile = gaps[below] + (gaps[above] - gaps[below]) * (position - below)
    return max(floor_seconds, factor * quantile)


@dataclass(frozen=True, slots=True)
class PhraseEnd:
    """The rule: `wait` after the last onset, and some silence after the last release."""

    silence_seconds: float = SILENCE_SECONDS
    """At least so long after the last key came up."""
    pedal_silence_seconds: float = SILENCE_SECONDS
    """The same while the sustain pedal is down."""

    def over_at(
        self,
        last_onset_seconds: float | None,
        last_release_seconds: float | None,
        held: int,
        pedal_down: bool,
        wait_seconds: float,
    ) -> float | None:
        """The earliest moment at which the phrase is judged over; None while a key is held or nothing was played."""
        if last_onset_seconds is None or held:
            return None
        over = last_onset_seconds + wait_seconds
        if last_release_seconds is not None:
            silence = self.pedal_silence_seconds if pedal_down else self.silence_seconds
            over = max(over, last_release_seconds + silence)
        return over

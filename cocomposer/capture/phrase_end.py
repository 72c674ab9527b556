"""When is the phrase over, if nothing else happens? The rule, and a simple wait for when nothing better is known.

Knows no notes, only the facts of the keyboard; a model may supply a better wait. Moments are seconds.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

CHORD_SECONDS: Final = 0.03
"""Onsets closer together than this are one chord."""
GAPS_REMEMBERED: Final = 24
GAP_QUANTILE: Final = 0.9
WAIT_FACTOR: Final = 2.3
WAIT_FLOOR_SECONDS: Final = 0.4
SILENCE_SECONDS: Final = 0.34
"""A pause shorter than this, after the last key came up, ends no phrase."""
LONGEST_SILENCE_SECONDS: Final = 2.0
"""A pause as long as this ends every phrase."""
ENOUGH_SECONDS: Final = 1.0
"""So does one as long as this, if it is longer than `simple_wait` would wait for this player."""
MISTAKE_SECONDS: Final = 1.5
"""Who goes on so soon after his phrase was judged over was misjudged."""
CALM_AFTER: Final = 4
"""So many right judgements in a row make up for one mistake."""
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
    longest_silence_seconds: float = LONGEST_SILENCE_SECONDS

    def suited(self, usual_wait_seconds: float) -> "PhraseEnd":
        """The rule for a player for whom `simple_wait` would wait so long: the quick are not kept waiting."""
        longest = min(self.longest_silence_seconds, max(ENOUGH_SECONDS, usual_wait_seconds))
        return replace(self, longest_silence_seconds=longest)

    def scaled(self, factor: float) -> "PhraseEnd":
        """The same rule with all its silences longer or shorter."""
        return PhraseEnd(
            self.silence_seconds * factor,
            self.pedal_silence_seconds * factor,
            self.longest_silence_seconds * factor,
        )

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
            over = min(over, last_release_seconds + self.longest_silence_seconds)
        return over


class Patience:
    """How patient to be with this player: every mistake makes it a step more, some right judgements a step less."""

    def __init__(self, steps: int) -> None:
        """`steps`: how many kinds of wait there are, the shortest first."""
        self._last = steps - 1
        self._right = 0
        self.step = 0

    def judged(self, went_on_after_seconds: float) -> None:
        """A phrase was judged over, and the player struck the next key so long after that."""
        if went_on_after_seconds <= MISTAKE_SECONDS:
            self.step, self._right = min(self._last, self.step + 1), 0
            return
        self._right += 1
        if self._right >= CALM_AFTER:
            self.step, self._right = max(0, self.step - 1), 0

"""An offline judge of rules for the end of a phrase: how often do they interrupt, how long do they keep one waiting?

The only file of `capture` that uses numpy: it goes over whole corpora. It judges what `phrase_end.PhraseEnd`
would do; whose rule the waits come from it does not know. All moments are seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.capture.phrase_end import (
    CHORD_SECONDS,
    ENOUGH_SECONDS,
    FIRST_WAIT_SECONDS,
    GAP_QUANTILE,
    GAPS_REMEMBERED,
    SILENCE_SECONDS,
    WAIT_FACTOR,
    WAIT_FLOOR_SECONDS,
    Patience,
    PhraseEnd,
)
from cocomposer.music.note import PlayedNote

Floats = NDArray[np.float64]
FIXED_WAIT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Performance:
    """Notes in order of onset, cut into phrases; pieces laid end to end."""

    onsets: Floats
    """[notes], within a phrase not decreasing."""
    releases: Floats
    """[notes]"""
    phrase_ends: NDArray[np.int64]
    """Indices of the last notes of phrases, rising; the very last note is one."""

    def __post_init__(self) -> None:
        if len(self.onsets) == 0 or len(self.onsets) != len(self.releases):
            raise ValueError("a performance needs notes, and a release for each onset")
        if len(self.phrase_ends) == 0 or self.phrase_ends[-1] != len(self.onsets) - 1:
            raise ValueError("the last note of a performance must end a phrase")
        if np.any(np.diff(self.phrase_ends) <= 0) or self.phrase_ends[0] < 0:
            raise ValueError("phrase ends must rise")

    @property
    def phrase_starts(self) -> NDArray[np.int64]:
        """Indices of the first notes of the phrases."""
        return np.concatenate((np.zeros(1, np.int64), self.phrase_ends[:-1] + 1))


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """How a rule did."""

    notes: int
    phrases: int
    false_endings: int
    """How often the phrase was judged over although the player went on."""
    gaps_seconds: Floats
    """[phrases] from the last note-off of a phrase to the moment it was judged over."""

    @property
    def gap_p50(self) -> float:
        """The median gap in seconds."""
        return float(np.median(self.gaps_seconds))


def performance_of(played: Iterable[PlayedNote], phrase_ends: Iterable[int] | None = None) -> Performance:
    """Of notes in order of onset, all released; one phrase if no ends are given. ValueError for a held note."""
    notes = list(played)
    if any(note.release_seconds is None for note in notes):
        raise ValueError("a performance to judge has no held notes")
    ends = [len(notes) - 1] if phrase_ends is None else list(phrase_ends)
    return Performance(
        np.array([note.onset_seconds for note in notes], np.float64),
        np.array([note.release_seconds for note in notes], np.float64),
        np.array(ends, np.int64),
    )


def last_releases(performance: Performance) -> Floats:
    """[notes] the last release among the notes of the phrase so far, keys still to come up included."""
    latest = performance.releases.copy()
    for start, end in zip(performance.phrase_starts.tolist(), (performance.phrase_ends + 1).tolist(), strict=True):
        np.maximum.accumulate(latest[start:end], out=latest[start:end])
    return latest


def judge(performance: Performance, waits_seconds: Floats, silence_seconds: float = SILENCE_SECONDS) -> TurnTaking:
    """A rule that waits `waits_seconds` [notes] from each onset, and `silence_seconds` from the last release."""
    released = last_releases(performance)
    return _judged(performance, released, np.maximum(performance.onsets + waits_seconds, released + silence_seconds))


def judge_patient(performance: Performance, waits_seconds: Floats, rule: PhraseEnd | None = None) -> TurnTaking:
    """The rule of the jam: `waits_seconds` [steps, notes] for each step of `Patience`, which starts anew with a piece.

    Pieces are laid end to end; one begins where the onsets fall back.
    """
    rule = rule or PhraseEnd()
    released, onsets = last_releases(performance), performance.onsets
    longest = np.minimum(rule.longest_silence_seconds, np.maximum(ENOUGH_SECONDS, simple_waits(performance)))
    over = np.clip(onsets + waits_seconds, released + rule.silence_seconds, released + longest)
    following = np.append(onsets[1:], np.inf)
    new_piece = np.append(False, np.diff(onsets) < 0)
    is_end = np.zeros(len(onsets), np.bool_)
    is_end[performance.phrase_ends] = True
    patience, false_endings = Patience(len(over)), 0
    gaps: list[float] = []
    # Most notes are followed too soon for any step of patience.
    for note in np.flatnonzero(is_end | new_piece | (over[0] < following)).tolist():
        if new_piece[note]:
            patience = Patience(len(over))
        judged = float(over[patience.step, note])
        if is_end[note]:
            gaps.append(judged - float(released[note]))
            patience.judged(np.inf)
        elif judged < following[note]:
            false_endings += 1
            patience.judged(float(following[note]) - judged)
    return TurnTaking(len(onsets), len(performance.phrase_ends), false_endings, np.asarray(gaps))


def judge_fixed(performance: Performance, wait_seconds: float = FIXED_WAIT_SECONDS) -> TurnTaking:
    """The yardstick: a fixed wait after the last note-off, with no key held."""
    released = last_releases(performance)
    return _judged(performance, released, released + wait_seconds)


def _judged(performance: Performance, released: Floats, over: Floats) -> TurnTaking:
    goes_on = np.ones(len(over), np.bool_)
    goes_on[performance.phrase_ends] = False
    inside = np.flatnonzero(goes_on)
    return TurnTaking(
        notes=len(over),
        phrases=len(performance.phrase_ends),
        false_endings=int(np.count_nonzero(over[inside] < performance.onsets[inside + 1])),
        gaps_seconds=over[performance.phrase_ends] - released[performance.phrase_ends],
    )


def simple_waits(
    performance: Performance,
    factor: float = WAIT_FACTOR,
    floor_seconds: float = WAIT_FLOOR_SECONDS,
    first_seconds: float = FIRST_WAIT_SECONDS,
) -> Floats:
    """[notes] what `phrase_end.simple_wait` says after each note, for all notes at once."""
    onsets = performance.onsets
    new_chord = np.ones(len(onsets), np.bool_)
    new_chord[1:] = np.diff(onsets) >= CHORD_SECONDS
    first = np.zeros(len(onsets), np.bool_)
    first[performance.phrase_starts] = True
    new_chord |= first
    chords = np.flatnonzero(new_chord)
    chord_is_first = first[chords]
    gaps = np.diff(onsets[chords], prepend=onsets[0])
    phrase_start = np.maximum.accumulate(np.where(chord_is_first, np.arange(len(chords)), 0))
    known = np.minimum(np.arange(len(chords)) - phrase_start, GAPS_REMEMBERED)
    padded = np.concatenate((np.full(GAPS_REMEMBERED - 1, np.inf), gaps))
    windows = np.lib.stride_tricks.sliding_window_view(padded, GAPS_REMEMBERED).copy()
    windows[np.arange(GAPS_REMEMBERED)[None, :] < GAPS_REMEMBERED - known[:, None]] = np.inf
    windows.sort(axis=1)
    last = np.maximum(known - 1, 0)
    position = GAP_QUANTILE * last
    below = position.astype(np.int64)
    above = np.minimum(below + 1, last)
    rows = np.arange(len(chords))
    with np.errstate(invalid="ignore"):
        quantile = windows[rows, below] + (windows[rows, above] - windows[rows, below]) * (position - below)
    waits = np.where(known == 0, max(first_seconds, floor_seconds), np.maximum(floor_seconds, factor * quantile))
    per_note: Floats = waits[np.cumsum(new_chord) - 1]
    return per_note

"""Notes of the timeline as the roll looks for them: which are seen, which is under the pointer, which comes next, and
how one is said aloud. Knows no pixels but those of the viewport, and no Qt.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.document.timeline import ALONG, MACHINE, PLAYER, Timeline
from cocomposer.harmony.key import C_MAJOR, Key
from ui.presenters.roll_time import MetreChange, place_words
from ui.presenters.roll_viewport import Viewport

Rows = NDArray[np.intp]
LEAST_WIDTH: Final = 3
"""A note is at least so many pixels wide (at ratio 1)."""
REACH: Final = 3
"""So near (pixels at ratio 1) to a short note counts as on it."""
DYNAMICS: Final = ((28, "very soft"), (52, "soft"), (80, "medium"), (106, "loud"), (128, "very loud"))
"""Velocities below the number are called so."""
BANDS: Final = 6
"""Shades by which velocity is told."""
SOFTEST: Final = 30
"""Velocities from here on, and up to SOFTEST + SPREAD, are spread over the shades: those that are played most."""
SPREAD: Final = 84
WHO_WORDS: Final = {
    PLAYER: "player", MACHINE: "machine", ALONG["chords"]: "chords played along", ALONG["bass"]: "bass played along",
    ALONG["voice"]: "second voice played along",
}  # fmt: skip


def ends_at(timeline: Timeline, rows: Rows, now_tick: float) -> NDArray[np.float64]:
    """Where these notes end as seen at `now_tick`: held keys grow up to it."""
    ends = timeline.end[rows]
    return np.where(np.isinf(ends), np.maximum(timeline.onset[rows], now_tick), ends)


def visible_rows(
    timeline: Timeline, first_tick: float, end_tick: float, lowest: int, highest: int, now_tick: float
) -> Rows:
    """Notes that sound anywhere in these ticks and pitches, also if they began earlier; not those never heard."""
    onset, end, pitch = timeline.onset, timeline.end, timeline.pitch
    inside = (onset < end_tick) & (end > first_tick) & (end > onset) & (pitch >= lowest) & (pitch <= highest)
    rows = np.flatnonzero(inside)
    held = np.isinf(end[rows])
    # The held ones reach no further than the playhead.
    return rows[~held | (np.maximum(onset[rows], now_tick) >= first_tick)]


def held_rows(timeline: Timeline) -> Rows:
    """Notes whose keys are down."""
    return np.flatnonzero(np.isinf(timeline.end))


def rows_open_at(timeline: Timeline, tick: float) -> Rows:
    """Notes that end after `tick`: all that can sound then or later."""
    return np.flatnonzero((timeline.end > tick) & (timeline.end > timeline.onset))


def row_at(timeline: Timeline, viewport: Viewport, x: float, y: float, now_tick: float) -> int | None:
    """The note at a pixel of the viewport, the last painted of several; None if there is none."""
    pitch = viewport.pitch_of(y)
    reach = REACH * viewport.ratio / viewport.pixels_per_tick
    tick = viewport.tick_of(x)
    rows = visible_rows(timeline, tick - reach, tick + reach, pitch, pitch, now_tick)
    if not len(rows):
        return None
    ends = ends_at(timeline, rows, now_tick)
    onsets = timeline.onset[rows]
    away = np.maximum(np.maximum(onsets - tick, tick - ends), 0.0)
    nearest = np.flatnonzero(away == away.min())
    return int(rows[nearest[-1]])


def step_row(timeline: Timeline, row: int | None, by: int, from_tick: float) -> int | None:
    """The note `by` places (1 or -1) from `row` by onset and pitch; without one the first from `from_tick` on."""
    order = _order(timeline)
    if not len(order):
        return None
    places = np.flatnonzero(order == row) if row is not None else np.empty(0, np.intp)
    if not len(places):
        place = int(np.searchsorted(timeline.onset[order], from_tick))
        return int(order[min(place, len(order) - 1)])
    return int(order[max(0, min(int(places[0]) + by, len(order) - 1))])


def row_above(timeline: Timeline, row: int, by: int, now_tick: float) -> int:
    """The nearest note higher (`by` 1) or lower (-1) among those that sound together with `row`; itself if none."""
    onset, end = float(timeline.onset[row]), float(ends_at(timeline, np.array([row]), now_tick)[0])
    rows = visible_rows(timeline, onset, max(end, onset + 1), 0, 127, now_tick)
    steps = (timeline.pitch[rows] - timeline.pitch[row]) * by
    rows, steps = rows[steps > 0], steps[steps > 0]
    return int(rows[np.argmin(steps)]) if len(rows) else row


def end_row(timeline: Timeline, last: bool) -> int | None:
    """The first or last note."""
    order = _order(timeline)
    return int(order[-1 if last else 0]) if len(order) else None


def _order(timeline: Timeline) -> Rows:
    rows = np.flatnonzero(timeline.end > timeline.onset)
    return rows[np.lexsort((timeline.pitch[rows], timeline.onset[rows]))]


def spoken(timeline: Timeline, row: int, metres: tuple[MetreChange, ...], key: Key | None = None) -> str:
    """A note in words, such as "F sharp 4, player, bar 3 beat 2.5, loud"."""
    velocity = int(timeline.velocity[row])
    loudness = next(word for below, word in DYNAMICS if velocity < below)
    who = WHO_WORDS.get(int(timeline.who[row]), "machine without the model")
    words = [pitch_words(int(timeline.pitch[row]), key), who, place_words(metres, float(timeline.onset[row])), loudness]
    if np.isinf(timeline.end[row]):
        words.append("held")
    return ", ".join(words)


def pitch_words(pitch: int, key: Key | None = None) -> str:
    """A pitch as it is said: "B flat 3", spelt in the key; 60 is C 4."""
    name = (key or C_MAJOR).spell_pitch(pitch)
    letter, rest = name[0], name[1:]
    octave = rest.lstrip("#b")
    accidental = {"": "", "#": " sharp", "b": " flat", "##": " double sharp", "bb": " double flat"}
    return f"{letter}{accidental[rest[: len(rest) - len(octave)]]} {octave}"


def band_of(velocity: int) -> int:
    """The shade of a velocity, 0 (soft) to BANDS - 1."""
    return max(0, min(BANDS - 1, (velocity - SOFTEST) * BANDS // SPREAD))


def bands_of(velocities: NDArray[np.int32]) -> NDArray[np.int32]:
    """The shades of velocities."""
    return np.clip((velocities - SOFTEST) * BANDS // SPREAD, 0, BANDS - 1)

"""Where the roll looks: ticks and pitches laid on whole device pixels, so that notes keep their edges while it scrolls.

Knows neither notes nor Qt. A world pixel is a device pixel counted from tick 0 and from pitch 127; what is seen is a
window in that world.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

PITCHES: Final = 128
LEAST_PIXELS_PER_TICK: Final = 0.002
"""Four hours fit on a small screen."""
MOST_PIXELS_PER_TICK: Final = 12.0
BEFORE_START: Final = 24
"""World pixels (at ratio 1) that may be seen before tick 0."""
FEWEST_ROWS: Final = 37
"""Three octaves, both ends counted."""
HIGHEST_ROW: Final = 18.0
"""Rows no higher than this (at ratio 1) unless that leaves too few pitches to fill the roll."""
ROWS_MARGIN: Final = 3
"""Rows left free above and below what is played."""
MIDDLE: Final = 64


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window `width` × `height` device pixels large, its corner at (`left`, `top`) of the world."""

    width: int = 800
    height: int = 400
    pixels_per_tick: float = 0.75
    row: float = 12.0
    """Pixels a pitch."""
    left: int = -BEFORE_START
    top: int = 500
    ratio: float = 1.0
    """Device pixels to a device-independent one."""

    # -- ticks ---------------------------------------------------------------------------------

    def world_x(self, tick: float) -> int:
        """The world pixel of a tick."""
        return round(tick * self.pixels_per_tick)

    def x_of(self, tick: float) -> int:
        """The pixel of a tick, counted from the window's left edge."""
        return self.world_x(tick) - self.left

    def tick_of(self, x: float) -> float:
        """The tick at a pixel from the window's left edge."""
        return (x + self.left) / self.pixels_per_tick

    @property
    def first_tick(self) -> float:
        """At the left edge."""
        return self.tick_of(0)

    @property
    def end_tick(self) -> float:
        """At the right edge."""
        return self.tick_of(self.width)

    # -- pitches -------------------------------------------------------------------------------

    def row_edges(self) -> NDArray[np.int64]:
        """[129] world pixel of the upper edge of each pitch's row; the last is the lower edge of pitch 0's.

        So the lower edge of a row is at [pitch - 1], for pitch 0 too.
        """
        pitches = np.append(np.arange(PITCHES), -1)
        return np.asarray(np.rint((PITCHES - 1 - pitches) * self.row), np.int64)

    def y_of(self, pitch: int) -> int:
        """The upper edge of a pitch's row, counted from the window's top."""
        return round((PITCHES - 1 - pitch) * self.row) - self.top

    def pitch_of(self, y: float) -> int:
        """The pitch whose row is at a pixel from the window's top; 0–127."""
        place = y + self.top
        pitch = PITCHES - 1 - int(place // self.row)
        # Edges lie on whole pixels, rows do not.
        if place >= round((PITCHES - pitch) * self.row):
            pitch -= 1
        elif place < round((PITCHES - 1 - pitch) * self.row):
            pitch += 1
        return max(0, min(PITCHES - 1, pitch))

    @property
    def lowest(self) -> int:
        """The lowest pitch that is seen, if only in part."""
        return self.pitch_of(self.height - 1)

    @property
    def highest(self) -> int:
        """The highest pitch that is seen, if only in part."""
        return self.pitch_of(0)

    # -- moved ---------------------------------------------------------------------------------

    def limited(self, last_tick: float | None = None) -> "Viewport":
        """The nearest window not before the start, of pitches 0–127, and not far behind `last_tick` where given."""
        row = max(self.row, self.height / PITCHES)
        least = -round(BEFORE_START * self.ratio)
        most = self.left if last_tick is None else self.world_x(last_tick) - self.width // 4
        left = max(least, min(self.left, most))
        top = max(0, min(self.top, round(PITCHES * row) - self.height))
        return replace(self, row=row, left=left, top=top)

    def scrolled(self, dx: int, dy: int) -> "Viewport":
        """So many pixels further right and down."""
        return replace(self, left=self.left + dx, top=self.top + dy)

    def zoomed(self, factor: float, x: float) -> "Viewport":
        """Ticks drawn `factor` times as wide; what is at pixel `x` stays there."""
        wanted = self.pixels_per_tick * factor
        scale = max(LEAST_PIXELS_PER_TICK * self.ratio, min(MOST_PIXELS_PER_TICK * self.ratio, wanted))
        return replace(self, pixels_per_tick=scale, left=round(self.tick_of(x) * scale - x))

    def rows_zoomed(self, factor: float, y: float) -> "Viewport":
        """Rows drawn `factor` times as high; what is at pixel `y` stays there."""
        row = max(self.height / PITCHES, min(self.height / 12, self.row * factor))
        return replace(self, row=row, top=round((y + self.top) / self.row * row - y))

    def resized(self, width: int, height: int, ratio: float) -> "Viewport":
        """Another size or sharpness; the left edge and the upper row stay, as large to the eye as they were."""
        scale = ratio / self.ratio
        return replace(
            self,
            width=width,
            height=height,
            ratio=ratio,
            pixels_per_tick=self.pixels_per_tick * scale,
            row=self.row * scale,
            left=round(self.left * scale),
            top=round(self.top * scale),
        )

    def showing_pitches(self, lowest: int, highest: int) -> "Viewport":
        """All rows of these pitches and no others."""
        row = self.height / (highest - lowest + 1)
        return replace(self, row=row, top=round((PITCHES - 1 - highest) * row))

    def showing_ticks(self, first: float, end: float) -> "Viewport":
        """All of these ticks, with a little room at both ends."""
        room = BEFORE_START * self.ratio
        shown = self.zoomed(max(1.0, self.width - 2 * room) / max(1.0, end - first) / self.pixels_per_tick, 0)
        return replace(shown, left=round(first * shown.pixels_per_tick - room))


def fitting_pitches(lowest: int | None, highest: int | None, height: float) -> tuple[int, int]:
    """The range of rows for what lies between two pitches (None: nothing does).

    At least FEWEST_ROWS and as many as fill `height` (device-independent pixels) with rows of HIGHEST_ROW at most.
    """
    low = MIDDLE if lowest is None else max(0, lowest - ROWS_MARGIN)
    high = MIDDLE if highest is None else min(PITCHES - 1, highest + ROWS_MARGIN)
    rows = min(PITCHES, max(FEWEST_ROWS, high - low + 1, int(height / HIGHEST_ROW)))
    low = max(0, min(low - (rows - (high - low + 1)) // 2, PITCHES - rows))
    return low, low + rows - 1

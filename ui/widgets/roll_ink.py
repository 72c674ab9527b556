"""The notes of the roll as rectangles on whole device pixels, laid out once and then only drawn.

Thousands of notes cost a few calls a frame: rows of the timeline are laid out in pieces, anew only if a note of the
piece or the scale changed, and each piece's notes of one colour are drawn at once. Pieces at the end, where notes come
and change, are small; full ones are joined, so that there are few. The player's notes are solid blocks;
the machine's have an edge and cut corners; those of its fallback are hatched; what it plays along is slim: told apart
without colour too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from cocomposer.document.timeline import ALONG, FALLBACK, HELD, MACHINE, PLAYER, Timeline
from cocomposer.music.note import Note
from ui.presenters.roll_notes import BANDS, LEAST_WIDTH, band_of, bands_of
from ui.presenters.roll_viewport import Viewport
from ui.theme import DARK, LIGHT, Theme

KEPT_PIXELS: Final = 8192
"""Pieces further than that from what is painted are laid out anew when they come into sight again."""
PIECE: Final = 64
"""Rows of a piece at the end."""
JOINED: Final = 8 * PIECE
"""Rows of a piece that is full."""
CORNERS_FROM: Final = 7
"""A note must be as high and wide (device pixels) to have its corners cut and an edge."""
TWO_STEPS_FROM: Final = 10
EDGE, HATCHED_EDGE, HATCHED, GLOW, DRAFT = "edge", "hatched edge", "hatched", "glow", "draft"

Layer = tuple[str, int]
"""What it is (the kind or part of a note) and its band of velocity."""
Layers = list[tuple[Layer, list[QRect]]]
"""In the order of painting."""
Integers = NDArray[np.int64]
_PLAYER: Final = "player"
_MACHINE: Final = "machine"
_ALONG: Final = "along"
_SLIM_FROM: Final = 4
"""Rows at least so high (device pixels) have slim notes."""
ORDER: Final = (_ALONG, _PLAYER, EDGE, _MACHINE, HATCHED_EDGE, HATCHED)
"""Of painting."""


def mixed(a: str, b: str, share: float) -> QColor:
    """A colour between two, `share` of the way from a to b."""
    first, second = QColor(a), QColor(b)
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(x + (y - x) * share) for x, y in parts))


@lru_cache(maxsize=8)
def velocity_colours(theme: Theme, colour: str) -> tuple[QColor, ...]:
    """From the softest to the loudest: from near the ground through a player's own colour towards the text's."""
    softest = 0.34 if theme is DARK else 0.12
    found = []
    for band in range(BANDS):
        loud = band / (BANDS - 1)
        if loud < 0.7:
            found.append(mixed(colour, theme.white_row, softest * (1 - loud / 0.7)))
        else:
            found.append(mixed(colour, theme.text, (0.45 if theme is LIGHT else 0.3) * (loud - 0.7) / 0.3))
    return tuple(found)


@lru_cache(maxsize=4)
def brushes(theme: Theme) -> dict[Layer, QBrush]:
    """The brush of each layer."""
    found = {(EDGE, 0): QBrush(mixed(theme.machine, theme.text, 0.15))}
    found[HATCHED_EDGE, 0] = QBrush(QColor(theme.fallback))
    found[HATCHED, 0] = QBrush(QColor(theme.white_row))
    for name, own in ((_PLAYER, theme.player), (_MACHINE, theme.machine), (_ALONG, theme.along)):
        for band, colour in enumerate(velocity_colours(theme, own)):
            found[name, band] = QBrush(colour)
    found[GLOW, PLAYER] = QBrush(mixed(theme.player, theme.text, 0.6))
    found[GLOW, MACHINE] = found[GLOW, FALLBACK] = QBrush(mixed(theme.machine, theme.text, 0.6))
    for part in ALONG.values():
        found[GLOW, part] = QBrush(mixed(theme.along, theme.text, 0.6))
    return found


@dataclass(slots=True, eq=False)
class _Piece:
    first_row: int
    ends: NDArray[np.float64]
    """Of its rows, as they were laid out."""
    first_x: int
    end_x: int
    layers: Layers | None = None

    @property
    def end_row(self) -> int:
        return self.first_row + len(self.ends)


class NoteInk:
    """Lays out one timeline's notes. Coordinates are those of the viewport's world."""

    def __init__(self) -> None:
        self._timeline: Timeline | None = None
        self._version = -1
        self._scale: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._viewport: Viewport | None = None
        """Any of this scale."""
        self._pieces: list[_Piece] = []
        self._settled: tuple[_Piece, ...] = ()
        self.laid_out = 0
        """How many rows were laid out so far."""

    @property
    def settled(self) -> tuple[_Piece, ...]:
        """Pieces that are full; while they are the same, the same is painted."""
        return self._settled

    def paint_settled(self, painter: QPainter, first_x: int, end_x: int, theme: Theme) -> None:
        """Draw full pieces as far as they lie between two world pixels."""
        self._paint(painter, self._settled, first_x, end_x, theme)

    def paint_fresh(self, painter: QPainter, first_x: int, end_x: int, theme: Theme) -> None:
        """Draw the rest, but for notes whose keys are still down."""
        self._paint(painter, self._pieces[len(self._settled) :], first_x, end_x, theme)

    def _paint(self, painter: QPainter, pieces: Sequence[_Piece], first_x: int, end_x: int, theme: Theme) -> None:
        timeline, viewport = self._timeline, self._viewport
        if timeline is None or viewport is None:
            return
        brush = brushes(theme)
        painter.setPen(Qt.PenStyle.NoPen)
        for piece in pieces:
            if piece.first_x >= end_x or piece.end_x <= first_x:
                if piece.first_x >= end_x + KEPT_PIXELS or piece.end_x <= first_x - KEPT_PIXELS:
                    piece.layers = None  # or a night's jam would stay in memory as rectangles
                continue
            if piece.layers is None:
                rows = np.arange(piece.first_row, piece.end_row)
                piece.layers = layers_of(timeline, rows[np.isfinite(piece.ends)], viewport)
                self.laid_out += len(piece.ends)
            draw(painter, piece.layers, brush, theme)

    def take_in(self, timeline: Timeline, viewport: Viewport) -> None:
        """From now on paint these notes at this scale. Costs next to nothing if both are as they were."""
        scale = viewport.pixels_per_tick, viewport.row, viewport.ratio
        if timeline is not self._timeline or scale != self._scale:
            self._pieces.clear()
        elif timeline.version == self._version:
            return
        self._timeline, self._scale, self._version = timeline, scale, timeline.version
        self._viewport = viewport
        onset, end, count = timeline.onset, timeline.end, timeline.count
        kept, row = [], 0
        for piece in self._pieces:
            # The last piece may have grown, others may have changed.
            if np.array_equal(piece.ends, end[row : min(count, row + max(PIECE, len(piece.ends)))]):
                kept.append(piece)
            else:
                kept.append(_piece(onset, end, row, min(count, row + max(PIECE, len(piece.ends))), viewport))
            row = kept[-1].end_row
        size = JOINED if not kept else PIECE
        while row < count:
            until = min(count, row + (size if row + size <= count else PIECE))
            kept.append(_piece(onset, end, row, until, viewport))
            row = until
        self._pieces = _joined(kept)
        full = next((place for place, piece in enumerate(self._pieces) if len(piece.ends) < JOINED), len(self._pieces))
        self._settled = tuple(self._pieces[:full])


def _piece(onset: NDArray[np.float64], end: NDArray[np.float64], first: int, until: int, viewport: Viewport) -> _Piece:
    ends, onsets = end[first:until].copy(), onset[first:until]
    last = max(float(onsets.max()), float(ends[np.isfinite(ends)].max(initial=0.0)))
    least = round(LEAST_WIDTH * viewport.ratio)
    return _Piece(first, ends, viewport.world_x(float(onsets.min())), viewport.world_x(last) + least)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Full pieces at the end as one, where they fill a joined one."""
    small = next((place for place, piece in enumerate(pieces) if len(piece.ends) < JOINED), len(pieces))
    joinable = pieces[small : small + JOINED // PIECE]
    if len(joinable) < JOINED // PIECE or any(len(piece.ends) != PIECE for piece in joinable):
        return pieces
    layers: Layers | None = None
    if all(piece.layers is not None for piece in joinable):
        found: dict[Layer, list[QRect]] = {}
        for piece in joinable:
            for layer, rects in piece.layers or ():
                found.setdefault(layer, []).extend(rects)
        layers = sorted(found.items(), key=lambda item: ORDER.index(item[0][0]))
    ends = np.concatenate([piece.ends for piece in joinable])
    first_x, end_x = min(piece.first_x for piece in joinable), max(piece.end_x for piece in joinable)
    one = _Piece(joinable[0].first_row, ends, first_x, end_x, layers)
    return [*pieces[:small], one, *pieces[small + len(joinable) :]]


def layers_of(timeline: Timeline, rows: Integers, viewport: Viewport) -> Layers:
    """Rows of the timeline as layers in the order of painting; none that was never heard, and no key still down."""
    rows = rows[timeline.end[rows] > timeline.onset[rows]]
    onsets, ends = timeline.onset[rows], timeline.end[rows]
    x, y, w, h = boxes(onsets, ends, timeline.pitch[rows].astype(np.int64), viewport)
    who, band = timeline.who[rows], bands_of(timeline.velocity[rows])
    along = np.isin(who, list(ALONG.values()))
    slim = np.where(along & (h >= _SLIM_FROM), h // 4, 0)
    y, h = y + slim, h - 2 * slim
    shaped = (w >= CORNERS_FROM * min(1.5, viewport.ratio)) & (h >= CORNERS_FROM)
    layers: Layers = []
    steps = (
        2
        if len(h) and h.min() >= TWO_STEPS_FROM * viewport.ratio and viewport.pixels_per_tick >= viewport.ratio / 2
        else 1
    )

    def add(kind: str, of: NDArray[np.bool_], shades: bool, inset: int, corners: bool) -> None:
        if not of.any():
            return
        for one in sorted(set(band[of].tolist())) if shades else (0,):
            chosen = of & (band == one) if shades else of
            box = x[chosen] + inset, y[chosen] + inset, w[chosen] - 2 * inset, h[chosen] - 2 * inset
            layers.append(((kind, one), shapes(*box, viewport.ratio, steps if corners else 0)))

    line = max(1, round(viewport.ratio))
    add(_ALONG, along, True, 0, False)
    add(_PLAYER, who == PLAYER, True, 0, False)
    add(EDGE, (who == MACHINE) & shaped, False, 0, True)
    add(_MACHINE, (who == MACHINE) & shaped, True, line, False)
    add(_MACHINE, (who == MACHINE) & ~shaped, True, 0, False)
    add(HATCHED_EDGE, who == FALLBACK, False, 0, True)
    add(HATCHED, (who == FALLBACK) & shaped, False, line, False)
    return layers


def boxes(
    onsets: NDArray[np.float64], ends: NDArray[np.float64], pitches: Integers, viewport: Viewport
) -> tuple[Integers, Integers, Integers, Integers]:
    """x, y, width and height of notes on whole world pixels, with a line left free to the next row and note."""
    line = max(1, round(viewport.ratio))
    x = np.rint(onsets * viewport.pixels_per_tick).astype(np.int64)
    w = np.rint(ends * viewport.pixels_per_tick).astype(np.int64) - x
    least = round(LEAST_WIDTH * viewport.ratio)
    w = np.maximum(w - line, least)
    edges = viewport.row_edges()
    y = edges[pitches]
    return x, y, w, np.maximum(1, edges[pitches - 1] - y - (line if viewport.row >= 4 else 0))


def shapes(x: Integers, y: Integers, w: Integers, h: Integers, ratio: float, corners: int) -> list[QRect]:
    """Boxes as rectangles; those with corners cut, in one step or two, are made of two or three each."""
    step = max(1, round(ratio))
    found: list[QRect] = []
    for cut in range(corners + 1):
        across, down = (corners - cut) * step, cut * step
        parts = x + across, y + down, np.maximum(1, w - 2 * across), np.maximum(1, h - 2 * down)
        found += map(QRect, *(part.tolist() for part in parts))
    return found


def draw(painter: QPainter, layers: Layers, brush: dict[Layer, QBrush], theme: Theme) -> None:
    """Draw layers, in their order. The painter has no pen."""
    for layer, rects in layers:
        painter.setBrush(brush[layer])
        painter.drawRects(rects)
        if layer[0] == HATCHED:
            painter.setBrush(QBrush(QColor(theme.fallback), Qt.BrushStyle.BDiagPattern))
            painter.drawRects(rects)


class SoundingInk:
    """What sounds now, with a light rim. Each note is laid out once, when it begins to sound."""

    def __init__(self) -> None:
        self._scale: object = None
        self._laid: dict[tuple[int, float], Layers] = {}

    def paint(
        self,
        painter: QPainter,
        timeline: Timeline,
        rows: Sequence[int],
        viewport: Viewport,
        now_tick: float,
        theme: Theme,
    ) -> None:
        """Draw these rows; keys that are down reach up to `now_tick`."""
        scale = (timeline, viewport.pixels_per_tick, viewport.row, viewport.ratio)
        before = self._laid if scale == self._scale else {}
        self._scale, self._laid = scale, {}
        brush = brushes(theme)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, end in zip(rows, timeline.end[list(rows)].tolist(), strict=True):
            if end == HELD:
                _paint_held(painter, timeline, row, viewport, now_tick, brush)
                continue
            layers = before.get((row, end)) or _rimmed(timeline, np.array([row], np.int64), viewport)
            self._laid[row, end] = layers
            draw(painter, layers, brush, theme)


def _paint_held(
    painter: QPainter, timeline: Timeline, row: int, viewport: Viewport, now_tick: float, brush: dict[Layer, QBrush]
) -> None:
    """A key that is down; only players have such. Differs in each frame, so it is worth no arrays."""
    line = max(1, round(viewport.ratio))
    onset, pitch = float(timeline.onset[row]), int(timeline.pitch[row])
    x, y = viewport.world_x(onset), viewport.y_of(pitch) + viewport.top
    wide = max(viewport.world_x(max(onset, now_tick)) - x - line, round(LEAST_WIDTH * viewport.ratio))
    high = max(1, viewport.y_of(pitch - 1) + viewport.top - y - (line if viewport.row >= 4 else 0))
    painter.setBrush(brush[GLOW, PLAYER])
    painter.drawRect(QRect(x - line, y - line, wide + 2 * line, high + 2 * line))
    painter.setBrush(brush[_PLAYER, band_of(int(timeline.velocity[row]))])
    painter.drawRect(QRect(x, y, wide, high))


def _rimmed(timeline: Timeline, rows: Integers, viewport: Viewport) -> Layers:
    x, y, w, h = boxes(timeline.onset[rows], timeline.end[rows], timeline.pitch[rows].astype(np.int64), viewport)
    line = max(1, round(viewport.ratio))
    layers: Layers = []
    for one in (PLAYER, MACHINE, FALLBACK, *ALONG.values()):
        of = timeline.who[rows] == one
        if of.any():
            rim = x[of] - line, y[of] - line, w[of] + 2 * line, h[of] + 2 * line
            layers.append(((GLOW, one), shapes(*rim, viewport.ratio, 0 if one == PLAYER else 2)))
    return layers + layers_of(timeline, rows, viewport)


def paint_drafts(painter: QPainter, drafts: Sequence[Note], viewport: Viewport, theme: Theme) -> None:
    """Notes that are planned and may still change: outlines only."""
    seen = [note for note in drafts if note.end_tick > viewport.first_tick and note.onset_tick < viewport.end_tick]
    if not seen:
        return
    columns = np.array([(note.onset_tick, note.end_tick, note.pitch) for note in seen], np.float64)
    x, y, w, h = boxes(columns[:, 0], columns[:, 1], columns[:, 2].astype(np.int64), viewport)
    line = max(1, round(viewport.ratio))
    colour = QColor(theme.machine)
    colour.setAlphaF(0.75)
    faint = QColor(theme.machine)
    faint.setAlphaF(0.12)
    pen = QPen(colour, line)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(faint)
    inset = line // 2
    painter.drawRects(shapes(x + inset, y + inset, np.maximum(1, w - line), np.maximum(1, h - line), 1.0, 0))
    painter.setPen(Qt.PenStyle.NoPen)

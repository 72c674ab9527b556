"""A little picture of a take: its phrase and its answer in the two players' colours, side by side as they sounded, and
what sounds along with them.

Only paints; whoever shows many keeps them as pixmaps (see `take_pixmaps`).
"""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cocomposer.document.takes import KeptTake
from cocomposer.music.note import Note
from ui.presenters.roll_notes import band_of
from ui.theme import Theme, worn
from ui.widgets.roll_ink import velocity_colours

FEWEST_PITCHES: Final = 15
"""A few notes do not become a few fat bars."""
THICKEST: Final = 5.0
THINNEST: Final = 1.5
LEAST_WIDTH: Final = 1.5
MARGIN: Final = 2.0


def paint_take(painter: QPainter, rect: QRectF, take: KeptTake, theme: Theme | None = None) -> None:
    """Paint it into `rect` (the painter's units) on whatever ground is there; `theme`: the one worn if not given."""
    notes = (*take.phrase, *take.answer, *take.along)
    if not notes:
        return
    theme = theme or worn()
    first, end = min(note.onset_tick for note in notes), max(note.end_tick for note in notes)
    low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
    free = max(0.0, FEWEST_PITCHES - (high - low + 1)) / 2
    inside = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    row = inside.height() / (high - low + 1 + 2 * free)
    thick = max(THINNEST, min(THICKEST, row * 0.9))
    across = inside.width() / max(1, end - first)

    def box(note: Note) -> QRectF:
        middle = inside.top() + (high - note.pitch + free + 0.5) * row
        wide = max(LEAST_WIDTH, note.duration_ticks * across - 0.5)
        left = min(inside.left() + (note.onset_tick - first) * across, inside.right() - wide)
        return QRectF(left, middle - thick / 2, wide, thick)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if take.phrase and take.answer and take.answer[0].onset_tick > take.phrase[-1].onset_tick:
        split = inside.left() + (min(note.onset_tick for note in take.answer) - first) * across
        painter.fillRect(QRectF(split - 1, rect.top(), 1, rect.height()), QColor(theme.line))
    for part, colour in ((take.along, theme.along), (take.phrase, theme.player), (take.answer, theme.machine)):
        colours = velocity_colours(theme, colour)
        bands: dict[int, list[Note]] = {}
        for note in part:
            bands.setdefault(band_of(note.velocity), []).append(note)
        for band, of_it in bands.items():
            painter.setBrush(colours[band])
            if part is take.answer:
                # Round ends, as the machine's notes have cut corners in the roll.
                for note in of_it:
                    painter.drawRoundedRect(box(note), thick / 2, thick / 2)
            else:
                painter.drawRects([box(note) for note in of_it])
    painter.restore()

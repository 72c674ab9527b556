"""What the meter of originality shows: how long a passage the latest answer shares with the training music, and whose.

Knows no widgets.
"""

from dataclasses import dataclass
from typing import Final

from ui.presenters.session import Session
from ui.presenters.standing import UNKNOWN, Level

FULL_NOTES: Final = 20
"""A passage of so many notes fills the meter."""
SHORTEST_NOTES: Final = 9
"""Shorter passages are nobody's and are not looked for."""
WIDEST: Final = 48
"""Characters of a title; catalogues have longer ones."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is shown."""

    share: float = 0.0
    """How full the meter is, 0–1."""
    limit: float | None = None
    """Where answers are steered away, 0–1; None: they are not."""
    text: str = UNKNOWN
    source: str = ""
    """Whose passage it is; empty where there is none."""
    level: Level = Level.NEUTRAL
    tip: str = "After the first answer this tells what it shares with the music that the model learnt from."
    """Whole sentences, for the tooltip and for screen readers."""


def reading_of(session: Session) -> Reading:
    """Of the latest answer."""
    settings, told = session.settings, session.originality
    limit = min(1.0, settings.guard_notes / FULL_NOTES) if settings.guard else None
    if told is None:
        return Reading(limit=limit)
    if not told.notes:
        tip = (
            f"The answer shares no passage of {SHORTEST_NOTES} notes or more with the music that the model learnt from."
        )
        return Reading(limit=limit, text="nothing shared", level=Level.GOOD, tip=tip)
    composer = told.composer or "unknown"
    tip = (
        f"{told.notes} notes in a row, in any key and at any tempo, are also in “{told.title}” by {composer} "
        f"({told.licence}), which the model learnt from. Notes that anybody would play, such as scales and trills, "
        "do not count."
    )
    level = Level.WARNING if told.notes > settings.guard_notes else Level.GOOD
    title = told.title if len(told.title) <= WIDEST else f"{told.title[: WIDEST - 1].rstrip()}…"
    share = min(1.0, told.notes / FULL_NOTES)
    return Reading(share, limit, f"{told.notes} notes shared", f"{title} · {composer}", level, tip)

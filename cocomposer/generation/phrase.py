"""Which of the notes heard are the phrase that is answered: what soft controls measure against.

Never against all that was heard: an answer that goes on, or is drawn anew after a knob moved, would be measured against
itself, and run away. Knows where the phrase lies because the wish says it, not who played what.
"""

from collections.abc import Sequence
from typing import Final

from cocomposer.music.note import Note

LATELY: Final = 64
"""Without a phrase, so many notes heard last stand for it; of a longer phrase its last ones."""


def split(heard: Sequence[Note], phrase_ticks: tuple[int, int] | None) -> tuple[Sequence[Note], Sequence[Note]]:
    """(phrase, what was heard after it) of notes in order; the phrase has its onsets in [begin, end)."""
    if phrase_ticks is not None:
        begin, end = phrase_ticks
        phrase = [note for note in heard if begin <= note.onset_tick < end]
        if phrase:
            return phrase[-LATELY:], [note for note in heard if note.onset_tick >= end]
    return heard[-LATELY:], ()

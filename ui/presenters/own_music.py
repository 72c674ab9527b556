"""What is shown of the player's own files that answers are to be like: which one, how far it is read.

Knows no widgets and reads nothing.
"""

import os.path
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from ui.presenters.session import Session

NOBODY: Final = "Drop a folder of your own MIDI files here."
REMARKS: Final = 2
"""So many of the files that could not be used are named at once; the tooltip names all."""


@dataclass(frozen=True, slots=True)
class OwnMusic:
    """All that is shown."""

    text: str = NOBODY
    share: float | None = None
    """How much is read, 0–1; None: nothing is being read."""
    can_forget: bool = False
    """There is a folder to be forgotten, or to be read no further."""
    tip: str = "Answers pick up how you play there; nothing is trained, and the files stay where they are."
    """Whole sentences, for the tooltip and for screen readers."""


def own_music_of(session: Session) -> OwnMusic:
    """As the engine told it."""
    told = session.playing_like
    if told is None or not told.folder:
        return OwnMusic()
    name = PurePath(told.folder).name or told.folder
    left_out = "\n".join(told.left_out)
    if not told.done:
        progress = f"Reading {name}: {told.read} of {told.total} files" if told.total else f"Reading {name} …"
        share = told.read / told.total if told.total else 0.0
        return OwnMusic(progress, share, True, left_out or f"{told.notes:,} notes so far.")
    if not told.notes:
        return OwnMusic(told.left_out[-1] if told.left_out else f"{name} has no music.", None, True, left_out)
    files = "1 file" if told.total == 1 else f"{told.total} files"
    text = f"Like {name}: {told.notes:,} notes of {files}"
    if told.left_out:
        # Of a file below the folder that is named already, the place in it is enough.
        text = f"{text}. {' '.join(told.left_out[:REMARKS])}".replace(os.path.join(told.folder, ""), "")
    if len(told.left_out) > REMARKS:
        text += f" And {len(told.left_out) - REMARKS} more: point here."
    return OwnMusic(text, None, True, left_out or f"All files in {told.folder} were read.")

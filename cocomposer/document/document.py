"""A jam as a document: takes in order, edits that can be undone, and the timeline under them. No file, no window.

Facts (what was played) are never undone; edits (what somebody decided) are.
"""

from cocomposer.document.edits import Edit
from cocomposer.document.takes import KeptTake
from cocomposer.document.timeline import Timeline
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings

Fact = outputs.Heard | outputs.Released | outputs.Play | outputs.Take | outputs.SettingsChanged
"""What happened in a jam, as its engine tells it; kept in the engine's log."""


class Document:
    """One jam. Takes in facts and edits; a file or journal stores what it was told."""

    def __init__(self) -> None:
        self.title = ""
        self.timeline = Timeline()
        self.settings = Settings()
        self.version = 0
        """Grows with every change of takes, title or settings (the timeline has its own)."""

    @property
    def takes(self) -> tuple[KeptTake, ...]:
        """Those not deleted, oldest first."""
        raise NotImplementedError

    def take(self, take_id: str) -> KeptTake | None:
        """One by its id, also if deleted."""
        raise NotImplementedError

    def join(self, session: str, began_at: str) -> None:
        """The facts that follow are those of this engine's run; its ticks begin anew and are laid behind the rest."""
        raise NotImplementedError

    @property
    def offset_ticks(self) -> int:
        """Added to the ticks of the engine's run joined last to give those of the timeline and of takes."""
        raise NotImplementedError

    def happened(
        self, fact: outputs.Heard | outputs.Released | outputs.Play | outputs.Take | outputs.SettingsChanged
    ) -> None:
        """Something was played. A Take becomes a `KeptTake`."""
        raise NotImplementedError

    def edit(self, edit: Edit) -> None:
        """Do this, so that it can be undone."""
        raise NotImplementedError

    def undo(self) -> Edit | None:
        """Undo the last edit; what was done instead (also to be sent on, such as settings), None if there is none."""
        raise NotImplementedError

    def redo(self) -> Edit | None:
        """Do again what was undone last."""
        raise NotImplementedError

    @property
    def undo_text(self) -> str | None:
        """What `undo` would undo, such as "rename take 3"; None if nothing."""
        raise NotImplementedError

    @property
    def redo_text(self) -> str | None:
        """What `redo` would do."""
        raise NotImplementedError

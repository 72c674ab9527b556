"""What every part of the main window has in common: it is shown the session each frame, and tells what was meant."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.presenters.session import Session


class Panel(QWidget):
    """A part of the main window. It keeps no state of the jam: `refresh` shows what the session says."""

    acted = Signal(str)
    """An action was meant, by its id in `ui.presenters.actions`."""
    commanded = Signal(object)
    """Something to be sent to the engine as it is (one of `FromFront`)."""
    edited = Signal(object)
    """An edit of the document (one of `cocomposer.document.edits.Edit`); it can be undone."""

    def refresh(self, session: Session, now: float) -> None:
        """Show the session as it is at `now` (seconds of the engine's clock). Called each frame: cheap if unchanged."""
        raise NotImplementedError

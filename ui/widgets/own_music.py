"""A place to drop a folder of one's own MIDI files on ("play like these"), with progress and a way back.

Decides nothing: it tells which folder was meant.
"""

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from cocomposer.jam.inputs import PlayLike
from ui import theme
from ui.presenters.own_music import OwnMusic, own_music_of
from ui.presenters.session import Session
from ui.widgets.press_button import PressButton

STEPS = 1000


def dropped_folder(given: QMimeData) -> str | None:
    """The folder that is dropped, or that of a file that is; None if it is something else."""
    for url in given.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            return str(path if path.is_dir() else path.parent)
    return None


class OwnMusicBox(QWidget):
    """For the side panel; `refresh` each frame."""

    wanted = Signal(object)
    """A `PlayLike` for the engine."""
    music_found = Signal(str)
    """There is music in the folder that it was given: who keeps the settings may turn `files` up from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setAccessibleName("Play like these")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.choose, self.forget = PressButton("Folder …"), PressButton("Forget")
        self.choose.clicked.connect(self._ask)
        self.forget.clicked.connect(lambda: self.play_like(""))
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.choose)
        line.addWidget(self.forget)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.text)
        column.addWidget(self.progress)
        column.addLayout(line)
        self._shown: tuple[object, ...] | None = None
        self._given: str | None = None
        """The folder that was given, until music is found in it."""
        self._show(OwnMusic())

    def refresh(self, session: Session) -> None:
        """Follow the engine. Cheap if nothing changed."""
        shown = (session.playing_like,)
        if self._shown is None or shown[0] is not self._shown[0]:
            self._shown = shown
            self._show(own_music_of(session))
            told = session.playing_like
            if told is not None and told.notes and told.folder == self._given:
                self._given = None
                self.music_found.emit(told.folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_folder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            event.acceptProposedAction()
            self.play_like(folder)

    def play_like(self, folder: str) -> None:
        """This folder was meant; empty: none."""
        self._given = folder
        self.wanted.emit(PlayLike(folder))

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Play like the MIDI files in this folder")
        if folder:
            self.play_like(folder)

    def _show(self, music: OwnMusic) -> None:
        self.text.setText(music.text)
        self.progress.setVisible(music.share is not None)
        self.progress.setValue(round((music.share or 0.0) * STEPS))
        self.forget.setEnabled(music.can_forget)
        self.setToolTip(music.tip)
        self.setAccessibleDescription(f"{music.text} {music.tip}")

"""The takes: the list, what can be done with the chosen ones, and A beside B. Shows the session, decides nothing."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from cocomposer.document.document import Document
from cocomposer.document.edits import DeleteTake, RenameTake, StarTake
from cocomposer.jam.inputs import Audition
from cocomposer.music.ticks import NOMINAL_BPM
from ui.presenters.actions import BY_ID
from ui.presenters.session import Session
from ui.presenters.takes import TakesPresenter, comparison, sounding
from ui.theme import GAP
from ui.widgets.compare_view import CompareView
from ui.widgets.drag_out import DragFolder
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.takes_list import TakesList

WIDE: Final = 560
"""From this width on all buttons stand in one row."""
_MORE: Final = ("rename", "export_take", "copy", None, "delete", None)
_ROLES: Final = ("vary", "drums", "harmonise", "fill", "regenerate")
_MENU: Final = ("play_take", "star", "again", *_ROLES, "use_as_phrase", "compare", None, *_MORE)
_ON_THE_BEAT: Final = frozenset({"drums", "harmonise"})
"""What needs a take with a beat."""
_OF_SEVERAL: Final = {
    "star": "Star takes", "delete": "Delete takes", "copy": "Copy as MIDI files", "fill": "Fill between two takes …",
}  # fmt: skip


class TakesPanel(Panel):
    """All takes."""

    selected = Signal(str)
    """The musician went to this take."""
    arranged = Signal(bool, bool)
    """Newest first, only starred: as the musician wants the list from now on."""

    def __init__(self, folder: DragFolder | None = None) -> None:
        """`folder`: where files that are dragged out lie; by default in the user's cache."""
        super().__init__()
        self.presenter = TakesPresenter()
        self.drag_folder = folder or DragFolder()
        self._playing = False
        self._pixmaps = TakePixmaps()
        self._seen: tuple[Document, int, str | None, str | None, bool, bool] | None = None
        self.list = TakesList(self.drag_folder, self._pixmaps)
        self.compare = CompareView(self._pixmaps)
        self.compare.hide()
        self._trouble = QLabel()
        self._trouble.setProperty("role", "bad")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        self.setAccessibleName("Takes")
        self.setMinimumWidth(280)
        self._make_buttons()
        self._lay_out()
        self._connect()

    def sizeHint(self) -> QSize:
        return QSize(300, 600)

    # -- for the window ----------------------------------------------------------------------------

    def refresh(self, session: Session, now: float) -> None:
        document, presenter = session.document, self.presenter
        seen = (
            document, document.version, session.selected, session.compared,
            presenter.newest_first, presenter.only_starred,
        )  # fmt: skip
        if seen != self._seen:
            self._seen = seen
            view = presenter.view(session)
            self.list.show_view(view, presenter.newest_first)
            self._count.setText(view.count)
            self._show_buttons()
        heard = sounding(session, now)
        self.list.show_sounding(heard)
        current = self.list.current_take()
        playing = current is not None and heard is not None and heard.name == current.id
        if playing != self._playing:
            self._playing = playing
            self.play.setText("Stop" if playing else "Play")
        pair = comparison(session)
        if pair is not None:
            self.compare.show_view(pair, heard)
        self.compare.setVisible(pair is not None)

    def begin_rename(self) -> None:
        """Edit the selected take's name in its row; Return keeps it, Escape leaves it."""
        self.list.begin_rename()

    def chosen(self) -> list[str]:
        """Ids of all takes that are selected in the list, in the order shown."""
        return [take.id for take in self.list.chosen()]

    def arrange(self, newest_first: bool, only_starred: bool) -> None:
        """Show the list like this (from the preferences)."""
        self.presenter.newest_first = newest_first
        self.only_starred.setChecked(only_starred)

    # -- parts -------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.only_starred = PressButton("Starred", "Show only starred takes", checkable=True)
        self.play = PressButton("Play", _tip("play_take"))
        self.star = PressButton("Star", _tip("star"), checkable=True)
        self.ab = PressButton("A / B", "Keep this take as B; then go to another and hear one or the other (Ctrl+B)")
        self.more = PressButton("More …", "Rename, export, copy or delete")
        self.again = PressButton("Again", _tip("again"))
        self.use = PressButton("Answer this", _tip("use_as_phrase"))
        self.roles = PressButton("Roles …", "Vary it, drums or chords under it, fill between two, or keep some bars")
        # As wide as the longer of their two texts, so that nothing moves when a take begins to sound.
        self.play.setMinimumWidth(self.play.sizeHint().width() + GAP)

    def _lay_out(self) -> None:
        title = QLabel("Takes")
        title.setProperty("role", "title")
        self._count = QLabel()
        self._count.setProperty("role", "faint")
        top = QHBoxLayout()
        top.setContentsMargins(GAP, GAP, GAP, 0)
        top.setSpacing(GAP // 2)
        top.addWidget(title)
        top.addWidget(self._count, 1)
        top.addWidget(self.only_starred)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setContentsMargins(GAP, 0, GAP, GAP)
        self._buttons.setSpacing(GAP // 2)
        for row in ((self.play, self.star, self.ab, self.more), (self.again, self.use, self.roles)):
            line = QHBoxLayout()
            line.setSpacing(GAP // 2)
            for button in row:
                line.addWidget(button, 1)
            self._buttons.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self._trouble)
        column.addWidget(self.compare)
        column.addLayout(self._buttons)
        self._trouble.setContentsMargins(GAP, 0, GAP, 0)

    def _connect(self) -> None:
        self.list.picked.connect(self.selected)
        self.list.picked.connect(lambda _id: self._show_buttons())
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._show_buttons())
        self.list.delete_meant.connect(lambda: self._do("delete"))
        self.list.takes.renamed.connect(lambda take, name: self.edited.emit(RenameTake(take, name)))
        self.list.delegate.played.connect(lambda _id: self.acted.emit("play_take"))
        self.list.delegate.starred.connect(self._star_one)
        self.list.failed.connect(self._show_trouble)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.only_starred.toggled.connect(self._show_only_starred)
        self.more.clicked.connect(lambda: self._open_below(self.more, _MORE))
        self.roles.clicked.connect(lambda: self._open_below(self.roles, _ROLES))
        for button, action in (
            (self.play, "play_take"), (self.star, "star"), (self.ab, "compare"), (self.again, "again"),
            (self.use, "use_as_phrase"),
        ):  # fmt: skip
            button.clicked.connect(self._doing(action))
        self.compare.toggled.connect(lambda: self.acted.emit("compare"))
        self.compare.stopped.connect(lambda: self.commanded.emit(Audition("", (), NOMINAL_BPM)))
        self.compare.ended.connect(lambda: self.acted.emit("close_compare"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.LeftToRight if self.width() >= WIDE else direction.TopToBottom)
        super().resizeEvent(event)

    # -- meanings ----------------------------------------------------------------------------------

    def _doing(self, action: str) -> Callable[[], None]:
        return lambda: self._do(action)

    def _do(self, action: str) -> None:
        """An action on what is chosen: several takes are starred and deleted one edit each."""
        chosen = self.list.chosen()
        if action == "star":
            starred = not all(take.starred for take in chosen)
            for take in chosen:
                if take.starred != starred:
                    self.edited.emit(StarTake(take.id, starred))
            self._show_buttons()
        elif action == "delete" and len(chosen) > 1:
            for take in chosen:
                self.edited.emit(DeleteTake(take.id))
        elif action == "copy":
            self.list.copy_chosen()
        elif action == "rename":
            self.begin_rename()
        else:
            self.acted.emit(action)

    def _star_one(self, take_id: str) -> None:
        place = self.list.takes.place(take_id)
        if place is not None:
            self.edited.emit(StarTake(take_id, not self.list.takes.rows[place].take.starred))

    def _show_only_starred(self, on: bool) -> None:
        self.presenter.only_starred = on
        self._tell_arrangement()

    def _put_newest_first(self, on: bool) -> None:
        self.presenter.newest_first = on
        self._tell_arrangement()

    def _tell_arrangement(self) -> None:
        self.arranged.emit(self.presenter.newest_first, self.presenter.only_starred)

    def _show_buttons(self) -> None:
        chosen = self.list.chosen()
        for button in (self.play, self.star, self.ab, self.again, self.use, self.roles):
            button.setEnabled(bool(chosen))
        self.star.setChecked(bool(chosen) and all(take.starred for take in chosen))

    def _show_trouble(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    # -- menus -------------------------------------------------------------------------------------

    def menu(self, of: tuple[str | None, ...] = _MENU) -> QMenu:
        """What can be done with the chosen takes; of several only what makes sense."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = self.list.chosen()
        for action in of:
            if action is None:
                menu.addSeparator()
                continue
            text = BY_ID[action].text if action in BY_ID else "Copy as MIDI file"
            if len(chosen) > 1:
                text = _OF_SEVERAL.get(action, text)
            made = menu.addAction(text, self._doing(action))
            made.setObjectName(action)
            made.setEnabled(len(chosen) == 1 or (len(chosen) > 1 and action in _OF_SEVERAL))
            if action == "regenerate":
                made.setEnabled(len(chosen) == 1 and bool(chosen[0].answer))
            elif action == "fill":
                made.setEnabled(len(chosen) == 2)
            elif action in _ON_THE_BEAT:
                made.setEnabled(len(chosen) == 1 and chosen[0].beat_known)
        if of is _ROLES:
            return menu
        newest = menu.addAction("Newest first")
        newest.setObjectName("newest_first")
        newest.setCheckable(True)
        newest.setChecked(self.presenter.newest_first)
        newest.toggled.connect(self._put_newest_first)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        inside = self.list.indexAt(at).isValid()
        self.menu().popup(self.list.viewport().mapToGlobal(at) if inside else self.list.menu_point())

    def _open_below(self, button: QWidget, of: tuple[str | None, ...]) -> None:
        self.menu(of).popup(button.mapToGlobal(QPoint(0, button.height())))


def _tip(action: str) -> str:
    """What it does, and the key."""
    found = BY_ID[action]
    return f"{found.tip or found.text} ({found.keys[0]})" if found.keys else found.tip or found.text

"""The list widget of takes: selection by mouse and keys, drag out and copy as MIDI files. Tells intents only."""

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QListView, QWidget

from cocomposer.document.takes import KeptTake
from ui.presenters.takes import Sounding, TakesView
from ui.theme import GAP, worn
from ui.widgets.delete_key import deletes
from ui.widgets.drag_out import DragFolder, copy, drag_out
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.take_rows import TakeDelegate
from ui.widgets.takes_model import ROW, TakesModel

DRAGGED: Final = QSize(160, 56)


class TakesList(QListView):
    """Rows of takes."""

    picked = Signal(str)
    """The musician went to this take."""
    delete_meant = Signal()
    """Delete was pressed while several takes are chosen."""
    failed = Signal(str)
    """Takes could not be given away: a sentence. Empty when they could."""

    def __init__(self, folder: DragFolder, pixmaps: TakePixmaps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.takes = TakesModel(self)
        self.delegate = TakeDelegate(pixmaps, self)
        self.empty = ""
        self._folder, self._pixmaps = folder, pixmaps
        self._showing = self._newest_first = False
        self._current: str | None = None
        self.setModel(self.takes)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Takes")
        self.selectionModel().currentChanged.connect(self._current_changed)

    def show_view(self, view: TakesView, newest_first: bool) -> None:
        """Become this list. Selection and scroll stay; whoever looks at the newest sees a newer one too."""
        bar = self.verticalScrollBar()
        at_newest = bar.value() == (bar.minimum() if newest_first else bar.maximum())
        count = len(self.takes.rows)
        self._showing, self._newest_first = True, newest_first
        self.empty = view.empty
        self.takes.show_rows(view.rows)
        if at_newest and len(view.rows) > count:
            if newest_first:
                self.scrollToTop()
            else:
                self.scrollToBottom()
        self._current = view.current
        if self.state() is not QAbstractItemView.State.EditingState:
            self._show_current(view.current)
        self._showing = False
        if not view.rows:
            self.viewport().update()

    def show_sounding(self, sounding: Sounding | None) -> None:
        """Mark what is heard; only its row is painted again, and only if that shows."""
        before = self.delegate.sounding
        if before == sounding:
            return
        self.delegate.sounding = sounding
        for name in {heard.name for heard in (before, sounding) if heard is not None}:
            place = self.takes.place(name)
            if place is not None:
                self.viewport().update(self.visualRect(self.takes.index(place)))

    def current_take(self) -> KeptTake | None:
        """The one with the focus."""
        index = self.currentIndex()
        return index.data(ROW.value).take if index.isValid() else None

    def chosen(self) -> list[KeptTake]:
        """All that are selected, in the order shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.takes.rows[row].take for row in rows]

    def begin_rename(self) -> None:
        """Edit the current name in its place."""
        index = self.currentIndex()
        if index.isValid():
            self.scrollTo(index)
            self.edit(index)

    def copy_chosen(self) -> None:
        """Put the selected takes on the clipboard as MIDI files."""
        takes = self.chosen()
        if takes:
            try:
                copy(takes, self._folder)
            except OSError as error:
                self.failed.emit(_sentence(error))
            else:
                self.failed.emit("")

    # -- Qt ----------------------------------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and current.isValid():
            self.picked.emit(current.data(ROW.value).take.id)

    def _show_current(self, take_id: str | None) -> None:
        place = self.takes.place(take_id)
        model = self.selectionModel()
        if place is None:
            if model.hasSelection() or model.currentIndex().isValid():
                model.clear()
        elif self.currentIndex().row() != place or not model.hasSelection():
            index = self.takes.index(place)
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """A take that came while a name was typed is gone to only now: it must not end the typing."""
        super().closeEditor(editor, hint)
        self._showing = True
        self._show_current(self._current)
        self._showing = False

    def startDrag(self, _actions: Qt.DropAction) -> None:
        takes = self.chosen()
        if not takes:
            return
        self.delegate.forget_press()
        picture = self._pixmaps.pixmap(takes[0], DRAGGED, self.devicePixelRatioF())
        try:
            drag_out(self, takes, self._folder, picture)
        except OSError as error:
            self.failed.emit(_sentence(error))
        else:
            self.failed.emit("")

    def event(self, event: QEvent) -> bool:
        """Keys that mean something else to the window mean the chosen takes while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._mine(event):
            event.accept()
            return True
        return super().event(event)

    def _mine(self, event: QKeyEvent) -> bool:
        several = deletes(event) and len(self.chosen()) > 1
        return (
            several or event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_chosen()
        elif deletes(event):
            if len(self.chosen()) > 1:
                self.delete_meant.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here by Tab goes to the newest take if none is selected; else Qt would go to the first, always."""
        none_yet = not self.currentIndex().isValid()
        self._showing = none_yet
        super().focusInEvent(event)
        self._showing = False
        if none_yet:
            self.selectionModel().clearCurrentIndex()
            if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
                self._show_newest()

    def _show_newest(self) -> None:
        if self.takes.rows:
            newest = self.takes.index(0 if self._newest_first else len(self.takes.rows) - 1)
            self.selectionModel().setCurrentIndex(newest, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(newest)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are piano keys; a stray one must not move the selection."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(worn().faint_text))
            space = self.viewport().rect().adjusted(2 * GAP, 2 * GAP, -2 * GAP, -2 * GAP)
            painter.drawText(space, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.empty)
            painter.end()

    def menu_point(self) -> QPoint:
        """Where a menu for the current take opens when a key asks for it."""
        rect: QRect = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(rect.center() if rect.isValid() else QPoint(GAP, GAP))


def _sentence(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"The MIDI file could not be written ({why.lower()}); free some space or check the cache folder."

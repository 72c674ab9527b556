"""The row of chord cards under the hand: select, move, lengthen, type over, drop chords on it. Tells intents only.

With keys: arrows select (Shift: more), Alt and arrows move, + and - lengthen by a beat (Alt: by a quarter of one, as
with an edge under the hand), Return or F2 types, Delete, L locks, S names the section that begins, Ctrl+D repeats,
Ctrl+C and Ctrl+V copy and paste as the text of a chart.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication

from cocomposer.harmony.names.chart import LONGEST_SECTION
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.widgets.card_editor import CardEditor
from ui.widgets.delete_key import deletes
from ui.widgets.progression_field import CardField

_ARROWS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_LONGER: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
_TYPES: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
_PLAIN: Final = (
    *_ARROWS, *_LONGER, *_TYPES, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_L, Qt.Key.Key_S, Qt.Key.Key_Backspace,
)  # fmt: skip
_STANDARD: Final = (
    QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.SelectAll,
)  # fmt: skip
_FINE: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
"""Either of them: many window managers keep a press with Alt for themselves."""
PULL_MS, PULL_PIXELS, PULL_ROOM = 40, 16, 24
"""So often, and by so much, a row that is longer than its place goes on under a hand this near to the place's edge."""


class CardRow(CardField):
    """Shows and tells; the cards change when the session says so."""

    selected = Signal(tuple)
    """Numbers of the cards that are selected now."""
    moved = Signal(int)
    """The selected cards are meant before the one of this number."""
    stepped = Signal(int)
    """… one place to the left (-1) or right (1)."""
    resized = Signal(int)
    """The selected cards are meant to have so many ticks."""
    lengthened = Signal(int)
    """… so many more."""
    typed = Signal(int, str)
    """This was written on a card."""
    named = Signal(int, str)
    """A section of this name is meant to begin with the card of this number; an empty name: none."""
    dropped = Signal(str, int)
    """Chords as text are meant before the card of this number; -1: behind the selected ones."""
    deleted = Signal()
    repeated = Signal()
    locked = Signal()
    copied = Signal()
    """The selected cards, to the clipboard."""
    menu_meant = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._anchor = 0
        self._pressed: int | None = None
        self._pressed_at = QPointF()
        self._editor: CardEditor | None = None
        self._hand = QPoint()
        """Where on the screen something is dragged."""
        self._pull = QTimer(self, interval=PULL_MS)
        self._pull.timeout.connect(self._go_on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    def edit_card(self, number: int) -> None:
        """Type over it, in its place: Return takes it, Escape leaves it."""
        editor = CardEditor(self.view.cards[number].symbol, f"Chord {number + 1}", self)
        editor.taken.connect(lambda text: self._typed(number, text))
        self._open(editor, number)

    def edit_section(self, number: int) -> None:
        """Type the name of the section that begins with the card; nothing, and none does."""
        editor = CardEditor(self.view.cards[number].section, f"Section that begins with chord {number + 1}", self)
        editor.setPlaceholderText("Section")
        editor.setMaxLength(LONGEST_SECTION)
        editor.taken.connect(lambda text: self._section_typed(number, text))
        self._open(editor, number)

    def _open(self, editor: CardEditor, number: int) -> None:
        self._end_editing()
        self._editor = editor
        editor.stand_on(self.box_of(number))
        editor.left.connect(self._end_editing)

    # -- mouse -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        edge, number = self._edge_at(event.position()), self._card_at(event.position())
        self._pressed_at = event.position()
        if edge is not None:
            self._resizing = edge, self.view.cards[edge].ticks
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:  # else it may be the key of fine steps
                self._select_for(edge, event.modifiers())
        elif number is not None:
            self._pressed = number
            self._select_for(number, event.modifiers())
        else:
            self.selected.emit(())

    def _select_for(self, number: int, modifiers: Qt.KeyboardModifier) -> None:
        """What a press on a card does: Ctrl adds or takes off, Shift reaches up to it."""
        now = self._selected()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            low, high = sorted((self._anchor, number))
            self.selected.emit(tuple(range(low, high + 1)))
            return
        self._anchor = number
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.selected.emit(tuple(sorted(set(now) ^ {number})))
        elif number not in now:
            self.selected.emit((number,))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._resizing is not None:
            self._drag_edge(event)
        elif self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            far = (event.position() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
            if far or self._place is not None:
                self._drag_to(event.position().toPoint())
        else:
            over_edge = self._edge_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over_edge else Qt.CursorShape.ArrowCursor)

    def _drag_to(self, point: QPoint) -> None:
        """Show where what is dragged there would come, and go on with the row while it is held at an edge."""
        self._hand = self.mapToGlobal(point)
        self._place = self._place_at(QPointF(point))
        if not self._pull.isActive():
            self._pull.start()
        self.update()

    def _go_on(self) -> None:
        seen, point = self.visibleRegion().boundingRect(), self.mapFromGlobal(self._hand)
        if point.x() > seen.right() - PULL_ROOM:
            self.reached.emit(QRect(seen.right(), 0, PULL_PIXELS, 1))
        elif point.x() < seen.left() + PULL_ROOM:
            self.reached.emit(QRect(seen.left() - PULL_PIXELS, 0, PULL_PIXELS, 1))
        self._drag_to(self.mapFromGlobal(self._hand))

    def _end_drag(self) -> int | None:
        """Nothing is dragged any more; where it was last."""
        place, self._place = self._place, None
        self._pull.stop()
        self.update()
        return place

    def _drag_edge(self, event: QMouseEvent) -> None:
        """The edge goes with the hand from beat to beat; with Alt or Ctrl by quarters of one."""
        assert self._resizing is not None
        number, _ = self._resizing
        unit = TICKS_PER_BEAT // 4 if event.modifiers() & _FINE else TICKS_PER_BEAT
        moved = self._measures().ticks_of(event.position().x() - self._pressed_at.x())
        length = max(unit, round((self.view.cards[number].ticks + moved) / unit) * unit)
        if length != self._resizing[1]:
            self._resizing = number, length
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        resizing, place, pressed = self._resizing, self._end_drag(), self._pressed
        self._resizing = self._pressed = None
        if resizing is not None and resizing[1] != self.view.cards[resizing[0]].ticks:
            if resizing[0] not in self._selected():
                self.selected.emit((resizing[0],))
            self.resized.emit(resizing[1])
        elif resizing is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._select_for(resizing[0], event.modifiers())
        elif place is not None:
            self.moved.emit(place)
        elif pressed is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.selected.emit((pressed,))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._card_at(event.position())
        if number is not None:
            self.edit_card(number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        number = self._card_at(QPointF(event.pos()))
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        if not by_key and number is not None and number not in self._selected():
            self.selected.emit((number,))
        chosen = self._selected()
        at = self.box_of(chosen[-1]).center() if by_key and chosen else event.pos()
        self.menu_meant.emit(self.mapToGlobal(at))

    # -- drop --------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasText() and not event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_to(event.position().toPoint())
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        self._end_drag()
        self.dropped.emit(event.mimeData().text(), self._place_at(event.position()))
        event.acceptProposedAction()

    # -- keys --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._mine(event):
            event.accept()
            return True
        return super().event(event)

    def _mine(self, event: QKeyEvent) -> bool:
        """Keys that mean something else to the window mean the cards while the row has the focus."""
        bare = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        alone = bare == Qt.KeyboardModifier.NoModifier and Qt.Key(event.key()) in _PLAIN
        with_alt = bare == Qt.KeyboardModifier.AltModifier and Qt.Key(event.key()) in (*_ARROWS, *_LONGER)
        return alone or with_alt or _is_repeat(event) or deletes(event) or any(event.matches(key) for key in _STANDARD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._mine(event):
            super().keyPressEvent(event)
            return
        key, chosen = Qt.Key(event.key()), self._selected()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_clipboard()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selected.emit(tuple(range(len(self.view.cards))))
        elif deletes(event) or key is Qt.Key.Key_Backspace:
            self.deleted.emit()
        elif _is_repeat(event):
            self.repeated.emit()
        elif key in _ARROWS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(_ARROWS[key])
        elif key in _ARROWS:
            at = chosen[-1 if _ARROWS[key] > 0 or not shift else 0] if chosen else -1
            self._go(at + _ARROWS[key], shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key is Qt.Key.Key_Home else len(self.view.cards) - 1, shift)
        elif key in _LONGER:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.lengthened.emit(_LONGER[key] * TICKS_PER_BEAT // (4 if fine else 1))
        elif key is Qt.Key.Key_L:
            self.locked.emit()
        elif key is Qt.Key.Key_S and chosen:
            self.edit_section(chosen[0])
        elif key in _TYPES and chosen:
            self.edit_card(chosen[-1])

    def _go(self, number: int, extend: bool) -> None:
        if not self.view.cards:
            return
        number = max(0, min(number, len(self.view.cards) - 1))
        if extend:
            self.selected.emit(tuple(sorted({*self._selected(), number})))
        else:
            self._anchor = number
            self.selected.emit((number,))
        self.reached.emit(self.box_of(number))

    def paste_clipboard(self) -> None:
        """Chords as text, behind the selected cards."""
        mime = QApplication.clipboard().mimeData()
        if mime is not None and mime.hasText():
            self.dropped.emit(mime.text(), -1)

    def _typed(self, number: int, text: str) -> None:
        self._end_editing()
        self.typed.emit(number, text)

    def _section_typed(self, number: int, text: str) -> None:
        self._end_editing()
        self.named.emit(number, text)

    def _end_editing(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            if editor.hasFocus():
                self.setFocus()
            editor.hide()
            editor.deleteLater()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._selected() and event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        ):
            self._go(0, False)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _is_repeat(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier

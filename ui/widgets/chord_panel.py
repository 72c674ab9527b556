"""The chord panel: what sounds, the key, the chords so far, and cards with what could come next.

A card is heard when the pointer or the focus rests on it and placed when it is pressed; what that means is others' to
decide.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from ui.presenters.chords import ChordCard, ChordsView, ChordsViewer, instead_of, key_names, share_words
from ui.presenters.chords_asked import CARDS
from ui.presenters.chords_wish import STYLES, ChordWish, Follows
from ui.presenters.session import Session
from ui.theme import GAP
from ui.widgets.chord_card import SuggestionCard
from ui.widgets.chord_menus import key_menu, substitutes_menu
from ui.widgets.chord_now import ChordsSoFar, NowChord
from ui.widgets.fields import CalmSlider, ChoiceField
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton
from ui.widgets.words import ElidedLabel

REST_MS: Final = 150
"""A pointer on its way over the cards lets none of them be heard."""
HOLD_MS: Final = 3000
"""So long at most the cards stay as they are while the pointer is on one: what is read is what a click places."""
SURPRISE_STEPS: Final = 20
ROWS: Final = {4: 2, 3: 2, 2: 3}
"""Columns → rows: eight cards where there is room, else six."""
NARROW: Final = GAP // 2
WIDEST_KEY: Final = "G♯ minor 100%"
_FOLLOWS: Final = ((Follows.JAM.value, "After the jam"), (Follows.PROGRESSION.value, "After the progression"))


class ChordPanel(Panel):
    """Shown or not as the musician wants."""

    placed = Signal(str)
    """A chord was chosen, by its symbol."""
    rested = Signal(str)
    """One would be heard, by its symbol."""
    wished = Signal(object)
    """Other suggestions are wanted: a `ChordWish`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chords")
        self.setAccessibleName("Chords")
        self._viewer = ChordsViewer()
        self.view = ChordsView()
        self._columns = 0
        self._resting = ""
        self._offered: tuple[ChordCard, ...] = ()
        """What the cards show."""
        self._wished: ChordWish | None = None
        """What was wished since the last frame: another wish may follow before it is shown."""
        self.now, self.so_far = NowChord(), ChordsSoFar()
        self.key = PressButton("Key –", "The key; press to choose another")
        self.pin = PressButton("Pin", "Name and suggest chords in this key, whatever is played", checkable=True)
        self.follows = ChoiceField(_FOLLOWS)
        self.style_field = ChoiceField(STYLES)
        self.surprise = CalmSlider(SURPRISE_STEPS)
        self.hear = PressButton("Hear", "A card sounds when you point at it", checkable=True)
        self.hide_button = PressButton("Hide", "Hide the chords (View → Chords brings them back)")
        self.cards = [SuggestionCard(number, self) for number in range(1, CARDS + 1)]
        self.hint = ElidedLabel()
        self.hint.setProperty("role", "faint")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self.hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._name_parts()
        self._lay_out()
        self._wire()

    # -- parts -------------------------------------------------------------------------------------

    def _name_parts(self) -> None:
        for field, name, tip in (
            (self.follows, "Suggestions go on from", "Whose chords the suggestions go on from"),
            (self.style_field, "Kind of song", "The kind of song that the suggestions are taken from"),
            (self.surprise, "Surprise", "Left: what mostly comes next; right: what hardly anybody expects"),
        ):
            field.setAccessibleName(name)
            field.setToolTip(tip)
        self.hear.setAccessibleName("Hear suggestions on pointing")
        self.hide_button.setAccessibleName("Hide the chord panel")
        self.key.setMinimumWidth(self.key.fontMetrics().horizontalAdvance(WIDEST_KEY) + 3 * GAP)

    def _lay_out(self) -> None:
        surprise = QLabel("Surprise")
        surprise.setProperty("role", "faint")
        left = QGridLayout()
        left.setSpacing(NARROW)
        left.addWidget(self.now, 0, 0, 1, 2)
        left.addWidget(self.key, 1, 0)
        left.addWidget(self.pin, 1, 1)
        left.addWidget(self.follows, 2, 0, 1, 2)
        left.addWidget(self.style_field, 3, 0, 1, 2)
        surprising = QHBoxLayout()
        surprising.setSpacing(GAP)
        surprising.addWidget(surprise)
        surprising.addWidget(self.surprise, 1)
        left.addLayout(surprising, 4, 0, 1, 2)
        left.setColumnStretch(0, 1)
        left.setRowStretch(5, 1)
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(self.so_far, 1)
        top.addWidget(self.hint, 1)
        self.hint.hide()
        top.addWidget(self.hear)
        top.addWidget(self.hide_button)
        self._grid = QGridLayout()
        self._grid.setSpacing(NARROW)
        right = QVBoxLayout()
        right.setSpacing(NARROW)
        right.addLayout(top)
        right.addLayout(self._grid)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addLayout(left)
        row.addLayout(right, 1)
        self._place_cards()
        order: list[QWidget] = [self.now, self.key, self.pin, self.follows, self.style_field,
                                self.surprise, self.hear, self.hide_button, *self.cards]  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _wire(self) -> None:
        self.now.clicked.connect(lambda: self._show_substitutes(self.view.symbol, self.view.now, self.now))
        self.key.clicked.connect(self._show_keys)
        self.pin.clicked.connect(lambda: self.acted.emit("pin_key"))
        self.hide_button.clicked.connect(lambda: self.acted.emit("chords"))
        self.hear.clicked.connect(lambda: self._wish(hear=self.hear.isChecked()))
        self.follows.chosen.connect(lambda value: self._wish(follows=Follows(value)))
        self.style_field.chosen.connect(lambda value: self._wish(style=str(value)))
        self.surprise.valueChanged.connect(lambda step: self._wish(surprise=step / SURPRISE_STEPS))
        self._rest.timeout.connect(lambda: self.rested.emit(self._resting))
        for card in self.cards:
            card.clicked.connect(lambda _checked=False, one=card: self._place(one))
            card.rested.connect(lambda one=card: self._begin_rest(one))
            card.left.connect(self._leave)
            card.stepped.connect(lambda by, one=card: self._step(one, by))
            card.substituted.connect(lambda at, one=card: self._show_card_menu(one, at))

    # -- show --------------------------------------------------------------------------------------

    def refresh(self, session: Session, _now: float) -> None:
        self._wished = None
        view = self._viewer.view(session)
        if not self.hold.isActive() and view.cards != self._offered:
            self._show_cards(view)
        if view is self.view or view == self.view:
            return
        self.view = view
        self.now.show_view(view)
        self.so_far.show_chords(view.so_far)
        self._show_key()
        self.hint.setText(view.hint)
        self.hint.setVisible(bool(view.hint))
        self.so_far.setVisible(not view.hint)
        self.follows.show_value(view.wish.follows.value)
        self.style_field.show_value(view.wish.style)
        self.hear.setChecked(view.wish.hear)
        step = round(view.wish.surprise * SURPRISE_STEPS)
        if step != self.surprise.value():
            self.surprise.setValue(step)

    def _show_cards(self, view: ChordsView) -> None:
        self._offered = view.cards
        for card, shown in zip(self.cards, [*view.cards, *[None] * CARDS], strict=False):
            card.show_card(shown)

    def _show_key(self) -> None:
        view = self.view
        share = "?" if view.key_supposed else share_words(view.key_confidence)
        text = "Key –" if not view.key else view.key if view.pinned else f"{view.key} {share}"
        if text != self.key.text():
            self.key.setText(text)
        surely = "pinned" if view.pinned else "not sure" if view.key_supposed else share
        told = f"{view.key}, {surely}" if view.key else "unclear"
        self.key.setAccessibleName(f"Key: {told}")
        self.pin.setChecked(view.pinned)
        self.pin.setAccessibleName("Pin the key")

    def _place_cards(self) -> None:
        least = self.cards[0].sizeHint().width() + NARROW
        room = self.width() - self.now.sizeHint().width() - 3 * GAP
        columns = next((columns for columns in ROWS if room >= columns * least), min(ROWS))
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards):
            self._grid.removeWidget(card)
            shown = place < ROWS[columns] * columns
            card.setVisible(shown)
            if shown:
                self._grid.addWidget(card, place // columns, place % columns)
        for column in range(max(ROWS)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def minimumSizeHint(self) -> QSize:
        """So narrow the cards stand two in a row."""
        least = min(ROWS) * (self.cards[0].sizeHint().width() + NARROW)
        return QSize(self.now.sizeHint().width() + least + 4 * GAP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_cards()
        super().resizeEvent(event)

    # -- meanings ----------------------------------------------------------------------------------

    def _wish(self, **changes: object) -> None:
        known = self._wished or self.view.wish
        wish: ChordWish = replace(known, **changes)  # type: ignore[arg-type]
        if wish != known:
            self._wished = wish
            self.wished.emit(wish)

    def _leave(self) -> None:
        self._rest.stop()
        self.hold.stop()

    def _place(self, card: SuggestionCard) -> None:
        self._leave()
        if card.card is not None:
            self.placed.emit(card.card.symbol)

    def _begin_rest(self, card: SuggestionCard) -> None:
        self.hold.start()
        if card.card is not None:
            self._resting = card.card.symbol
            self._rest.start()

    def _begin_rest_on(self, symbol: str) -> None:
        self._resting = symbol
        self._rest.start()

    def _step(self, card: SuggestionCard, by: int) -> None:
        """±1: to a neighbour; ±2: to the other row."""
        further = by if abs(by) == 1 else by // 2 * self._columns
        place = self.cards.index(card) + further
        if 0 <= place < ROWS[self._columns] * self._columns and self.cards[place].isEnabled():
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and 1 <= number <= CARDS and self.cards[number - 1].isVisibleTo(self):
            self._place(self.cards[number - 1])
        else:
            super().keyPressEvent(event)

    # -- menus -------------------------------------------------------------------------------------

    def _show_card_menu(self, card: SuggestionCard, at: QPoint) -> None:
        if card.card is not None:
            self._open(self.substitutes(card.card.symbol, card.card.name), at)

    def _show_substitutes(self, symbol: str, name: str, below: QWidget) -> None:
        self._open(self.substitutes(symbol, name), below.mapToGlobal(below.rect().bottomLeft()))

    def substitutes(self, symbol: str, name: str) -> QMenu:
        """The menu of what could stand for a chord."""
        found = instead_of(symbol, self.view.key_value)
        return substitutes_menu(self, name, found, self.placed.emit, self._begin_rest_on)

    def keys(self) -> QMenu:
        """The menu of keys."""
        view = self.view
        return key_menu(self, view.heard_key, view.wish.pinned_key, key_names(), lambda key: self._wish(pinned_key=key))

    def _show_keys(self) -> None:
        self._open(self.keys(), self.key.mapToGlobal(self.key.rect().bottomLeft()))

    def _open(self, menu: QMenu, at: QPoint) -> None:
        menu.aboutToHide.connect(self._rest.stop)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

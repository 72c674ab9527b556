"""The progression builder: the row of chord cards, the circle of fifths, and what can be done with the chords.

Shows the session; what is meant goes to the desk, which knows no widget.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cocomposer.export.lead_sheet import SheetError
from ui.presenters.chords import seen_key
from ui.presenters.circle import CircleView, circle_of
from ui.presenters.progression import LINES_SHOWN, ProgressionView, sounding_card, view_of
from ui.presenters.session import Session
from ui.progression_desk import ProgressionDesk
from ui.theme import GAP
from ui.widgets.card_editor import ChartField
from ui.widgets.circle_of_fifths import CircleOfFifths
from ui.widgets.drag_out import DragFolder
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton
from ui.widgets.progression_menus import cadence_menu, card_menu, fill_menu, more_menu, sound_menu
from ui.widgets.progression_out import ExportButton, chart_of_selected, copy_out, export_menu, midi_mime, sentence_of
from ui.widgets.progression_row import CardRow
from ui.widgets.words import ElidedLabel

NARROW: Final = 640
"""Below this width less is beside each other."""
LOCK, SHORT_LOCK = "Lock answer", "Lock"
SENTENCE_LINES: Final = 2
"""What could not be read takes no more of the window than so many lines; the tool tip has it all."""


class ProgressionPanel(Panel):
    """All of it."""

    touched = Signal()
    """Something was done: show it at once."""
    save_meant = Signal(str)
    """The chords are meant to be saved in this format (see `progression_out`)."""

    def __init__(self, desk: ProgressionDesk, folder: DragFolder) -> None:
        """`folder`: where files that are dragged out lie."""
        super().__init__()
        self._desk, self._folder = desk, folder
        self._session: Session | None = None
        self._view: ProgressionView | None = None
        self._narrow: bool | None = None
        self._roomy = 0
        """So wide it has to be for all of its words."""
        self._tight = False
        self.row, self.circle = CardRow(), CircleOfFifths()
        self.setAccessibleName("Progression")
        self._make_parts()
        self._lay_out()
        self._connect()

    def sizeHint(self) -> QSize:
        return QSize(700, super().sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """No: a scrolled column with such a part in it takes the height that its parts like, not the least."""
        return False

    # -- show --------------------------------------------------------------------------------------

    def refresh(self, session: Session, now: float) -> None:
        self._session = session
        self.row.show_sounding(sounding_card(session, now))
        circle: CircleView = circle_of(session, now)
        self.circle.show_view(circle)
        view = view_of(session)
        if view == self._view:
            return
        before, self._view = self._view, view
        self.row.show_view(view)
        found = "" if view.key_chosen else " (found)"
        self.key.setText(f"in {seen_key(view.key)}{found}" if view.key and view.cards else "")
        typing = self.chart.hasFocus() and self.chart.isModified()
        if not typing and self.chart.text() != view.chart:
            self.chart.setText(view.chart)
            self.chart.setCursorPosition(0)
        for button, on in ((self.play, view.sounds), (self.lock, view.locks), (self.replace, view.replace)):
            button.setChecked(on)
        self.play.setText("Stop" if view.sounds else "Play")
        for asking in (self.cadence, self.other):
            asking.setEnabled(bool(view.cards) and view.connected)
        self.fill.setEnabled(view.can_fill and view.connected)
        self._say(view.sentence)
        if before is None or before.offers != view.offers or before.waiting != view.waiting:
            self._show_offers(view)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence)
        self.sentence.setVisible(bool(sentence))
        self._fit_sentence()

    def _fit_sentence(self) -> None:
        """As high as its lines are; of many mistakes the first few."""
        room = self.width() - 2 * GAP - (0 if self._narrow else self.circle.sizeHint().width() + GAP)
        least, most = (self.fontMetrics().lineSpacing() * lines + 3 for lines in (1, SENTENCE_LINES))
        self.sentence.setFixedHeight(max(least, min(self.sentence.heightForWidth(max(1, room)), most)))

    def _show_offers(self, view: ProgressionView) -> None:
        for number, button in enumerate(self.offers):
            shown = number < len(view.offers)
            button.setVisible(shown)
            if shown:
                offer = view.offers[number]
                button.setText(offer.text)
                button.setToolTip(offer.tip)
                button.setAccessibleName(f"Place {offer.text}")
                button.setAccessibleDescription(offer.tip)
        self.no_offer.setVisible(bool(view.offers))
        self.waiting.setText("Looking for chords …" if view.waiting else "")
        self.waiting.setVisible(view.waiting)
        self._offer_line.setVisible(view.waiting or bool(view.offers))

    # -- parts -------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.title = QLabel("Progression")
        self.title.setProperty("role", "title")
        self.key = ElidedLabel()
        self.key.setProperty("role", "faint")
        self.play = PressButton("Play", "Play the chords in time with the jam", checkable=True)
        self.play.setMinimumWidth(self.play.fontMetrics().horizontalAdvance("Stop") + 3 * GAP)
        self.lock = PressButton(LOCK, "Answers go by these chords", checkable=True)
        self.lock.setAccessibleName(LOCK)
        self.sound = PressButton("Voicing …", "How the chords are laid out, in what rhythm, on which channel")
        self.export = ExportButton(self._mime)
        self.more = PressButton("More …", "Take over chords, transpose, loop, locks")
        self.chart = ChartField()
        self.chart.setPlaceholderText("Am | F C | G7")
        self.chart.setAccessibleName("The chords as a chart")
        self.chart.setToolTip(
            "Type or paste a whole chart and press Return: Am | F C | G7, or vi IV I V; [Verse] begins a section"
        )
        self.fill = PressButton("Fill", "Chords between the two selected ones")
        self.cadence = PressButton("Cadence", "Two chords to end on")
        self.other = PressButton("Other chords", "Other chords on the selected cards, or on all; locked ones stay")
        self.replace = PressButton(
            "Replace", "Placed chords take the place of the selected card; else they come behind it", checkable=True
        )
        self.sentence = QLabel()
        self.sentence.setProperty("role", "bad")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.hide()
        self.waiting = QLabel()
        self.waiting.setProperty("role", "faint")
        self.offers = [PressButton("") for _ in range(LINES_SHOWN)]
        self.no_offer = PressButton("None", "Leave the cards as they are")
        self._offer_line = QFrame()
        self._offer_line.hide()

    def _lay_out(self) -> None:
        self._bottom = QWidget()
        top, bottom, offers = QHBoxLayout(), QHBoxLayout(self._bottom), QHBoxLayout(self._offer_line)
        for line, parts in (
            (top, (self.title, self.key, self.play, self.lock, self.sound, self.export, self.more)),
            (bottom, (self.chart, self.fill, self.cadence, self.other, self.replace)),
            (offers, (self.waiting, *self.offers, self.no_offer)),
        ):
            line.setSpacing(GAP // 2)
            line.setContentsMargins(0, 0, 0, 0)
            for part in parts:
                line.addWidget(part, 1 if part in (self.key, self.chart) else 0)
        offers.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.row)
        self.area.setMinimumHeight(self.row.sizeHint().height() + self.area.horizontalScrollBar().sizeHint().height())
        left = QVBoxLayout()
        left.setSpacing(GAP // 2)
        left.addWidget(self.area, 1)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(GAP, GAP // 2, GAP, GAP)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP // 2)
        grid.addLayout(top, 0, 0, 1, 2)
        grid.addLayout(left, 1, 0)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        self._arrange()

    def _arrange(self) -> None:
        """Where there is little room, the line of buttons goes below the circle and the title goes."""
        narrow = self.width() < NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.title.setVisible(not narrow)
        for part in (self.circle, self._bottom, self._offer_line, self.sentence):
            self._grid.removeWidget(part)
        self._grid.addWidget(self.circle, 1, 1, 1 if narrow else 4, 1)
        for line, part in enumerate((self._offer_line, self.sentence, self._bottom), 2):
            self._grid.addWidget(part, line, 0, 1, 2 if narrow else 1)

    def _tighten(self) -> None:
        """In the narrowest windows the key goes, which the circle says too, and the longest button says it shorter."""
        if not self._tight:
            parts = (self.key, self.play, self.lock, self.sound, self.export, self.more)
            self._roomy = sum(max(part.minimumWidth(), part.minimumSizeHint().width()) + GAP for part in parts) + GAP
        tight = self.width() <= self._roomy
        if tight != self._tight:
            self._tight = tight
            self.key.setVisible(not tight)
            self.lock.setText(SHORT_LOCK if tight else LOCK)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        self._tighten()
        self._fit_sentence()
        super().resizeEvent(event)

    # -- meanings ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, row = self._desk, self.row
        steps: tuple[tuple[SignalInstance, Callable[..., object]], ...] = (
            (row.selected, desk.select), (row.moved, desk.move), (row.stepped, desk.step), (row.resized, desk.resize),
            (row.lengthened, desk.lengthen), (row.typed, desk.type), (row.deleted, desk.delete),
            (row.repeated, desk.repeat), (row.locked, desk.lock_cards), (row.copied, self._copy_selected),
            (row.named, desk.begin_section),
            (row.dropped, lambda text, at: desk.insert(text, None if at < 0 else at)),
            (self.circle.chosen, self._choose_key), (self.circle.placed, desk.place),
            (self.play.clicked, lambda: self.acted.emit("play_chords")),
            (self.lock.clicked, lambda: self.acted.emit("lock_chords")),
            (self.other.clicked, lambda: self.acted.emit("other_chords")),
            (self.replace.clicked, lambda: desk.set_replace(self.replace.isChecked())),
            (self.chart.returnPressed, self._write),
            (self.no_offer.clicked, desk.drawing.drop_offers),
        )  # fmt: skip
        for signal, step in steps:
            signal.connect(self._doing(step))
        for number, button in enumerate(self.offers):
            button.clicked.connect(self._doing(lambda _on=False, number=number: desk.drawing.choose(number)))
        row.reached.connect(lambda box: self.area.ensureVisible(box.center().x(), 0, box.width() // 2 + GAP, 0))
        row.menu_meant.connect(lambda at: card_menu(self._menu(), desk, self._doing, row).popup(at))
        for button, fill in ((self.fill, fill_menu), (self.cadence, cadence_menu), (self.sound, sound_menu)):
            button.clicked.connect(partial(self._open, button, fill))
        self.more.clicked.connect(partial(self._open, self.more, more_menu))
        self.export.menu_meant.connect(lambda at: export_menu(self._menu(), self.save_meant.emit, self._copy).popup(at))
        self.export.failed.connect(self._say)

    def _doing(self, step: Callable[..., object]) -> Callable[..., None]:
        """Do it, and show what came of it at once."""

        def do(*told: object) -> None:
            step(*told)
            self.touched.emit()

        return do

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _open(self, button: PressButton, fill: Callable[..., QMenu], _checked: bool = False) -> None:
        menu = fill(self._menu(), self._desk, self._doing)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _write(self) -> None:
        text = self.chart.text()
        self.chart.setModified(False)
        self.chart.clearFocus()
        self._desk.write(text)

    def _choose_key(self, name: str) -> None:
        """The key that was chosen before is let go."""
        chosen = self._view is not None and self._view.key_chosen and self._view.key == name
        self._desk.choose_key(None if chosen else name)

    def _mime(self) -> QMimeData:
        return midi_mime(self._shown, self._folder)

    @property
    def _shown(self) -> Session:
        assert self._session is not None, "nothing is shown yet"
        return self._session

    def _copy_selected(self) -> None:
        text = chart_of_selected(self._shown)
        if text:
            QGuiApplication.clipboard().setText(text)

    def _copy(self, name: str) -> None:
        try:
            copy_out(self._shown, name, self._folder)
        except (SheetError, OSError) as error:
            self._say(sentence_of(error))

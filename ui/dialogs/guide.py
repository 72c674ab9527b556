"""First steps: what to do in your DAW, with ticks that come by themselves as things begin to work."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cocomposer.jam import inputs
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.dialogs.beside import BesideDialog
from ui.presenters.guide import DAWS, GuideView, Tick, clock_heard, guide_view
from ui.presenters.session import Session
from ui.theme import GAP

TEST_CHORD = tuple(Note(0, pitch, 2 * TICKS_PER_BEAT, 90) for pitch in (60, 64, 67, 72))
WIDTH = 600


@dataclass(frozen=True, slots=True)
class _Row:
    """The labels of one tick."""

    mark: QLabel
    text: QLabel
    hint: QLabel

    def show(self, tick: Tick | None) -> None:
        """Show it; None: there is none in this place."""
        for label in (self.mark, self.text):
            label.setVisible(tick is not None)
        # A hint that is not needed any more leaves its room, so that no line moves when a tick comes.
        policy = self.hint.sizePolicy()
        policy.setRetainSizeWhenHidden(tick is not None)
        self.hint.setSizePolicy(policy)
        self.hint.setVisible(tick is not None and not tick.done)
        if tick is None:
            return
        self.mark.setText("✓" if tick.done else "○")
        self.mark.setProperty("role", "good" if tick.done else "faint")
        self.mark.style().polish(self.mark)
        self.text.setText(tick.text)
        self.hint.setText(tick.hint)
        self.mark.setAccessibleName("done" if tick.done else "not yet")
        self.text.setAccessibleName(f"{tick.text}: {'done' if tick.done else 'not yet. ' + tick.hint}")


class Guide(BesideDialog):
    """Stays open beside the window; `refresh` is called now and then."""

    acted = Signal(str)
    commanded = Signal(object)
    daw_chosen = Signal(str)

    def __init__(self, daw: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("First steps")
        self.setMinimumWidth(WIDTH)
        self._view: GuideView | None = None
        self._session: Session | None = None
        self._heard_clock = False
        self._daws = QComboBox()
        self._daws.addItems(list(DAWS))
        self._daws.setCurrentText(daw if daw in DAWS else next(iter(DAWS)))
        self._daws.setAccessibleName("What do you play with?")
        self._daws.currentTextChanged.connect(self._choose)
        question = QLabel("&What do you play with?")
        question.setBuddy(self._daws)
        question.setProperty("role", "title")
        self._steps = QLabel()
        self._steps.setWordWrap(True)
        self._steps.setTextFormat(Qt.TextFormat.RichText)
        self._steps.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._system = QLabel()
        self._system.setWordWrap(True)
        self._system.setProperty("role", "faint")
        self._ticks = QGridLayout()
        self._ticks.setHorizontalSpacing(2 * GAP)
        self._ticks.setVerticalSpacing(GAP)
        self._ticks.setColumnStretch(2, 1)
        self._rows: list[_Row] = []
        self._test = QPushButton("Send a &test chord")
        self._test.clicked.connect(lambda: self.commanded.emit(inputs.Audition("test chord", TEST_CHORD, 120.0)))
        self._heard = QCheckBox("I &heard it")
        self._heard.clicked.connect(self._show)
        self._sound = QPushButton("Built-in &sound")
        self._sound.setCheckable(True)
        self._sound.clicked.connect(self._toggle_sound)
        self._close = QPushButton("Start &playing")
        self._close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for widget in (self._test, self._heard, self._sound):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        rows.setSpacing(2 * GAP)
        rows.addWidget(question)
        rows.addWidget(self._daws)
        rows.addWidget(self._steps)
        rows.addWidget(self._system)
        rows.addLayout(self._ticks)
        rows.addStretch(1)
        rows.addLayout(buttons)

    @property
    def daw(self) -> str:
        """What was chosen."""
        return self._daws.currentText()

    def refresh(self, session: Session) -> None:
        """Show how far things are."""
        self._session = session
        self._heard_clock = self._heard_clock or clock_heard(session)
        self._sound.setChecked(session.sound.on)
        self._show()

    def _show(self) -> None:
        if self._session is None:
            return
        view = guide_view(self._session, self.daw, self._heard.isChecked(), self._heard_clock)
        if view == self._view:
            return
        self._view = view
        steps = "".join(f"<li style='margin-bottom:6px'>{step}</li>" for step in view.steps)
        self._steps.setText(f"<ol style='margin-left:-20px'>{steps}</ol>")
        self._system.setText(view.system)
        self._system.setVisible(bool(view.system))
        for widget in (self._test, self._heard):
            widget.setVisible(not view.alone)
        self._sound.setVisible(view.alone)
        while len(self._rows) < len(view.ticks):
            self._rows.append(self._add_row())
        for index, row in enumerate(self._rows):
            row.show(view.ticks[index] if index < len(view.ticks) else None)
        self.make_room()

    def _add_row(self) -> _Row:
        row = _Row(QLabel(), QLabel(), QLabel())
        row.hint.setWordWrap(True)
        # As wide as the column of the ticks' texts leaves it, whatever it says.
        policy = row.hint.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        row.hint.setSizePolicy(policy)
        row.hint.setProperty("role", "faint")
        for column, label in enumerate((row.mark, row.text, row.hint)):
            self._ticks.addWidget(label, len(self._rows), column, Qt.AlignmentFlag.AlignTop)
        return row

    def _choose(self, daw: str) -> None:
        self.daw_chosen.emit(daw)
        self._show()

    def _toggle_sound(self) -> None:
        # The button shows what the engine says, not what was wished.
        self._sound.setChecked(self._session is not None and self._session.sound.on)
        self.acted.emit("sound")

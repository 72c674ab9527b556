"""First steps: what to do in your DAW, with ticks that come by themselves as things begin to work."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cocomposer.jam import inputs
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.guide import DAWS, GuideView, guide_view
from ui.presenters.session import Session
from ui.theme import GAP

TEST_CHORD = tuple(Note(0, pitch, 2 * TICKS_PER_BEAT, 90) for pitch in (60, 64, 67, 72))


class Guide(QDialog):
    """Stays open beside the window; `refresh` is called now and then."""

    acted = Signal(str)
    commanded = Signal(object)
    daw_chosen = Signal(str)

    def __init__(self, daw: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("First steps")
        self.setMinimumWidth(560)
        self._view: GuideView | None = None
        self._daws = QComboBox()
        self._daws.addItems(list(DAWS))
        self._daws.setCurrentText(daw if daw in DAWS else next(iter(DAWS)))
        self._daws.setAccessibleName("Your DAW")
        self._daws.currentTextChanged.connect(self.daw_chosen)
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
        self._ticks.setHorizontalSpacing(GAP)
        self._ticks.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._heard = QCheckBox("I heard it")
        self._test = QPushButton("Send a &test chord")
        self._test.clicked.connect(lambda: self.commanded.emit(inputs.Audition("test chord", TEST_CHORD, 120.0)))
        self._sound = QPushButton("Built-in &sound")
        self._sound.setCheckable(True)
        self._sound.clicked.connect(lambda: self.acted.emit("sound"))
        self._close = QPushButton("Start playing")
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
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
        view = guide_view(session, self.daw, self._heard.isChecked())
        self._sound.setChecked(session.sound.on)
        if view == self._view:
            return
        self._view = view
        steps = "".join(f"<li style='margin-bottom:6px'>{step}</li>" for step in view.steps)
        self._steps.setText(f"<ol style='margin-left:-20px'>{steps}</ol>")
        self._system.setText(view.system)
        self._system.setVisible(bool(view.system))
        while len(self._rows) < len(view.ticks):
            mark, text = QLabel(), QLabel()
            text.setWordWrap(True)
            self._ticks.addWidget(mark, len(self._rows), 0, Qt.AlignmentFlag.AlignTop)
            self._ticks.addWidget(text, len(self._rows), 1)
            self._rows.append((mark, text))
        for index, (mark, text) in enumerate(self._rows):
            shown = index < len(view.ticks)
            mark.setVisible(shown)
            text.setVisible(shown)
            if shown:
                tick = view.ticks[index]
                mark.setText("✓" if tick.done else "○")
                mark.setProperty("role", "good" if tick.done else "faint")
                mark.style().polish(mark)
                text.setText(tick.text if tick.done else f"{tick.text} – {tick.hint}")
                text.setAccessibleName(f"{tick.text}: {'done' if tick.done else 'not yet. ' + tick.hint}")

"""What a role is asked with: by how much a take is varied, how many bars lie between two. Knows no engine."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cocomposer.document.takes import KeptTake
from ui.presenters.roles_asked import AMOUNT, GAP_BARS, MOST_GAP_BARS, Part, amount_words, parts_of
from ui.presenters.takes import title_of
from ui.theme import GAP
from ui.widgets.fields import CalmSlider, ChoiceField, NumberField

STEPS: Final = 20
WIDTH: Final = 380
_PARTS: Final = {Part.PHRASE: "what was played", Part.ANSWER: "the answer"}


class Question(QDialog):
    """A title, a sentence, some fields, and two buttons."""

    def __init__(self, window_title: str, title: str, said: str, draw: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title)
        heading, sentence = QLabel(title), QLabel(said)
        heading.setProperty("role", "title")
        sentence.setProperty("role", "faint")
        for label in (heading, sentence):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.draw = self.box.addButton(draw, QDialogButtonBox.ButtonRole.AcceptRole)
        self.box.accepted.connect(self.accept)
        self.box.rejected.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        self._column.setSpacing(GAP)
        self._column.addWidget(heading)
        self._column.addWidget(sentence)
        self._column.addSpacing(GAP)
        self.setMinimumWidth(WIDTH)

    def add_field(self, text: str, field: QWidget) -> None:
        """A label and what belongs to it, in one line."""
        label = QLabel(text)
        label.setBuddy(field)
        field.setAccessibleName(text)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addStretch(1)
        line.addWidget(field)
        self._column.addLayout(line)

    def end(self) -> None:
        """Nothing more is asked."""
        self._column.addSpacing(GAP)
        self._column.addWidget(self.box)
        self.draw.setDefault(True)

    def agreed(self) -> bool:
        """Ask, and wait for what the musician says."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return accepted


class VaryQuestion(Question):
    """By how much, and which side of the take."""

    def __init__(self, take: KeptTake, parent: QWidget | None = None) -> None:
        said = "Its rhythm stays; as many of its notes change as you choose."
        super().__init__("Vary", title_of(take), said, "Draw four", parent)
        parts = parts_of(take)
        self.part_field = ChoiceField(tuple((part, _PARTS[part]) for part in parts))
        self.part_field.show_value(parts[-1])
        if len(parts) > 1:
            self.add_field("Vary", self.part_field)
        else:
            self.part_field.setParent(self)
            self.part_field.hide()
        self.slider = CalmSlider(STEPS)
        self.slider.setAccessibleName("How much it is varied")
        self.words = QLabel()
        self.words.setProperty("role", "faint")
        head = QHBoxLayout()
        label = QLabel("How much")
        label.setBuddy(self.slider)
        head.addWidget(label)
        head.addWidget(self.words, 1, Qt.AlignmentFlag.AlignRight)
        self._column.addLayout(head)
        self._column.addWidget(self.slider)
        ends = QHBoxLayout()
        for text, side in (
            ("nearly the same", Qt.AlignmentFlag.AlignLeft),
            ("only the rhythm", Qt.AlignmentFlag.AlignRight),
        ):
            end = QLabel(text)
            end.setProperty("role", "faint")
            ends.addWidget(end, 1, side)
        self._column.addLayout(ends)
        self.slider.valueChanged.connect(self._name)
        self.slider.setValue(round(AMOUNT * STEPS))
        self._name()
        self.end()

    @property
    def amount(self) -> float:
        """0 (the same) to 1 (only the rhythm)."""
        return self.slider.value() / STEPS

    @property
    def part(self) -> Part:
        """Which side of the take."""
        return Part(self.part_field.currentData())

    def _name(self) -> None:
        words = f"{round(self.amount * 100)} %, {amount_words(self.amount)}"
        self.words.setText(words)
        self.slider.setAccessibleDescription(words)


class FillQuestion(Question):
    """How many bars lie between two takes."""

    def __init__(self, left: KeptTake, right: KeptTake, parent: QWidget | None = None) -> None:
        title = f"{title_of(left)} … {title_of(right)}"
        said = "The machine writes what leads from the first to the second; both stay as they are."
        super().__init__("Fill between two takes", title, said, "Draw four", parent)
        self.number = NumberField(1, MOST_GAP_BARS, 1, 0)
        self.number.show_value(GAP_BARS)
        self.add_field("Bars between them", self.number)
        self.end()

    @property
    def bars(self) -> int:
        """From 1 on."""
        return int(self.number.value())

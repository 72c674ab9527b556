"""The status bar: how ports, clock, model and timing stand, and the newest sentence with those before it.

Shows a `Standing`; decides nothing.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QListWidget, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.presenters.session import Said, Session
from ui.presenters.standing import Fact, Level, Standing, StandingPresenter
from ui.widgets.fact_label import FactLabel
from ui.widgets.histogram import Histogram
from ui.widgets.panel import Panel
from ui.widgets.press_button import PressButton

POPUP_ROWS: Final = 12
LINE: Final = 24
ONE_LINE: Final = 1240
"""Narrower than this, the sentence has a line of its own: a sentence cut short helps nobody."""


class SentenceLabel(QWidget):
    """One sentence, cut off with an ellipsis where there is no room; whole in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.fact = Fact("")
        self.setAccessibleName("Newest notice")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(80)

    def sizeHint(self) -> QSize:
        return QSize(200, 22)

    def show_fact(self, fact: Fact) -> None:
        """Say this."""
        if fact != self.fact:
            self.fact = fact
            self.setToolTip(fact.tip)
            self.setAccessibleDescription(fact.text)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = theme.worn()
        painter = QPainter(self)
        colour = {Level.WARNING: worn.warning, Level.BAD: worn.bad}.get(self.fact.level, worn.text)
        painter.setPen(QColor(colour))
        text = self.fontMetrics().elidedText(self.fact.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class NoticesPopup(QWidget):
    """The last sentences, newest first, over the window until something else is pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.list = QListWidget()
        self.list.setAccessibleName("Notices, newest first")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.list)

    def open_above(self, corner: QPoint, notices: Sequence[Said], now: float) -> None:
        """Show them with the lower right corner there (on the screen)."""
        self.list.clear()
        for said in reversed(notices):
            self.list.addItem(f"{ago(now - said.at_seconds)}   {said.sentence}")
        wide = max(360, min(640, self.list.sizeHintForColumn(0) + 40))
        row = max(22, self.list.sizeHintForRow(0))
        self.resize(wide, min(POPUP_ROWS, max(1, len(notices))) * row + 8)
        self.move(corner - QPoint(self.width(), self.height()))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)


def ago(seconds: float) -> str:
    """How long ago, such as "now" or "3 min"."""
    if seconds < 5.0:
        return "now"
    return f"{seconds:.0f} s" if seconds < 60.0 else f"{seconds // 60:.0f} min"


class StatusBar(Panel):
    """Facts at the left, the newest sentence at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._presenter = StandingPresenter()
        self._view: Standing | None = None
        self._notices: tuple[Said, ...] = ()
        self._now = 0.0
        self.facts = {
            "link": FactLabel("Engine"),
            "input": FactLabel("MIDI input"),
            "output": FactLabel("MIDI output"),
            "clock": FactLabel("DAW clock", "DAW 118.0"),
            "model": FactLabel("Model"),
            "lateness": FactLabel("Lateness, half and 99 in 100", "Late 0.1 / 0.7 ms"),
            "ahead": FactLabel("Planned ahead", "Ahead 1.9 s"),
            "dropped": FactLabel("Dropped notes", "Dropped 0"),
        }
        self.histogram = Histogram()
        self.sentence = SentenceLabel()
        self.more = PressButton("Notices", "Show the last notices")
        self.more.setStyleSheet("padding: 0px 8px; min-height: 18px;")
        self.more.setFixedHeight(LINE)
        keep = self.more.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.more.setSizePolicy(keep)
        self.more.hide()
        self.more.clicked.connect(self.open_notices)
        self.popup = NoticesPopup(self)
        facts = QHBoxLayout()
        facts.setSpacing(theme.GAP)
        for name, label in self.facts.items():
            facts.addWidget(label)
            if name == "lateness":
                facts.addWidget(self.histogram)
        facts.addStretch(1)
        words = QHBoxLayout()
        words.setSpacing(theme.GAP)
        words.addWidget(self.sentence, 1)
        words.addWidget(self.more)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(theme.GAP, 3, theme.GAP, 3)
        self._lines.setSpacing(2)
        self._lines.addLayout(facts)
        self._lines.addLayout(words, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < ONE_LINE
        self._lines.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.setFixedHeight(2 * LINE + 8 if narrow else LINE + 6)

    def refresh(self, session: Session, now: float) -> None:
        self._now = now
        view = self._presenter.view(session, now)
        if view == self._view:
            return
        self._view = view
        for name, label in self.facts.items():
            label.show_fact(getattr(view, name))
        self.histogram.show_bins(view.bins)
        self.histogram.setToolTip(view.lateness.tip)
        self.sentence.show_fact(view.sentence)
        self._notices = tuple(session.notices)
        self.more.setVisible(view.notices > 0)

    def open_notices(self) -> None:
        """Show the last sentences in a list."""
        corner = self.more.mapToGlobal(QPoint(self.more.width(), -2))
        self.popup.open_above(corner, self._notices, self._now)

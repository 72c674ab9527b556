"""The meter of originality: a bar with the limit marked, and under it whose passage is shared. Decides nothing."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.presenters.originality import Reading, reading_of
from ui.presenters.session import Session
from ui.presenters.standing import Level
from ui.widgets.words import ElidedLabel

BAR_HEIGHT: Final = 10
MARK_WIDTH: Final = 2.0


class _Bar(QWidget):
    """Filled as far as a passage is long; the mark stands where answers are steered away."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(96, BAR_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, BAR_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = theme.worn()
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 2, self.width(), BAR_HEIGHT - 4), QColor(worn.line))
        colour = worn.warning if self.reading.level is Level.WARNING else worn.machine
        painter.fillRect(QRectF(0, 2, self.width() * self.reading.share, BAR_HEIGHT - 4), QColor(colour))
        if self.reading.limit is not None:
            at = self.reading.limit * (self.width() - MARK_WIDTH)
            painter.fillRect(QRectF(at, 0, MARK_WIDTH, BAR_HEIGHT), QColor(worn.text))
        painter.end()


class OriginalityMeter(QWidget):
    """For the side panel; `refresh` each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = _Bar()
        self.text = QLabel()
        self.source = ElidedLabel()
        self.source.setProperty("role", "faint")
        self.setAccessibleName("Originality")
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.bar, 1)
        line.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addLayout(line)
        column.addWidget(self.source)
        self._shown: tuple[object, ...] | None = None
        self._show(Reading())

    def refresh(self, session: Session) -> None:
        """Show the latest answer's. Cheap if nothing changed."""
        shown = (session.originality, session.settings)
        if self._shown is None or any(a is not b for a, b in zip(shown, self._shown, strict=True)):
            self._shown = shown
            self._show(reading_of(session))

    def _show(self, reading: Reading) -> None:
        self.bar.reading = reading
        self.bar.update()
        self.text.setText(reading.text)
        self.source.setText(reading.source)
        self.setToolTip(reading.tip)
        self.setAccessibleDescription(reading.tip)

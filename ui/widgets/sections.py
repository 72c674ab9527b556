"""A titled section of the side panel: what is wanted often up front, the rest behind "More". Knows no settings."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.press_button import PressButton


class Section(QWidget):
    """A title, rows, and a fold with further rows; without rows up front the whole section is the fold."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setProperty("role", "title")
        self.fold = PressButton("▸ More", checkable=True)
        self.fold.setAccessibleName(f"More of {title}")
        self.fold.setStyleSheet(
            "QPushButton { border: 1px solid transparent; background: transparent; padding: 2px 4px; }"
            "QPushButton:checked { background: transparent; color: palette(window-text); }"
        )
        self.fold.toggled.connect(self._unfold)
        self.fold.hide()
        self.folded = QWidget()
        self.folded.hide()
        self._rows, self._further = QVBoxLayout(), QVBoxLayout(self.folded)
        for rows in (self._rows, self._further):
            rows.setContentsMargins(0, 0, 0, 0)
            rows.setSpacing(theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addLayout(self._rows)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.folded)

    def add(self, widget: QWidget, more: bool = False) -> None:
        """Below the others, up front or behind "More"."""
        if more:
            self._further.addWidget(widget)
            self.fold.show()
        else:
            self._rows.addWidget(widget)

    def _unfold(self, on: bool) -> None:
        self.folded.setVisible(on)
        self.fold.setText("▾ Less" if on else "▸ More")

"""The shortcuts page: all keys at a glance, to be searched and changed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.beside import BesideDialog
from ui.presenters.shortcuts import Shortcut, default_taken_by, shortcut_rows, taken_by, with_default, with_keys
from ui.theme import GAP


class Shortcuts(BesideDialog):
    """Tells each change by `changed(dict of action → keys)`."""

    changed = Signal(dict)

    def __init__(self, changes: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.resize(560, 640)
        self._changes = dict(changes)
        self._rows: tuple[Shortcut, ...] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search")
        self._search.setAccessibleName("Search shortcuts")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._show)
        self._table = QTableWidget(0, 3)
        self._table.setAccessibleName("Shortcuts")
        self._table.setHorizontalHeaderLabels(["What", "Menu", "Keys"])
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._table.horizontalHeader().setHighlightSections(False)
        self._table.itemSelectionChanged.connect(self._chose)
        self._search.returnPressed.connect(self._table.setFocus)
        self._keys = QKeySequenceEdit()
        self._table.itemActivated.connect(lambda _item: self._keys.setFocus())
        self._keys.setMaximumSequenceLength(1)
        self._keys.setAccessibleName("New keys")
        self._keys.keySequenceChanged.connect(self._typed)
        keys = QLabel("&New keys")
        keys.setBuddy(self._keys)
        self._apply = QPushButton("&Use them")
        self._apply.clicked.connect(self._use)
        self._none = QPushButton("N&o keys")
        self._none.clicked.connect(self._use_none)
        self._reset = QPushButton("&Default")
        self._reset.clicked.connect(self._use_default)
        self._warning = QLabel()
        self._warning.setProperty("role", "warning")
        self._warning.setWordWrap(True)
        close = QPushButton("&Close")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for widget in (keys, self._keys, self._apply, self._none, self._reset):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)
        column.addWidget(self._warning)
        column.addLayout(buttons)
        self._show()

    def _show(self) -> None:
        chosen = self._chosen
        words = self._search.text().lower().split()
        self._rows = tuple(
            row
            for row in shortcut_rows(self._changes)
            if all(word in f"{row.text} {row.group} {' '.join(row.keys)}".lower() for word in words)
        )
        self._table.setRowCount(len(self._rows))
        for index, row in enumerate(self._rows):
            native = QKeySequence.SequenceFormat.NativeText
            keys = ", ".join(QKeySequence(one).toString(native) for one in row.keys) or "–"
            for column, text in enumerate((row.text, row.group, keys)):
                item = QTableWidgetItem(text)
                font = item.font()
                font.setBold(row.changed and column == 2)
                item.setFont(font)
                self._table.setItem(index, column, item)
        ids = [row.id for row in self._rows]
        if ids:
            self._table.selectRow(ids.index(chosen) if chosen in ids else 0)
        self._chose()

    @property
    def _chosen(self) -> str | None:
        row = self._table.currentRow()
        return self._rows[row].id if 0 <= row < len(self._rows) else None

    @property
    def _typed_keys(self) -> str:
        return self._keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def type_keys(self, keys: str) -> None:
        """As if somebody pressed them in the field, in portable text."""
        self._keys.setKeySequence(QKeySequence(keys))

    def _chose(self) -> None:
        chosen = self._chosen
        self._keys.clear()
        self._keys.setEnabled(chosen is not None)
        self._none.setEnabled(any(row.id == chosen and row.keys for row in self._rows))
        self._reset.setEnabled(chosen in self._changes)
        self._typed()

    def _typed(self) -> None:
        chosen = self._chosen
        other = taken_by(self._typed_keys, self._changes, chosen) if chosen is not None else None
        self._apply.setEnabled(bool(self._typed_keys) and other is None)
        keys = self._keys.keySequence().toString(QKeySequence.SequenceFormat.NativeText)
        self._warn("" if other is None else f"{keys} is taken by “{other}”: type other keys, or change that one first.")

    def _warn(self, sentence: str) -> None:
        self._warning.setText(sentence)

    def _use(self) -> None:
        if self._chosen is not None:
            self._change(with_keys(self._changes, self._chosen, self._typed_keys))

    def _use_none(self) -> None:
        if self._chosen is not None:
            self._change(with_keys(self._changes, self._chosen, ""))

    def _use_default(self) -> None:
        if self._chosen is None:
            return
        other = default_taken_by(self._changes, self._chosen)
        if other is None:
            self._change(with_default(self._changes, self._chosen))
        else:
            self._warn(f"Its default keys are taken by “{other}” now; give that other keys first.")

    def _change(self, changes: dict[str, str]) -> None:
        self._changes = changes
        focused = self.focusWidget()
        self.changed.emit(dict(changes))
        self._show()
        if focused in (self._apply, self._none, self._reset):
            self._table.setFocus()  # the button that was pressed cannot be pressed again

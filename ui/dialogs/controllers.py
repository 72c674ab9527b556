"""MIDI learn: everything that a controller, key or pedal can work, and what works it."""

from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cocomposer.document.edits import ChangeSettings
from cocomposer.jam import inputs
from ui.dialogs.beside import BesideDialog
from ui.presenters.session import Link, Session
from ui.presenters.targets import Target, target_rows
from ui.theme import GAP, NUMBER_MARGIN


class Controllers(BesideDialog):
    """Stays open beside the window; `refresh` is called now and then."""

    commanded = Signal(object)
    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Controllers")
        self.resize(640, 600)
        self._rows: tuple[Target, ...] = ()
        self._session: Session | None = None
        self._joined = False
        intro = QLabel(
            "Choose a row, press Learn, then move the controller or strike the key that shall work it. "
            "The sustain pedal cannot be learned: it stays a pedal."
        )
        intro.setWordWrap(True)
        self._table = QTableWidget(0, 3)
        self._table.setAccessibleName("What controllers work")
        self._table.setHorizontalHeaderLabels(["What", "Part", "Worked by"])
        self._table.verticalHeader().hide()
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setTabKeyNavigation(False)
        self._table.setShowGrid(False)
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._table.horizontalHeader().setHighlightSections(False)
        self._table.itemSelectionChanged.connect(self._show_choice)
        self._table.itemActivated.connect(lambda _item: self._learn_or_cancel())
        self._learn = QPushButton("&Learn")
        self._learn.clicked.connect(self._learn_or_cancel)
        self._forget = QPushButton("&Forget")
        self._forget.clicked.connect(self._forget_chosen)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._forget_chosen)
        self._channel = QSpinBox()
        self._channel.setKeyboardTracking(False)
        self._channel.lineEdit().setTextMargins(NUMBER_MARGIN, 0, NUMBER_MARGIN, 0)
        self._channel.setRange(0, 16)
        self._channel.setSpecialValueText("any")
        self._channel.setAccessibleName("MIDI channel of the controller")
        self._channel.valueChanged.connect(lambda value: self._change({"channel": value}))
        channel = self._channel_label = QLabel("C&hannel")
        channel.setBuddy(self._channel)
        self._inverted = QCheckBox("&Inverted")
        self._inverted.setToolTip("A pedal wired the other way round")
        self._inverted.clicked.connect(lambda on: self._change({"inverted": on}))
        self._latch = QCheckBox("L&atching")
        self._latch.setToolTip("A switch that stays down: each of its moves counts as a press")
        self._latch.clicked.connect(lambda on: self._change({"latch": on}))
        close = QPushButton("&Close")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for widget in (self._learn, self._forget, channel, self._channel, self._inverted, self._latch):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        column.addWidget(intro)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        self.finished.connect(self._stop_learning)

    def refresh(self, session: Session) -> None:
        """Show what works what."""
        before, self._session = self._session, session
        rows = target_rows(session)
        joined = session.link is Link.JOINED
        if before is session and rows == self._rows and joined == self._joined:
            return
        self._joined = joined
        self._rows = rows
        self._table.setRowCount(len(rows))
        for index, row in enumerate(rows):
            works = "… move it now" if row.learning else row.works or "–"
            for column, text in enumerate((row.name, row.group, works)):
                item = self._table.item(index, column)
                if item is None:
                    item = QTableWidgetItem()
                    self._table.setItem(index, column, item)
                item.setText(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}: {works}" if column == 0 else text)
        if self._table.currentRow() < 0:
            self._table.selectRow(0)
        self._show_choice()

    @property
    def _chosen(self) -> Target | None:
        row = self._table.currentRow()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def _learn_or_cancel(self) -> None:
        chosen = self._chosen
        if chosen is not None and self._joined:
            self.commanded.emit(inputs.Learn(None if chosen.learning else chosen.target))

    def _forget_chosen(self) -> None:
        chosen = self._chosen
        if chosen is not None and chosen.works:
            self.commanded.emit(inputs.Forget(chosen.target))

    def _stop_learning(self) -> None:
        if any(row.learning for row in self._rows):
            self.commanded.emit(inputs.Learn(None))

    def _show_choice(self) -> None:
        chosen, session = self._chosen, self._session
        trigger = session.settings.bindings.get(chosen.target) if chosen is not None and session is not None else None
        self._learn.setText("Cance&l" if chosen is not None and chosen.learning else "&Learn")
        self._learn.setEnabled(self._joined and chosen is not None)
        for widget in (self._forget, self._channel_label, self._channel, self._inverted, self._latch):
            widget.setEnabled(self._joined and trigger is not None)
        self._channel.blockSignals(True)
        self._channel.setValue(0 if trigger is None else trigger.channel)
        self._channel.blockSignals(False)
        self._inverted.setChecked(trigger is not None and trigger.inverted)
        self._latch.setChecked(trigger is not None and trigger.latch)

    def _change(self, values: dict[str, Any]) -> None:
        chosen, session = self._chosen, self._session
        if chosen is None or session is None or chosen.target not in session.settings.bindings:
            return
        before: dict[str, Any] = msgspec.to_builtins(session.settings.bindings)
        after = before | {chosen.target: before[chosen.target] | values}
        if after != before:
            self.edited.emit(ChangeSettings({"bindings": before}, {"bindings": after}))

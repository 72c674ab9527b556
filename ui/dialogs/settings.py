"""The settings dialog: ports, sound, model, looks and what happens when the window is closed. Each change acts at once.

What shapes the music is in the side panel, not here.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cocomposer.runtime.news import LoadModel, OpenPorts, Ports, SetSound
from ui.dialogs.beside import BesideDialog
from ui.presenters.ports import NONE, Choice, PortsView, ports_view
from ui.presenters.session import Link, Session
from ui.theme import GAP, worn
from ui.widgets.fields import CalmSlider, ChoiceField
from ui.widgets.side_panel import ModelBox

CLOSING = (("ask", "Ask"), ("keep", "Let the music play on"), ("stop", "Stop the music"))
"""What happens when the window is closed: value and words."""
MODEL_WIDTH = 320
LOOKS = (("dark", "Dark"), ("light", "Light"))


@dataclass(frozen=True, slots=True)
class RememberedPorts:
    """The ports of others that were chosen at some time, there or not."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()


class SettingsDialog(BesideDialog):
    """Stays open beside the window; `refresh` is called now and then."""

    commanded = Signal(object)
    theme_chosen = Signal(str)
    closing_chosen = Signal(str)
    ports_chosen = Signal(tuple, tuple, tuple)
    """Inputs, outputs, lights: to be remembered."""

    def __init__(
        self,
        bundles: list[Path],
        theme: str,
        closing: str,
        parent: QWidget | None = None,
        remembered: RememberedPorts | None = None,
    ) -> None:
        """`bundles`: folders of the models that are there."""
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(560, 480)
        self._remembered = remembered or RememberedPorts()
        self._ports: Ports | None = None
        self._make_ports()
        self._make_sound()
        self._model = ModelBox()
        self._model.show_bundles([(str(bundle), bundle.name) for bundle in bundles])
        self._model.wanted.connect(self.commanded)
        self._model.setFixedWidth(MODEL_WIDTH)
        self._another = QPushButton("&Another model …")
        self._another.clicked.connect(self._choose_bundle)
        self._theme, self._closing = ChoiceField(LOOKS), ChoiceField(CLOSING)
        self._theme.show_value(theme)
        self._theme.chosen.connect(lambda name: self.theme_chosen.emit(str(name)))
        self._closing.show_value(closing)
        self._closing.chosen.connect(lambda value: self.closing_chosen.emit(str(value)))
        self._log = QLineEdit()
        self._log.setReadOnly(True)
        self._lay_out()

    def refresh(self, session: Session) -> None:
        """Show what is there and what is open."""
        joined = session.link is Link.JOINED
        for page in self._engine_pages:
            page.setEnabled(joined)
        self._waiting.setVisible(not joined)
        if session.ports is not None and session.ports != self._ports:
            self._ports = session.ports
            self._show_ports(session.ports)
        self._sound_on.setChecked(session.sound.on)
        if not self._volume.isSliderDown():
            self._volume.blockSignals(True)
            self._volume.setValue(round(session.sound.volume * 100))
            self._volume.blockSignals(False)
        self._sound_state.setText(session.sound.sentence or "")
        self._model.show_session(session)
        self._theme.show_value(worn().name)
        log = "" if session.hello is None else session.hello.log or "no file"
        if log != self._log.text():
            self._log.setText(log)
            self._log.setCursorPosition(0)

    # -- ports -------------------------------------------------------------------------------

    def _make_ports(self) -> None:
        self._inputs = self._list("MIDI inputs to listen to, besides cocomposer In")
        self._output = ChoiceField(((NONE, "cocomposer Out"),))
        self._output.chosen.connect(lambda _name: self._send_ports())
        self._output.setToolTip("Where the answers are sent")
        self._lights = self._list("Controllers that are told how things stand, for their lights")
        self._missing = QLabel()
        self._missing.setWordWrap(True)
        self._missing.setProperty("role", "warning")

    def _show_ports(self, ports: Ports) -> None:
        view: PortsView = ports_view(ports, self._remembered.inputs, self._remembered.outputs, self._remembered.lights)
        self._fill(self._inputs, view.inputs)
        self._fill(self._lights, view.lights)
        if [self._output.itemData(place) for place in range(self._output.count())] != [
            one.name for one in view.outputs
        ]:
            self._output.clear()
            for one in view.outputs:
                self._output.addItem(one.text, one.name)
        for place, one in enumerate(view.outputs):
            self._output.setItemText(place, one.text)
        self._output.show_value(next(one.name for one in view.outputs if one.chosen))
        self._missing.setText(view.sentence)

    def _fill(self, shown: QListWidget, choices: tuple[Choice, ...]) -> None:
        """Show them; rows that stay keep their place, the selection and what is scrolled to."""
        shown.blockSignals(True)
        wanted = [one.name for one in choices]
        for row in reversed(range(shown.count())):
            if shown.item(row).data(Qt.ItemDataRole.UserRole) not in wanted:
                shown.takeItem(row)
        for row, one in enumerate(choices):
            item = shown.item(row)
            if item is None or item.data(Qt.ItemDataRole.UserRole) != one.name:
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, one.name)
                shown.insertItem(row, item)
            item.setText(one.text)
            if one.name == NONE:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            else:
                item.setCheckState(Qt.CheckState.Checked if one.chosen else Qt.CheckState.Unchecked)
        while shown.count() > len(choices):
            shown.takeItem(shown.count() - 1)
        shown.blockSignals(False)

    def _send_ports(self) -> None:
        inputs, lights = self._checked(self._inputs), self._checked(self._lights)
        output = self._output.currentData()
        outputs = (output,) if output else ()
        self._remembered = RememberedPorts(inputs, outputs, lights)
        self.commanded.emit(OpenPorts(inputs, outputs, lights))
        self.ports_chosen.emit(inputs, outputs, lights)

    def _checked(self, shown: QListWidget) -> tuple[str, ...]:
        items = (shown.item(row) for row in range(shown.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    # -- sound and model ---------------------------------------------------------------------

    def _make_sound(self) -> None:
        self._sound_on = QCheckBox("&Built-in sound")
        self._sound_on.clicked.connect(self._send_sound)
        self._volume = CalmSlider(100)
        self._volume.valueChanged.connect(lambda _value: self._send_sound(self._sound_on.isChecked()))
        self._sound_state = QLabel()
        self._sound_state.setWordWrap(True)
        self._sound_state.setProperty("role", "warning")

    def _send_sound(self, on: bool) -> None:
        self.commanded.emit(SetSound(on, self._volume.value() / 100))

    def _choose_bundle(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the folder of a model")
        if folder:
            self.commanded.emit(LoadModel(folder, str(self._model.processor.currentData())))

    # -- place -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        model_column = QVBoxLayout()
        model_column.addWidget(self._model)
        model_column.addWidget(self._another, 0, Qt.AlignmentFlag.AlignRight)
        models = QHBoxLayout()
        models.addLayout(model_column)
        models.addStretch(1)
        ports = self._page(
            ("&Listen to", self._inputs), ("&Play on", self._output), ("L&ights on", self._lights), ("", self._missing)
        )
        sound = self._page(("", self._sound_on), ("&Volume", self._volume), ("", self._sound_state))
        model = self._page(("", models))
        self._engine_pages = (ports, sound, model)
        looks = self._page(
            ("&Theme", self._theme),
            ("&When the window is closed", self._closing),
            ("Every note is &kept in", self._log),
        )
        pages = QTabWidget()
        for page, title in ((ports, "Ports"), (sound, "Sound"), (model, "Model"), (looks, "Window")):
            pages.addTab(page, title)
        self._waiting = QLabel("The engine is being started; ports, sound and model can be set in a moment.")
        self._waiting.setWordWrap(True)
        self._waiting.setProperty("role", "faint")
        close = QPushButton("&Close")
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.setSpacing(GAP)
        bottom.addWidget(self._waiting, 1)
        bottom.addStretch(0)
        bottom.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        column.addWidget(pages, 1)
        column.addLayout(bottom)

    def _list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.itemChanged.connect(lambda _item: self._send_ports())
        return made

    def _page(self, *rows: tuple[str, QWidget | QLayout]) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 2 * GAP, 0, GAP)
        form.setHorizontalSpacing(2 * GAP)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in rows:
            if not text:
                form.addRow(field)
            elif isinstance(field, QWidget):
                label = QLabel(text)
                label.setBuddy(field)
                field.setAccessibleName(field.accessibleName() or text.replace("&", ""))
                form.addRow(label, field)
        return page

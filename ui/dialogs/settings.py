"""The settings dialog: ports, sound, model, looks and what happens when the window is closed. Each change acts at once.

What shapes the music is in the side panel, not here.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cocomposer.adapters.provider_names import WORDS
from cocomposer.runtime.news import LoadModel, OpenPorts, Ports, SetSound
from ui.presenters.session import Session
from ui.theme import GAP

OWN_OUTPUT: str = "cocomposer Out"
CLOSING = {"ask": "Ask", "keep": "Let the music play on", "stop": "Stop the music"}
"""What happens when the window is closed: value → words."""
LOOKS = {"dark": "Dark", "light": "Light"}


class SettingsDialog(QDialog):
    """Stays open beside the window; `refresh` is called now and then."""

    commanded = Signal(object)
    theme_chosen = Signal(str)
    closing_chosen = Signal(str)
    ports_chosen = Signal(tuple, tuple, tuple)
    """Inputs, outputs, lights: to be remembered."""

    def __init__(self, bundles: list[Path], theme: str, closing: str, parent: QWidget | None = None) -> None:
        """`bundles`: folders of the models that are there."""
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(560, 480)
        self._ports: Ports | None = None
        self._inputs = self._list("MIDI inputs to listen to, besides cocomposer In")
        self._lights = self._list("Controllers that are told how things stand, for their lights")
        self._output = QComboBox()
        self._output.activated.connect(self._send_ports)
        self._missing = QLabel()
        self._missing.setWordWrap(True)
        self._missing.setProperty("role", "warning")
        self._sound_on = QCheckBox("&Built-in sound")
        self._sound_on.clicked.connect(self._send_sound)
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.valueChanged.connect(self._send_sound)
        self._sound_state = QLabel()
        self._sound_state.setWordWrap(True)
        self._sound_state.setProperty("role", "warning")
        self._bundle, self._provider = QComboBox(), QComboBox()
        for bundle in bundles:
            self._bundle.addItem(bundle.name, str(bundle))
        self._provider.addItems(WORDS)
        self._bundle.activated.connect(self._send_model)
        self._provider.activated.connect(self._send_model)
        self._browse = QPushButton("&Another …")
        self._browse.clicked.connect(self._choose_bundle)
        self._model_state = QLabel()
        self._model_state.setWordWrap(True)
        self._theme, self._closing = QComboBox(), QComboBox()
        for box, words, value, signal in (
            (self._theme, LOOKS, theme, self.theme_chosen),
            (self._closing, CLOSING, closing, self.closing_chosen),
        ):
            for key, text in words.items():
                box.addItem(text, key)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.activated.connect(lambda _index, box=box, signal=signal: signal.emit(box.currentData()))
        self._log = QLineEdit()
        self._log.setReadOnly(True)
        pages = QTabWidget()
        pages.addTab(self._page(("&Inputs", self._inputs), ("&Play on", self._output), ("&Lights", self._lights),
                                ("", self._missing)), "Ports")  # fmt: skip
        pages.addTab(self._page(("", self._sound_on), ("&Volume", self._volume), ("", self._sound_state)), "Sound")
        model = QHBoxLayout()
        model.addWidget(self._bundle, 1)
        model.addWidget(self._browse)
        pages.addTab(self._page(("&Model", model), ("&Runs on", self._provider), ("", self._model_state)), "Model")
        pages.addTab(self._page(("&Theme", self._theme), ("When the window is &closed", self._closing),
                                ("What is &played is kept in", self._log)), "Window")  # fmt: skip
        close = QPushButton("Close")
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.addWidget(pages, 1)
        column.addLayout(bottom)

    def refresh(self, session: Session) -> None:
        """Show what is there and what is open."""
        if session.ports is not None and session.ports != self._ports:
            self._ports = session.ports
            self._show_ports(session.ports)
        self._sound_on.setChecked(session.sound.on)
        self._volume.blockSignals(True)
        if not self._volume.isSliderDown():
            self._volume.setValue(round(session.sound.volume * 100))
        self._volume.blockSignals(False)
        self._sound_state.setText(session.sound.sentence or "")
        ready, lost, hello = session.ready, session.lost, session.hello
        self._model_state.setText(lost.sentence if lost is not None else ready.sentence if ready is not None else "")
        self._log.setText(hello.log or "nowhere" if hello is not None else "")

    # -- ports -------------------------------------------------------------------------------

    def _show_ports(self, ports: Ports) -> None:
        self._fill(self._inputs, ports.inputs, ports.open_inputs)
        self._fill(self._lights, ports.outputs, ports.lights)
        self._output.clear()
        self._output.addItem(OWN_OUTPUT, None)
        for name in ports.outputs:
            self._output.addItem(name, name)
        self._output.setCurrentIndex(max(0, self._output.findData(ports.playing_on)))
        alone = ports.midi == "virtual"
        self._missing.setText("There is no MIDI system here; see First steps in the Help menu." if alone else "")

    def _fill(self, shown: QListWidget, names: tuple[str, ...], chosen: tuple[str, ...]) -> None:
        shown.blockSignals(True)
        shown.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
            shown.addItem(item)
        if not names:
            item = QListWidgetItem("none found")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            shown.addItem(item)
        shown.blockSignals(False)

    def _send_ports(self) -> None:
        inputs, lights = self._checked(self._inputs), self._checked(self._lights)
        output = self._output.currentData()
        outputs = () if output is None else (output,)
        self.commanded.emit(OpenPorts(inputs, outputs, lights))
        self.ports_chosen.emit(inputs, outputs, lights)

    def _checked(self, shown: QListWidget) -> tuple[str, ...]:
        items = (shown.item(row) for row in range(shown.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    # -- sound and model ---------------------------------------------------------------------

    def _send_sound(self) -> None:
        self.commanded.emit(SetSound(self._sound_on.isChecked(), self._volume.value() / 100))

    def _send_model(self) -> None:
        self.commanded.emit(LoadModel(self._bundle.currentData(), self._provider.currentText()))

    def _choose_bundle(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the folder of a model")
        if folder:
            if self._bundle.findData(folder) < 0:
                self._bundle.addItem(Path(folder).name, folder)
            self._bundle.setCurrentIndex(self._bundle.findData(folder))
            self._send_model()

    # -- make --------------------------------------------------------------------------------

    def _list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setMaximumHeight(120)
        made.itemChanged.connect(self._send_ports)
        return made

    def _page(self, *rows: tuple[str, QWidget | QHBoxLayout]) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        form.setSpacing(GAP)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for text, widget in rows:
            if text:
                label = QLabel(text)
                # A row of several widgets begins with the one that the label is for.
                named = widget if isinstance(widget, QWidget) else self._bundle
                label.setBuddy(named)
                named.setAccessibleName(named.accessibleName() or text.replace("&", ""))
                form.addRow(label, widget)
            else:
                form.addRow(widget)
        return page

"""The application around the main window: dialogs, presets, preferences, and how everything begins and ends.

Files are `Jams`'; what an action means for the jam is the conductor's.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QByteArray, QObject, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from cocomposer.adapters.places import default_bundle, models_folder
from cocomposer.adapters.preferences import Closing, Preferences, PreferencesStore
from cocomposer.adapters.presets import PresetStore
from cocomposer.document.edits import ChangeSettings
from cocomposer.jam.outputs import Mode
from ui import theme
from ui.conductor import Conductor
from ui.dialogs.controllers import Controllers
from ui.dialogs.guide import Guide
from ui.dialogs.settings import RememberedPorts, SettingsDialog
from ui.dialogs.shortcuts import Shortcuts
from ui.engine_bridge import EngineBridge, EngineLink
from ui.jams import Jams, read_log
from ui.main_window import MainWindow
from ui.presenters.chords_wish import remembered_wish
from ui.presenters.session import Session
from ui.presenters.shortcuts import keys_of

DIALOGS_MS: Final = 200
"""Open dialogs show what is new so often."""
THEMES: Final = {look.name: look for look in (theme.DARK, theme.LIGHT)}


class Application(QObject):
    """Everything that a start of the window makes, in one place."""

    def __init__(
        self, state: Path, store: PreferencesStore, presets: PresetStore, join: Callable[[], EngineLink]
    ) -> None:
        """`state`: the folder for journals. `join` reaches the engine, starting one if need be."""
        super().__init__()
        self._store, self._presets = store, presets
        self.preferences: Preferences = store.read()
        self.session = Session()
        self.bridge = EngineBridge(join)
        self.conductor = Conductor(self.session, self.bridge.send, time.perf_counter, read_log)
        self._dialogs: dict[str, QDialog] = {}
        self.dress(self.preferences.theme)
        self.window = MainWindow(self.session, self.conductor, self.bridge)
        self.jams = Jams(state / "journals", self.window, self.conductor, self)
        self._wire()
        if store.sentence is not None:
            self.session.say(store.sentence)
        self._dialog_timer = QTimer(self)
        self._dialog_timer.timeout.connect(self._refresh_dialogs)

    # -- begin and end -------------------------------------------------------------------------

    def begin(self, path: Path | None = None) -> None:
        """Open the file (or go on with what was left behind), show the window, join the engine."""
        self.jams.begin(path)
        self.window.show()
        self.bridge.start()
        if not self.preferences.guide_seen:
            self.window.act("guide")

    def may_close(self) -> bool:
        """The window is to be closed: whether it may, after asking whether the music plays on."""
        ends_engine = self.window.quitting or self._ends_engine()
        if ends_engine is None:
            return False
        self._dialog_timer.stop()
        self.window.settle()
        for dialog in list(self._dialogs.values()):
            dialog.close()
        geometry, splitter = self.window.layout_state()
        self.preferences = self.as_it_stands()
        wish = self.session.chord_wish
        self.remember(
            geometry=bytes(geometry.toBase64().data()).decode(), splitter=bytes(splitter.toBase64().data()).decode(),
            chords_shown=self.window.chords_wanted, progression_shown=self.window.progression_wanted,
            hear_chords=wish.hear, chord_style=wish.style, chord_surprise=wish.surprise,
        )  # fmt: skip
        self.bridge.close(end_engine=ends_engine)
        self.jams.end(keep=not ends_engine)
        return True

    def as_it_stands(self) -> Preferences:
        """The preferences with what the engine told last, as the next engine shall begin. Any thread."""
        session = self.session
        if session.hello is None:
            return self.preferences
        settings, sound = msgspec.to_builtins(session.settings), session.sound
        # A sound that failed is still wanted: another time there may be a sound card.
        wanted = sound.on or (sound.sentence is not None and self.preferences.sound_on)
        options = session.hello.options
        usual = Path(options.bundle) == default_bundle().absolute()
        return msgspec.structs.replace(
            self.preferences, settings=settings, sound_on=wanted, volume=sound.volume,
            bundle="" if usual else options.bundle, provider=options.provider,
        )  # fmt: skip

    def _ends_engine(self) -> bool | None:
        """Whether the engine ends with the window; None: the window stays."""
        if self.preferences.closing is not Closing.ASK:
            return self.preferences.closing is Closing.STOP
        quiet = self.session.mode is Mode.LISTENING and self.session.audition is None
        running = (
            self.session.beat is not None and self.session.status is not None and self.session.status.clock_ticking
        )
        if quiet and not running:
            return True
        box = QMessageBox(self.window)
        box.setWindowTitle("cocomposer")
        box.setText("Shall the music play on without the window?")
        box.setInformativeText("Open cocomposer again to have the window back, with everything in it.")
        on = box.addButton("Play on", QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton("Stop the music", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(on)
        box.exec()
        pressed = box.clickedButton()
        return True if pressed is stop else False if pressed is on else None

    # -- wires ---------------------------------------------------------------------------------

    def _wire(self) -> None:
        window = self.window
        window.may_close = self.may_close
        window.after_frame = self.jams.look
        window.window_acts.update(
            {
                "settings": partial(self._show, "settings", self._make_settings),
                "controllers": partial(self._show, "controllers", self._make_controllers),
                "shortcuts": partial(self._show, "shortcuts", self._make_shortcuts),
                "guide": partial(self._show, "guide", self._make_guide),
                "light_theme": lambda: self._choose_theme("dark" if theme.worn() is theme.LIGHT else "light"),
            }
        )
        side = window.side
        side.preset_saved.connect(self._save_preset)
        side.preset_chosen.connect(self._recall_preset)
        side.preset_deleted.connect(self._delete_preset)
        self._show_presets()
        side.show_bundles([(str(bundle), bundle.name) for bundle in _bundles()])
        window.takes.arrange(self.preferences.newest_first, self.preferences.only_starred)
        window.takes.arranged.connect(lambda newest, starred: self.remember(newest_first=newest, only_starred=starred))
        self._put_shortcuts(self.preferences.shortcuts)
        window.actions_by_id["light_theme"].setChecked(theme.worn() is theme.LIGHT)
        kept = self.preferences
        window.chords_wanted, window.progression_wanted = kept.chords_shown, kept.progression_shown
        self.session.chord_wish = remembered_wish(kept.chord_style, kept.chord_surprise, kept.hear_chords)
        if self.preferences.geometry:
            window.restore_layout(
                QByteArray.fromBase64(self.preferences.geometry.encode()),
                QByteArray.fromBase64(self.preferences.splitter.encode()),
            )

    def remember(self, **changes: Any) -> None:
        """Change some preferences, here and on disk."""
        self.preferences = msgspec.structs.replace(self.preferences, **changes)
        self._store.write(self.preferences)

    # -- presets -------------------------------------------------------------------------------

    def _show_presets(self) -> None:
        self.window.side.show_presets(self._presets.names(), self._presets.unusable())

    def _save_preset(self, name: str) -> None:
        settings = msgspec.to_builtins(self.session.settings)
        sentence = self._presets.save(name, {key: settings[key] for key in settings if key != "bindings"})
        if sentence:
            self.session.say(sentence)
        self._show_presets()

    def _recall_preset(self, name: str) -> None:
        wanted = self._presets.recall(name)
        now = msgspec.to_builtins(self.session.settings)
        after = {key: value for key, value in wanted.items() if now.get(key) != value}
        if after:
            what = f"use the preset {name}"
            self.conductor.edit(ChangeSettings({key: now[key] for key in after}, after, what=what))

    def _delete_preset(self, name: str) -> None:
        sentence = self._presets.delete(name)
        if sentence:
            self.session.say(sentence)
        self._show_presets()

    # -- dialogs -------------------------------------------------------------------------------

    def dress(self, name: str) -> None:
        """Put on a theme by its name."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.put_on(application, THEMES.get(name, theme.DARK))

    def _choose_theme(self, name: str) -> None:
        self.dress(name)
        self.window.actions_by_id["light_theme"].setChecked(name == theme.LIGHT.name)
        self.remember(theme=name)

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._dialogs.get(name)
        if dialog is None:
            dialog = self._dialogs[name] = make()
            dialog.finished.connect(lambda _result: self._closed(name))
        self._refresh_dialogs()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        self._dialog_timer.start(DIALOGS_MS)

    def _closed(self, name: str) -> None:
        dialog = self._dialogs.pop(name, None)
        if dialog is not None:
            dialog.deleteLater()
        if name == "guide":
            self.remember(guide_seen=True)
        if not self._dialogs:
            self._dialog_timer.stop()

    def _refresh_dialogs(self) -> None:
        for dialog in self._dialogs.values():
            if isinstance(dialog, Guide | Controllers | SettingsDialog):
                dialog.refresh(self.session)

    def _make_guide(self) -> QDialog:
        guide = Guide(self.preferences.daw, self.window)
        guide.acted.connect(self.window.act)
        guide.commanded.connect(self.conductor.command)
        guide.daw_chosen.connect(lambda daw: self.remember(daw=daw))
        return guide

    def _make_controllers(self) -> QDialog:
        controllers = Controllers(self.window)
        controllers.commanded.connect(self.conductor.command)
        controllers.edited.connect(self.conductor.edit)
        return controllers

    def _make_settings(self) -> QDialog:
        kept = self.preferences
        remembered = RememberedPorts(kept.inputs, kept.outputs, kept.lights)
        dialog = SettingsDialog(_bundles(), theme.worn().name, str(kept.closing), self.window, remembered)
        dialog.commanded.connect(self.conductor.command)
        dialog.theme_chosen.connect(self._choose_theme)
        dialog.closing_chosen.connect(lambda closing: self.remember(closing=Closing(closing)))
        dialog.ports_chosen.connect(
            lambda ins, outs, lights: self.remember(inputs=tuple(ins), outputs=tuple(outs), lights=tuple(lights))
        )
        return dialog

    def _make_shortcuts(self) -> QDialog:
        dialog = Shortcuts(self.preferences.shortcuts, self.window)
        dialog.changed.connect(self._put_shortcuts)
        dialog.changed.connect(lambda changes: self.remember(shortcuts=changes))
        return dialog

    def _put_shortcuts(self, changes: dict[str, str]) -> None:
        for name, keys in keys_of(changes).items():
            self.window.actions_by_id[name].setShortcuts([QKeySequence(one) for one in keys])
        first = {name: QKeySequence(keys[0]) for name, keys in keys_of(changes).items() if keys}
        native = QKeySequence.SequenceFormat.NativeText
        self.window.transport_bar.name_keys({name: keys.toString(native) for name, keys in first.items()})


def _bundles() -> list[Path]:
    """Folders of the models that are there."""
    return sorted(path.parent for path in models_folder().glob("*/bundle.json"))

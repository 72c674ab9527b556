"""Starts the window: reaches for the engine first, because that takes longest, then builds Qt's part.

The composition root of the window. Imports little at the top, so that the engine is on its way before Qt is loaded.
"""

import argparse
import signal
import sys
import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cocomposer.adapters.places import config_folder, default_bundle, state_folder
from cocomposer.adapters.preferences import Preferences, PreferencesStore
from cocomposer.adapters.presets import PresetStore
from cocomposer.adapters.provider_names import WORDS
from cocomposer.jam.settings import Settings, SettingsError, changed
from cocomposer.runtime.joining import EngineLink, join
from cocomposer.runtime.news import Options
from cocomposer.runtime.priority import step_back

if TYPE_CHECKING:
    from ui.application import Application


def main(
    arguments: Sequence[str] | None = None, watch: "Callable[[Application], None]" = lambda _application: None
) -> int:
    """The window; the exit code. `watch` is shown the application before it begins (for benchmarks)."""
    parser = argparse.ArgumentParser(prog="cocomposer window", description="Open the window.")
    parser.add_argument("jam", nargs="?", type=Path, help="a jam file to open")
    parser.add_argument("--midi", help="MIDI system (default: the first that works)")
    parser.add_argument("--bundle", type=Path, help="folder of the model (default: as in the window, at first live)")
    parser.add_argument("--provider", choices=WORDS, help="where it runs (default: as in the window, at first auto)")
    chosen = parser.parse_args(arguments)
    store = PreferencesStore(config_folder())
    preferences = store.read()
    whole: list[Application] = []  # noqa: F823
    first = _Early(lambda: join(_options(chosen, whole[0].as_it_stands() if whole else preferences)))

    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from ui.application import Application
    from ui.single import SingleWindow

    application = QApplication(sys.argv[:1])
    application.setApplicationName("cocomposer")
    application.setDesktopFileName("cocomposer")
    application.setWindowIcon(QIcon(str(Path(__file__).parent / "pictures" / "icon.svg")))
    application.setQuitOnLastWindowClosed(True)

    def raise_window() -> None:
        for one in whole:
            one.window.setWindowState(one.window.windowState() & ~Qt.WindowState.WindowMinimized)
            one.window.show()
            one.window.raise_()
            one.window.activateWindow()

    single = SingleWindow(f"cocomposer-{zlib.crc32(str(state_folder()).encode()):08x}", raise_window)
    if not single.first:
        first.forget()
        print("cocomposer is open already; its window was brought to the front.", file=sys.stderr)
        return 0
    one = Application(state_folder(), store, PresetStore(config_folder()), first.join)
    whole.append(one)
    # What ends the process from outside ends the music too; only a crash or a kill lets it play on.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: QTimer.singleShot(0, one.window.quit))
    watch(one)
    one.begin(chosen.jam)
    # Only now, or the engine would inherit it: music comes before pictures.
    step_back()
    code = application.exec()
    single.close()
    return code


def _options(chosen: argparse.Namespace, preferences: Preferences) -> Options:
    """How to start an engine: as the preferences say that the window stands, or was left the last time."""
    try:
        settings = changed(Settings(), preferences.settings)
    except SettingsError:
        settings = Settings()  # of another version; nothing worth stopping for
    remembered = Path(preferences.bundle) if preferences.bundle else None
    usual = remembered if remembered is not None and remembered.is_dir() else default_bundle()
    return Options(
        bundle=str(chosen.bundle or usual),
        provider=chosen.provider or (preferences.provider if preferences.provider in WORDS else "auto"),
        midi=chosen.midi,
        inputs=preferences.inputs,
        outputs=preferences.outputs,
        lights=preferences.lights,
        sound=preferences.sound_on,
        volume=preferences.volume,
        settings=settings,
    )


class _Early:
    """Reaches for the engine at once, in a thread; later calls reach for it again."""

    def __init__(self, reach: Callable[[], EngineLink]) -> None:
        self._reach = reach
        self._link: EngineLink | None = None
        self._error: ConnectionError | None = None
        self._thread: threading.Thread | None = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._link = self._reach()
        except ConnectionError as error:
            self._error = error

    def join(self) -> EngineLink:
        """An engine; ConnectionError if there is none."""
        thread, self._thread = self._thread, None
        if thread is None:
            return self._reach()
        thread.join()
        if self._link is None:
            raise self._error or ConnectionError("The engine could not be started; run cocomposer doctor.")
        return self._link

    def forget(self) -> None:
        """No engine is wanted after all: hang up."""
        if self._thread is not None:
            self._thread.join()
        if self._link is not None:
            self._link.close()


if __name__ == "__main__":
    sys.exit(main())

"""What the window remembers from one start to the next, as a file of JSON in the configuration folder.

A damaged file is put aside and told of, never lost and never a reason not to start. Knows no window: what the values
mean is decided where they are used.
"""

import os
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from cocomposer.adapters.disk import SaveError, save_bytes

FILE: Final = "preferences.json"


class Closing(StrEnum):
    """What becomes of the music when the window is closed."""

    ASK = "ask"
    KEEP = "keep"
    """It plays on."""
    STOP = "stop"


class Preferences(msgspec.Struct, frozen=True):
    """All of them; frozen, so a change is a new value (`msgspec.structs.replace`)."""

    theme: str = "dark"
    recent: tuple[str, ...] = ()
    """Jam files, the latest first."""
    folder: str = ""
    """Where a file was chosen last."""
    geometry: str = ""
    """The window's place and size, in Qt's own form as base64."""
    splitter: str = ""
    """The widths of its parts, likewise."""
    newest_first: bool = True
    """How takes are listed."""
    only_starred: bool = False
    guide_seen: bool = False
    daw: str = ""
    """The DAW that the guide speaks of."""
    sound_on: bool = True
    volume: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.7
    inputs: tuple[str, ...] = ()
    """Ports chosen, by the stable parts of their names."""
    outputs: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    bundle: str = ""
    """The folder of the model that was chosen; empty: the usual one."""
    provider: str = "auto"
    """Where it was chosen to run."""
    chords_shown: bool | None = None
    """The chord panel; None: where there is room for it."""
    progression_shown: bool | None = None
    """The progression; None: where there are chords in it and room."""
    hear_chords: bool = True
    """Suggested chords sound when they are pointed at."""
    chord_style: str = "any"
    """The kind of song that chords are suggested from."""
    chord_surprise: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    shortcuts: dict[str, str] = {}
    """Action → keys, for those that were changed."""
    closing: Closing = Closing.ASK
    settings: dict[str, Any] = {}
    """Those of the jam as the window was left; not checked here."""


class PreferencesStore:
    """The file in a folder. One owner; what a later version wrote in it and we do not know is kept."""

    def __init__(self, folder: Path) -> None:
        self.sentence: str | None = None
        """What went wrong when it was read or written last, and what to do."""
        self._path = folder / FILE
        self._unknown: dict[str, Any] | None = None

    def read(self) -> Preferences:
        """What was written; the usual values where there is nothing, or nothing that can be used."""
        preferences, self.sentence = self._read()
        return preferences

    def write(self, preferences: Preferences) -> None:
        """Keep them."""
        if self._unknown is None:
            self._read()
        data = msgspec.json.encode((self._unknown or {}) | msgspec.to_builtins(preferences))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save_bytes(self._path, msgspec.json.format(data, indent=2))
            self.sentence = None
        except SaveError as error:
            self.sentence = str(error)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.sentence = (
                f"Your preferences cannot be saved ({why}); check your right to write in {self._path.parent}."
            )

    def _read(self) -> tuple[Preferences, str | None]:
        """They, and a sentence if some of it could not be used."""
        self._unknown = {}
        try:
            values = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
        except FileNotFoundError:
            return Preferences(), None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return Preferences(), f"Your preferences cannot be read ({reason}); check your right to read {self._path}."
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return Preferences(), self._put_aside()
        known: dict[str, Any] = {}
        refused = []
        for field in msgspec.structs.fields(Preferences):
            if field.name in values:
                try:
                    known[field.name] = msgspec.convert(values.pop(field.name), field.type)
                except msgspec.ValidationError:
                    refused.append(field.name.replace("_", " "))
        self._unknown = values
        sentence = f"Set these preferences again, they could not be used: {', '.join(refused)}." if refused else None
        return Preferences(**known), sentence

    def _put_aside(self) -> str:
        """Rename a damaged file, so that it is not written over."""
        for number in count(1):
            aside = self._path.with_suffix(f".damaged-{number}.json")
            if not aside.exists():
                break
        try:
            os.replace(self._path, aside)
        except OSError:
            return f"Your preferences are damaged and are as at the first start now; look at {self._path}."
        return f"Your preferences were damaged and are as at the first start now; the old file is {aside}."

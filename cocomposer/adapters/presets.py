"""Settings under a name, each a file of its own, so that one can be given to a friend.

What cannot be used (damaged, or of a later version) is shown with the reason and never written over. Knows no window.
"""

import contextlib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from cocomposer.adapters.disk import SaveError, save_bytes
from cocomposer.jam.settings import Settings, SettingsError, changed

FORMAT: Final = "cocomposer preset"
VERSION: Final = 2
"""2: with the settings that steer answers. One of version 1 sets fewer, and is recalled as it is."""
FOLDER: Final = "presets"
EXTENSION: Final = ".json"
LONGEST_NAME: Final = 60


class _File(msgspec.Struct):
    name: str
    settings: dict[str, Any]
    format: str = FORMAT
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Preset:
    """One, as shown in a list."""

    name: str
    settings: dict[str, Any] | None
    """Those that it sets, checked; None if it cannot be used."""
    sentence: str | None = None
    """Why it cannot be used, and what to do."""


class PresetStore:
    """All in a folder. What goes wrong is a sentence that comes back; names are told apart without regard to case."""

    def __init__(self, folder: Path) -> None:
        """`folder`: that of the configuration; presets lie in a folder of their own in it."""
        self._folder = folder / FOLDER

    def names(self) -> list[str]:
        """Those that can be used, in order."""
        return [preset.name for preset in self.all() if preset.settings is not None]

    def unusable(self) -> dict[str, str]:
        """Those that cannot, with a sentence why."""
        return {preset.name: preset.sentence for preset in self.all() if preset.sentence is not None}

    def recall(self, name: str) -> dict[str, Any]:
        """The settings of one; none if it is not there or cannot be used."""
        _, found = self._find(name)
        return {} if found is None or found.settings is None else dict(found.settings)

    def all(self) -> tuple[Preset, ...]:
        """In the order of their names."""
        found = [preset for _, preset in self._files()]
        return tuple(sorted(found, key=lambda preset: (preset.name.casefold(), preset.name)))

    def save(self, name: str, settings: dict[str, Any]) -> str | None:
        """Keep settings under a name, in place of those that it had; a sentence if that cannot be."""
        name = " ".join(name.split())
        if not name:
            return "Give the preset a name."
        if len(name) > LONGEST_NAME:
            return f"That name is too long; give the preset one of at most {LONGEST_NAME} letters."
        try:
            changed(Settings(), settings)
        except SettingsError as error:
            return str(error)
        path, old = self._find(name)
        if old is not None and old.settings is None:
            return f"The preset {old.name} cannot be used here and is left as it is; choose another name."
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            save_bytes(path, msgspec.json.format(msgspec.json.encode(_File(name, settings)), indent=2))
        except SaveError as error:
            return str(error)
        except OSError as error:
            return f"The preset cannot be saved ({_reason(error)}); check your right to write in {self._folder}."
        return None

    def rename(self, name: str, new_name: str) -> str | None:
        """Give one another name; a sentence if that cannot be."""
        _, old = self._find(name)
        _, other = self._find(new_name)
        if old is None or old.settings is None:
            return f"The preset {name} cannot be renamed because it cannot be used; delete it if you do not need it."
        if other is not None and other.name.casefold() != old.name.casefold():
            return f"There is a preset {other.name} already; choose another name."
        if other is not None:  # only its case changes, so it is the same file
            return self.save(new_name, old.settings)
        return self.save(new_name, old.settings) or self.delete(name)

    def delete(self, name: str) -> str | None:
        """Remove one, also if it cannot be used; a sentence if that fails."""
        path, _ = self._find(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            return f"The preset {name} cannot be deleted ({_reason(error)}); check your right to write {path}."
        return None

    def _find(self, name: str) -> tuple[Path, Preset | None]:
        """The file of a preset; where it would be if there is none."""
        wanted = " ".join(name.split()).casefold()
        for path, preset in self._files():
            if preset.name.casefold() == wanted:
                return path, preset
        plain = re.sub(r"[^a-z0-9]+", "-", wanted)[:40].strip("-")
        mark = hashlib.sha256(wanted.encode(errors="replace")).hexdigest()[:8]
        return self._folder / f"{plain}-{mark}{EXTENSION}", None

    def _files(self) -> list[tuple[Path, Preset]]:
        found = []
        with contextlib.suppress(OSError):
            for path in sorted(self._folder.glob(f"*{EXTENSION}")):
                found.append((path, _read(path)))
        return found


def _read(path: Path) -> Preset:
    name = path.stem
    try:
        values = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        if isinstance(values.get("name"), str) and values["name"].strip():
            name = values["name"]
        version = values.get("version")
        if isinstance(version, int) and version > VERSION:
            return Preset(name, None, f"The preset {name} is of a newer cocomposer; update cocomposer to use it.")
        file = msgspec.convert(values, _File)
        if file.format != FORMAT:
            raise ValueError("another kind of file")
        changed(Settings(), file.settings)
    except OSError as error:
        return Preset(name, None, f"The preset {name} cannot be read ({_reason(error)}); check {path}.")
    except SettingsError as error:
        return Preset(name, None, f"The preset {name} does not fit this cocomposer: {error}")
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Preset(name, None, f"The preset {name} is damaged; delete it, or copy {path.name} here again.")
    return Preset(name, file.settings)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__

"""Which MIDI files a folder holds and what the folder itself says of them: the layouts that researchers have.

Looked for in this order: a manifest.csv (the corpus' layout); a table of MAESTRO (any version, CSV or JSON); else any
tree of MIDI files, in which the names of Lakh's folders tell which files are versions of one song. Opens no MIDI file.
"""

import csv
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from models.training.pieces import Source, read_manifest

SUFFIXES = frozenset({".mid", ".midi", ".kar"})
MAESTRO_COLUMNS = frozenset({"canonical_composer", "canonical_title", "split", "midi_filename"})
SPLIT_NAMES = {"train": "train", "validation": "valid", "valid": "valid", "test": "test"}
_SONG_OF_LAKH = re.compile(r"TR[A-Z]{5}[0-9A-F]{11}")
"""A track of the Million Song Dataset: in lmd_matched and lmd_aligned, a folder with all files matched to it."""
_COPY_OF_LAKH = re.compile(r"\.\d+$")
"""clean_midi has Title.mid, Title.1.mid, Title.2.mid …"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds."""

    layout: str
    """For people: "a manifest", "MAESTRO" or "a tree of files"."""
    sources: list[Source]
    has_splits: bool
    """Whether the folder says which piece is in which split; if not, `split` is empty."""
    unreadable: list[str] = field(default_factory=list)
    """A sentence on each folder that could not be looked into."""


def read_folder(folder: Path, licence: str = "unknown") -> Listing:
    """The MIDI files of `folder` by whatever layout it has, in order of path; `licence` where it names none.

    FileNotFoundError if there is no such folder, ValueError if its table lacks columns.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder; give one with MIDI files in it.")
    if (folder / "manifest.csv").is_file():
        return Listing("a manifest", read_manifest(folder), True)
    for table in sorted([*folder.glob("*.csv"), *folder.glob("maestro*.json")]):
        rows = _maestro_rows(table)
        if rows:
            return Listing("MAESTRO", [_maestro_source(folder, row, licence) for row in rows], True)
    paths, unreadable = midi_files(folder)
    return Listing("a tree of files", [_tree_source(folder, path, licence) for path in paths], False, unreadable)


def midi_files(folder: Path) -> tuple[list[Path], list[str]]:
    """All MIDI files below `folder`, sorted, and a sentence on each folder that cannot be looked into.

    Links are followed, but no folder is entered twice, so loops end; hidden files are left out.
    """
    found: list[Path] = []
    unreadable: list[str] = []
    entered: set[tuple[int, int]] = set()

    def note(error: OSError) -> None:
        unreadable.append(f"{error.filename} cannot be read ({error.strerror}); check your right to read it.")

    for root, folders, names in os.walk(folder, followlinks=True, onerror=note):
        place = os.stat(root)
        if (place.st_dev, place.st_ino) in entered:
            folders.clear()
            continue
        entered.add((place.st_dev, place.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        for name in names:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                found.append(Path(root, name))
    return sorted(found), unreadable


def name_of(folder: Path) -> str:
    """What recipes call the music of `folder`: its last name."""
    return readable(folder.resolve().name)


def readable(name: str) -> str:
    """A file's name as text that can be written anywhere, whatever its bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _maestro_rows(table: Path) -> list[dict[str, Any]]:
    """Rows of a table with MAESTRO's columns, else none. JSON has a list of rows (v1, v2) or a map of columns (v3)."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            if table.suffix == ".csv":
                rows: list[dict[str, Any]] = list(csv.DictReader(lines))
            else:
                read = json.load(lines)
                if isinstance(read, dict):
                    keys = read["midi_filename"]
                    read = [{column: read[column][key] for column in MAESTRO_COLUMNS} for key in keys]
                rows = list(read)
        return rows if rows and set(rows[0]) >= MAESTRO_COLUMNS else []
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return []


def _maestro_source(folder: Path, row: dict[str, Any], licence: str) -> Source:
    composer, title = str(row["canonical_composer"]), str(row["canonical_title"])
    return Source(
        path=folder / str(row["midi_filename"]),
        style="performed",
        split=SPLIT_NAMES.get(str(row["split"]), str(row["split"])),
        kind="performed",
        source=name_of(folder),
        title=title,
        composer=composer,
        licence=licence,
        has_velocity=True,
        on_beats=False,
        has_pedal=True,
        group=f"{composer}: {title}".casefold(),
    )


def _tree_source(folder: Path, path: Path, licence: str) -> Source:
    """What a path says; the kind of music is left open (see `kinds`)."""
    inside = PurePath(name_of(folder), *path.relative_to(folder).parts)
    composer, title, group = "", inside.stem, ""
    if "clean_midi" in inside.parts[:-2]:
        composer, title = inside.parent.name, _COPY_OF_LAKH.sub("", inside.stem)
        group = f"{composer}: {title}".casefold()
    for part in inside.parts[:-1]:
        if _SONG_OF_LAKH.fullmatch(part):
            group = part
    return Source(
        path=path,
        style="unknown",
        split="",
        source=name_of(folder),
        title=readable(title),
        composer=readable(composer),
        licence=licence,
        group=readable(group),
    )

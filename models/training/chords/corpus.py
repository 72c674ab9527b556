"""Chord sheets of the corpus (chords/*.jsonl) as songs of tokens, by split. Knows no model."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Mode
from cocomposer.harmony.names.folding import ChordClass
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.pitch_class import PITCH_CLASSES, pitch_class_at, place_of_name
from cocomposer.harmony.progressions.song import BEATS_PER_BAR, Metre, Song, Sounding, song_of
from cocomposer.harmony.progressions.vocabulary import CLASSES

DEFAULT_CORPUS: Final = Path("../shared/corpus")
SOURCES: Final = ("billboard", "openewld", "free-midi-chords")
"""Chord sheets that people wrote, in the order of the style classes."""
ANALYSED: Final = "scores"
"""Source of the sheets that `analysed` writes; the style class after those."""
_MINOR: Final = [CLASSES.index(one) for one in (ChordClass.MIN, ChordClass.MIN7, ChordClass.DIM)]
NEW_AFTER: Final = 3
"""A place is new if so many chords before it have not yet stood together in its song."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One song of the corpus."""

    name: str
    source: str
    split: str
    song: Song

    @property
    def style(self) -> int:
        """Number of its source."""
        return (*SOURCES, ANALYSED).index(self.source)

    @property
    def mode(self) -> Mode | None:
        """That of the chords on the tonic for most of the time; None without one. Billboard says the tonic only."""
        song = self.song
        at_home = song.seen // len(CLASSES) == 0
        is_minor = np.isin(song.seen % len(CLASSES), _MINOR)
        minor, all_of_them = (float(song.durations[which].sum()) for which in (at_home & is_minor, at_home))
        if all_of_them <= 0:
            return None
        return Mode.MINOR if minor > all_of_them / 2 else Mode.MAJOR


def read_sheets(corpus: Path, split: str, sources: tuple[str, ...] = SOURCES) -> list[Sheet]:
    """The songs of a split that have a chord, in the order of the files."""
    return [sheet for source in sources for sheet in sheets_of(corpus / "chords" / f"{source}.jsonl", split)]


def sheets_of(path: Path, split: str) -> list[Sheet]:
    """The songs of one file that are in a split and have a chord."""
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    sheets = [Sheet(row["id"], row["source"], split, song_of_row(row)) for row in rows]
    return [sheet for sheet in sheets if len(sheet.song)]


def song_of_row(row: dict[str, Any]) -> Song:
    """The song of one JSON object."""
    changes = [(0.0, row["key"]), *((beat, name) for beat, name in row.get("key_changes", ()))]
    soundings = []
    end = 0.0
    for start, duration, symbol in row["chords"]:
        key = [name for beat, name in changes if beat <= start][-1]
        soundings.append(Sounding(_chord(symbol), start, _tonic(key)))
        end = start + duration
    metres = [(0.0, row["meter"]), *(row.get("meter_changes") or ())]
    by_beat = {float(beat): Metre(_beats(name), float(beat)) for beat, name in metres}
    return song_of(
        soundings, end, tuple(by_beat.values()), _tonic(row["key"]), [beat for beat, _ in row.get("sections") or ()]
    )


def _chord(symbol: str) -> Chord | None:
    found = read_symbol(symbol)
    return None if isinstance(found, NoChord) else found


def _tonic(key: str | None) -> int:
    """Pitch class of "F#:maj" or "Bb"; C for the four songs of OpenEWLD that have no key."""
    return 0 if key is None else pitch_class_at(place_of_name(key.split(":")[0])) % PITCH_CLASSES


def _beats(metre: str | None) -> float:
    """Quarter notes in a bar of "6/8"."""
    if not metre:
        return BEATS_PER_BAR
    count, unit = metre.split("/")
    return 4 * int(count) / int(unit)


def new_places(song: Song) -> NDArray[np.bool_]:
    """[n] whether the three chords before each chord have not yet stood together in the song."""
    seen = song.seen.tolist()
    known: set[tuple[int, ...]] = set()
    new = []
    for place in range(len(seen)):
        before = tuple(seen[place - NEW_AFTER : place]) if place >= NEW_AFTER else None
        new.append(before is None or before not in known)
        if before is not None:
            known.add(before)
    return np.array(new, np.bool_)

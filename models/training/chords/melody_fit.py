"""Counts what `cocomposer.harmony.harmonising` knows: tones of melodies by chord, and where chords change.

    python -m models.training.chords.melody_fit

Reads the train split of OpenEWLD's lead sheets: melody (MIDI) and chords over it. Prints the tables of
`harmonising/fit_counts.py` and `harmonising/harmonic_rhythm.py` (Billboard's charts beside the lead sheets), and the
shares of `harmonising/harmonising.py`.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.harmonising.harmonic_rhythm import SPANS, span_class
from cocomposer.harmony.harmonising.melody import Kind, parts_of, top_line
from cocomposer.harmony.harmonising.slots import Bars, Per, Place, Slots, bars_of_meter, origin_of, slots_of
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.pitch_class import PITCH_CLASSES, pitch_class_at, place_of_name
from cocomposer.harmony.progressions.vocabulary import CLASSES, token_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.chords.corpus import DEFAULT_CORPUS

_LEAST_BEATS: Final = 0.1


ChordSheet = tuple[tuple[tuple[int, int, Chord], ...], Bars]
"""(tick, end tick, chord) in order, and their bars."""


@dataclass(frozen=True, slots=True)
class MelodySheet:
    """One lead sheet."""

    melody: tuple[Note, ...]
    chords: tuple[tuple[int, int, Chord], ...]
    """(tick, end tick, chord) in order."""
    bars: Bars
    tonic: int | None


def melody_sheets(corpus: Path, split: str) -> Iterator[MelodySheet]:
    """Those with a metre. Bars begin where most chords do, for the files do not tell how long their upbeats are."""
    with (corpus / "chords" / "openewld.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["split"] == split and row["meter"]:
                yield _sheet(row, corpus)


def _sheet(row: dict[str, Any], corpus: Path) -> MelodySheet:
    piece = read_midi_file(corpus / row["midi"])
    scale = TICKS_PER_BEAT / piece.ticks_per_beat
    notes = [
        Note(round(onset * scale), pitch, max(1, round((end - onset) * scale)), velocity, 0)
        for onset, end, pitch, velocity, _, _ in piece.notes.tolist()
    ]
    chords = _chords(row)
    numerator, denominator = map(int, row["meter"].split("/"))
    length = bars_of_meter(numerator, denominator).ticks
    origin = origin_of([start for start, _, _ in chords], length)
    key = row["key"]
    tonic = None if key is None else pitch_class_at(place_of_name(key.split(":")[0]))
    return MelodySheet(top_line(notes), chords, bars_of_meter(numerator, denominator, origin - length), tonic)


def count_tones(sheets: list[MelodySheet]) -> NDArray[np.int64]:
    """[classes, kinds, 12] parts of notes so many semitones above the root of the chord under them."""
    counts = np.zeros((len(CLASSES), len(Kind), PITCH_CLASSES), np.int64)
    for sheet in sheets:
        if not sheet.chords:
            continue
        edges = sorted({edge for start, end, _ in sheet.chords for edge in (start, end)})
        under = {start: chord for start, _, chord in sheet.chords}
        inside = tuple(note for note in sheet.melody if edges[0] <= note.onset_tick < edges[-1])
        for part in parts_of(inside, Slots(tuple(edges), (Place.BEAT,) * (len(edges) - 1))):
            chord = under.get(edges[part.slot])
            if chord is not None:
                counts[token_of(chord, 0) % len(CLASSES), part.kind, (part.pitch_class - chord.root) % 12] += 1
    return counts


def count_changes(sheets: Iterable[ChordSheet]) -> NDArray[np.int64]:
    """[places, spans, 2] beats at which the chord (folded) stays, and changes, by time since the last change."""
    counts = np.zeros((len(Place), len(SPANS) + 1, 2), np.int64)
    places = list(Place)
    for chords, bars in sheets:
        slots = slots_of(chords[0][0], chords[-1][1], bars, Per.BEAT)
        starts, before = set(), None
        for start, _, chord in chords:
            if token_of(chord, 0) != before:
                starts.add(start)
            before = token_of(chord, 0)
        last = slots.edges[0]
        for tick, place in zip(slots.edges[1:-1], slots.places[1:], strict=True):
            changes = tick in starts
            counts[places.index(place), span_class(tick - last, bars.ticks), int(changes)] += 1
            last = tick if changes else last
    return counts


def charts(corpus: Path, split: str) -> Iterator[ChordSheet]:
    """Billboard's songs of one metre."""
    with (corpus / "chords" / "billboard.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            chords = _chords(row)
            if row["split"] == split and row["meter"] and not row.get("meter_changes") and chords:
                yield chords, bars_of_meter(*map(int, row["meter"].split("/")))


def _chords(row: dict[str, Any]) -> tuple[tuple[int, int, Chord], ...]:
    chords = []
    for start, beats, symbol in row["chords"]:
        chord = read_symbol(symbol)
        if isinstance(chord, Chord) and beats > _LEAST_BEATS:
            chords.append((round(start * TICKS_PER_BEAT), round((start + beats) * TICKS_PER_BEAT), chord))
    return tuple(chords)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    options = parser.parse_args()
    sheets = list(melody_sheets(options.corpus, "train"))
    for name, rows in zip(CLASSES, count_tones(sheets).tolist(), strict=True):
        print(f"    {name.name}: (")
        for row in rows:
            print(f"        {tuple(row)},")
        print("    ),")
    songs = list(charts(options.corpus, "train"))
    for table, of in (("SHEETS", [(sheet.chords, sheet.bars) for sheet in sheets if sheet.chords]), ("CHARTS", songs)):
        print(f"{table}, {len(of)} songs:")
        for rows in count_changes(of).tolist():
            print(f"    {tuple(tuple(pair) for pair in rows)},")
    home = [
        (sheet.chords[-1][2].root - sheet.tonic) % PITCH_CLASSES == 0
        for sheet in sheets
        if sheet.chords and sheet.tonic is not None
    ]
    at_home = all_of_them = 0
    for sheet in sheets:
        for start, end, chord in sheet.chords:
            at_home += (end - start) * (chord.root == sheet.tonic)
            all_of_them += end - start
    print(
        f"on the tonic of the signature's major key: last chords {np.mean(home):.3f}, time {at_home / all_of_them:.3f}"
    )


if __name__ == "__main__":
    main()

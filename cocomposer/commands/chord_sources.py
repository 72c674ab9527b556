"""Where the chords of a `cocomposer chords` command come from: typed, heard in a MIDI file, or read from JSON.

Knows no output. What cannot be read of a line of chords is kept as faults, so that the rest can be used.
"""

import argparse
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, is_on_beats, read_midi_file
from cocomposer.export.chord_json import read_chord_json
from cocomposer.export.chord_midi import blocks
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.key import C_MAJOR, Key, key_named, key_of_signature
from cocomposer.harmony.key_finding import DRUM_CHANNEL, KeyFound, find_key
from cocomposer.harmony.key_tracking import KeySpan, keys_of
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.chart import Fault, Step, read_chart
from cocomposer.harmony.names.numerals import looks_roman
from cocomposer.harmony.names.suffixes import plain_text
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.progression import chords_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

MIDI_SUFFIXES: Final = frozenset({".mid", ".midi", ".smf", ".kar"})
_MELODY_NAME: Final = re.compile(r"melod|lead|vocal|vox|voice|solo|tune|gesang", re.IGNORECASE)
_OVERLAPS_MOST: Final = 0.1
"""Share of a track's notes that may sound into the next; more is no melody."""
_LONGEST_JSON: Final = 16 * 1024 * 1024
_SHORT_KEY: Final = re.compile(r"([A-Ga-g][#b]?) ?(?:(m|mi|min|-)|(?:M|ma|maj)?)")
_METER: Final = re.compile(r"(\d{1,3})/(\d{1,3})")


class ChordFileError(OSError):
    """A file has no chords that can be used; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Source:
    """What was read."""

    sheet: LeadSheet
    faults: tuple[Fault, ...] = ()
    key_confidence: float | None = None
    """None where the key was given."""
    notes: tuple[str, ...] = ()
    """What the user should know, a sentence each."""
    keys: tuple[KeySpan, ...] = ()
    """Of music that was heard, as they go along; none where the key was given."""


def about(source: Source) -> dict[str, Any]:
    """What every report says of its source."""
    return {
        "key_confidence": source.key_confidence,
        "faults": [
            {"text": fault.text, "column": fault.column, "nearest": fault.nearest, "message": fault.message}
            for fault in source.faults
        ],
        "notes_to_user": list(source.notes),
    }


def add_source(parser: argparse.ArgumentParser, melody: bool = False) -> None:
    """The source, and what it does not say itself."""
    parser.add_argument(
        "source", metavar="CHORDS|FILE", help='a line such as "[Verse] Dm7 G7 | Cmaj7", a MIDI file, or JSON'
    )
    add_facts(parser)
    if melody:
        parser.add_argument(
            "--melody", metavar="TRACK", default="auto", help="track of a MIDI file: name, number from 1, auto or none"
        )


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Key, metre, tempo and title."""
    parser.add_argument("--key", help='such as "A minor" (default: what fits)')
    parser.add_argument("--meter", help="such as 3/4 (default: the file's, else 4/4)")
    parser.add_argument("--tempo", type=float, help="quarter notes a minute (default: the file's, else 120)")
    parser.add_argument("--title", help="default: the file's name")


def read_source(options: argparse.Namespace) -> Source:
    """The chords that the options name; SheetError for a wrong line, MidiFileError or ChordFileError for a file."""
    path = Path(options.source)
    if path.suffix.lower() in MIDI_SUFFIXES:
        return heard(path, options)
    found = _from_json(path) if path.suffix.lower() == ".json" else _typed(options)
    sheet = with_facts(found.sheet, options)
    found = replace(found, sheet=sheet)
    return found if sheet.key is not None else in_key_of(found, sheet)


def in_key_of(source: Source, sheet: LeadSheet) -> Source:
    """The source in the key that is found for a sheet, if one is."""
    key = find_key(blocks(sheet))
    if key is None:
        return source
    return replace(source, sheet=replace(source.sheet, key=key.key), key_confidence=key.confidence)


def _typed(options: argparse.Namespace) -> Source:
    text = str(options.source)
    key = key_asked(options)
    meter = meter_asked(options) or (4, 4)
    chart = read_chart(text, key, Fraction(4 * meter[0], meter[1]))
    if key is None and any(looks_roman(step.text) for step in chart.steps):
        key = C_MAJOR
    if all(isinstance(step.chord, NoChord) for step in chart.steps):
        reasons = [fault.message for fault in chart.faults]
        raise SheetError("\n".join(reasons) or f"There is no chord in {text!r}; write them like Am F | C G7.")
    return Source(LeadSheet(chart.steps, key, meter), chart.faults)


def _from_json(path: Path) -> Source:
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_JSON + 1)
        if len(text) > _LONGEST_JSON:
            raise SheetError("it is too large")
        sheet = read_chord_json(text)
    except OSError as error:
        raise ChordFileError(f"{path} cannot be read ({error.strerror}); check the name and your rights.") from error
    except SheetError as error:
        raise ChordFileError(f"{path}: {error}") from error
    if not any(sheet.chords):
        raise ChordFileError(f"{path} has no chord in it; choose another file.")
    return Source(sheet)


@dataclass(frozen=True, slots=True)
class Played:
    """The notes of a MIDI file, with some that are no drums."""

    piece: MidiPiece
    notes: tuple[Note, ...]
    meter: tuple[int, int]
    told: tuple[str, ...]
    """What the user should know, a sentence each."""


def played(path: Path, options: argparse.Namespace) -> Played:
    """A MIDI file in the metre that the options say, else its own; MidiFileError for one without pitched notes."""
    piece = read_midi_file(path)
    notes = notes_of(piece)
    if all(note.channel == DRUM_CHANNEL for note in notes):
        raise MidiFileError(f"{path} has only drums; choose a file with chords or a melody in it.")
    told: list[str] = []
    found, begins, changes = _meter_of(piece)
    meter = meter_asked(options) or found
    if changes and options.meter is None:
        told.append(f"{path} changes its metre; its bars are counted in {meter[0]}/{meter[1]}, which it has longest.")
    # An upbeat that the file writes as a short bar becomes the end of a whole one.
    bar = 4 * TICKS_PER_BEAT * meter[0] // meter[1]
    notes = [replace(note, onset_tick=note.onset_tick - begins % -bar) for note in notes]
    if not is_on_beats(piece):
        told.append(f"The notes of {path} do not lie on its beats; the chords are put on the nearest ones.")
    return Played(piece, tuple(notes), meter, tuple(told))


def heard(path: Path, options: argparse.Namespace) -> Source:
    """The chords of a MIDI file, as they are recognised."""
    source = played(path, options)
    piece, notes, meter = source.piece, source.notes, source.meter
    bar = Fraction(4 * meter[0], meter[1])
    metre = Metre(int(bar)) if bar.denominator == 1 else Metre(1, None)
    steps = _steps(notes, replace(metre, beat_known=is_on_beats(piece)))
    if all(isinstance(step.chord, NoChord) for step in steps):
        raise MidiFileError(f"{path} has no chords that can be recognised; choose a file with more notes together.")
    found = find_key(notes) if options.key is None else None
    keys = keys_of(notes, metre) if options.key is None else ()
    key = key_asked(options) or _found_key(piece, found)
    confidence = found.confidence if found else None
    if keys and all(span.key != key for span in keys):
        # The notes of two keys together may be those of a third.
        longest = max(keys, key=lambda span: span.end_tick - span.tick)
        key, confidence = longest.key, longest.confidence
    title = path.stem if options.title is None else options.title
    melody = _melody(piece, notes, getattr(options, "melody", "none"))
    sheet = LeadSheet(steps, key, meter, 60e6 / piece.tempos[0][1], title, melody)
    return Source(with_facts(sheet, options), (), confidence, source.told, keys)


def _meter_of(piece: MidiPiece) -> tuple[tuple[int, int], int, bool]:
    """(the metre that a file has longest, where that begins in 1/48 beats, whether it has others but for an upbeat).

    4/4 from the beginning where it gives none that makes sense.
    """
    scale = Fraction(TICKS_PER_BEAT, piece.ticks_per_beat)
    end = int(piece.notes[:, 1].max())
    starts = [tick for tick, _, _ in piece.meters]
    lasting: dict[tuple[int, int], int] = {}
    first: dict[tuple[int, int], int] = {}
    for (tick, numerator, denominator), until in zip(piece.meters, [*starts[1:], end], strict=False):
        with suppress(SheetError):
            meter = LeadSheet((), meter=(numerator, denominator)).meter
            lasting[meter] = lasting.get(meter, 0) + max(0, until - tick)
            first.setdefault(meter, round(tick * scale))
    if not lasting:
        return (4, 4), 0, False
    longest = max(lasting, key=lambda meter: lasting[meter])
    upbeat = first[longest] < 4 * TICKS_PER_BEAT * longest[0] / longest[1]
    later = {meter for meter, tick in first.items() if tick > first[longest]}
    earlier = set(first) - later - {longest}
    return longest, first[longest], bool(later or (earlier and not upbeat))


def notes_of(piece: MidiPiece) -> list[Note]:
    """The notes in ticks of 1/48 beat, in the order of the piece."""
    scale = Fraction(TICKS_PER_BEAT, piece.ticks_per_beat)
    return [
        Note(round(onset * scale), pitch, max(1, round(end * scale) - round(onset * scale)), velocity, channel)
        for onset, end, pitch, velocity, channel, _ in piece.notes.tolist()
    ]


def _steps(notes: Sequence[Note], metre: Metre) -> tuple[Step, ...]:
    """What chords are heard from the beginning of the file on, each at least a beat long."""
    spans = chords_of(notes, metre)
    edges = [round(Fraction(span.tick, TICKS_PER_BEAT)) for span in spans]
    edges.append(round(Fraction(spans[-1].end_tick, TICKS_PER_BEAT)))
    steps = [Step(NoChord.SILENT, Fraction(edges[0]))] if edges[0] > 0 else []
    for span, (start, end) in zip(spans, pairwise(edges), strict=True):
        if end > start:
            steps.append(Step(span.chord or NoChord.SILENT, Fraction(end - start)))
    return tuple(steps)


def _found_key(piece: MidiPiece, found: KeyFound | None) -> Key | None:
    if found is not None:
        return found.key
    if piece.key_signatures:
        _, fifths, is_minor = piece.key_signatures[0]
        return key_of_signature(fifths, is_minor)
    return None


def _melody(piece: MidiPiece, notes: Sequence[Note], wanted: str) -> tuple[Note, ...]:
    """The notes of the track that is the melody; none where there is no telling."""
    if wanted == "none":
        return ()
    tracks: dict[int, list[Note]] = {}
    for note, track in zip(notes, piece.notes[:, 5].tolist(), strict=True):
        if note.channel != DRUM_CHANNEL:
            tracks.setdefault(track, []).append(note)
    if wanted != "auto":
        named = [
            track
            for track in tracks
            if wanted == str(track + 1) or wanted.lower() in piece.track_names[track].lower().split()
        ] or [track for track in tracks if wanted.lower() in piece.track_names[track].lower()]
        if not named:
            there = ", ".join(f"{track + 1} {piece.track_names[track]}".strip() for track in sorted(tracks))
            raise SheetError(f"There is no track {wanted!r} with notes; there are: {there}.")
        return tuple(tracks[named[0]])
    single = {track: found for track, found in tracks.items() if _is_single(found)}
    called = [track for track in single if _MELODY_NAME.search(piece.track_names[track])]
    if called:
        return tuple(single[called[0]])
    if len(tracks) < 2 or not single:
        return ()
    means = {track: sum(note.pitch for note in found) / len(found) for track, found in tracks.items()}
    highest = max(means, key=lambda track: means[track])
    return tuple(single.get(highest, ()))


def _is_single(notes: Sequence[Note]) -> bool:
    """Whether one note sounds at a time, but for a few that are played legato."""
    overlaps = sum(
        later.onset_tick < earlier.end_tick - earlier.duration_ticks // 2 for earlier, later in pairwise(sorted(notes))
    )
    return overlaps <= _OVERLAPS_MOST * len(notes)


def with_facts(sheet: LeadSheet, options: argparse.Namespace) -> LeadSheet:
    """The sheet with what the line says of it."""
    tempo = sheet.bpm if options.tempo is None else options.tempo
    if not 4 <= tempo <= 1000:
        raise SheetError(f"A tempo lies between 4 and 1000 beats a minute, not at {tempo:g}; choose another.")
    return replace(
        sheet,
        key=key_asked(options) or sheet.key,
        meter=meter_asked(options) or sheet.meter,
        bpm=tempo,
        title=sheet.title if options.title is None else options.title,
    )


def key_asked(options: argparse.Namespace) -> Key | None:
    """The key that the line names; SheetError if it is none."""
    if options.key is None:
        return None
    short = _SHORT_KEY.fullmatch(plain_text(options.key).strip())
    try:
        return key_named(f"{short[1]} {'minor' if short[2] else 'major'}" if short else options.key)
    except ValueError as error:
        raise SheetError(f"{error}.") from error


def meter_asked(options: argparse.Namespace) -> tuple[int, int] | None:
    """The metre that the line names; SheetError if it is none."""
    if options.meter is None:
        return None
    found = _METER.fullmatch(options.meter)
    if found is None:
        raise SheetError(f"{options.meter!r} is no metre; write it like 3/4 or 12/8.")
    return LeadSheet((), meter=(int(found[1]), int(found[2]))).meter

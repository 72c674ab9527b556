"""Pieces of the corpus whose chords are known, as they would be played: OpenEWLD's melodies over its own chords, and
Billboard's symbols, both accompanied by our own voicer in all its rhythms.

Reads `chords/*.jsonl` of a corpus folder and the MIDI files that they name. Knows no recognition.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import comp
from cocomposer.harmony.comping_patterns import CompingPattern, patterns_for
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.pitch_class import pitch_class_at, place_of_name
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.search import voice_progression
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

MOST_CHORDS: Final = 48
"""Of each song: what follows repeats it, and voicing is an exact search."""
STYLES: Final = (Style.CLOSE, Style.DROP_2, Style.OPEN, Style.SHELL, Style.BLOCK)
"""Ways to voice that have the root or say the bass; taken in turn."""


@dataclass(frozen=True, slots=True)
class KnownSpan:
    """What sounds from one tick to another, according to the people who wrote the chords down."""

    span: ChordSpan
    is_known: bool
    """False where a chord may sound but nobody says which."""


@dataclass(frozen=True, slots=True)
class KnownPiece:
    """A piece as played and what is known of it."""

    title: str
    rhythm: str
    notes: tuple[Note, ...]
    """In order."""
    metre: Metre
    chords: tuple[KnownSpan, ...]
    tonics: tuple[tuple[int, int], ...]
    """(tick, pitch class) of each key."""
    key: Key | None
    """With its mode, where the source tells it."""


def known_pieces(corpus: Path, source: str, split: str, most: int | None = None) -> Iterator[KnownPiece]:
    """The first `most` pieces of a split of "openewld" or "billboard"; without those in rare or changing metres.

    OSError if the corpus is not there.
    """
    with (corpus / "chords" / f"{source}.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    usable = [row for row in rows if _beats_per_bar(row) is not None and "meter_changes" not in row]
    for number, row in enumerate(usable[:most]):
        yield _played(row, corpus, number)


def _beats_per_bar(row: dict[str, Any]) -> int | None:
    meter = row["meter"]
    beats = Fraction(meter) * 4 if meter else Fraction(0)
    return int(beats) if beats.denominator == 1 and beats in {2, 3, 4} else None


def _played(row: dict[str, Any], corpus: Path, number: int) -> KnownPiece:
    beats_per_bar = _beats_per_bar(row) or 0
    melody = _melody(corpus / row["midi"]) if "midi" in row else ()
    metre = Metre(beats_per_bar)
    rows = [entry for entry in row["chords"] if round(entry[1] * TICKS_PER_BEAT) > 0][:MOST_CHORDS]
    chords = tuple(_known(start, length, symbol) for start, length, symbol in rows)
    patterns = patterns_for(beats_per_bar)
    pattern, style = patterns[number % len(patterns)], STYLES[number // len(patterns) % len(STYLES)]
    end = chords[-1].span.end_tick if chords else 0
    notes = [*accompaniment([known.span for known in chords], pattern, style, metre)]
    notes += [note for note in melody if note.onset_tick < end]
    changes = row.get("key_changes") or [[0.0, row["key"].partition(":")[0]]]
    tonics = tuple((_ticks(beat), _tonic(name)) for beat, name in changes)
    _, _, mode = row["key"].partition(":")
    key = Key(tonics[0][1], Mode.MINOR if mode.startswith("min") else Mode.MAJOR) if mode else None
    return KnownPiece(row["title"], f"{pattern.name}, {style}", tuple(sorted(notes)), metre, chords, tonics, key)


def accompaniment(
    spans: Sequence[ChordSpan], pattern: CompingPattern, style: Style, metre: Metre, channel: int = 0
) -> tuple[Note, ...]:
    """The chords voiced in a style and played in a rhythm; chords that the style cannot play are played closed."""
    chords = [span.chord for span in spans]
    # Rare chords of one or two tones are in no style but the close one.
    try:
        voiced = voice_progression(chords, VoicingRules(style, left_bass=True, root_position=True))
    except ValueError:
        voiced = voice_progression(chords, VoicingRules(Style.CLOSE, root_position=True))
    return comp(spans, voiced.voicings, pattern, metre, channel=channel)


def _known(start: float, length: float, symbol: str) -> KnownSpan:
    chord = read_symbol(symbol)
    span = ChordSpan(_ticks(start), _ticks(start + length), chord if isinstance(chord, Chord) else None)
    return KnownSpan(span, chord is not NoChord.UNKNOWN)


def _melody(path: Path) -> tuple[Note, ...]:
    piece = read_midi_file(path)
    scale = TICKS_PER_BEAT / piece.ticks_per_beat
    return tuple(
        Note(round(onset * scale), pitch, max(1, round((end - onset) * scale)), velocity, 1)
        for onset, end, pitch, velocity, _, _ in piece.notes.tolist()
    )


def _ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)


def _tonic(name: str) -> int:
    return pitch_class_at(place_of_name(name))

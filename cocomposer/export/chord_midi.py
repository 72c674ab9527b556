"""A progression as a MIDI file: chords that every DAW (and Logic's Chord ID) reads, named by markers and texts.

Plain, each chord stands as a block in root position; voiced, it is played as the voicer and a rhythm of accompaniment
say. Names are ASCII: not every program reads ♭ and Δ in a file. Where a section begins, a marker with its name stands
before that of the chord; the texts are chords alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.export.midi_file import FASTEST_BPM, SLOWEST_BPM, Part, midi_bytes
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import VELOCITY, comp
from cocomposer.harmony.comping_patterns import CompingPattern, patterns_for
from cocomposer.harmony.key import Mode
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.writing import write_chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES, name_at
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.search import voice_progression
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note

CHORDS_PART: Final = "Chords"
MELODY_PART: Final = "Melody"
LOWEST_ROOT: Final = 48
"""C3: where plain blocks stand."""
_ABOVE_THE_SEVENTH: Final = frozenset({"9", "11", "13"})


@dataclass(frozen=True, slots=True)
class VoicedSheet:
    """A progression as it is played."""

    voicings: tuple[Voicing | None, ...]
    """One for each step."""
    notes: tuple[Note, ...]


def voiced(sheet: LeadSheet, rules: VoicingRules, pattern: CompingPattern | None = None) -> VoicedSheet:
    """The chords in a style, held as long as they last or in a rhythm. SheetError if it is not made for the metre."""
    voicings = voice_progression(sheet.chords, rules).voicings
    spans = [ChordSpan(*span, chord) for span, chord in zip(pairwise(sheet.ticks), sheet.chords, strict=True)]
    if pattern is None:
        return VoicedSheet(voicings, tuple(_held(spans, voicings)))
    bar = sheet.bar_beats
    if bar.denominator != 1 or not pattern.fits(int(bar)):
        fitting = patterns_for(int(bar)) if bar.denominator == 1 else ()
        take = f"take one of: {', '.join(one.name for one in fitting)}" if fitting else "leave the rhythm out"
        raise SheetError("The rhythm {} is not made for {}/{}; {}.".format(pattern.name, *sheet.meter, take))
    return VoicedSheet(voicings, comp(spans, voicings, pattern, Metre(int(bar))))


def blocks(sheet: LeadSheet) -> tuple[Note, ...]:
    """The chords as plain blocks, each as long as it lasts."""
    return tuple(
        Note(first, pitch, last - first, VELOCITY)
        for (first, last), chord in zip(pairwise(sheet.ticks), sheet.chords, strict=True)
        if chord is not None and last > first
        for pitch in block(chord)
    )


def block(chord: Chord) -> tuple[int, ...]:
    """Pitches from the root up, ninths and what is above them over the octave; a bass other than the root is below."""
    root = LOWEST_ROOT + chord.root
    degrees = [(tone.semitones, tone.degree.lstrip("b#") in _ABOVE_THE_SEVENTH) for tone in chord.template.tones]
    pitches = {root + semitones + PITCH_CLASSES * above for semitones, above in degrees}
    if chord.bass_or_root != chord.root:
        pitches.add(root - (chord.root - chord.bass_or_root) % PITCH_CLASSES)
    return tuple(sorted(pitches))


def chord_midi(sheet: LeadSheet, notes: Sequence[Note] | None = None) -> bytes:
    """The file: a track of chords (as given, else blocks) with a text for each, and one of the melody if there is one.

    All tracks end together, with the last chord or note, rests and all. SheetError for a tempo that no file holds.
    """
    if not SLOWEST_BPM <= sheet.bpm <= FASTEST_BPM:
        raise SheetError(f"A MIDI file cannot hold a tempo of {sheet.bpm:g} beats a minute; choose one from 4 up.")
    names = [
        (tick, write_chord(step.chord, key=sheet.key)) for tick, step in zip(sheet.ticks, sheet.steps, strict=False)
    ]
    markers: list[tuple[int, str]] = []
    for name, step in zip(names, sheet.steps, strict=True):
        markers += [(name[0], step.section), name] if step.section else [name]
    parts = [Part(CHORDS_PART, blocks(sheet) if notes is None else notes, texts=names)]
    if sheet.melody:
        parts.insert(0, Part(MELODY_PART, sheet.melody))
    key = None if sheet.key is None else name_at(sheet.key.tonic_place) + ("m" if sheet.key.mode is Mode.MINOR else "")
    return midi_bytes(
        parts,
        tempos=[(0, sheet.bpm)],
        meter=sheet.meter,
        title=sheet.title,
        markers=markers,
        key=key,
        end_tick=max(sheet.ticks[-1], *(note.end_tick for note in sheet.melody), 0),
    )


def _held(spans: Sequence[ChordSpan], voicings: Sequence[Voicing | None]) -> Iterator[Note]:
    for span, voicing in zip(spans, voicings, strict=True):
        if voicing is not None and span.end_tick > span.tick:
            yield from (Note(span.tick, pitch, span.end_tick - span.tick, VELOCITY) for pitch in voicing.pitches)

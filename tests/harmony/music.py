"""Music for the tests of harmony: the shipped phrases, the corpus where it is, and chords set in several textures."""

from collections.abc import Iterator
from pathlib import Path

import cocomposer
from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.places import models_folder
from cocomposer.bench.corpus import default_corpus
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.templates import TEMPLATES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

BEAT = TICKS_PER_BEAT
TEXTURES = ("block", "arpeggio", "oom-pah", "melody and bass")


def corpus_folder() -> Path | None:
    """Where the corpus lies, if it does."""
    return default_corpus(models_folder())


def read_notes(path: Path) -> tuple[list[Note], int]:
    """The notes of a MIDI file and its beats per bar."""
    piece = read_midi_file(path)
    scale = BEAT / piece.ticks_per_beat
    notes = [
        Note(round(onset * scale), pitch, max(1, round((end - onset) * scale)), velocity, channel)
        for onset, end, pitch, velocity, channel, _ in piece.notes.tolist()
    ]
    _, numerator, denominator = piece.meters[0] if piece.meters else (0, 4, 4)
    return notes, max(1, round(4 * numerator / denominator))


def phrase(name: str) -> tuple[list[Note], int]:
    """A phrase that is shipped."""
    return read_notes(Path(cocomposer.__file__).parent / "phrases" / f"{name}.mid")


def closed_positions() -> Iterator[tuple[Chord, tuple[int, ...]]]:
    """Every template on every root in every inversion, within an octave: (chord, pitches)."""
    for quality, template in TEMPLATES.items():
        steps = sorted(template.semitones)
        for inversion, lowest in enumerate(steps):
            order = steps[inversion:] + [step + 12 for step in steps[:inversion]]
            for root in range(12):
                bass = None if lowest == 0 else (root + lowest) % 12
                yield Chord(root, quality, bass), tuple(48 + root + step for step in order)


def bar_of(chord: Chord, tick: int, texture: str) -> list[Note]:
    """Four beats of a chord of three or four tones."""
    bass = 36 + chord.root
    upper = [52 + (chord.root + tone.semitones - 52) % 12 for tone in chord.template.tones]
    if texture == "block":
        return [Note(tick, pitch, 4 * BEAT, 80) for pitch in (bass, *upper)]
    if texture == "arpeggio":
        run = [bass, *sorted(upper[1:])]
        return [Note(tick + 24 * step, run[step % len(run)], 24, 80) for step in range(8)]
    if texture == "oom-pah":
        return [Note(tick + BEAT * beat, bass, 40, 80) for beat in (0, 2)] + [
            Note(tick + BEAT * beat, pitch, 40, 70) for beat in (1, 3) for pitch in upper
        ]
    third, fifth = 60 + (upper[1] % 12), 60 + (upper[2] % 12)
    melody = [(0, third, 60), (60, third + 1, 12), (72, third, 24), (96, fifth, 84), (180, fifth + 2, 12)]
    return [Note(tick, bass, 4 * BEAT, 80)] + [Note(tick + at, pitch, length, 80) for at, pitch, length in melody]

"""MIDI files made with mido, another writer than the project's own: tunes, drums, performances in any key and tempo."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import mido
import numpy as np

PPQ = 480
Strokes = list[tuple[int, int, int, int]]
"""(onset, duration, pitch, velocity) in file ticks."""


def tune(seed: int, count: int = 120, loose_ticks: float = 0) -> Strokes:
    """A melody in eighths with a bass, every velocity another; `loose_ticks`: how far from the grid it is played."""
    rng = np.random.default_rng(seed)
    strokes, pitch, bass = [], 67, 45
    for number in range(count):
        pitch = int(np.clip(pitch + rng.choice([-4, -3, -2, -1, 1, 2, 3, 5]), 60, 84))
        strokes.append((240 * number, 220, pitch, 50 + int(rng.integers(50))))
        if number % 2 == 0:
            bass = int(np.clip(bass + rng.choice([-5, -3, -2, 2, 3, 4]), 36, 57))
            strokes.append((240 * number, 440, bass, 50 + int(rng.integers(30))))
    if loose_ticks:
        strokes = [
            (max(0, round(onset + rng.normal(0, loose_ticks))), length, pitch, loud)
            for onset, length, pitch, loud in strokes
        ]
    return sorted(strokes)


def beat(count: int = 32) -> Strokes:
    """A drum pattern in eighths."""
    return [(240 * number, 60, 36 if number % 2 else 42, 100) for number in range(count)]


def moved(strokes: Strokes, semitones: int = 0, stretch: float = 1, velocity: int | None = None) -> Strokes:
    """The same notes in another key and at another speed, perhaps all equally loud."""
    return [
        (round(onset * stretch), max(1, round(length * stretch)), pitch + semitones, velocity or loudness)
        for onset, length, pitch, loudness in strokes
    ]


def midi(
    *parts: tuple[int, Strokes], bpm: float = 120, pedals: Sequence[tuple[int, int]] = (), ppq: int = PPQ, kind: int = 1
) -> bytes:
    """A file with (channel 0–15, strokes) as tracks, or all in one (`kind` 0); pedals (tick, value) on the first."""
    file = mido.MidiFile(type=kind, ticks_per_beat=ppq)
    tracks: list[list[tuple[int, mido.Message]]] = [[]]
    for number, (channel, strokes) in enumerate(parts):
        events: list[tuple[int, mido.Message]] = []
        if number == 0:
            for tick, value in pedals:
                events.append((tick, mido.Message("control_change", control=64, value=value, channel=channel)))
        for onset, length, pitch, velocity in strokes:
            events.append((onset, mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)))
            events.append((onset + length, mido.Message("note_on", note=pitch, velocity=0, channel=channel)))
        if kind == 0:
            tracks[0] += events
        else:
            tracks.append(events)
    for events in tracks:
        track = mido.MidiTrack()
        if not file.tracks:
            track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
        now = 0
        for tick, message in sorted(events, key=lambda event: (event[0], event[1].dict().get("velocity", 0) > 0)):
            track.append(message.copy(time=tick - now))
            now = tick
        file.tracks.append(track)
    written = BytesIO()
    file.save(file=written)
    return written.getvalue()


def put(path: Path, content: bytes) -> Path:
    """Write a file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path

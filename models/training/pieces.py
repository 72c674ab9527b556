"""One MIDI file as arrays on the tick axis, ready to be encoded; shared by `prepare` and `evaluate`.

Scores lie on beats (48 ticks each, bar lines from the file's metres); performances lie in free time
(their tempo map says nothing of beats). Knows no splits and no network.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, read_midi_file
from cocomposer.events.codec import Rows, rows_of
from cocomposer.events.layout import BEAT_UNKNOWN, PHASE_UNKNOWN, STYLES
from cocomposer.music.message import PEDAL_THRESHOLD
from cocomposer.music.note import Pedal
from cocomposer.music.ticks import NOMINAL_SECONDS_PER_TICK, TICKS_PER_BEAT

DRUM_CHANNEL = 9
"""Channel 10 of General MIDI, counted from 0; its pitches name drums."""


@dataclass(frozen=True, slots=True)
class Source:
    """One row of a manifest: which file, and what is known of it."""

    path: Path
    style: str
    split: str
    kind: str = ""
    """What the manifest calls it; `style` is that, or "unknown" to the model. Empty: to be found (see `kinds`)."""
    source: str = ""
    title: str = ""
    composer: str = ""
    licence: str = ""
    has_velocity: bool = True
    on_beats: bool = True
    has_pedal: bool = False
    jsb_leak: int = 0
    group: str = ""
    """Pieces of one group (versions, movements) belong in one split; empty: in a group of its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Arrays [notes] in order of (onset, pitch); ticks are float so that augmentation can move them before rounding."""

    onset: NDArray[np.float32]
    duration: NDArray[np.float32]
    pitch: NDArray[np.uint8]
    velocity: NDArray[np.uint8]
    """0 where it says nothing."""
    pedal: NDArray[np.uint8]
    in_bar: NDArray[np.float32]
    """Ticks since the bar line; negative where no beat is known."""
    part: NDArray[np.uint8]
    chord: NDArray[np.uint8]
    """Labels of the chord in force (see `chord_labels`); `place` gives none."""

    def __len__(self) -> int:
        return len(self.onset)

    def rows(self, style: str) -> tuple[Rows, NDArray[np.int64]]:
        """Rows and onset ticks of the whole piece as it stands, without augmentation."""
        onset = np.rint(self.onset).astype(np.int64)
        phase, beat = position_of(self.in_bar)
        whole = rows_of(
            onset,
            self.pitch.astype(np.int64),
            np.rint(self.duration).astype(np.int64),
            self.velocity.astype(np.int64),
            self.pedal.astype(np.int64),
            phase,
            beat,
            STYLES.index(style),
        )
        return whole, onset


def position_of(in_bar: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Phase and beat classes from ticks since the bar line (negative: unknown)."""
    ticks = np.rint(in_bar).astype(np.int64)
    phase = np.where(ticks < 0, PHASE_UNKNOWN, ticks % TICKS_PER_BEAT)
    beat = np.where(ticks < 0, BEAT_UNKNOWN, np.minimum(ticks // TICKS_PER_BEAT, BEAT_UNKNOWN - 1))
    return phase, beat


def read_manifest(corpus: Path) -> list[Source]:
    """The files of a folder laid out like the corpus (see its README): a manifest.csv and the files it names.

    A column `on_beats` (0 or 1) may say what the kind does not: drums played without a beat.
    FileNotFoundError without a manifest, ValueError if it lacks one of the columns path, kind and split.
    """
    manifest = corpus / "manifest.csv"
    if not manifest.is_file():
        raise FileNotFoundError(f"{manifest} does not exist; give a folder laid out like the corpus.")
    # Names of files need not be UTF-8; what is not comes back to the very bytes of the name.
    with manifest.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        rows = csv.DictReader(lines)
        missing = {"path", "kind", "split"} - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"{manifest} lacks the columns {', '.join(sorted(missing))}; add them.")
        return [
            Source(
                path=corpus / row["path"],
                style=row["kind"] if row["kind"] in STYLES else "unknown",
                split=row["split"],
                kind=row["kind"],
                source=row.get("source") or "",
                title=row.get("title") or "",
                composer=row.get("composer") or "",
                licence=row.get("licence") or "",
                has_velocity=row.get("has_velocity", "1") == "1",
                on_beats=row["on_beats"] == "1" if row.get("on_beats") else row["kind"] != "performed",
                has_pedal=row.get("has_pedal", "0") == "1",
                jsb_leak=int(row.get("jsb_leak") or 0),
                group=row.get("group") or "",
            )
            for row in rows
        ]


def load(source: Source) -> Piece:
    """Read and place one file; MidiFileError where it cannot be read or has nothing of its kind."""
    return place(fitting(read_midi_file(source.path), source), source)


def fitting(midi: MidiPiece, source: Source) -> MidiPiece:
    """What of a file is music of its kind: without the drum channel, unless the piece is drums.

    On a keyboard the pitches of drums are wrong notes. MidiFileError where nothing is left.
    """
    if source.kind == "drums":
        return midi
    pitched = midi.notes[:, 4] != DRUM_CHANNEL
    if pitched.all():
        return midi
    if not pitched.any():
        raise MidiFileError(f"{source.path} has drums only, but its kind is {source.kind!r}; correct the kind.")
    return replace(midi, notes=midi.notes[pitched])


def place(midi: MidiPiece, source: Source) -> Piece:
    """The notes of a file on the tick axis; a pitch struck twice at once is one note."""
    notes = midi.notes
    if source.on_beats:
        onset = midi.beats_of(notes[:, 0]) * TICKS_PER_BEAT
        end = midi.beats_of(notes[:, 1]) * TICKS_PER_BEAT
        in_bar = onset - _bar_lines(midi, onset)
    else:
        onset = midi.seconds_of(notes[:, 0]) / NOMINAL_SECONDS_PER_TICK
        end = midi.seconds_of(notes[:, 1]) / NOMINAL_SECONDS_PER_TICK
        in_bar = np.full(len(notes), -1.0)
    order = np.lexsort((-end, notes[:, 2], np.rint(onset)))
    kept = order[np.r_[True, (np.diff(np.rint(onset)[order]) != 0) | (np.diff(notes[order, 2]) != 0)]]
    # A file of type 0 has all its parts in one track, each on a channel.
    by = 5 if np.ptp(notes[:, 5]) else 4
    parts = np.unique(notes[:, by], return_inverse=True)[1]
    pedal = _pedal_at(midi, notes[kept, 0]) if source.has_pedal and len(midi.pedals) else np.zeros(len(kept))
    return Piece(
        onset=onset[kept].astype(np.float32),
        duration=(end - onset)[kept].astype(np.float32),
        pitch=notes[kept, 2].astype(np.uint8),
        velocity=(notes[kept, 3] if source.has_velocity else np.zeros(len(kept))).astype(np.uint8),
        pedal=pedal.astype(np.uint8),
        in_bar=in_bar[kept].astype(np.float32),
        part=np.minimum(parts[kept], 255).astype(np.uint8),
        chord=np.zeros(len(kept), dtype=np.uint8),
    )


def _bar_lines(midi: MidiPiece, onset: NDArray[np.float64]) -> NDArray[np.float64]:
    """The tick of the bar line at or before each onset; four beats a bar until a metre says otherwise."""
    meters = midi.meters or ((0, 4, 4),)
    starts = np.asarray([0 if n == 0 else m[0] for n, m in enumerate(meters)]) * TICKS_PER_BEAT / midi.ticks_per_beat
    lengths = np.asarray([m[1] * 4 / m[2] for m in meters]) * TICKS_PER_BEAT
    segment = np.maximum(np.searchsorted(starts, onset + 1e-6, side="right") - 1, 0)
    bars = np.floor((onset - starts[segment] + 1e-6) / lengths[segment])
    return np.asarray(starts[segment] + bars * lengths[segment])


def _pedal_at(midi: MidiPiece, onset: NDArray[np.int64]) -> NDArray[np.int64]:
    """The `Pedal` at each onset (file ticks, ascending)."""
    times = midi.pedals[:, 0]
    down = midi.pedals[:, 2] >= PEDAL_THRESHOLD
    latest = np.searchsorted(times, onset, side="right") - 1
    is_down = np.where(latest >= 0, down[latest], False)
    pressed = np.where(np.diff(down, prepend=False) & down, np.arange(len(down)), -1)
    last_press = np.maximum.accumulate(pressed)
    press = np.where(latest >= 0, last_press[latest], -1)
    is_fresh = is_down & (press != np.concatenate(([-1], press[:-1])))
    return np.where(is_fresh, Pedal.FRESH, np.where(is_down, Pedal.DOWN, Pedal.UP))

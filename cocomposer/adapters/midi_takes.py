"""A MIDI file as a take: something to be answered, or to be resembled. Knows no window and no jam."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiPiece, is_on_beats, read_midi_file
from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import (
    BEATS_PER_BAR_DEFAULT,
    NOMINAL_BPM,
    NOMINAL_SECONDS_PER_TICK,
    TICKS_PER_BEAT,
)

MOST_NOTES: Final = 5000
"""An hour of playing; of a longer file the beginning is taken."""
DRUMS: Final = 9
"""The channel on which General MIDI's pitches are drums, not notes."""
SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 300.0
_PEDAL_DOWN: Final = 64


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read, and what was not."""

    take: KeptTake
    sentence: str | None
    """What was left out, for the musician; None if nothing was."""


def read_take(path: str | Path, document: Document, on_beats: bool | None = None) -> Imported:
    """The music of a MIDI file as a take for this document, all parts together; MidiFileError if there is none.

    Where its notes lie on the file's beats (which `on_beats` says, or is found out), tempo and metre are those of its
    beginning; else it is laid on ticks by its seconds, as if somebody had played it without a beat. Drums are left out,
    and what is beyond MOST_NOTES.
    """
    piece = read_midi_file(path)
    left_out = []
    wanted = piece.notes[:, 4] != DRUMS
    if wanted.any() and not wanted.all():
        left_out.append("its drums")
    elif not wanted.any():
        wanted[:] = True
    rows = piece.notes[wanted]
    if len(rows) > MOST_NOTES:
        left_out.append(f"all but the first {MOST_NOTES:,} of its {len(rows):,} notes")
        rows = rows[:MOST_NOTES]
    beat_known = is_on_beats(piece) if on_beats is None else on_beats
    first = int(rows[0, 0])
    bpm = 60e6 / [tempo for tick, tempo in piece.tempos if tick <= first][-1]
    if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
        beat_known = False
    if beat_known:
        moments = piece.beats_of(rows[:, :2]) * TICKS_PER_BEAT
    else:
        bpm = NOMINAL_BPM
        moments = piece.seconds_of(rows[:, :2]) / NOMINAL_SECONDS_PER_TICK
        moments -= moments[0, 0]
    ticks = np.rint(moments).astype(np.int64)
    pedals = _pedals(piece, rows[:, 0]) if len(piece.pedals) else [Pedal.UNKNOWN] * len(rows)
    notes = {
        (onset, pitch, channel): Note(onset, pitch, max(1, end - onset), velocity, channel, pedal)
        for (onset, end), (pitch, velocity, channel), pedal in zip(
            ticks.tolist(), rows[:, 2:5].tolist(), pedals, strict=True
        )
    }
    number = document.next_number(TakeKind.IMPORTED)
    take = KeptTake(
        id=f"import:{uuid4().hex}",
        number=number,
        kind=TakeKind.IMPORTED,
        name=Path(path).stem,
        phrase=tuple(sorted(notes.values())),
        answer=(),
        bpm=bpm,
        beat_known=beat_known,
        bar_tick=0,
        beats_per_bar=_beats_per_bar(piece),
        seed=document.settings.seed,
        settings=document.settings,
        created_at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
    )
    sentence = f"{Path(path).name} was imported without {' and '.join(left_out)}." if left_out else None
    return Imported(take, sentence)


def _beats_per_bar(piece: MidiPiece) -> int:
    """Quarter notes in a bar of the file's first metre; what is no whole number of them, or is not told, is usual."""
    if piece.meters:
        _, numerator, denominator = piece.meters[0]
        quarters, rest = divmod(numerator * 4, denominator)
        if not rest and 1 <= quarters <= 16:
            return quarters
    return BEATS_PER_BAR_DEFAULT


def _pedals(piece: MidiPiece, onsets: NDArray[np.int64]) -> list[Pedal]:
    """The sustain pedal at each onset, whichever part works it; a press on the onset itself counts as before it."""
    down, presses = _presses(piece)
    at = np.searchsorted(piece.pedals[:, 0], onsets, side="right")
    found: list[Pedal] = []
    seen = 0
    before: int | None = None
    for onset, place in zip(onsets.tolist(), at.tolist(), strict=True):
        # Of a chord only the first note tells that the pedal was pressed.
        fresh = onset != before and presses[place] > seen
        seen, before = presses[place], onset
        if not down[place]:
            found.append(Pedal.UP)
        else:
            found.append(Pedal.FRESH if fresh else Pedal.DOWN)
    return found


def _presses(piece: MidiPiece) -> tuple[list[bool], list[int]]:
    """Whether the pedal is down, and how often it was pressed, after 0, 1, 2, … of the file's pedal events."""
    down, presses = [False], [0]
    for value in piece.pedals[:, 2].tolist():
        pressed = value >= _PEDAL_DOWN
        presses.append(presses[-1] + (pressed and not down[-1]))
        down.append(pressed)
    return down, presses

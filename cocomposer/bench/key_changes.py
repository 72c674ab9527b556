"""Scored pieces of the corpus with the key signatures that they have from moment to moment. Knows no key finding.

Signatures are printed by people who saw the whole piece: a passage in another key without a change of signature counts
against whoever hears it. Many sources tell no mode, so a key and its relative are one here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, read_midi_file
from cocomposer.bench.keys import SCORED
from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.metre import Metre
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

LEAST_BARS: Final = 8
"""A signature that is shorter is left out with its piece: ornaments of notation."""
MOST_NOTES: Final = 6000


@dataclass(frozen=True, slots=True)
class SignedPiece:
    """A piece and its signatures."""

    name: str
    notes: tuple[Note, ...]
    """In order, without drums."""
    metre: Metre
    signatures: tuple[tuple[int, int], ...]
    """(tick, fifths) of each; the first at 0, no two neighbours alike."""

    @property
    def end_tick(self) -> int:
        """Where the last note ends."""
        return max(note.end_tick for note in self.notes)

    def fifths_at(self, tick: int) -> int:
        """The signature in force."""
        return [fifths for begins, fifths in self.signatures if begins <= tick][-1]


def pieces_with_signatures(corpus: Path, split: str, most: int, changing: bool, seed: int = 1) -> Iterator[SignedPiece]:
    """Up to `most` pieces in seeded random order, those whose signature changes or those whose does not.

    OSError if there is no manifest.
    """
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as lines:
        paths = [row["path"] for row in csv.DictReader(lines) if row["split"] == split and row["kind"] in SCORED]
    found = 0
    for number in np.random.default_rng(seed).permutation(len(paths)).tolist():
        if found >= most:
            return
        try:
            piece = read_midi_file(corpus / paths[number])
        except MidiFileError:
            continue
        signatures = _signatures(piece)
        if (len(signatures) > 1) != changing or not signatures:
            continue
        signed = _signed(Path(paths[number]).stem, piece, signatures)
        if signed is not None:
            found += 1
            yield signed


def _signatures(piece: MidiPiece) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for tick, fifths, _ in piece.key_signatures:
        at = round(tick * TICKS_PER_BEAT / piece.ticks_per_beat)
        if found and found[-1][0] == at:
            found.pop()
        if not found or found[-1][1] != fifths:
            found.append((at, fifths))
    return tuple(found) if found and found[0][0] == 0 else ()


def _signed(name: str, piece: MidiPiece, signatures: tuple[tuple[int, int], ...]) -> SignedPiece | None:
    scale = TICKS_PER_BEAT / piece.ticks_per_beat
    notes = tuple(
        sorted(
            Note(round(onset * scale), pitch, max(1, round((end - onset) * scale)), velocity, channel)
            for onset, end, pitch, velocity, channel, _ in piece.notes.tolist()
            if channel != DRUM_CHANNEL
        )
    )[:MOST_NOTES]
    _, numerator, denominator = piece.meters[0] if piece.meters else (0, 4, 4)
    metre = Metre(max(1, round(4 * numerator / denominator)))
    if not notes:
        return None
    heard = tuple(signature for signature in signatures if signature[0] < notes[-1].onset_tick)
    edges = [*(tick for tick, _ in heard), max(note.end_tick for note in notes)]
    least = LEAST_BARS * metre.ticks_per_bar
    if any(later - earlier < least for earlier, later in pairwise(edges)):
        return None
    return SignedPiece(name, notes, metre, heard)

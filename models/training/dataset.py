"""Endless, seeded batches of augmented crops from packed pieces. Knows the arrays, not the network.

What a crop may meet, so that live playing is nothing new: another key, another speed, a player who
is not on the grid, a score heard without its beat, one hand alone, loud or soft touch, no dynamics, chords
that are known or not or from some moment on, and notes of which it is said whose they are.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows, rows_of
from cocomposer.events.layout import (
    BEAT_UNKNOWN,
    COLUMNS,
    PART_UNKNOWN,
    PARTS,
    STYLES,
    fingerprint,
)
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.chord_labels import NO_CHORD, qualities_of, roots_of
from models.training.pieces import Piece, position_of

DRUMS = STYLES.index("drums")
UNKNOWN = STYLES.index("unknown")


@dataclass(frozen=True)
class Mixture:
    """Shares of the sources in a batch, and how often each augmentation happens (probabilities 0–1)."""

    weights: dict[str, float] = field(default_factory=dict)
    """Share of each source; a source not named here takes no part unless the table is empty."""
    transpose: tuple[int, int] = (-6, 6)
    free_scores: float = 0.2
    """A score heard at a random tempo, loosely, without its beat."""
    loose_scores: float = 0.3
    """A score played loosely on the beat."""
    lose_bar: float = 0.15
    lose_style: float = 0.3
    lose_velocity: float = 0.1
    lose_pedal: float = 0.15
    some_parts: float = 0.25
    lose_chords: float = 0.6
    """No chord is known in the crop."""
    late_chords: float = 0.2
    """Chords are known from some note on: a phrase without, and an answer with."""
    name_parts: float = 0.3
    """It is said whose the notes are: those of some staves, or those before some note, are theirs, the others mine."""
    leave_out_jsb: bool = True


@dataclass(frozen=True, slots=True)
class Packed:
    """One packed split (see `prepare`)."""

    piece: Piece
    starts: NDArray[np.int64]
    style: NDArray[np.uint8]
    source: NDArray[np.str_]
    jsb_leak: NDArray[np.uint8]

    @classmethod
    def open(cls, path: Path) -> "Packed":
        """Read a packed split; ValueError if it was made for another vocabulary."""
        with np.load(path) as arrays:
            if str(arrays["fingerprint"]) != fingerprint():
                raise ValueError(f"{path} was packed for another vocabulary; run models.training.prepare again.")
            piece = Piece(*(arrays[name] for name in Piece.__dataclass_fields__))
            return cls(piece, arrays["starts"], arrays["style"], arrays["source"], arrays["jsb_leak"])

    def __len__(self) -> int:
        return len(self.style)

    def cut(self, start: int, end: int) -> Piece:
        """The notes [start, end) of the whole pack."""
        return Piece(*(getattr(self.piece, name)[start:end] for name in Piece.__dataclass_fields__))


def piece_weights(packed: Packed, mixture: Mixture) -> NDArray[np.float64]:
    """Probability of each piece: its source's share, spread within the source by length."""
    lengths = np.diff(packed.starts).astype(np.float64)
    weights = np.zeros(len(packed))
    shares = mixture.weights or {str(s): float(lengths[packed.source == s].sum()) for s in np.unique(packed.source)}
    for source, share in shares.items():
        mine = packed.source == source
        if mixture.leave_out_jsb:
            mine &= packed.jsb_leak != 1
        if mine.any():
            weights[mine] = share * lengths[mine] / lengths[mine].sum()
    if weights.sum() <= 0:
        raise ValueError("None of the mixture's sources is in the packed files.")
    return np.asarray(weights / weights.sum())


def crop(packed: Packed, number: int, length: int, mixture: Mixture, rng: np.random.Generator) -> tuple[Piece, int]:
    """A random stretch of `length` notes of piece `number` (shorter where the piece is), and its style."""
    begin, end = int(packed.starts[number]), int(packed.starts[number + 1])
    style = int(packed.style[number])
    reach = length
    parts = packed.piece.part[begin:end]
    choose = style != DRUMS and parts.max() > 0 and rng.random() < mixture.some_parts
    if choose:
        names = np.unique(parts)
        chosen = rng.permutation(names)[: rng.integers(1, len(names))]
        reach = min(end - begin, length * len(names))
    start = begin + int(rng.integers(0, max(1, end - begin - reach + 1)))
    piece = packed.cut(start, min(end, start + reach))
    if choose:
        mine = np.isin(piece.part, chosen)
        if mine.sum() >= min(length, 64):
            piece = Piece(*(getattr(piece, name)[mine] for name in Piece.__dataclass_fields__))
    return Piece(*(getattr(piece, name)[:length] for name in Piece.__dataclass_fields__)), style


def augment(piece: Piece, style: int, mixture: Mixture, rng: np.random.Generator) -> tuple[Rows, NDArray[np.int64]]:
    """Rows and onset ticks of a crop as some player might have played it."""
    onset = (piece.onset - piece.onset[0]).astype(np.float64)
    duration = piece.duration.astype(np.float64)
    in_bar = piece.in_bar.astype(np.float64)
    pitch = piece.pitch.astype(np.int64)
    velocity = piece.velocity.astype(np.int64)
    pedal = piece.pedal.astype(np.int64)
    known = bool(in_bar[0] >= 0)
    looseness = 0.0
    if not known:
        speed = np.exp(rng.uniform(np.log(0.75), np.log(1.33)))
        onset, duration = onset * speed, duration * speed
    else:
        luck = rng.random()
        if luck < mixture.free_scores:
            # A beat of 120 BPM has 48 free ticks; the player's tempo stretches it.
            speed = np.exp(rng.uniform(np.log(120 / 160), np.log(120 / 60)))
            onset, duration, in_bar = onset * speed, duration * speed, np.full_like(in_bar, -1)
            looseness = rng.uniform(0.3, 2.0)
        elif luck < mixture.free_scores + mixture.loose_scores:
            looseness = rng.uniform(0.3, 1.6)
    if looseness:
        early = rng.normal(0, looseness, len(onset))
        onset = onset + early
        duration = duration * np.exp(rng.normal(np.log(rng.uniform(0.6, 1.05)), 0.08, len(onset)))
        # A note before the bar line lies at the end of the bar before; its length is the crop's longest.
        bar = max(1.0, np.ceil((in_bar.max() + 1) / TICKS_PER_BEAT)) * TICKS_PER_BEAT
        in_bar = np.where(in_bar >= 0, (in_bar + early) % bar, in_bar)
    shift = 0
    if style != DRUMS:
        low, high = mixture.transpose
        low, high = max(low, 21 - int(pitch.min())), min(high, 108 - int(pitch.max()))
        shift = int(rng.integers(low, high + 1) if low <= high else 0)
    pitch = pitch + shift
    if rng.random() < mixture.lose_velocity:
        velocity = np.zeros_like(velocity)
    elif velocity.any():
        factor, offset = rng.uniform(0.85, 1.15), rng.uniform(-12, 12)
        noise = rng.normal(0, 4, len(velocity)) if looseness else 0
        velocity = np.where(velocity > 0, np.clip(np.rint(velocity * factor + offset + noise), 1, 127), 0).astype(int)
    if rng.random() < mixture.lose_pedal:
        pedal = np.zeros_like(pedal)
    if rng.random() < mixture.lose_style and style != DRUMS:
        style = UNKNOWN
    chord = known_chords(piece, mixture, rng)
    part = whose(piece, style, rng) if rng.random() < mixture.name_parts else np.full(len(onset), PART_UNKNOWN)
    ticks = np.rint(onset).astype(np.int64)
    order = np.lexsort((pitch, ticks))
    phase, beat = position_of(in_bar[order].astype(np.float32))
    if rng.random() < mixture.lose_bar:
        beat = np.full_like(beat, BEAT_UNKNOWN)
    ticks = ticks[order]
    rows = rows_of(
        ticks,
        pitch[order],
        np.rint(duration[order]).astype(np.int64),
        velocity[order],
        pedal[order],
        phase,
        beat,
        style,
        roots_of(chord, shift)[order],
        qualities_of(chord)[order],
        part[order],
    )
    return rows, ticks - ticks[0]


def known_chords(piece: Piece, mixture: Mixture, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The piece's chord labels [notes], all, none, or those from some note on."""
    luck = rng.random()
    if luck < mixture.lose_chords:
        return np.full_like(piece.chord, NO_CHORD)
    begin = rng.integers(len(piece)) if luck < mixture.lose_chords + mixture.late_chords else 0
    return np.where(np.arange(len(piece)) < begin, NO_CHORD, piece.chord)


def whose(piece: Piece, style: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Part classes [notes]: some staves are theirs, or all before some note."""
    staves = np.unique(piece.part)
    if style == DRUMS or len(staves) < 2 or rng.random() < 0.3:
        theirs = np.arange(len(piece)) < rng.integers(len(piece))
    else:
        theirs = np.isin(piece.part, rng.permutation(staves)[: rng.integers(1, len(staves))])
    return np.where(theirs, PARTS.index("theirs"), PARTS.index("mine"))


class Batches:
    """Batches without end; the n-th batch of a seed is always the same."""

    def __init__(self, packed: Packed, mixture: Mixture, length: int, size: int, seed: int) -> None:
        self.packed, self.mixture, self.length, self.size, self.seed = packed, mixture, length, size, seed
        self.cumulative = np.cumsum(piece_weights(packed, mixture))

    def batch(self, number: int) -> tuple[Rows, NDArray[np.int64], NDArray[np.bool_]]:
        """Rows [size, length, COLUMNS], ticks [size, length] and which rows are music (not padding)."""
        rng = np.random.default_rng((self.seed, number))
        rows = np.zeros((self.size, self.length, len(COLUMNS)), dtype=np.int64)
        ticks = np.zeros((self.size, self.length), dtype=np.int64)
        music = np.zeros((self.size, self.length), dtype=np.bool_)
        for place in range(self.size):
            filled = 0
            while filled < self.length:
                # A short piece is followed by another; the first note of a piece is no target.
                chosen = int(np.searchsorted(self.cumulative, rng.random() * self.cumulative[-1], side="right"))
                piece, style = crop(self.packed, chosen, self.length, self.mixture, rng)
                new, onset = augment(piece, style, self.mixture, rng)
                count = min(len(new), self.length - filled)
                if filled and count < 32:
                    break
                rows[place, filled : filled + count] = new[:count]
                base = ticks[place, filled - 1] + 4 * TICKS_PER_BEAT if filled else 0
                ticks[place, filled : filled + count] = base + onset[:count]
                music[place, filled + 1 : filled + count] = True
                filled += count
        return rows, ticks, music

"""How well each chord fits what a melody does while it sounds: log-likelihoods learnt from lead sheets.

A part of a note is drawn from its chord: so often such a note is so many semitones above the root of such a chord
(`fit_counts`). Long notes say more than short ones. Where more than a melody sounds, the chords that are recognised in
it all speak too. Knows no key and no order of chords.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.evidence import NO_PITCH, evidence_of
from cocomposer.harmony.harmonising.fit_counts import COUNTS
from cocomposer.harmony.harmonising.melody import Kind, parts_of
from cocomposer.harmony.harmonising.slots import Slots
from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, chord_of, token_of
from cocomposer.harmony.recognition import CHORDS, NO_BASS, PASSAGE, chord_at, chord_scores
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRIOR: Final = 40.0
"""Notes that each row of counts is mixed with: chord tones as often as over all chords, and all of them alike."""
LENGTH_POWER: Final = 0.5
"""A note four times as long says twice as much."""
TEXTURE: Final = 15.0
"""Nats for a beat in which the scores of two recognised chords differ by 1."""


def _log_likelihoods() -> Floats:
    """[classes, kinds, 12] of a note so many semitones above the root."""
    counts = np.array([COUNTS[name] for name in CLASSES], np.float64)
    tones = np.zeros((len(CLASSES), PITCH_CLASSES))
    for number in range(len(CLASSES)):
        tones[number, sorted(chord_of(number, 0).pitch_classes)] = 1
    chosen = (counts * tones[:, None]).sum(axis=(0, 2)) / counts.sum(axis=(0, 2))
    own, foreign = tones / tones.sum(axis=1, keepdims=True), (1 - tones) / (1 - tones).sum(axis=1, keepdims=True)
    prior = chosen[None, :, None] * own[:, None] + (1 - chosen)[None, :, None] * foreign[:, None]
    mixed = counts + PRIOR * prior
    return np.asarray(np.log(mixed / mixed.sum(axis=2, keepdims=True)))


def _by_pitch_class() -> Floats:
    """[kinds, 12, TOKENS] of a pitch class, counted from the tonic, over each chord."""
    by_class = _log_likelihoods()
    table = np.zeros((len(Kind), PITCH_CLASSES, TOKENS))
    for token in range(TOKENS):
        root, number = divmod(token, len(CLASSES))
        table[:, :, token] = np.roll(by_class[number], root, axis=1)
    return table


_TABLE: Final = _by_pitch_class()
_TOKEN_OF_COLUMN: Final = np.array([token_of(chord_at(number, None), 0) for number in range(len(CHORDS))])


def melody_fit(melody: Sequence[Note], slots: Slots, tonic: int, weight: float = 1.0) -> Floats:
    """[slots, TOKENS] log-likelihood of the melody in each slot given each chord of a key; 0 where it rests.

    `weight`: what a note that lasts a beat says.
    """
    fit = np.zeros((len(slots), TOKENS))
    for part in parts_of(melody, slots):
        # By the whole note, so that it does not matter into how many slots it is cut.
        worth = weight * part.note_beats**LENGTH_POWER * part.beats / part.note_beats
        fit[part.slot] += worth * _TABLE[part.kind, (part.pitch_class - tonic) % PITCH_CLASSES]
    return fit


def texture_fit(notes: Sequence[Note], slots: Slots, tonic: int) -> tuple[Floats, Integers]:
    """What all that sounds says of each chord: ([slots, TOKENS] in nats, the best column of `recognition.CHORDS`)."""
    pitched = [note for note in notes if note.channel != DRUM_CHANNEL]
    heard = evidence_of(pitched, slots.edges)
    first, low = (
        np.where(pitches == NO_PITCH, NO_BASS, pitches % PITCH_CLASSES)
        for pitches in (heard.first_lowest, heard.lowest)
    )
    scores = chord_scores(heard.weights, first, low, PASSAGE).astype(np.float64)
    tokens = (_TOKEN_OF_COLUMN - tonic * len(CLASSES)) % TOKENS
    fit = np.full((len(slots), TOKENS), -np.inf)
    columns = np.zeros((len(slots), TOKENS), np.int64)
    for token in range(TOKENS):
        own = np.flatnonzero(tokens == token)
        best = scores[:, own].argmax(axis=1)
        columns[:, token] = own[best]
        fit[:, token] = scores[np.arange(len(slots)), own[best]]
    fit -= fit.max(axis=1, keepdims=True)
    beats = np.diff(slots.edges) / TICKS_PER_BEAT
    return TEXTURE * beats[:, None] * fit, columns


def chord_tone_share(melody: Sequence[Note], slots: Slots, tones: Sequence[frozenset[int]]) -> float:
    """Share of the melody's time in the slots that is a tone of the chord there; 0 without a melody."""
    inside = total = 0.0
    for part in parts_of(melody, slots):
        total += part.beats
        inside += part.beats * (part.pitch_class in tones[part.slot])
    return inside / total if total else 0.0

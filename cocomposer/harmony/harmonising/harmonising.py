"""Harmonise a melody or a whole phrase, in several ways, and reharmonise one that has chords already.

What speaks for a chord: the notes it sounds with, the network's word on what comes after what, where chords change, a
close on the tonic, and what the player asks: chords that stay, a cadence, surprise, distance from chords that are
there. Of a phrase with chords of its own the highest line is the melody, and all that sounds speaks. Knows no files.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.harmonising.fitting import chord_tone_share, melody_fit, texture_fit
from cocomposer.harmony.harmonising.melody import is_single_line, top_line
from cocomposer.harmony.harmonising.search import (
    FITTED,
    Found,
    Task,
    Taste,
    Weights,
    likelihood,
    pair_table,
    search_stepwise,
)
from cocomposer.harmony.harmonising.slots import Bars, Per, Slots, slots_of
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_finding import DRUM_CHANNEL, KEYS, key_probabilities, weights_of
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.filling import Ending, ending_of
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.song import Metre
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, chord_of, token_of
from cocomposer.harmony.recognition import chord_at
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST: Final = 8
"""Different harmonisations of one melody."""
SURPRISE_BITS: Final = 4.0
"""At the far end of the player's control. Every chord is meant, so it is less than where one is suggested."""
AWAY_NATS: Final = 2.0
"""What a beat of the chord that was there costs at the far end of the player's control."""
OTHER_NATS: Final = 0.5
"""What a beat of the chord costs that an earlier harmonisation has there."""
ENDS_AT_HOME, IS_AT_HOME = 0.829, 0.376
"""Share of last chords, and of all time, on the tonic: OpenEWLD, train split (`models.training.chords.melody_fit`)."""
_LIKE_ROOT: Final = 0.7
_KEYS_TRIED: Final = 3
_KEY_LEAST: Final = 0.05
_TRIES: Final = 4


class NoMelody(ValueError):
    """There is nothing to harmonise; one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the player asks for."""

    count: int = 1
    """So many different harmonisations, at most."""
    key: Key | None = None
    """None: whichever explains melody and chords best."""
    per: Per = Per.BEAT
    """How often chords may change; how often they do is as people do, there."""
    style: SongStyle = SongStyle.ANY
    surprise: float = 0.0
    """0 the likeliest chords, 1 the most surprising."""
    memory: float = 1.0
    """How much what was harmonised so far counts for what comes; 0 forgets it."""
    ending: Ending | None = None
    """None: it mostly closes on the tonic, if the melody lets it."""
    kept: tuple[ChordSpan, ...] = ()
    """Chords that stay where they are."""
    given: tuple[ChordSpan, ...] = ()
    """Chords that are there already, to be replaced."""
    away: float = 0.0
    """How far from those it shall go: 0 not at all, 1 as far as the melody allows."""
    weights: Weights = FITTED


@dataclass(frozen=True, slots=True)
class Harmonisation:
    """Chords for a melody."""

    spans: tuple[ChordSpan, ...]
    """In order and without gaps; no two neighbours are alike."""
    key: Key
    key_confidence: float | None
    """None where the key was given."""
    nats: float
    """How good the search finds it; comparable between ways to harmonise the same notes with the same wishes."""
    chord_tones: float
    """Share of the melody's time that is a tone of the chord under it."""
    differs: float | None
    """Share of time with another chord than the given ones; None if none were given."""


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """What is harmonised."""

    notes: tuple[Note, ...]
    melody: tuple[Note, ...]
    slots: Slots
    metre: Metre
    is_single: bool


def harmonise(
    notes: Sequence[Note], bars: Bars, network: ChordScores, wishes: Wishes | None = None
) -> tuple[Harmonisation, ...]:
    """Chords for the notes, best first; at least one way, and no two alike. NoMelody where nothing sounds."""
    steps = harmonise_stepwise(notes, bars, network, wishes or Wishes())
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: tuple[Harmonisation, ...] = done.value
            return found


def harmonise_stepwise(
    notes: Sequence[Note], bars: Bars, network: ChordScores, wishes: Wishes
) -> Generator[None, None, tuple[Harmonisation, ...]]:
    """The same in steps, so that whoever takes them can do what is more urgent between two."""
    if not 1 <= wishes.count <= MOST:
        raise ValueError(f"from 1 to {MOST} harmonisations can be made at once")
    heard = _heard(notes, bars, wishes)
    # What surprises is not what most ways have in common.
    weights = replace(wishes.weights, belief=wishes.weights.belief * (1 - wishes.surprise))
    taste = Taste(wishes.style, wishes.surprise * SURPRISE_BITS, wishes.memory, weights)
    key, confidence, task, pairs = yield from _best_key(heard, network, taste, wishes)
    results: list[Harmonisation] = []
    cost = np.zeros((len(heard.slots), TOKENS))
    for _ in range(wishes.count):
        for attempt in range(_TRIES):
            asked = replace(task, evidence=task.evidence - cost * 2.0**attempt)
            found = yield from search_stepwise(asked, network, taste, pairs)
            spans = _spans(heard, found, key, wishes)
            if all(spans != earlier.spans for earlier in results):
                break
        else:
            break
        tones = [_chord_tones(spans, tick) for tick in heard.slots.edges[:-1]]
        results.append(
            Harmonisation(
                spans,
                key,
                confidence,
                found.nats,
                chord_tone_share(heard.melody, heard.slots, tones),
                _difference(spans, wishes.given),
            )
        )
        cost += OTHER_NATS * _likeness(spans, heard.slots, key)
    return tuple(results)


def _heard(notes: Sequence[Note], bars: Bars, wishes: Wishes) -> _Heard:
    pitched = tuple(sorted(note for note in notes if note.channel != DRUM_CHANNEL))
    if not pitched:
        raise NoMelody("There is no melody to harmonise; play or choose something with pitched notes.")
    melody = top_line(pitched)
    edges = [tick for span in wishes.kept for tick in (span.tick, span.end_tick)]
    start = min(pitched[0].onset_tick, *edges) if edges else pitched[0].onset_tick
    end = max(note.end_tick for note in pitched)
    slots = slots_of(start, max([end, *edges]), bars, wishes.per, edges)
    metre = Metre(bars.beats, bars.origin / TICKS_PER_BEAT)
    return _Heard(pitched, melody, slots, metre, is_single_line(pitched, melody))


def _best_key(
    heard: _Heard, network: ChordScores, taste: Taste, wishes: Wishes
) -> Generator[None, None, tuple[Key, float | None, Task, Floats]]:
    """The key in which melody and chords are explained best together, among those that fit the notes."""
    if wishes.key is not None:
        return wishes.key, None, _task(heard, wishes.key, wishes), pair_table(network, wishes.key, heard.metre, taste)
    shares = key_probabilities(weights_of(heard.notes))
    likeliest = np.argsort(-shares, kind="stable")[:_KEYS_TRIED].tolist()
    tried = [number for number in likeliest if shares[number] >= _KEY_LEAST] or likeliest[:1]
    # Pairs are relative to the tonic: one table serves all keys of a mode.
    tables = {}
    for mode in dict.fromkeys(KEYS[number].mode for number in tried):
        yield
        tables[mode] = pair_table(network, Key(0, mode), heard.metre, taste)
    tasks = [_task(heard, KEYS[number], wishes) for number in tried]
    nats = np.log(shares[tried])
    for place, task in enumerate(tasks):
        yield
        nats[place] += likelihood(task, network, taste, tables[task.key.mode])
    odds = np.exp(nats - nats.max())
    best = int(nats.argmax())
    return tasks[best].key, float(odds[best] / odds.sum()), tasks[best], tables[tasks[best].key.mode]


def _task(heard: _Heard, key: Key, wishes: Wishes) -> Task:
    slots = heard.slots
    evidence = melody_fit(heard.melody, slots, key.tonic, wishes.weights.melody)
    if not heard.is_single and not wishes.away:
        evidence += texture_fit(heard.notes, slots, key.tonic)[0]
    if wishes.away:
        evidence -= wishes.away * AWAY_NATS * _likeness(wishes.given, slots, key)
    if wishes.ending is not None:
        _end_so(evidence, heard, key, wishes.ending)
    for slot, chord in enumerate(_chords_at(wishes.kept, slots)):
        if chord is not None:
            token = token_of(chord, key.tonic)
            evidence[slot] = np.where(np.arange(TOKENS) == token, 0.0, -np.inf)
    at_home = np.arange(TOKENS) // len(CLASSES) == 0
    closes = np.where(at_home, ENDS_AT_HOME / IS_AT_HOME, (1 - ENDS_AT_HOME) / (1 - IS_AT_HOME))
    return Task(slots, heard.metre, key, evidence, np.log(closes))


def _end_so(evidence: Floats, heard: _Heard, key: Key, ending: Ending) -> None:
    """Allow only the chords of a cadence at the end: its last one comes with the last note of the melody."""
    before, last = ending_of(ending, key.mode)
    arrives = max(heard.slots.at(heard.melody[-1].onset_tick), min(1, len(heard.slots) - 1))
    for slots, allowed in ((range(arrives, len(heard.slots)), last), (range(max(arrives - 1, 0), arrives), before)):
        barred = np.array([token not in allowed for token in range(TOKENS)])
        for slot in slots:
            evidence[slot, barred] = -np.inf


def _chords_at(spans: Sequence[ChordSpan], slots: Slots) -> list[Chord | None]:
    """What each slot has of chords: the one that sounds when it begins."""
    return [
        next((span.chord for span in spans if span.tick <= tick < span.end_tick), None) for tick in slots.edges[:-1]
    ]


def _likeness(spans: Sequence[ChordSpan], slots: Slots, key: Key) -> Floats:
    """[slots, TOKENS] beats in which a chord would be what is there, or nearly."""
    likeness = np.zeros((len(slots), TOKENS))
    for slot in range(len(slots)):
        begins, ends = slots.edges[slot : slot + 2]
        for span in spans:
            ticks = min(span.end_tick, ends) - max(span.tick, begins)
            if span.chord is not None and ticks > 0:
                likeness[slot] += ticks / TICKS_PER_BEAT * _ALIKE[token_of(span.chord, key.tonic)]
    return likeness


def _alike() -> Floats:
    """[TOKENS, TOKENS] 1 for the same chord, less for one of the same root or with tones in common."""
    tones = [chord_of(token, 0).pitch_classes for token in range(TOKENS)]
    shared = np.array([[len(one & other) / len(one | other) for other in tones] for one in tones])
    roots = np.arange(TOKENS) // len(CLASSES)
    return np.asarray(np.maximum(shared, _LIKE_ROOT * (roots[:, None] == roots[None, :])))


_ALIKE: Final = _alike()


def _spans(heard: _Heard, found: Found, key: Key, wishes: Wishes) -> tuple[ChordSpan, ...]:
    """The chords found; kept ones as they were given, and those of a full texture as they are recognised in it."""
    chords = [chord_of(token, key.tonic) for token in found.tokens]
    if not heard.is_single and not wishes.away:
        _, columns = texture_fit(heard.notes, heard.slots, key.tonic)
        chords = [_named(chord_at(int(columns[slot, token]), None), chords[slot])
                  for slot, token in enumerate(found.tokens)]  # fmt: skip
    kept = _chords_at(wishes.kept, heard.slots)
    spans: list[ChordSpan] = []
    edges = heard.slots.edges
    for slot, found_there in enumerate(chords):
        chord = kept[slot] or found_there
        if spans and spans[-1].chord == chord:
            spans[-1] = replace(spans[-1], end_tick=edges[slot + 1])
        else:
            spans.append(ChordSpan(edges[slot], edges[slot + 1], chord))
    return tuple(spans)


def _named(recognised: Chord, plain: Chord) -> Chord:
    """The chord as it is heard, unless that name says less than the class does: a power chord."""
    return plain if len(recognised.template.semitones) < len(plain.template.semitones) else recognised


def _chord_tones(spans: Sequence[ChordSpan], tick: int) -> frozenset[int]:
    return next(
        (span.chord.pitch_classes for span in spans if span.tick <= tick < span.end_tick and span.chord), frozenset()
    )


def _difference(spans: Sequence[ChordSpan], given: Sequence[ChordSpan]) -> float | None:
    """Share of the time of given chords in which another class of chord or another root is found."""
    other = total = 0
    for found in spans:
        for span in given:
            ticks = min(span.end_tick, found.end_tick) - max(span.tick, found.tick)
            if ticks > 0 and span.chord is not None and found.chord is not None:
                total += ticks
                other += ticks * (token_of(span.chord, 0) != token_of(found.chord, 0))
    return other / total if total else None

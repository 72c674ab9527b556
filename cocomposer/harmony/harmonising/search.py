"""The best chords for a row of slots: what fits in each, what follows what, and where changes are likely, together.

Two passes. Backwards, exact dynamic programming over all chords with what the network says of pairs of chords: how well
the rest can go from each chord on, so that a cadence or a given chord is prepared long before. Forwards, a beam in
which the network judges each change with all chords before it and with the memory of the song, led by those totals.
Knows no melody: it is given what speaks for each chord.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.harmonising.slots import Slots
from cocomposer.harmony.key import Key
from cocomposer.harmony.progressions.foretelling import ChordScores, SongSoFar, SongStyle, foretell, so_far
from cocomposer.harmony.progressions.song import Metre, song_of
from cocomposer.harmony.progressions.vocabulary import TOKENS
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]

WIDTH: Final = 8
"""Ways that are kept at each slot."""
_BRANCHES: Final = 6
"""Changes that are tried on each of them."""
MARGIN: Final = 7.0
"""A way whose best change promises so many nats less than the best way of all is not judged by the network."""
LOOKED_BACK_ON: Final = 24
_LONGEST: Final = 40
"""Chords of a way; where they are more, it is judged by its last LOOKED_BACK_ON."""
_LEAST: Final = 1e-9
_IMPOSSIBLE: Final = -1e9


@dataclass(frozen=True, slots=True)
class Taste:
    """How the network's word is taken."""

    style: SongStyle = SongStyle.ANY
    bits: float = 0.0
    """0: the likelier a chord, the better; n: those are best whose probability is nearest to 2^-n."""
    memory: float = 1.0
    """How much the song's own past counts."""

    def worth(self, probabilities: Floats) -> Floats:
        """Nats of chords that come with these probabilities."""
        nats = np.log(np.maximum(probabilities, _LEAST))
        if self.bits <= 0:
            return np.asarray(nats)
        aim = self.bits * math.log(2)
        return np.asarray(-np.abs(nats + aim))


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is searched."""

    slots: Slots
    metre: Metre
    key: Key
    evidence: Floats
    """[slots, TOKENS] nats for each chord of the key; -inf where it may not be."""
    ending: Floats
    """[TOKENS] nats for each chord as the last one."""


@dataclass(frozen=True, slots=True)
class Found:
    """One way through all slots."""

    tokens: tuple[int, ...]
    """One for each slot; equal neighbours are one chord."""
    nats: float


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    closed: SongSoFar
    """The chords before the one that sounds."""
    current: int
    since: int
    """Slot in which it began."""
    tokens: tuple[int, ...]
    nats: float

    def song(self, slots: Slots, slot: int) -> SongSoFar:
        return self.closed.then(self.current, slots.beats(self.since, slot))


def readiness(probability: float) -> tuple[float, float]:
    """Nats for changing the chord, and for keeping it, where it changes with this probability."""
    return math.log(probability), math.log1p(-probability)


def pair_table(network: ChordScores, key: Key, metre: Metre, taste: Taste) -> Floats:
    """[TOKENS, TOKENS] worth of each chord after each other one that lasted a bar, with nothing before it."""
    empty = so_far(song_of((), 0.0, (metre,), key.tonic))
    after = foretell(
        network,
        [empty.then(token, metre.beats_per_bar) for token in range(TOKENS)],
        taste.style,
        key.mode,
        taste.memory,
    )
    table = taste.worth(np.stack([mixture.probabilities for mixture in after]))
    np.fill_diagonal(table, _IMPOSSIBLE)
    return table


def search(task: Task, network: ChordScores, taste: Taste, pairs: Floats) -> Found:
    """The best way that the beam finds; ValueError if some slot allows no chord."""
    evidence = np.maximum(task.evidence, _IMPOSSIBLE)
    if (evidence.max(axis=1) <= _IMPOSSIBLE).any():
        raise ValueError("a slot allows no chord")
    rest = _rest_totals(task, evidence, pairs)
    ways = _begun(task, network, taste, evidence, rest)
    for slot in range(1, len(task.slots)):
        ways = _extended(task, network, taste, evidence, rest, pairs, ways, slot)
    best = max(ways, key=lambda way: way.nats + task.ending[way.current])
    return Found(best.tokens, best.nats + float(task.ending[best.current]))


def promise(task: Task, pairs: Floats) -> float:
    """How well it can go by the pairs of chords alone, the first of them free."""
    evidence = np.maximum(task.evidence, _IMPOSSIBLE)
    return float((evidence[0] + _rest_totals(task, evidence, pairs)[1]).max())


def _rest_totals(task: Task, evidence: Floats, pairs: Floats) -> Floats:
    """[slots + 1, TOKENS] how well the slots from each on can go after each chord."""
    count = len(task.slots)
    rest = np.zeros((count + 1, TOKENS))
    rest[count] = task.ending
    for slot in range(count - 1, 0, -1):
        change, hold = readiness(task.slots.changes[slot])
        onward = evidence[slot] + rest[slot + 1]
        rest[slot] = np.maximum(hold + onward, change + (pairs + onward[None, :]).max(axis=1))
    return rest


def _begun(task: Task, network: ChordScores, taste: Taste, evidence: Floats, rest: Floats) -> list[_Way]:
    empty = so_far(song_of((), task.slots.edges[0] / TICKS_PER_BEAT, (task.metre,), task.key.tonic))
    (mixture,) = foretell(network, [empty], taste.style, task.key.mode, taste.memory)
    nats = taste.worth(mixture.probabilities) + evidence[0]
    order = np.argsort(-(nats + rest[1]), kind="stable")[:WIDTH].tolist()
    return [_Way(empty, token, 0, (token,), float(nats[token])) for token in order]


def _extended(
    task: Task, network: ChordScores, taste: Taste, evidence: Floats, rest: Floats, pairs: Floats,
    ways: Sequence[_Way], slot: int,
) -> list[_Way]:  # fmt: skip
    """The best ways that are one slot longer: each may keep its chord or change it."""
    change, hold = readiness(task.slots.changes[slot])
    onward = evidence[slot] + rest[slot + 1]
    held = [way.nats + hold + float(evidence[slot, way.current]) for way in ways]
    kept = [total + float(rest[slot + 1, way.current]) for way, total in zip(ways, held, strict=True)]
    promised = [way.nats + change + float((pairs[way.current] + onward).max()) for way in ways]
    worst = max(*kept, *promised) - MARGIN
    asked = [way for way, promise in zip(ways, promised, strict=True) if promise > worst]
    songs = [way.song(task.slots, slot) for way in asked]
    told = foretell(network, songs, taste.style, task.key.mode, taste.memory) if songs else []
    steps: list[tuple[float, float, _Way, int, SongSoFar | None]] = [
        (promise, total, way, way.current, None) for way, total, promise in zip(ways, held, kept, strict=True)
    ]
    for way, song, mixture in zip(asked, songs, told, strict=True):
        nats = way.nats + change + taste.worth(mixture.probabilities) + evidence[slot]
        nats[way.current] = _IMPOSSIBLE
        promises = nats + rest[slot + 1]
        for token in np.argsort(-promises, kind="stable")[:_BRANCHES].tolist():
            steps.append((float(promises[token]), float(nats[token]), way, token, song))
    steps.sort(key=lambda step: -step[0])
    found: dict[tuple[int, int, int], _Way] = {}
    for _, total, way, token, changed in steps:
        since = way.since if changed is None else slot
        before = way.closed.song.before[-1] if changed is None else way.current
        # What goes on alike from here is tried once: its best past is as good as any.
        alike = (int(before), token, since)
        if alike not in found:
            closed = way.closed if changed is None else _recent(changed)
            found[alike] = _Way(closed, token, since, (*way.tokens, token), total)
            if len(found) == WIDTH:
                break
    return list(found.values())


def _recent(song: SongSoFar) -> SongSoFar:
    return song if len(song.song) <= _LONGEST else so_far(song.song.last(LOOKED_BACK_ON))

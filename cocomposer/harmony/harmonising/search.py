"""The best chords for a row of slots: what fits in each, what follows what, and where changes are likely, together.

Three passes. Exactly, with what the network says of pairs of chords: how much each slot believes in each chord, over
all ways through (forward-backward). Backwards, exact as well: how well the rest can go from each chord on, so that a
cadence or a given chord is prepared long before. Forwards, a beam in which the network judges each change with all
chords before it and with the memory of the song, led by those totals.

The likeliest way alone is no good harmonisation: among very many ways, each change makes the best of them unlikelier,
so that it changes less than people do. So a way is also worth what the slots believe of its chords. Knows no melody:
it is given what speaks for each chord.
"""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.harmonising.harmonic_rhythm import change_probabilities
from cocomposer.harmony.harmonising.slots import Slots
from cocomposer.harmony.key import Key
from cocomposer.harmony.progressions.foretelling import ChordScores, SongSoFar, SongStyle, foretell, so_far
from cocomposer.harmony.progressions.song import Metre, song_of
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS
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
_LEAST_SUM: Final = 1e-300
_IMPOSSIBLE: Final = -1e9


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; chosen among some hundred settings on train sheets.

    `models.training.chords.harmonising --fit` prints what others come to.
    """

    melody: float = 0.8
    """A note of a beat, beside one that is drawn independently of its neighbours: they say much the same."""
    network: float = 0.8
    """A nat of the network."""
    readiness: float = 0.8
    """Nats for each change, beside its odds: the best way is to change as often as people do."""
    belief: float = 20.0
    """Nats for a beat of a chord that its slot is sure of."""


FITTED: Final = Weights()


@dataclass(frozen=True, slots=True)
class Taste:
    """How the network's word is taken."""

    style: SongStyle = SongStyle.ANY
    bits: float = 0.0
    """0: the likelier a chord, the better; n: those are best whose probability is nearest to 2^-n."""
    memory: float = 1.0
    """How much the song's own past counts."""
    weights: Weights = FITTED

    def worth(self, probabilities: Floats) -> Floats:
        """Nats of chords that come with these probabilities."""
        nats = np.log(np.maximum(probabilities, _LEAST))
        if self.bits <= 0:
            return np.asarray(self.weights.network * nats)
        aim = self.bits * math.log(2)
        return np.asarray(-self.weights.network * np.abs(nats + aim))


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


def search_stepwise(task: Task, network: ChordScores, taste: Taste, pairs: Floats) -> Generator[None, None, Found]:
    """The best way that the beam finds, a slot at each step; ValueError if some slot allows no chord."""
    odds = _odds_of(task, taste)
    evidence = _finite(task)
    first = _first_nats(task, network, taste)
    believed, _ = _beliefs(evidence, odds, first, pairs, task.ending)
    beats = np.diff(task.slots.edges) / TICKS_PER_BEAT
    yield
    worth = np.maximum(evidence + taste.weights.belief * beats[:, None] * believed, _IMPOSSIBLE)
    rest = _rest_totals(worth, odds, pairs, task.ending)
    ways = _begun(task, first, worth, rest)
    for slot in range(1, len(task.slots)):
        yield
        ways = _extended(task, network, taste, worth, rest, odds, pairs, ways, slot)
    best = max(ways, key=lambda way: way.nats + task.ending[way.current])
    return Found(best.tokens, best.nats + float(task.ending[best.current]))


def likelihood(task: Task, network: ChordScores, taste: Taste, pairs: Floats) -> float:
    """Nats of what speaks for the chords, over all ways through, by pairs of chords alone."""
    first = _first_nats(task, network, taste)
    return _beliefs(_finite(task), _odds_of(task, taste), first, pairs, task.ending)[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Odds:
    """Arrays [slots, ages]: nats of changing the chord and of keeping it, by how many slots ago it came."""

    change: Floats
    hold: Floats

    @property
    def ages(self) -> int:
        """The last one stands for all that are older."""
        return int(self.change.shape[1])

    def at(self, slot: int, since: int) -> tuple[float, float]:
        """Of a chord that began in slot `since`."""
        age = min(slot - since, self.ages) - 1
        return float(self.change[slot, age]), float(self.hold[slot, age])


def _odds_of(task: Task, taste: Taste) -> _Odds:
    changes = change_probabilities(task.slots, round(task.metre.beats_per_bar * TICKS_PER_BEAT), taste.style)
    return _Odds(np.log(changes) + taste.weights.readiness, np.log1p(-changes))


def _finite(task: Task) -> Floats:
    evidence = np.maximum(task.evidence, _IMPOSSIBLE)
    if (evidence.max(axis=1) <= _IMPOSSIBLE).any():
        raise ValueError("a slot allows no chord")
    return evidence


def _first_nats(task: Task, network: ChordScores, taste: Taste) -> Floats:
    """[TOKENS] of the first chord."""
    empty = so_far(song_of((), task.slots.edges[0] / TICKS_PER_BEAT, (task.metre,), task.key.tonic))
    (mixture,) = foretell(network, [empty], taste.style, task.key.mode, taste.memory)
    return taste.worth(mixture.probabilities)


def _beliefs(evidence: Floats, odds: _Odds, first: Floats, pairs: Floats, ending: Floats) -> tuple[Floats, float]:
    """Forward-backward over age and chord: [slots, TOKENS] probabilities, half of the chord and half of its root, and
    the logarithm of the total."""
    count, ages = odds.change.shape
    follows = np.exp(pairs)
    forward = np.full((count, ages, TOKENS), _IMPOSSIBLE)
    forward[0, 0] = first + evidence[0]
    for slot in range(1, count):
        before = forward[slot - 1]
        leaving = np.logaddexp.reduce(before + odds.change[slot, :, None], axis=0)
        kept = before + odds.hold[slot, :, None]
        forward[slot, 0] = _log_product(leaving, follows)
        forward[slot, 1:] = kept[:-1]
        forward[slot, -1] = np.logaddexp(forward[slot, -1], kept[-1])
        forward[slot] += evidence[slot]
    backward = np.tile(ending, (ages, 1))
    nats = np.zeros((count, TOKENS))
    nats[-1] = np.logaddexp.reduce(forward[-1] + backward, axis=0)
    for slot in range(count - 1, 0, -1):
        onward = backward + evidence[slot]
        changed = _log_product(onward[0], follows.T)
        older = np.concatenate([onward[1:], onward[-1:]])
        backward = np.logaddexp(odds.change[slot, :, None] + changed, odds.hold[slot, :, None] + older)
        nats[slot - 1] = np.logaddexp.reduce(forward[slot - 1] + backward, axis=0)
    total = np.logaddexp.reduce(nats, axis=1, keepdims=True)
    of_chord = np.exp(nats - total)
    of_root = of_chord.reshape(count, -1, len(CLASSES)).sum(axis=2).repeat(len(CLASSES), axis=1)
    return (of_chord + of_root) / 2, float(total[0, 0])


def _log_product(nats: Floats, weights: Floats) -> Floats:
    """log(exp(nats) @ weights)"""
    most = nats.max()
    return np.asarray(most + np.log(np.maximum(np.exp(nats - most) @ weights, _LEAST_SUM)))


def _rest_totals(worth: Floats, odds: _Odds, pairs: Floats, ending: Floats) -> Floats:
    """[slots + 1, ages, TOKENS] how well the slots from each on can go after each chord of each age."""
    count, ages = odds.change.shape
    rest = np.empty((count + 1, ages, TOKENS))
    rest[count] = ending
    for slot in range(count - 1, 0, -1):
        onward = worth[slot] + rest[slot + 1]
        older = np.concatenate([onward[1:], onward[-1:]])
        changed = (pairs + onward[0]).max(axis=1)
        rest[slot] = np.maximum(odds.hold[slot, :, None] + older, odds.change[slot, :, None] + changed)
    return rest


def _begun(task: Task, first: Floats, worth: Floats, rest: Floats) -> list[_Way]:
    empty = so_far(song_of((), task.slots.edges[0] / TICKS_PER_BEAT, (task.metre,), task.key.tonic))
    nats = first + worth[0]
    onward = rest[1, 0] if len(task.slots) > 1 else task.ending
    order = np.argsort(-(nats + onward), kind="stable")[:WIDTH].tolist()
    return [_Way(empty, token, 0, (token,), float(nats[token])) for token in order]


def _extended(
    task: Task, network: ChordScores, taste: Taste, worth: Floats, rest: Floats, odds: _Odds, pairs: Floats,
    ways: Sequence[_Way], slot: int,
) -> list[_Way]:  # fmt: skip
    """The best ways that are one slot longer: each may keep its chord or change it."""
    onward = worth[slot] + rest[slot + 1, 0]
    steps: list[tuple[float, float, _Way, int, SongSoFar | None]] = []
    asked: list[tuple[float, float, _Way]] = []
    for way in ways:
        change, hold = odds.at(slot, way.since)
        held = way.nats + hold + float(worth[slot, way.current])
        older = min(slot - way.since, odds.ages - 1)
        steps.append((held + float(rest[slot + 1, older, way.current]), held, way, way.current, None))
        asked.append((way.nats + change + float((pairs[way.current] + onward).max()), change, way))
    worst = max(*(step[0] for step in steps), *(promise for promise, _, _ in asked)) - MARGIN
    asked = [each for each in asked if each[0] > worst]
    songs = [way.song(task.slots, slot) for _, _, way in asked]
    told = foretell(network, songs, taste.style, task.key.mode, taste.memory) if songs else []
    for (_, change, way), song, mixture in zip(asked, songs, told, strict=True):
        nats = way.nats + change + taste.worth(mixture.probabilities) + worth[slot]
        nats[way.current] = _IMPOSSIBLE
        promises = nats + rest[slot + 1, 0]
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

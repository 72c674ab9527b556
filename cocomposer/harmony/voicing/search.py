"""The voicings of a progression that together cost least: an exact search, by dynamic programming over the chords.

Each chord's candidates are all voicings that the rules allow, so no better progression exists under the costs of
`candidates` and `motion`. Knows no time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.voicing.candidates import Candidates, Costs, candidates_of, locked
from cocomposer.harmony.voicing.motion import transition
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.tones import has_minor_third, is_dominant
from cocomposer.harmony.voicing.voicing import Voicing

_FOURTH: Final = 5
NO_LOCKS: Final[Mapping[int, Voicing]] = {}
PLAIN_RULES: Final = VoicingRules()


@dataclass(frozen=True, slots=True)
class Voiced:
    """A voiced progression."""

    voicings: tuple[Voicing | None, ...]
    """One for each chord; None where there is none."""
    cost: float
    """What all of it costs, in semitones of motion."""


def next_voicing(
    chord: Chord,
    previous: Voicing | None = None,
    rules: VoicingRules = PLAIN_RULES,
    following: Chord | None = None,
) -> Voicing:
    """The voicing of a chord that is nearest to the one before; near the centre of the keyboard where none is before.

    `following`, where it is known, decides the colours of a rootless dominant. ValueError: see `candidates_of`.
    """
    return _nearest(candidates_of(chord, rules, leads_into_minor(chord, following)), previous, rules)


def voice_progression(
    chords: Sequence[Chord | None],
    rules: VoicingRules = PLAIN_RULES,
    locks: Mapping[int, Voicing] = NO_LOCKS,
    previous: Voicing | None = None,
) -> Voiced:
    """The cheapest voicings of all chords together.

    `locks`: number of a chord → the voicing that it must have. `previous` sounds before the first chord. Chords that
    are None are left out; voices lead across them. ValueError: see `candidates_of`.
    """
    numbers = [number for number, chord in enumerate(chords) if chord is not None]
    nodes = _nodes([(number, chord) for number, chord in enumerate(chords) if chord is not None], rules, locks)
    found: list[Voicing | None] = [None] * len(chords)
    if not nodes:
        return Voiced(tuple(found), 0.0)
    path, cost = _cheapest(nodes, previous, rules)
    for number, node, row in zip(numbers, nodes, path, strict=True):
        found[number] = locks[number] if number in locks else node.voicing(row, rules)
    return Voiced(tuple(found), cost)


def leads_into_minor(chord: Chord, following: Chord | None) -> bool:
    """Whether a dominant resolves to a minor chord a fifth below."""
    return (
        following is not None
        and is_dominant(chord.template)
        and (following.root - chord.root) % PITCH_CLASSES == _FOURTH
        and has_minor_third(following.template)
    )


def _nodes(chords: Sequence[tuple[int, Chord]], rules: VoicingRules, locks: Mapping[int, Voicing]) -> list[Candidates]:
    followings = [*(chord for _, chord in chords[1:]), None]
    return [
        locked(locks[number], rules)
        if number in locks
        else candidates_of(chord, rules, leads_into_minor(chord, following))
        for (number, chord), following in zip(chords, followings, strict=False)
    ]


def _first_costs(first: Candidates, previous: Voicing | None, rules: VoicingRules) -> Costs:
    if previous is None:
        costs: Costs = first.cost + first.opening
    else:
        costs = first.cost + transition(locked(previous, rules), first, rules)[0]
    return costs


def _nearest(found: Candidates, previous: Voicing | None, rules: VoicingRules) -> Voicing:
    return found.voicing(int(_first_costs(found, previous, rules).argmin()), rules)


def _cheapest(nodes: Sequence[Candidates], previous: Voicing | None, rules: VoicingRules) -> tuple[list[int], float]:
    """Row of each node on the cheapest path, and its cost."""
    # Songs repeat themselves: the same two chords have the same costs.
    known: dict[tuple[int, int], Costs] = {}
    totals = _first_costs(nodes[0], previous, rules).astype(np.float64)
    origins = []
    for before, after in pairwise(nodes):
        pair = id(before), id(after)
        if pair not in known:
            known[pair] = transition(before, after, rules)
        reached = totals[:, None] + known[pair]
        origin = reached.argmin(axis=0)
        origins.append(origin)
        totals = reached[origin, np.arange(reached.shape[1])] + after.cost
    path = [int(totals.argmin())]
    cost = float(totals[path[0]])
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1], cost

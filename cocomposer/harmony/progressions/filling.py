"""Several chords at once: the likeliest ways from here to a given chord, or to a cadence, by beam search.

Each way's probability is the product over its chords, and over the chord that must follow. Knows no names, no reasons.
"""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Mode
from cocomposer.harmony.names.folding import ChordClass
from cocomposer.harmony.progressions.foretelling import ChordScores, SongSoFar, foretell, so_far
from cocomposer.harmony.progressions.suggesting import ANYTHING, Context, Options
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, chord_of, token_of

WIDTH: Final = 16
"""Ways that are kept at each step."""
_BRANCHES: Final = 8
"""Chords that are tried after each of them."""

_LEAST: Final = 1e-12

Tokens = frozenset[int]
Floats = NDArray[np.float64]


class Ending(StrEnum):
    """How a progression shall end."""

    AUTHENTIC = "authentic cadence"
    PLAGAL = "plagal cadence"
    HALF = "half cadence"
    DECEPTIVE = "deceptive cadence"


@dataclass(frozen=True, slots=True)
class Way:
    """Some chords in a row."""

    chords: tuple[Chord, ...]
    probability: float
    """Of all of them together, and of what must follow."""


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    song: SongSoFar
    tokens: tuple[int, ...]
    nats: float


def _tokens(root: int, *classes: ChordClass) -> Tokens:
    return frozenset(root * len(CLASSES) + CLASSES.index(one) for one in classes)


def ending_of(ending: Ending, mode: Mode) -> tuple[Tokens, Tokens]:
    """What its last two chords may be."""
    minor = mode is Mode.MINOR
    home = _tokens(0, ChordClass.MIN, ChordClass.MIN7) if minor else _tokens(0, ChordClass.MAJ, ChordClass.MAJ7)
    dominant = _tokens(7, ChordClass.MAJ, ChordClass.SEVENTH)
    fourth = _tokens(5, ChordClass.MAJ, ChordClass.MAJ7, ChordClass.MIN, ChordClass.MIN7)
    match ending:
        case Ending.AUTHENTIC:
            return dominant, home
        case Ending.PLAGAL:
            return fourth, home
        case Ending.HALF:
            before = _tokens(2, *CLASSES) | fourth | home | _tokens(8 if minor else 9, *CLASSES)
            return before, dominant
        case Ending.DECEPTIVE:
            sixth = (
                _tokens(8, ChordClass.MAJ, ChordClass.MAJ7) if minor else _tokens(9, ChordClass.MIN, ChordClass.MIN7)
            )
            return dominant, sixth


def fill(
    context: Context,
    network: ChordScores,
    count: int,
    options: Options = ANYTHING,
    ending: Ending | None = None,
    evidence: Floats | None = None,
) -> list[Way]:
    """The likeliest `count` chords that come next and before `options.following`, best first; at least one chord.

    An ending says what the last two of them are. Each chord lasts `options.lasting` beats, or a bar. `evidence` [count,
    TOKENS] is what else speaks for each chord, such as a melody's log-likelihood given it; probabilities include it.
    """
    steps = fill_stepwise(context, network, count, options, ending, evidence)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: list[Way] = done.value
            return found


def fill_stepwise(
    context: Context,
    network: ChordScores,
    count: int,
    options: Options = ANYTHING,
    ending: Ending | None = None,
    evidence: Floats | None = None,
) -> Generator[int, None, list[Way]]:
    """`fill`, for a caller that has something else to do in between: yields how many chords are still to be found."""
    if count < 1:
        raise ValueError("a progression has at least one chord")
    mode = context.key.mode
    song = context.song()
    wanted: list[Tokens | None] = [None] * count
    if ending is not None:
        wanted[-2:] = ending_of(ending, mode)[-count:]
    aim = None if options.following is None else token_of(options.following, song.tonic)
    beats = float(song.metres[-1]) if options.lasting is None else options.lasting
    paths = [_Path(so_far(song), (), 0.0)]
    for step, allowed in enumerate(wanted):
        # What must follow cannot be said twice.
        barred = aim if step == count - 1 else None
        said = np.zeros(TOKENS) if evidence is None else evidence[step]
        paths = _extended(paths, network, mode, options, allowed, barred, beats, said)
        yield count - step - 1
    if aim is not None:
        after = foretell(network, [path.song for path in paths], options.style, mode, options.memory)
        paths = [
            _Path(path.song, path.tokens, path.nats + _log(mixture.probabilities[aim]))
            for path, mixture in zip(paths, after, strict=True)
        ]
    paths.sort(key=lambda path: -path.nats)
    return [
        Way(tuple(chord_of(token, song.tonic) for token in path.tokens), math.exp(path.nats))
        for path in paths[: options.count]
    ]


def _extended(
    paths: Sequence[_Path],
    network: ChordScores,
    mode: Mode,
    options: Options,
    allowed: Tokens | None,
    barred: int | None,
    beats: float,
    evidence: Floats,
) -> list[_Path]:
    """The best ways that are one chord longer."""
    mixtures = foretell(network, [path.song for path in paths], options.style, mode, options.memory)
    steps: list[tuple[float, int, int]] = []
    for number, (path, mixture) in enumerate(zip(paths, mixtures, strict=True)):
        nats = np.log(np.maximum(mixture.probabilities, _LEAST)) + evidence
        order = np.argsort(-nats, kind="stable").tolist()
        last = int(path.song.song.before[-1])
        fitting = [t for t in order if t not in {barred, last} and (allowed is None or t in allowed)]
        steps += [(path.nats + float(nats[token]), number, token) for token in fitting[:_BRANCHES]]
    steps.sort(key=lambda step: -step[0])
    return [
        _Path(paths[number].song.then(token, beats), (*paths[number].tokens, token), total)
        for total, number, token in steps[:WIDTH]
    ]


def _log(probability: float) -> float:
    return math.log(max(probability, _LEAST))

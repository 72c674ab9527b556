"""Ranked suggestions for the next chord, each with its name, numeral, probability, function and reason.

Conditions are exact where they can be: a chord that must follow is weighed in by Bayes' rule over the likeliest
candidates. How surprising a suggestion shall be is said in bits: 0 ranks by probability, n ranks those first whose
probability is nearest to 2^-n.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.names.folding import ChordClass
from cocomposer.harmony.names.numeral_writing import write_numeral
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.foretelling import ChordScores, SongSoFar, SongStyle, foretell, so_far
from cocomposer.harmony.progressions.reasons import Function, Reason, reason_of
from cocomposer.harmony.progressions.song import COMMON_TIME, Metre, Song, Sounding, song_of
from cocomposer.harmony.progressions.vocabulary import CLASSES, chord_of, token_of

Floats = NDArray[np.float64]

MOST_SURPRISING: Final = 6.0
"""Bits at the far end of the player's control: one in sixty-four."""
LIKELIEST: Final = 8
"""So many are weighed against what must follow, and beside them whatever leads to it by rule."""
LEADING: Final = (
    (7, ChordClass.SEVENTH),
    (7, ChordClass.MAJ),
    (1, ChordClass.SEVENTH),
    (11, ChordClass.DIM),
)
"""Semitones above a chord's root and class of what leads to it: its dominant, a tritone substitute, a leading chord."""
LOOKED_BACK_ON: Final = 32
"""Chords that they are weighed by, which bounds the time it takes."""
_RARE: Final = 1e-4
"""Less probable chords are noise, not surprises …"""
ENOUGH: Final = 8
"""… unless there are fewer than so many others: a loop that has gone round for long makes everything else rare."""
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when something is asked."""

    soundings: tuple[Sounding, ...]
    """The chords so far, ascending."""
    key: Key
    next_beat: float
    """Where the next chord shall begin, in quarter notes from the beginning of the song."""
    metres: tuple[Metre, ...] = COMMON_TIME
    sections: tuple[float, ...] = ()
    """Beats on which a section of the song begins, where somebody has said so."""

    def song(self) -> Song:
        """What the network sees of it."""
        return song_of(self.soundings, self.next_beat, self.metres, self.key.tonic, self.sections)


@dataclass(frozen=True, slots=True)
class Options:
    """What the player wants."""

    count: int = 6
    style: SongStyle = SongStyle.ANY
    surprise: float = 0.0
    """0 the likeliest, 1 the most surprising."""
    memory: float = 1.0
    """How much the song's own past counts; 0 forgets it."""
    following: Chord | None = None
    """What must come after the suggested chord: the far side of a gap, or the end of a cadence."""
    lasting: float | None = None
    """Beats of the suggested chord, where something must follow it; a bar if not said."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One chord that could come next."""

    chord: Chord
    symbol: str
    numeral: str
    probability: float
    """Under the conditions given."""
    remembered: float
    """The share of its probability that comes from this song's own past, 0–1."""
    reason: Reason

    @property
    def function(self) -> Function:
        """What it does in the key."""
        return self.reason.function

    @property
    def text(self) -> str:
        """Why, in a few words."""
        return f"{self.reason.text}; came so before" if self.remembered > _MOSTLY else self.reason.text


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """Arrays [TOKENS] under all conditions."""

    probabilities: Floats
    remembered: Floats
    """Share of each probability that is remembered."""


ANYTHING: Final = Options()


def suggest(context: Context, network: ChordScores, options: Options = ANYTHING) -> list[Suggestion]:
    """The best suggestions, best first. They are foretold in the key of the last chord and named in the context's."""
    song = context.song()
    found = likelihood(so_far(song), context.key.mode, network, options)
    before = last_chord(context.soundings)
    bits = options.surprise * MOST_SURPRISING
    return [
        _suggestion(token, found, context.key, song.tonic, before, options.following)
        for token in ranked(found.probabilities, bits)[: options.count]
    ]


def last_chord(soundings: Sequence[Sounding]) -> Chord | None:
    """The last one that is known."""
    return next((sounding.chord for sounding in reversed(soundings) if sounding.chord is not None), None)


def likelihood(song: SongSoFar, mode: Mode, network: ChordScores, options: Options) -> Likelihood:
    """Of each token in the song's last key, given what must follow it."""
    (mixture,) = foretell(network, [song], options.style, mode, options.memory)
    probabilities = mixture.probabilities
    with np.errstate(invalid="ignore"):
        remembered = np.nan_to_num(mixture.remembered / probabilities)
    if options.following is not None:
        probabilities = _before(options.following, song, mode, probabilities, network, options)
    return Likelihood(probabilities, remembered)


def _before(
    following: Chord, song: SongSoFar, mode: Mode, probabilities: Floats, network: ChordScores, options: Options
) -> Floats:
    """Bayes' rule: each candidate times how well `following` comes after it."""
    aim = token_of(following, song.song.tonic)
    candidates = candidates_before(aim, probabilities)
    beats = float(song.song.metres[-1]) if options.lasting is None else options.lasting
    recent = so_far(song.song.last(LOOKED_BACK_ON))
    after = foretell(network, [recent.then(token, beats) for token in candidates], options.style, mode, options.memory)
    joint = np.zeros_like(probabilities)
    joint[candidates] = [probabilities[t] * m.probabilities[aim] for t, m in zip(candidates, after, strict=True)]
    weighed: Floats = joint / joint.sum()
    return weighed


def candidates_before(aim: int, probabilities: Floats) -> list[int]:
    """The tokens that may come before another one: the likeliest, and those that lead there."""
    likeliest = [token for token in ranked(probabilities, 0.0) if token != aim][:LIKELIEST]
    root = aim // len(CLASSES)
    leading = [(root + above) % PITCH_CLASSES * len(CLASSES) + CLASSES.index(one) for above, one in LEADING]
    return list(dict.fromkeys([*likeliest, *leading]))


def ranked(probabilities: Floats, bits: float) -> list[int]:
    """All tokens that are not too rare, by probability or by nearness to a surprise of so many bits."""
    likely_enough = min(_RARE, np.partition(probabilities, -ENOUGH)[-ENOUGH])
    tokens = np.flatnonzero((probabilities >= likely_enough) & (probabilities > 0)).tolist()
    if bits <= 0:
        return sorted(tokens, key=lambda token: -probabilities[token])
    return sorted(tokens, key=lambda token: abs(-math.log2(probabilities[token]) - bits))


def _suggestion(
    token: int, found: Likelihood, key: Key, tonic: int, before: Chord | None, following: Chord | None
) -> Suggestion:
    chord = chord_of(token, tonic)
    return Suggestion(
        chord,
        chord.name(key),
        write_numeral(chord, key, following),
        float(found.probabilities[token]),
        float(found.remembered[token]),
        reason_of(chord, key, before, following),
    )

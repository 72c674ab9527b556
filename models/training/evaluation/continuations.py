"""Continuations of seeds, each candidate as its user would get it: the product's composer with a musician's settings.

A seed is heard as the product hears a file: unknown dynamics are an even touch, an unknown pedal is up, the beat is
the metre's where the music lies on beats, and nobody says which kind of music it is (but drums, which a musician must
name to the product too). A candidate draws as many notes as the true continuation has. Knows no measures.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from cocomposer.events.codec import Metre, encode, velocity_of
from cocomposer.events.layout import VELOCITY_UNKNOWN
from cocomposer.generation.companions import Companions
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Shaper
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped, told_style
from cocomposer.music.note import Note, Pedal
from cocomposer.ports import NoteModel
from models.training.baselines.suffix import SuffixModel
from models.training.evaluation.scoring import HeldOut
from models.training.evaluation.seeds import Window
from models.training.pieces import Piece

_DRUMS: Final = "drums"


@dataclass(frozen=True, slots=True)
class Seed:
    """What is heard, and how it really went on."""

    number: int
    """Also the seed of the chance with which it is continued."""
    piece: int
    kind: str
    style: str
    heard: tuple[Note, ...]
    truth: tuple[Note, ...]
    metre: Metre

    @property
    def pitched(self) -> bool:
        return self.kind != _DRUMS


Candidate = Callable[[Seed], Sequence[Note]]
"""Continues a seed by as many notes as the truth has."""


def seeds_of(pieces: Sequence[HeldOut], windows: Sequence[Window]) -> list[Seed]:
    """The windows as the product would hear them."""
    found = []
    for number, window in enumerate(windows):
        piece = pieces[window.number]
        notes = _notes(piece.piece, window.begin, window.end)
        cut = window.cut - window.begin
        metre = _metre(piece.piece, window)
        source = piece.source
        found.append(Seed(number, window.number, source.kind, source.style, notes[:cut], notes[cut:], metre))
    return found


def _notes(piece: Piece, begin: int, end: int) -> tuple[Note, ...]:
    touch = velocity_of(VELOCITY_UNKNOWN)
    return tuple(
        Note(
            round(float(piece.onset[n])),
            int(piece.pitch[n]),
            max(1, round(float(piece.duration[n]))),
            int(piece.velocity[n]) or touch,
            0,
            Pedal(int(piece.pedal[n]) or Pedal.UP),
        )
        for n in range(begin, end)
    )


def _metre(piece: Piece, window: Window) -> Metre:
    """The bar in force at the cut; its length is the commonest distance of bar lines in the seed."""
    if piece.in_bar[window.cut - 1] < 0:
        return Metre()
    lines = np.rint(piece.onset - piece.in_bar).astype(np.int64)[window.begin : window.cut]
    lengths = Counter(np.diff(np.unique(lines)).tolist())
    bar = lengths.most_common(1)[0][0] if lengths else Metre().ticks_per_bar
    return Metre(True, int(lines[-1]), bar)


def composed(model: NoteModel, settings: Settings, shapers: Sequence[Shaper] = ()) -> Candidate:
    """What the product plays with a model and settings, and with `shapers` after the memory, where a guard stands.

    It remembers what it has heard of the piece, as the settings say; no training music is guarded. (A guard before the
    memory takes from a pitch what the memory mixes in again.)
    """
    composer = Composer(model)

    def play(seed: Seed) -> Sequence[Note]:
        mine = settings if seed.pitched else changed(settings, {"style": _DRUMS})
        composer.forget()
        for _ in composer.hear(Hearing(0, seed.heard, seed.metre, told_style(mine))):
            pass
        first = seed.heard[-1].onset_tick + 1
        wish = shaped(Wish(seed.number, mine.seed, first), mine, seed.metre, seed.heard)
        return tuple(islice(composer.play(wish, (*Companions().shapers_of(wish), *shapers)), len(seed.truth)))

    return play


def suffix_candidate(model: SuffixModel, settings: Settings) -> Candidate:
    """What the suffix model plays; it is told the kind of music, so that it seeks in the right corpus."""

    def play(seed: Seed) -> Sequence[Note]:
        rows, ticks = encode(seed.heard, seed.metre, seed.style)
        rng = np.random.default_rng((settings.seed, seed.number))
        drawn = model.continuation(rows, ticks, len(seed.truth), rng)
        return tuple(Note(onset, pitch, duration, max(1, touch)) for onset, pitch, duration, touch in drawn.tolist())

    return play


def true_candidate(seed: Seed) -> Sequence[Note]:
    """The yardstick."""
    return seed.truth

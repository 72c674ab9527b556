"""Whether each soft control moves its own statistic, from low to high, in what a bundle plays after held-out seeds.

    python -m models.training.evaluation.steering --bundle models/live --corpus ../shared/corpus --seeds 100

Each level of each control answers the same seeds with the same chance, all other controls neutral. A statistic is
taken from the notes alone (creativity: from the model's own unsteered opinion of them) and averaged over the seeds;
it is monotone if each level's mean lies beyond the one before, the way the control says.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import ONE_SIDED, Controls
from cocomposer.generation.given_chords import GivenChords, progression
from cocomposer.generation.key_lean import key_lean
from cocomposer.generation.likeness import classes_of, lean_on
from cocomposer.generation.phrase import split
from cocomposer.generation.request import Hearing, OnsetGrid, Wish
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.generation.timing_leans import BESIDE_GRID, NEAR, pattern_of
from cocomposer.harmony.metre import Metre as BarLines
from cocomposer.harmony.progression import chords_of
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.ports import NoteModel
from models.training.evaluation.continuations import Seed, seeds_of
from models.training.evaluation.scoring import read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest

SEEDS: Final = 100
NOTES: Final = 48
_PHRASE_TICKS: Final = 8 * TICKS_PER_BEAT
LOOSE_TICKS: Final = 3.0
"""Standard deviation by which a player misses a given beat (31 ms at 120 BPM), for what is about strict timing."""
BOTH_WAYS: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
ONE_WAY: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


class Surprise:
    """A shaper that changes nothing: it counts what onset, pitch and duration of each note cost the model, in nats."""

    def __init__(self) -> None:
        self.nats = 0.0
        self._costs: NDArray[np.float64] = np.zeros(0)

    def begin(self, heard: Sequence[Note]) -> None:
        """Nothing has cost anything yet."""
        del heard
        self.nats = 0.0
        self._costs = np.zeros(0)

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """The field before is drawn by now. An onset that was given costs nothing."""
        if drawing.drawn and len(self._costs):
            self.nats += float(self._costs[drawing.drawn[-1]])
        high = logits.max()
        self._costs = high + np.log(np.exp(logits - high).sum()) - logits if field != "velocity" else np.zeros(0)
        return logits

    def took(self, note: Note) -> None:
        """Its velocity is not counted."""
        del note
        self._costs = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was played after a seed."""

    seed: Seed
    wish: Wish
    notes: tuple[Note, ...]
    nats: float


@dataclass(frozen=True, slots=True)
class Lever:
    """One control: its levels, what they set, and what they shall move."""

    name: str
    levels: tuple[float, ...]
    neutral: float
    turn: Callable[[Wish, float], Wish]
    statistic: Callable[[Answer], float]
    told_as: str
    rises: bool = True
    """Whether the statistic shall rise with the level; else fall."""
    timing: bool = False
    """About strict timing: heard with a beat, played loosely, and no grid forced on the answer."""


def _set(name: str) -> Callable[[Wish, float], Wish]:
    def turn(wish: Wish, level: float) -> Wish:
        return msgspec.structs.replace(wish, **{name: level})

    return turn


def _control(name: str) -> Callable[[Wish, float], Wish]:
    def turn(wish: Wish, level: float) -> Wish:
        return msgspec.structs.replace(wish, controls=Controls(**{name: level}))

    return turn


def _mean(of: Callable[[Note], float]) -> Callable[[Answer], float]:
    return lambda answer: float(np.mean([of(note) for note in answer.notes]))


def _log_density(answer: Answer) -> float:
    onsets = [note.onset_tick for note in answer.notes]
    return math.log2((len(onsets) - 1) * TICKS_PER_BEAT / max(1, onsets[-1] - onsets[0]))


def _phrase(answer: Answer) -> Sequence[Note]:
    return split(answer.seed.heard, answer.wish.phrase_ticks)[0]


def _likeness(answer: Answer) -> float:
    """Mean lean of the fields drawn on those heard: 0 if only the commonest classes were drawn."""
    heard, drawn = classes_of(_phrase(answer)), classes_of(answer.notes)
    return float(np.mean([lean_on(field, heard[field])[drawn[field]].mean() for field in heard]))


def _rhythm_kept(answer: Answer) -> float:
    """F1 of the answer's onsets against those that the phrase's rhythm has meanwhile."""
    wish, phrase = answer.wish, [note.onset_tick for note in _phrase(answer)]
    first = wish.first_tick if wish.first_tick is not None else wish.earliest_tick
    pattern, origin = pattern_of(phrase, wish.metre, first)
    onsets = np.unique([note.onset_tick for note in answer.notes]) - origin
    on = float((pattern.beside[onsets % pattern.length] <= NEAR).mean())
    due = np.flatnonzero(pattern.beside[np.arange(onsets[0], onsets[-1] + 1) % pattern.length] == 0) + onsets[0]
    kept = float((np.abs(due[:, None] - onsets).min(axis=1) <= NEAR).mean()) if len(due) else 1.0
    return 2 * on * kept / max(1e-9, on + kept)


def _in_chord(answer: Answer) -> float:
    chords = [(note, answer.wish.chords.at(note.onset_tick)) for note in answer.notes]
    return float(
        np.mean([float(note.pitch % 12 in chord.tones) for note, chord in chords if chord is not None] or [1.0])
    )


def _in_key(answer: Answer) -> float:
    lean = key_lean(answer.seed.heard, 1.0)
    return float(np.mean([lean[note.pitch] for note in answer.notes]))


def _nats(answer: Answer) -> float:
    return answer.nats / len(answer.notes)


def _soft(name: str, statistic: Callable[[Answer], float], told_as: str, timing: bool = False) -> Lever:
    levels = ONE_WAY if name in ONE_SIDED else BOTH_WAYS
    return Lever(name, levels, 0.0, _control(name), statistic, told_as, timing=timing)


def _beside_grid(note: Note) -> float:
    return -float(BESIDE_GRID[note.onset_tick % TICKS_PER_BEAT])


def loosened(seed: Seed) -> Seed:
    """The same seed as somebody plays it who misses the beat by LOOSE_TICKS."""
    misses = np.rint(np.random.default_rng(seed.number).normal(0, LOOSE_TICKS, len(seed.heard))).astype(int).tolist()
    played = (replace(note, onset_tick=note.onset_tick + miss) for note, miss in zip(seed.heard, misses, strict=True))
    return replace(seed, heard=tuple(sorted(played)))


LEVERS: Final = (
    Lever("temperature", (0.6, 0.8, 1.0, 1.25, 1.6), 1.0, _set("temperature"), _nats, "nats a note"),
    Lever("top_p", (0.5, 0.7, 0.85, 0.95, 1.0), 1.0, _set("top_p"), _nats, "nats a note"),
    Lever("min_p", (0.0, 0.05, 0.1, 0.2, 0.4), 0.0, _set("min_p"), _nats, "nats a note", rises=False),
    Lever("follow_key", ONE_WAY, 0.0, _set("follow_key"), _in_key, "log share of pitch class"),
    _soft("density", _log_density, "log2 notes a beat"),
    _soft("register", _mean(lambda note: note.pitch), "mean pitch"),
    _soft("length", _mean(lambda note: math.log2(note.duration_ticks)), "log2 ticks"),
    _soft("loudness", _mean(lambda note: note.velocity), "mean velocity"),
    _soft("strictness", _mean(_beside_grid), "- ticks off the grid", timing=True),
    _soft("likeness", _likeness, "log share of class"),
    _soft("rhythm", _rhythm_kept, "F1 of onsets"),
    _soft("chord", _in_chord, "share in chord"),
)


class Player:
    """A model that answers seeds."""

    def __init__(self, model: NoteModel, notes: int) -> None:
        self._surprise = Surprise()
        self._composer = Composer(model, [self._surprise])
        self._notes = notes

    def play(self, seed: Seed, wish: Wish) -> Answer:
        """So many notes. What was heard of the same seed before is not heard again."""
        for _ in self._composer.hear(Hearing(0, seed.heard, seed.metre)):
            pass
        notes = tuple(islice(self._composer.play(wish), self._notes))
        return Answer(seed, wish, notes, self._surprise.nats)


def neutral_wish(seed: Seed, settings: Settings) -> Wish:
    """The musician's settings with every soft control neutral, unsteadied; the chords are the true continuation's."""
    first = seed.heard[-1].onset_tick + 1
    wish = shaped(Wish(seed.number, settings.seed, first), settings, seed.metre, seed.heard)
    return msgspec.structs.replace(
        wish,
        temperature=1.0,
        top_p=1.0,
        min_p=0.0,
        steady=False,
        follow_key=0.0,
        controls=Controls(),
        phrase_ticks=(first - 1 - _PHRASE_TICKS, first),
        chords=_chords(seed),
    )


def _chords(seed: Seed) -> GivenChords:
    beats = max(1, seed.metre.ticks_per_bar // TICKS_PER_BEAT)
    lines = BarLines(beats, seed.metre.bar_tick, seed.metre.beat_known)
    return progression((span.tick, span.chord) for span in chords_of(seed.truth, lines) if span.chord is not None)


def measure(player: Player, seeds: Sequence[Seed], levers: Sequence[Lever]) -> dict[str, Any]:
    """The table, for JSON: per control its levels, the mean statistic of each and whether they are monotone."""
    settings = changed(Settings(), {"register_reach": 127, "creativity": 1.0, "top_p": 1.0})
    values: dict[str, list[list[float]]] = {lever.name: [[] for _ in lever.levels] for lever in levers}
    begun = time.monotonic()
    for number, seed in enumerate(seeds, 1):
        for timing in (False, True):
            mine = [lever for lever in levers if lever.timing is timing]
            if not mine or (timing and not seed.metre.beat_known):
                continue
            heard = loosened(seed) if timing else seed
            plain = neutral_wish(heard, settings)
            if timing:
                plain = msgspec.structs.replace(plain, grid=OnsetGrid.OFF)
            neutral = player.play(heard, plain)
            for lever in mine:
                for place, level in enumerate(lever.levels):
                    answer = neutral if level == lever.neutral else player.play(heard, lever.turn(plain, level))
                    values[lever.name][place].append(lever.statistic(answer))
        print(f"seed {number} of {len(seeds)} ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    return {lever.name: _row(lever, values[lever.name]) for lever in levers if values[lever.name][0]}


def _row(lever: Lever, values: Sequence[Sequence[float]]) -> dict[str, Any]:
    means = [float(np.mean(column)) for column in values]
    sign = 1 if lever.rises else -1
    steps = [sign * (np.asarray(higher) - np.asarray(lower)) for lower, higher in pairwise(values)]
    return {
        "statistic": lever.told_as,
        "levels": lever.levels,
        "means": means,
        "seeds": len(values[0]),
        "monotone": all(step.mean() > 0 for step in steps),
        "smallest_step_in_standard_errors": min(_in_errors(step) for step in steps),
        "seeds_moved_from_lowest_to_highest": float(
            np.mean(sign * (np.asarray(values[-1]) - np.asarray(values[0])) > 0)
        ),
    }


def _in_errors(step: NDArray[np.float64]) -> float:
    """The mean of paired differences in standard errors of it; 0 for fewer than two or no spread."""
    spread = float(step.std(ddof=1)) if len(step) > 1 else 0.0
    return float(step.mean()) * math.sqrt(len(step)) / spread if spread else 0.0


def lines(table: dict[str, Any]) -> str:
    """The table for people."""
    text = ["control      levels and means of the statistic" + " " * 46 + "monotone  seeds moved  statistic"]
    for name, row in table.items():
        pairs = "  ".join(f"{level:>5g}: {mean:7.3f}" for level, mean in zip(row["levels"], row["means"], strict=True))
        moved = f"{100 * row['seeds_moved_from_lowest_to_highest']:.0f} %"
        text.append(f"{name:12} {pairs}  {'yes' if row['monotone'] else 'NO':8}  {moved:>11}  {row['statistic']}")
    return "\n".join(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table; 1 if a control is not monotone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="held-out seeds (default: %(default)s)")
    parser.add_argument("--notes", type=int, default=NOTES, help="notes of an answer (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="each so manieth piece only, for a quick look")
    parser.add_argument("--only", nargs="+", choices=[lever.name for lever in LEVERS], help="these controls only")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    sources = [source for source in read_manifest(asked.corpus) if source.split == asked.split][:: asked.every]
    pieces = read_pieces([source for source in sources if source.kind != "drums"])
    seeds = seeds_of(pieces, choose(pieces, CONTINUED, asked.seeds))
    levers = [lever for lever in LEVERS if asked.only is None or lever.name in asked.only]
    table = measure(Player(OnnxNoteModel(asked.bundle, Provider.CPU), asked.notes), seeds, levers)
    print(json.dumps(table) if asked.json else lines(table))
    return 0 if all(row["monotone"] for row in table.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

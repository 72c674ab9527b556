"""Steering measured without music: hard constraints broken over random settings, and what all of it costs a note.

    python -m cocomposer.bench.steering --notes 100000

The model is noise that knows no constraint, so nothing is kept by taste. Whether a constraint is broken is found from
the notes alone, never with the masks that keep it. (What the soft controls do to music needs a model and a corpus:
`models.training.evaluation.steering`.)
"""

import argparse
import json
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.bench.plain_model import PlainModel
from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import Controls, limits_of
from cocomposer.generation.faults import faults
from cocomposer.generation.given_chords import progression
from cocomposer.generation.request import NO_LIMIT, GivenUp, Hearing, OnsetGrid, Wish
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.scales import SCALES, pitch_classes_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

NOTES: Final = 100_000
_NOTES_OF_A_TURN: Final = 40
_HEARD: Final = 24
_WIDEST_GRID_STEP: Final = 12
_COST_NOTES: Final = 400
_COST_ROUNDS: Final = 5
_QUALITIES: Final = ("maj", "min", "7", "min7", "maj7", "sus4", "dim", "aug", "hdim7", "9")


class NoiseModel(PlainModel):
    """A `NoteModel` whose logits are seeded noise: it keeps to nothing by itself."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = np.random.default_rng(seed)

    def logits(self, drawn: Sequence[int], position: Sequence[int]) -> NDArray[np.float32]:
        """Other ones at each call."""
        del position
        return self._chance.normal(0, 2, DRAWN[len(drawn)].classes).astype(np.float32)


def broken(wish: Wish, notes: Sequence[Note], given_up: Collection[GivenUp] = ()) -> list[str]:
    """Each constraint that the notes of a turn break, as often as they do; what was given up does not count."""
    found = []
    ends: list[int] = list(wish.sounding_until)
    for number, note in enumerate(notes):
        onset = note.onset_tick
        chord = wish.chords.at(onset)
        rest = onset - notes[number - 1].onset_tick if number else 0
        tests = {
            "register": wish.lowest_pitch <= note.pitch <= wish.highest_pitch,
            "scale": not wish.scale or note.pitch % 12 in wish.scale or GivenUp.SCALE in given_up,
            "chord": not wish.chord_tones_only
            or chord is None
            or note.pitch % 12 in chord.tones
            or GivenUp.CHORD in given_up,
            "sounding": sum(end > onset for end in ends) < wish.most_sounding,
            "together": sum(other.onset_tick == onset for other in notes) <= wish.most_at_once,
            "rest": rest <= wish.longest_rest_ticks + _WIDEST_GRID_STEP or GivenUp.REST in given_up,
            "start": onset >= wish.earliest_tick,
            "entry": number > 0 or wish.first_tick in {None, onset} or GivenUp.ENTRY in given_up,
            "end": wish.end_tick is None or onset < wish.end_tick,
            "grid": not wish.metre.beat_known or wish.grid.allows(onset % TICKS_PER_BEAT) or onset == wish.first_tick,
        }
        found += [name for name, is_kept in tests.items() if not is_kept]
        ends.append(note.end_tick)
    found += [
        "order" for one, other in pairwise(notes) if (one.onset_tick, one.pitch) >= (other.onset_tick, other.pitch)
    ]
    return found


def heard_notes(chance: np.random.Generator) -> tuple[Note, ...]:
    """Some notes, two at a time now and then."""
    onsets = np.cumsum(chance.choice((0, 6, 12, 24), _HEARD))
    found = {(int(onset), int(chance.integers(40, 80))) for onset in onsets}
    return tuple(
        Note(onset, pitch, int(chance.integers(1, 60)), int(chance.integers(1, 127))) for onset, pitch in sorted(found)
    )


def random_wish(chance: np.random.Generator, last_tick: int) -> Wish:
    """Any settings, contradictions among them, for a turn after `last_tick`."""

    def maybe(share: float = 0.5) -> bool:
        return bool(chance.random() < share)

    def between(lowest: int, highest: int) -> int:
        return int(chance.integers(lowest, highest + 1))

    earliest = last_tick + between(1, 200)
    lowest = between(0, 120)
    chords = [(earliest + 48 * n, Chord(between(0, 11), str(chance.choice(_QUALITIES)))) for n in range(between(0, 6))]
    known = maybe()
    values = {name: float(chance.uniform(*limits_of(name))) for name in Controls.__struct_fields__ if maybe()}
    return Wish(
        turn=between(0, 9999),
        seed=between(0, 9999),
        earliest_tick=earliest,
        first_tick=earliest if maybe() else None,
        end_tick=earliest + between(12, 2000) if maybe() else None,
        metre=Metre(known, between(0, 191) if known and maybe() else None),
        grid=OnsetGrid(str(chance.choice(list(OnsetGrid)))),
        temperature=float(chance.uniform(0.1, 2)),
        top_p=float(chance.uniform(0.05, 1)),
        min_p=float(chance.uniform(0, 0.5)) if maybe() else 0.0,
        controls=Controls(**values),
        phrase_ticks=(last_tick - between(0, 300), last_tick + 1) if maybe() else None,
        follow_key=float(chance.uniform(0, 1)),
        lowest_pitch=lowest,
        highest_pitch=between(lowest, 127),
        longest_rest_ticks=between(12, 400),
        most_at_once=between(1, 6),
        most_sounding=between(1, 6) if maybe() else NO_LIMIT,
        sounding_until=tuple(earliest + between(-20, 300) for _ in range(between(0, 3))),
        scale=tuple(sorted(pitch_classes_of(str(chance.choice(list(SCALES))), between(0, 11)))) if maybe() else (),
        chords=progression(chords, 48 * len(chords) if chords and maybe() else None),
        chord_tones_only=maybe(),
        use_pedal=maybe(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """What came of many random turns."""

    notes: int
    turns: int
    broken: dict[str, int]
    turns_with_faults: int
    """Those whose wish contradicts itself."""
    given_up_without_fault: int
    """Turns that gave up a pitch constraint although `faults` had found nothing."""


def count_broken(notes: int, seed: int = 1) -> Count:
    """Play random turns until so many notes are drawn."""
    chance = np.random.default_rng(seed)
    drawn = turns = with_faults = without_fault = 0
    counts: dict[str, int] = {}
    while drawn < notes:
        heard = heard_notes(chance)
        wish = random_wish(chance, heard[-1].onset_tick)
        composer = Composer(NoiseModel(turns))
        for _ in composer.hear(Hearing(0, heard, wish.metre, chords=wish.chords)):
            pass
        turn = list(islice(composer.play(wish), _NOTES_OF_A_TURN))
        for name in broken(wish, turn, composer.given_up):
            counts[name] = counts.get(name, 0) + 1
        told = bool(faults(wish))
        with_faults += told
        without_fault += not told and bool(composer.given_up & {GivenUp.CHORD, GivenUp.SCALE})
        drawn, turns = drawn + len(turn), turns + 1
    return Count(drawn, turns, counts, with_faults, without_fault)


def steered(wish: Wish) -> Wish:
    """The wish with every control and constraint at work at once, none of them contradicting another."""
    chords = progression([(0, Chord(0)), (96, Chord(9, "min7")), (192, Chord(5)), (288, Chord(7, "7"))], 384)
    return msgspec.structs.replace(
        wish,
        controls=Controls(**dict.fromkeys(Controls.__struct_fields__, 0.5)),
        follow_key=0.3,
        min_p=0.05,
        metre=Metre(True, 0),
        most_sounding=4,
        scale=tuple(sorted(pitch_classes_of("major", 0))),
        chords=chords,
        chord_tones_only=True,
    )


def cost() -> dict[str, float]:
    """Median ms a note of an endless turn on a model that costs nothing: neutral, with all steering, and between."""
    heard = heard_notes(np.random.default_rng(1))
    plain = Wish(1, 1, heard[-1].onset_tick + 12)
    wishes = {"neutral_ms": plain, "steered_ms": steered(plain)}
    costs: dict[str, list[float]] = {name: [] for name in wishes}
    for _ in range(_COST_ROUNDS):
        # By turns, so that a busy machine slows both.
        for name, wish in wishes.items():
            composer = Composer(PlainModel())
            for _ in composer.hear(Hearing(0, heard, wish.metre)):
                pass
            turn = composer.play(wish)
            for _ in range(_COST_NOTES):
                begun = time.perf_counter()
                next(turn)
                costs[name].append(time.perf_counter() - begun)
    medians = {name: 1000 * float(np.median(values)) for name, values in costs.items()}
    return {**medians, "all_steering_ms": medians["steered_ms"] - medians["neutral_ms"]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and say it as one JSON object; 1 if a constraint was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=NOTES, help="random notes to draw (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    count = count_broken(asked.notes, asked.seed)
    result: dict[str, Any] = {**msgspec.to_builtins(count), "cost": cost()}
    print(json.dumps(result))
    return 1 if count.broken else 0


if __name__ == "__main__":
    sys.exit(main())

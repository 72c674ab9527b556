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
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.training_index import open_index
from cocomposer.bench.plain_model import PlainModel
from cocomposer.events.codec import Metre, encode
from cocomposer.events.layout import DRAWN
from cocomposer.generation.companions import Companions
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import Controls, limits_of
from cocomposer.generation.faults import faults
from cocomposer.generation.given_chords import progression
from cocomposer.generation.memory import PlayerMemory
from cocomposer.generation.request import NO_LIMIT, GivenUp, Hearing, OnsetGrid, Wish
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.scales import SCALES, pitch_classes_of
from cocomposer.jam.setting_facts import FACTS, Sort
from cocomposer.jam.settings import Settings, SettingsError, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.originality.index import Index

NOTES: Final = 100_000
_NOTES_OF_A_TURN: Final = 40
_HEARD: Final = 24
_WIDEST_GRID_STEP: Final = 12
_COST_NOTES: Final = 400
_COST_ROUNDS: Final = 5
_HOW: Final = {"p50": 50, "p99": 99}
_PIECES: Final = 12
_HEARINGS: Final = 26
"""How often what is heard goes round: some 600 notes together."""
_PHRASE: Final = 12
"""Notes at the end of what was heard that are the phrase."""
_AT_DEFAULT: Final = 0.3
_EVEN: Final = 0.5
_LEAST_TOP_P: Final = 0.05
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


def random_settings(chance: np.random.Generator) -> Settings:
    """Any values for everything that shapes an answer. SettingsError if they contradict each other."""
    changes: dict[str, Any] = {}
    for fact in FACTS.values():
        if fact.sort is Sort.OTHER or fact.name == "tempo" or chance.random() < _AT_DEFAULT:
            continue
        match fact.sort:
            case Sort.WORD:
                changes[fact.name] = str(chance.choice(fact.choices))
            case Sort.SWITCH:
                changes[fact.name] = bool(chance.random() < _EVEN)
            case _:
                low, high = fact.low or 0.0, fact.high or 0.0
                value = chance.uniform(low if low or fact.name != "top_p" else _LEAST_TOP_P, high)
                changes[fact.name] = round(value) if fact.sort is Sort.WHOLE else float(value)
    return changed(Settings(), changes)


def set_wish(wish: Wish, settings: Settings, heard: Sequence[Note]) -> Wish:
    """The wish as the jam makes it of settings; its moments and chords stay."""
    return shaped(wish, settings, wish.metre, heard[-_PHRASE:], heard)


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
    turns_by_settings: int
    """Those whose wish was made of random settings, as the jam makes it."""
    settings_refused: int
    """Settings that contradict each other, and were refused before any turn."""


def count_broken(notes: int, seed: int = 1) -> Count:
    """Play random turns until so many notes are drawn: every second one by random settings."""
    chance = np.random.default_rng(seed)
    drawn = turns = with_faults = without_fault = by_settings = refused = 0
    counts: dict[str, int] = {}
    while drawn < notes:
        heard = heard_notes(chance)
        wish = random_wish(chance, heard[-1].onset_tick)
        if turns % 2:
            try:
                wish = set_wish(wish, random_settings(chance), heard)
            except SettingsError:
                refused += 1
                continue
            by_settings += 1
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
    return Count(drawn, turns, counts, with_faults, without_fault, by_settings, refused)


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


def cost(index: Index | None = None) -> dict[str, float]:
    """ms of CPU a note of an endless turn on a model that costs nothing, and what steering, and then all, adds to it.

    `index`: of the training music; None: nothing is guarded. A jam at its longest was heard, and pieces were given.
    """
    once = heard_notes(np.random.default_rng(1))
    around = once[-1].onset_tick + 12
    heard = tuple(replace(note, onset_tick=note.onset_tick + around * n) for n in range(_HEARINGS) for note in once)
    pieces = [encode([replace(note, pitch=note.pitch + up) for note in heard], Metre())[0] for up in range(_PIECES)]
    plain = Wish(1, 1, heard[-1].onset_tick + 12)
    everything = msgspec.structs.replace(steered(plain), memory=1.0, files=1.0, guard_notes=12)
    wishes = {"neutral": plain, "steered": steered(plain), "everything": everything}
    costs: dict[str, list[float]] = {name: [] for name in wishes}
    begins: list[float] = []
    for _ in range(_COST_ROUNDS):
        companions = Companions(index, PlayerMemory(pieces=pieces))
        # By turns, so that a busy machine slows all.
        for name, wish in wishes.items():
            composer = Composer(PlainModel())
            for _ in composer.hear(Hearing(0, heard, wish.metre)):
                pass
            turn = composer.play(wish, companions.shapers_of(wish) if name == "everything" else ())
            for number in range(_COST_NOTES + 1):
                begun = time.thread_time()
                next(turn)
                spent = 1000 * (time.thread_time() - begun)
                if number:
                    costs[name].append(spent)
                elif name == "everything":
                    begins.append(spent)
    told = {f"{name}_ms_{which}": value for name, values in costs.items() for which, value in _middle_and_tail(values)}
    for name in ("steered", "everything"):
        told |= {
            f"added_by_{name}_ms_{which}": told[f"{name}_ms_{which}"] - told[f"neutral_ms_{which}"] for which in _HOW
        }
    return {**told, "first_note_of_everything_ms": float(np.median(begins))}


def _middle_and_tail(values: Sequence[float]) -> list[tuple[str, float]]:
    return [(which, float(np.percentile(values, share))) for which, share in _HOW.items()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and say it as one JSON object; 1 if a constraint was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=NOTES, help="random notes to draw (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bundle", type=Path, default=default_bundle(), help="whose training music is guarded")
    asked = parser.parse_args(arguments)
    count = count_broken(asked.notes, asked.seed)
    result: dict[str, Any] = {**msgspec.to_builtins(count), "cost": cost(open_index(asked.bundle))}
    print(json.dumps(result))
    return 1 if count.broken else 0


if __name__ == "__main__":
    sys.exit(main())

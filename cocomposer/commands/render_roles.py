"""`cocomposer render --role …`: infill, vary, drums and harmonise offline, drawn as beside a jam.

Knows how files become sides, phrases and spans; the jam does the rest.
"""

import argparse
import math
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from cocomposer.adapters.disk import save_bytes
from cocomposer.adapters.midi_takes import read_take
from cocomposer.adapters.training_index import open_index
from cocomposer.commands import render_accompaniment
from cocomposer.commands.report import as_json
from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.export.take_midi import EARLY_TICKS, take_midi
from cocomposer.generation.companions import Companions
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Alternative
from cocomposer.jam.roles import Role
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.runtime.composer_process import load_model, open_chord_network, spare_model
from cocomposer.runtime.offline import Offline

GAP_BARS = 2
"""An infill has so many bars unless told otherwise."""
_FAILED = 1
_MISUSED = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is written: all that was given, and what was drawn for it."""

    phrase: tuple[Note, ...]
    answer: tuple[Note, ...]
    bpm: float
    beat_known: bool
    bar_tick: int
    beats_per_bar: int


def add(parser: argparse.ArgumentParser) -> None:
    """The options of roles."""
    parser.add_argument(
        "--role",
        choices=[*Role, *render_accompaniment.ROLES],
        default=Role.CONTINUE,
        help="what to make of the file (default: continue it)",
    )
    parser.add_argument("--amount", type=float, default=0.4, help="vary: 0 (the same) to 1 (only the rhythm is kept)")
    parser.add_argument("--right", metavar="RIGHT.mid", type=Path, help=f"infill: what comes after --bars ({GAP_BARS})")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Read, have it drawn, save."""
    if (options.right is None) == (options.role == Role.INFILL):
        print("An infill needs --right RIGHT.mid, what comes after the gap, and nothing else does.", file=sys.stderr)
        return _MISUSED
    take = _read(options.seed_file, options.beat)
    if options.role in (Role.DRUMS, Role.HARMONISE) and not take.beat_known:
        print(
            f"{options.seed_file.name} is played without a beat, and --role {options.role} needs one; say --beat file"
            " if the tempo in the file is its own.",
            file=sys.stderr,
        )
        return _MISUSED
    asked, right = _asked(take, options, settings)
    model, ready = load_model(options.bundle, options.provider)
    begun = time.perf_counter()
    companions = Companions(open_index(options.bundle) if settings.guard else None)
    worker = Worker(model, lambda: spare_model(options.bundle), companions=companions, open_chords=open_chord_network)
    offline = Offline(Jam(settings), worker)
    offline.begin()
    offline.do(asked)
    drawn = next(told for told in offline.told if isinstance(told, Alternative))
    if drawn.failure is not None:
        print(drawn.failure, file=sys.stderr)
        return _FAILED
    given = (*take.phrase, *right)
    whole = Rendered(given, drawn.notes, take.bpm, take.beat_known, take.bar_tick, take.beats_per_bar)
    save_bytes(options.output, take_midi(whole, f"cocomposer {options.role}"))
    seconds = time.perf_counter() - begun
    if options.json:
        facts = {
            "output": str(options.output), "role": str(options.role), "given_notes": len(given),
            "drawn_notes": len(drawn.notes), "bpm": take.bpm, "beat_known": take.beat_known, "seed": settings.seed,
            "provider": ready.provider, "seconds": seconds,
        }  # fmt: skip
        print(as_json(facts))
    else:
        print(
            f"{options.output}: {options.role}, {len(given)} notes given, {len(drawn.notes)} drawn "
            f"in {seconds:.1f} s on {ready.provider}."
        )
    return 0


def _read(path: Path, beat: str) -> KeptTake:
    imported = read_take(path, Document(), render_accompaniment.ON_BEATS[beat])
    if imported.sentence is not None:
        print(imported.sentence, file=sys.stderr)
    return imported.take


def _asked(take: KeptTake, options: argparse.Namespace, settings: Settings) -> tuple[inputs.Imagine, tuple[Note, ...]]:
    """What the jam is asked, and the right side where it stands then."""
    bar, phrase = take.ticks_per_bar, take.phrase
    begin = take.bar_tick + (phrase[0].onset_tick - take.bar_tick) // bar * bar
    last = max(note.end_tick for note in phrase) - EARLY_TICKS
    # The bar line behind it, also for a last note that is let ring a little.
    end = take.bar_tick + math.ceil((last - take.bar_tick) / bar) * bar
    first, until = end, end + (end - begin)
    right: tuple[Note, ...] = ()
    match options.role:
        case Role.INFILL:
            until = end + (options.bars or GAP_BARS) * bar
            right = _moved(_read(options.right, options.beat), until)
        case Role.DRUMS | Role.HARMONISE:
            first, until = begin, end if options.bars is None else begin + options.bars * bar
    asked = inputs.Imagine(
        request=1,
        heard=phrase,
        phrase_notes=len(phrase),
        first_tick=first,
        end_tick=until,
        beat_known=take.beat_known,
        bar_tick=take.bar_tick,
        beats_per_bar=take.beats_per_bar,
        seed=settings.seed,
        role=options.role,
        amount=options.amount,
        right=right,
    )
    return asked, right


def _moved(take: KeptTake, to_tick: int) -> tuple[Note, ...]:
    """A take whose first bar line lies at a tick; without bars, its first note."""
    first = take.phrase[0].onset_tick
    begin = first - (first - take.bar_tick) % take.ticks_per_bar if take.beat_known else first
    return tuple(replace(note, onset_tick=note.onset_tick - begin + to_tick) for note in take.phrase)

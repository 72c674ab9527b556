"""`cocomposer render`: answer a MIDI file offline, on a virtual clock, and save both as a MIDI file."""

import argparse
import sys
import time
from collections.abc import Iterator
from heapq import merge
from itertools import chain
from pathlib import Path

from cocomposer.adapters.disk import save_bytes
from cocomposer.adapters.midi_files import is_on_beats, read_midi_file
from cocomposer.adapters.own_music import own_files, read_own
from cocomposer.adapters.training_index import open_index
from cocomposer.commands import render_accompaniment, render_roles
from cocomposer.commands.options import add_model, add_settings, settings_from
from cocomposer.commands.report import as_json
from cocomposer.export.take_midi import take_midi
from cocomposer.generation.companions import Companions
from cocomposer.generation.memory import PlayerMemory
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Take
from cocomposer.jam.roles import Role
from cocomposer.jam.settings import Length, Settings, changed
from cocomposer.runtime.composer_process import load_model, spare_model
from cocomposer.runtime.offline import Offline
from cocomposer.runtime.script import clock_of, clock_start_seconds, script_of

ON_THE_LINE_SECONDS = 0.02
"""A file that ends so little behind a bar line ends on it."""
LONGEST_SEED_SECONDS = 600.0
"""A seed is what somebody might play in one go; of a longer file only its beginning is heard."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("render", help="answer a MIDI file offline", description=__doc__)
    parser.add_argument("seed_file", metavar="SEED.mid", type=Path, help="what was played")
    parser.add_argument("-o", "--output", metavar="OUT.mid", type=Path, required=True, help="where to save")
    parser.add_argument(
        "--beat",
        choices=["auto", "file", "none"],
        default="auto",
        help="whether the file's tempo gives the beat, as a DAW's clock would (auto: if its notes lie on it)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--play-like", metavar="FOLDER", type=Path, help="pick up how your own MIDI files go")
    render_roles.add(parser)
    add_settings(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Play the seed into a jam on a virtual clock, wait for the answer, save."""
    settings = settings_from(options)
    if settings.length is Length.ENDLESS:
        print("An endless answer never ends; give its length with --bars N.", file=sys.stderr)
        return 2
    if options.role in render_accompaniment.ROLES:
        return render_accompaniment.run(options, settings)
    if options.role != Role.CONTINUE:
        return render_roles.run(options, settings)
    piece = read_midi_file(options.seed_file)
    with_clock = settings.tempo is None and options.beat != "none" and (options.beat == "file" or is_on_beats(piece))
    if with_clock and piece.meters:
        _, numerator, denominator = piece.meters[0]
        if numerator * 4 % denominator == 0:
            settings = changed(settings, {"beats_per_bar": min(16, numerator * 4 // denominator)})
    onsets = piece.seconds_of(piece.notes[:, 0])
    if float(onsets[-1] - onsets[0]) > LONGEST_SEED_SECONDS:
        minutes = f"{LONGEST_SEED_SECONDS / 60:.0f} minutes"
        print(f"{options.seed_file} is longer than {minutes}; only its beginning was heard.", file=sys.stderr)
    memory = PlayerMemory()
    if options.play_like is not None:
        settings = _like(options.play_like, memory, settings)
    model, ready = load_model(options.bundle, options.provider)
    begun = time.perf_counter()
    # A file is one phrase: pauses inside it do not end it, its end does.
    # No time passes here, so the answer may enter on the very line on which the file ends.
    jam = Jam(changed(settings, {"answer": False}), lead_seconds=-ON_THE_LINE_SECONDS)
    companions = Companions(open_index(options.bundle) if settings.guard else None, memory)
    offline = Offline(jam, Worker(model, lambda: spare_model(options.bundle), companions=companions))
    offline.begin()
    clock: Iterator[tuple[float, inputs.Input]] = iter(())
    if with_clock:
        script = script_of(piece, LONGEST_SEED_SECONDS, clock_start_seconds(piece))
        clock = ((at, inputs.Arrived(at, data)) for at, data in clock_of(piece))
    else:
        script = script_of(piece, LONGEST_SEED_SECONDS)
    played = [(at, inputs.Arrived(at, data)) for at, data in script]
    end = script[-1][0]
    until_end, clock = _split(clock, end)
    offline.run(merge(until_end, played, key=lambda timed: timed[0]), end)
    offline.do(inputs.TakeOver())
    offline.run_until_silent(offline.now + 24 * 3600, clock)
    take = next(output for output in offline.told if isinstance(output, Take))
    save_bytes(options.output, take_midi(take))
    seconds = time.perf_counter() - begun
    if options.json:
        print(
            as_json(
                {
                    "output": str(options.output),
                    "phrase_notes": len(take.phrase),
                    "answer_notes": len(take.answer),
                    "bpm": take.bpm,
                    "beat_known": take.beat_known,
                    "seed": take.seed,
                    "provider": ready.provider,
                    "music_seconds": offline.now,
                    "seconds": seconds,
                }
            )
        )
    else:
        print(
            f"{options.output}: {len(take.phrase)} notes heard, {len(take.answer)} answered "
            f"({offline.now:.1f} s of music in {seconds:.1f} s on {ready.provider})."
        )
    return 0


def _like(folder: Path, memory: PlayerMemory, settings: Settings) -> Settings:
    """Read the player's own files; the settings with which they count."""
    for piece in read_own(own_files(folder)):
        memory.read(piece.rows)
        if piece.sentence is not None:
            print(piece.sentence, file=sys.stderr)
    return settings if settings.files else changed(settings, {"files": 1.0})


def _split(
    timed: Iterator[tuple[float, inputs.Input]], at_seconds: float
) -> tuple[list[tuple[float, inputs.Input]], Iterator[tuple[float, inputs.Input]]]:
    """What lies up to a moment, and the rest."""
    before: list[tuple[float, inputs.Input]] = []
    for event in timed:
        if event[0] > at_seconds:
            return before, chain([event], timed)
        before.append(event)
    return before, timed

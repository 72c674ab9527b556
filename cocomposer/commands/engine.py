"""`cocomposer engine`: the engine alone, without a window. The window starts it by itself; it plays on without one."""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from cocomposer.commands.options import add_midi, add_model, add_settings, settings_from
from cocomposer.runtime.engine_address import Place, default_place
from cocomposer.runtime.engine_house import LINGER_SECONDS, TAKEN, run_house
from cocomposer.runtime.news import Options


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("engine", help="the engine alone, without a window", description=__doc__)
    parser.add_argument("--input", action="append", default=[], metavar="NAME", help="also listen to this port")
    parser.add_argument("--out", action="append", default=[], metavar="NAME", help="play on this port instead")
    add_midi(parser)
    parser.add_argument(
        "--linger", type=float, default=LINGER_SECONDS, metavar="SECONDS",
        help="end after so long without a window, with nothing played and nothing sounding (default: %(default)g)",
    )  # fmt: skip
    # How a window starts it.
    parser.add_argument("--options-from-input", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--runtime", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--logs", type=Path, help=argparse.SUPPRESS)
    add_settings(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Live until told to end, or forgotten."""
    usual = default_place()
    place = Place(options.runtime or usual.runtime, options.logs or usual.logs)
    code = run_house(_engine_options(options), place, options.linger)
    if code == TAKEN:
        print("An engine is running already; a window joins it.", file=sys.stderr)
    sys.stderr.flush()
    # Threads of drivers may linger; all that matters has been closed.
    os._exit(code)


def _engine_options(options: argparse.Namespace) -> Options:
    if options.options_from_input:
        return msgspec.json.decode(sys.stdin.buffer.read(), type=Options)
    return Options(
        bundle=str(options.bundle),
        provider=options.provider,
        midi=options.midi,
        inputs=tuple(options.input),
        outputs=tuple(options.out),
        settings=settings_from(options),
    )

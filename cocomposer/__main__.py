"""The `cocomposer` command: parses the line, runs one command, turns errors of the world into one sentence."""

import argparse
import importlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from typing import Final

from cocomposer import __version__

COMMANDS: Final = ("window", "demo", "jam", "render", "originality", "chords", "ports", "doctor", "bench", "engine")
"""Modules of `cocomposer.commands`, imported when they are wanted: a child process that is started through this module
needs none of them."""


def parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """These commands."""
    whole = argparse.ArgumentParser(
        prog="cocomposer", description="A live MIDI co-composer: play a phrase, hear the answer."
    )
    whole.add_argument("--version", action="version", version=f"cocomposer {__version__}")
    known = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in commands:
        importlib.import_module(f"cocomposer.commands.{name}").add(known)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 1: the world is in the way, 2: the line is wrong; one sentence either way.

    Without any: the window where there is a display, else the help.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        from cocomposer.commands.window import display_there

        words = ["window"] if display_there() else ["--help"]
    # Whoever names a command need not wait for the libraries of the others.
    options = parser(words[:1] if words[0] in COMMANDS else COMMANDS).parse_args(words)
    try:
        code: int = options.run(options)
        return code
    except Exception as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return 130


def _refuse(error: Exception) -> int:
    """Say what is wrong, if it is the world or the line and no fault of ours; the exit code."""
    # Imported now: who is not refused need not wait for them.
    from cocomposer.adapters.bundle import BundleError
    from cocomposer.adapters.midi_files import MidiFileError
    from cocomposer.adapters.providers import ProviderError
    from cocomposer.jam.settings import SettingsError

    match error:
        case SettingsError():
            print(error, file=sys.stderr)
            return 2
        case BundleError() | MidiFileError() | ProviderError():
            print(error, file=sys.stderr)
        case BrokenPipeError():
            # Whoever read our output has gone (`cocomposer ports | head`).
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        case OSError():
            print(error if not error.errno else _sentence(error), file=sys.stderr)
        case _:
            raise error
    return 1


def _sentence(error: OSError) -> str:
    """What the system refused, and what to do about it."""
    if error.filename is None:
        return f"The system refused something ({error.strerror}); try again, or run cocomposer doctor."
    return f"{error.filename} cannot be used ({error.strerror}); check the name, your rights to it and the disk."


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())

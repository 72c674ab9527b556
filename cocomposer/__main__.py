"""The `cocomposer` command: parses the line, runs one command, turns errors of the world into one sentence."""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence

from cocomposer import __version__


def parser() -> argparse.ArgumentParser:
    """All commands."""
    # Imported here: a child process that is started through this module needs none of them.
    from cocomposer.commands import bench, demo, doctor, jam, ports, render

    whole = argparse.ArgumentParser(
        prog="cocomposer", description="A live MIDI co-composer: play a phrase, hear the answer."
    )
    whole.add_argument("--version", action="version", version=f"cocomposer {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (demo, jam, render, ports, doctor, bench):
        module.add(commands)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 1: the world is in the way, 2: the line is wrong; one sentence either way."""
    from cocomposer.adapters.bundle import BundleError
    from cocomposer.adapters.midi_files import MidiFileError
    from cocomposer.adapters.providers import ProviderError
    from cocomposer.jam.settings import SettingsError

    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except (BundleError, MidiFileError, ProviderError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone (`cocomposer ports | head`).
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 1
    except OSError as error:
        print(error if not error.errno else _sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _sentence(error: OSError) -> str:
    """What the system refused, and what to do about it."""
    if error.filename is None:
        return f"The system refused something ({error.strerror}); try again, or run cocomposer doctor."
    return f"{error.filename} cannot be used ({error.strerror}); check the name, your rights to it and the disk."


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())

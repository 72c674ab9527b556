"""`cocomposer window`: the app with its window. The only module that knows that there is one."""

import argparse
import os
import sys


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    # All words are the window's own, options too: it reads its line itself, and has its own help.
    parser = commands.add_parser(
        "window", help="the app with its window (what starts without a command too)", prefix_chars="\0", add_help=False
    )
    parser.add_argument("arguments", nargs="*")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Open it; the exit code."""
    from ui.app import main

    return main(options.arguments)


def display_there() -> bool:
    """Whether a window can be opened here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

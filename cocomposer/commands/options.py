"""Options that several commands share, and how settings are written on a command line."""

import argparse
from pathlib import Path
from typing import Any

import msgspec

from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.provider_names import WORDS
from cocomposer.jam.settings import Entry, Length, Settings, SettingsError, changed
from cocomposer.runtime.midi_choice import CHOICES


def add_model(parser: argparse.ArgumentParser) -> None:
    """Which model, and where it runs."""
    parser.add_argument("--bundle", type=Path, default=default_bundle(), help="folder of the model (default: live)")
    parser.add_argument("--provider", choices=WORDS, default="auto", help="where the model runs (default: auto)")


def add_midi(parser: argparse.ArgumentParser) -> None:
    """Which MIDI system."""
    parser.add_argument("--midi", choices=CHOICES, help="MIDI system (default: the first that works)")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The settings of a jam."""
    parser.add_argument("--seed", type=int, help="same seed, same settings, same playing: same answer")
    parser.add_argument("--entry", choices=[entry.value for entry in Entry], help="where the answer enters")
    parser.add_argument("--bars", type=int, help="length of the answer in bars (default: as long as the phrase)")
    parser.add_argument("--endless", action="store_true", help="answer until somebody plays")
    parser.add_argument("--creativity", type=float, help="0.1 (safe) to 2 (wild); default 0.95")
    parser.add_argument("--tempo", type=float, help="beats a minute, if no DAW gives the beat")
    parser.add_argument("--thru", action="store_true", help="pass on what is played")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=f"any setting: {', '.join(_names())}"
    )


def settings_from(options: argparse.Namespace) -> Settings:
    """The settings asked for; SettingsError is one sentence."""
    changes: dict[str, Any] = {
        "seed": options.seed, "entry": options.entry, "creativity": options.creativity, "tempo": options.tempo,
    }  # fmt: skip
    changes = {name: value for name, value in changes.items() if value is not None}
    if options.bars is not None:
        changes |= {"length": Length.BARS.value, "length_bars": options.bars}
    if options.endless:
        changes |= {"length": Length.ENDLESS.value}
    if options.thru:
        changes |= {"thru": True}
    for pair in options.set:
        changes |= parse_setting(pair)
    return changed(Settings(), changes)


def parse_setting(pair: str) -> dict[str, Any]:
    """NAME=VALUE as a change of settings; the value is JSON, or else a word."""
    name, equals, value = pair.partition("=")
    if not equals or name not in _names():
        raise SettingsError(f"{pair!r} is no setting; write NAME=VALUE with one of {', '.join(_names())}.")
    try:
        return {name: msgspec.json.decode(value)}
    except msgspec.DecodeError:
        return {name: value}


def _names() -> list[str]:
    return [field.name for field in msgspec.structs.fields(Settings)]

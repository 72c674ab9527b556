"""Options that several commands share, and how settings are written on a command line."""

import argparse
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

import msgspec

from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.provider_names import WORDS
from cocomposer.jam.setting_facts import FACTS, Sort
from cocomposer.jam.settings import Length, Settings, SettingsError, changed
from cocomposer.runtime.midi_choice import CHOICES


def add_model(parser: argparse.ArgumentParser) -> None:
    """Which model, and where it runs."""
    parser.add_argument("--bundle", type=Path, default=default_bundle(), help="folder of the model (default: live)")
    parser.add_argument("--provider", choices=WORDS, default="auto", help="where the model runs (default: auto)")


def add_midi(parser: argparse.ArgumentParser) -> None:
    """Which MIDI system."""
    parser.add_argument("--midi", choices=CHOICES, help="MIDI system (default: the first that works)")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The settings of a jam: one option each, made of what is known of them, and three short ways to say a length."""
    group = parser.add_argument_group("settings")
    group.add_argument("--bars", type=int, help="length of the answer in bars (default: as long as the phrase)")
    group.add_argument("--endless", action="store_true", help="answer until somebody plays")
    for fact in FACTS.values():
        option = f"--{fact.name.replace('_', '-')}"
        words = f"{fact.words[:1].lower()}{fact.words[1:]}"
        match fact.sort:
            case Sort.SWITCH:
                default = "on" if fact.default else "off"
                group.add_argument(option, action=BooleanOptionalAction, default=None, help=f"{words} ({default})")
            case Sort.WORD:
                group.add_argument(
                    option,
                    choices=fact.choices,
                    metavar="WORD",
                    help=f"{words}: {', '.join(fact.choices)} ({fact.default})",
                )
            case Sort.WHOLE | Sort.NUMBER:
                limits = f"{fact.low:g} to {fact.high:g}" if fact.name != "seed" else "any"
                default = "" if fact.default is None else f"; {fact.default:g}"
                kind = int if fact.sort is Sort.WHOLE else float
                group.add_argument(option, type=kind, metavar="N", help=f"{words} ({limits}{default})")
            case Sort.OTHER:
                pass
    group.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=f"any setting: {', '.join(FACTS)}"
    )


def settings_from(options: argparse.Namespace) -> Settings:
    """The settings asked for; SettingsError is one sentence."""
    changes: dict[str, Any] = {
        name: getattr(options, name) for name in FACTS if getattr(options, name, None) is not None
    }
    if options.bars is not None:
        changes |= {"length": Length.BARS.value, "length_bars": options.bars}
    if options.endless:
        changes |= {"length": Length.ENDLESS.value}
    for pair in options.set:
        changes |= parse_setting(pair)
    return changed(Settings(), changes)


def parse_setting(pair: str) -> dict[str, Any]:
    """NAME=VALUE as a change of settings; the value is JSON, or else a word."""
    name, equals, value = pair.partition("=")
    if not equals or name not in FACTS:
        raise SettingsError(f"{pair!r} is no setting; write NAME=VALUE with one of {', '.join(FACTS)}.")
    try:
        return {name: msgspec.json.decode(value)}
    except msgspec.DecodeError:
        return {name: value}

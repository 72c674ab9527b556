"""`cocomposer chords suggest`: what could come next after a progression, ranked, each with its reason."""

import argparse
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.places import models_folder
from cocomposer.commands.chord_sources import Source, add_source, read_source
from cocomposer.commands.report import as_json
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR
from cocomposer.harmony.names.chart import read_name
from cocomposer.harmony.names.symbols import UnknownChord
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.harmony.progressions.song import Metre, Sounding
from cocomposer.harmony.progressions.suggesting import Context, Options, Suggestion, suggest

MOST: Final = 96


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said of it."""
    add_source(parser)
    parser.add_argument("--top", type=int, default=6, help="how many (default: 6)")
    parser.add_argument("--surprise", type=float, default=0.0, help="0 (likeliest first, default) to 1")
    parser.add_argument(
        "--like", choices=[style.name.lower() for style in SongStyle], default="any", help="kind of song"
    )
    parser.add_argument("--before", metavar="CHORD", help="what shall come after the suggested chord")
    parser.add_argument("--chord-model", type=Path, help="folder of the next-chord model (default: chords)")


def open_network(folder: Path | None) -> ChordScores:
    """The trained model; BundleError if there is none that can be used."""
    # Imported now: other commands of chords need not wait for ONNX Runtime.
    from cocomposer.adapters.chord_model import OnnxChordNetwork

    return OnnxChordNetwork(folder or models_folder() / "chords", fingerprint())


def suggestions(sheet: LeadSheet, options: argparse.Namespace) -> list[Suggestion]:
    """The chords that could follow the sheet; SheetError for options that make no sense."""
    if not 1 <= options.top <= MOST:
        raise SheetError(f"From 1 to {MOST} chords are suggested, not {options.top}; choose --top so.")
    if not 0 <= options.surprise <= 1:
        raise SheetError(f"A surprise lies between 0 and 1, not at {options.surprise:g}; choose --surprise so.")
    key = sheet.key or C_MAJOR
    soundings = tuple(
        Sounding(chord, float(start), key.tonic) for chord, start in zip(sheet.chords, sheet.starts, strict=False)
    )
    sections = tuple(float(start) for step, start in zip(sheet.steps, sheet.starts, strict=False) if step.section)
    context = Context(soundings, key, float(sheet.beats), (Metre(float(sheet.bar_beats)),), sections)
    wanted = Options(
        count=options.top,
        style=SongStyle[options.like.upper()],
        surprise=options.surprise,
        following=_following(sheet, options.before),
    )
    return suggest(context, open_network(options.chord_model), wanted)


def report(source: Source, found: list[Suggestion]) -> dict[str, Any]:
    """The suggestions as plain values."""
    return {
        "key": (source.sheet.key or C_MAJOR).name,
        "suggestions": [
            {
                "symbol": one.symbol,
                "numeral": one.numeral,
                "probability": one.probability,
                "remembered": one.remembered,
                "function": one.function.value,
                "device": one.reason.device.value,
                "reason": one.text,
            }
            for one in found
        ],
    }


def run(options: argparse.Namespace) -> Source:
    """Print the suggestions; what they were made for."""
    source = read_source(options)
    found = suggestions(source.sheet, options)
    if options.json:
        print(as_json(report(source, found)))
        return source
    rows = [(one.symbol, one.numeral, f"{one.probability:.1%}", f"{one.function}: {one.text}") for one in found]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for symbol, numeral, probability, reason in rows:
        print(f"{symbol:{widths[0]}}  {numeral:{widths[1]}}  {probability:>{widths[2]}}  {reason}")
    return source


def _following(sheet: LeadSheet, name: str | None) -> Chord | None:
    if name is None:
        return None
    try:
        chord = read_name(name, sheet.key)
    except UnknownChord as error:
        raise SheetError(str(error)) from error
    if not isinstance(chord, Chord):
        raise SheetError(f"{name} is no chord that can follow; leave --before out.")
    return chord

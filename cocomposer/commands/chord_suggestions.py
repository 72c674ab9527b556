"""`cocomposer chords suggest`: what could come next, ranked, each with its reason; several chords up to another."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.places import models_folder
from cocomposer.commands.chord_sources import Source, about, add_source, in_key_of, read_source
from cocomposer.commands.report import as_json
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.generation.chord_request import LONGEST_GAP
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key
from cocomposer.harmony.names.chart import Step, read_name
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.symbols import UnknownChord
from cocomposer.harmony.progressions.filling import Ending, Way, fill
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.harmony.progressions.song import Metre, Sounding
from cocomposer.harmony.progressions.suggesting import Context, Options, Suggestion, suggest

MOST: Final = 96
_CADENCE: Final = 2
"""Chords."""
ENDINGS: Final = {ending.name.lower(): ending for ending in Ending}
Row = tuple[list[str], list[str], float]
"""Symbols, numerals and probability of several chords in a row."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said of it."""
    add_source(parser)
    parser.add_argument("--top", type=int, default=6, help="how many (default: 6)")
    parser.add_argument("--surprise", type=float, default=0.0, help="0 (likeliest first, default) to 1")
    styles = [style.name.lower() for style in SongStyle]
    parser.add_argument("--style", "--like", dest="like", choices=styles, default="any", help="kind of song")
    parser.add_argument("--before", metavar="CHORD", help="what shall come after the suggested chords")
    parser.add_argument("--gap", type=int, help=f"this many chords in a row, 1 to {LONGEST_GAP}, in several ways")
    parser.add_argument("--ending", choices=ENDINGS, help="cadence that they end on (two chords, unless --gap says)")
    parser.add_argument("--chord-model", type=Path, help="folder of the next-chord model (default: chords)")


def open_network(folder: Path | None) -> ChordScores:
    """The trained model; BundleError if there is none that can be used."""
    # Imported now: other commands of chords need not wait for ONNX Runtime.
    from cocomposer.adapters.chord_model import OnnxChordNetwork

    return OnnxChordNetwork(folder or models_folder() / "chords", fingerprint())


def found_for(
    sheet: LeadSheet, following: Chord | None, options: argparse.Namespace
) -> tuple[list[Suggestion], list[Way]]:
    """The chords that could follow the sheet, and the ways through a gap; SheetError for options that make no sense."""
    if not 1 <= options.top <= MOST:
        raise SheetError(f"From 1 to {MOST} chords are suggested, not {options.top}; choose --top so.")
    if not 0 <= options.surprise <= 1:
        raise SheetError(f"A surprise lies between 0 and 1, not at {options.surprise:g}; choose --surprise so.")
    if options.gap is not None and not 1 <= options.gap <= LONGEST_GAP:
        raise SheetError(f"A gap takes 1 to {LONGEST_GAP} chords, not {options.gap}; choose --gap so.")
    gap = options.gap or (_CADENCE if options.ending else 0)
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
        following=following,
    )
    network = open_network(options.chord_model)
    ways = fill(context, network, gap, wanted, ENDINGS.get(options.ending)) if gap else []
    return suggest(context, network, wanted), ways


def report(source: Source, found: list[Suggestion], lines: list[Row]) -> dict[str, Any]:
    """The suggestions as plain values."""
    return {
        "key": (source.sheet.key or C_MAJOR).name,
        **about(source),
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
        "lines": [
            {"symbols": symbols, "numerals": numerals, "probability": probability}
            for symbols, numerals, probability in lines
        ],
    }


def run(options: argparse.Namespace) -> Source:
    """Print the suggestions, or the ways through a gap; what they were made for."""
    source = read_source(options)
    following = _following(source.sheet, options.before)
    sheet = source.sheet
    if len(source.keys) > 1:
        last = source.keys[-1]
        source = replace(source, sheet=replace(sheet, key=last.key), key_confidence=last.confidence)
    elif following is not None and options.key is None and source.key_confidence is not None:
        source = in_key_of(source, replace(sheet, steps=(*sheet.steps, Step(following, sheet.bar_beats))))
    found, ways = found_for(source.sheet, following, options)
    lines = [_line(way, source.sheet.key or C_MAJOR, following) for way in ways]
    if options.json:
        print(as_json(report(source, found, lines)))
        return source
    if lines:
        rows = [(" ".join(names), " ".join(numerals), f"{part:.2%}", "") for names, numerals, part in lines]
    else:
        rows = [(one.symbol, one.numeral, f"{one.probability:.1%}", f"{one.function}: {one.text}") for one in found]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for symbol, numeral, probability, reason in rows:
        print(f"{symbol:{widths[0]}}  {numeral:{widths[1]}}  {probability:>{widths[2]}}  {reason}".rstrip())
    return source


def _line(way: Way, key: Key, following: Chord | None) -> Row:
    after = [] if following is None else [following]
    numerals = write_numerals([*way.chords, *after], key)[: len(way.chords)]
    return [chord.name(key) for chord in way.chords], numerals, way.probability


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

"""`cocomposer chords`: hear chords, voice and export them, say what could come next, harmonise a melody."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.disk import save_bytes
from cocomposer.commands import chord_harmonising, chord_suggestions
from cocomposer.commands.chord_sources import Source, about, add_facts, add_source, heard, read_source
from cocomposer.commands.chord_tables import format_of, names_in, place_of, table
from cocomposer.commands.report import as_json
from cocomposer.export.chart_text import chart_text
from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.chord_json import sheet_object
from cocomposer.export.chord_midi import VoicedSheet, chord_midi, voiced
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.key import C_MAJOR
from cocomposer.harmony.key_tracking import KeySpan
from cocomposer.harmony.names.writing import Style as Notation
from cocomposer.harmony.voicing.rules import HAND_SPAN, HIGHEST, LOWEST, Style, VoicingRules
from cocomposer.music.ticks import TICKS_PER_BEAT

WRONG_LINE: Final = 2
_RULES: Final = ("voices", "lowest", "highest", "hand_span", "strict")
"""Options that are named as in VoicingRules."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and those below it."""
    parser = commands.add_parser("chords", help="hear, voice and export chords", description=__doc__)
    below = parser.add_subparsers(dest="chords_command", required=True, metavar="COMMAND")
    detect = below.add_parser("detect", help="the chords of a MIDI file")
    detect.add_argument("source", metavar="FILE.mid", type=Path, help="what was played")
    add_facts(detect)
    _add_command(detect, _detect)
    voice = below.add_parser("voice", help="play a progression as a pianist would, into a MIDI file")
    add_source(voice)
    _add_voicing(voice)
    voice.add_argument("-o", "--output", metavar="OUT.mid", type=Path, help="where to save")
    _add_command(voice, _voice)
    export = below.add_parser("export", help="write a progression for another program")
    add_source(export, melody=True)
    export.add_argument("--format", choices=CHORD_FORMATS, help="default: what the ending of OUT says, else chart")
    export.add_argument("-o", "--output", metavar="OUT", type=Path, help="where to save (default: print it)")
    export.add_argument("--names", choices=[one.value for one in Notation], help="how a chart writes chords")
    _add_voicing(export)
    _add_command(export, _export)
    suggest = below.add_parser("suggest", help="what could come next")
    chord_suggestions.add_options(suggest)
    _add_command(suggest, lambda options: _told(chord_suggestions.run(options)))
    harmonise = below.add_parser("harmonise", help="chords for the melody or phrase of a MIDI file")
    chord_harmonising.add_options(harmonise)
    _add_command(harmonise, lambda options: _told(chord_harmonising.run(options)))


def _add_command(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=lambda options: _run(run, options))


def _add_voicing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--style", choices=[style.value for style in Style], help="how the tones are laid out")
    parser.add_argument("--pattern", choices=COMPING_PATTERNS, help="rhythm (default: held)")
    parser.add_argument("--voices", type=int, help="how many, the bass counted")
    parser.add_argument("--lowest", metavar="PITCH", type=int, help=f"MIDI number (default: {LOWEST})")
    parser.add_argument("--highest", metavar="PITCH", type=int, help=f"MIDI number (default: {HIGHEST})")
    parser.add_argument("--hand-span", type=int, help=f"semitones that a hand reaches (default: {HAND_SPAN})")
    parser.add_argument("--strict", action="store_true", default=None, help="no parallel fifths and octaves")


def _run(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """The command; a line that cannot be carried out is refused in a sentence."""
    try:
        return command(options)
    except SheetError as error:
        print(error, file=sys.stderr)
        return WRONG_LINE


def _told(source: Source) -> int:
    """Say what could not be read, and what else there is to know; the exit code."""
    for sentence in (*source.notes, *(fault.message for fault in source.faults)):
        print(sentence, file=sys.stderr)
    return WRONG_LINE if source.faults else 0


def _detect(options: argparse.Namespace) -> int:
    source = heard(options.source, options)
    changing = source.keys if len(source.keys) > 1 else ()
    if options.json:
        report = _report(source)
        if changing:
            for chord, name, numeral in zip(report["chords"], *names_in(source.sheet, changing), strict=True):
                chord |= {"symbol": name, "numeral": numeral}
        print(as_json({"file": str(options.source), **report, "keys": _keys(source)}))
        return _told(source)
    print(_headline(str(options.source), source))
    if changing:
        print(f"Its keys: {', '.join(_key_words(span, source.sheet) for span in changing)}.")
    for line in table(source.sheet, changing):
        print(line)
    return _told(source)


def _keys(source: Source) -> list[dict[str, Any]]:
    """Start and length in quarter notes."""
    return [
        {
            "start": span.tick / TICKS_PER_BEAT,
            "beats": (span.end_tick - span.tick) / TICKS_PER_BEAT,
            "key": span.key.name,
            "confidence": span.confidence,
        }
        for span in source.keys
    ]


def _key_words(span: KeySpan, sheet: LeadSheet) -> str:
    place = place_of(Fraction(span.tick, TICKS_PER_BEAT), sheet)
    return f"{span.key.name} from {place} ({span.confidence:.0%})"


def _voice(options: argparse.Namespace) -> int:
    source = read_source(options)
    played = _played(source.sheet, options)
    if options.output:
        save_bytes(options.output, chord_midi(source.sheet, played.notes))
    if options.json:
        report = _report(source)
        for chord, voicing in zip(report["chords"], played.voicings, strict=True):
            chord |= {
                "pitches": [] if voicing is None else voicing.pitches,
                "left_hand": [] if voicing is None else voicing.left_hand,
            }
        print(as_json({**report, "notes": len(played.notes), "output": options.output and str(options.output)}))
        return _told(source)
    for line, voicing in zip(table(source.sheet), played.voicings, strict=True):
        pitches = [] if voicing is None else [_pitch_name(source.sheet, pitch) for pitch in voicing.pitches]
        print(f"{line}  {' '.join(pitches)}".rstrip())
    if options.output:
        print(f"{options.output}: {len(played.notes)} notes.")
    return _told(source)


def _export(options: argparse.Namespace) -> int:
    source = read_source(options)
    chosen = CHORD_FORMATS[options.format or format_of(options.output)]
    if options.names is not None and chosen.name != "chart":
        raise SheetError(f"Only a chart has a choice of names; leave --names out for {chosen.name}.")
    if chosen.name == "midi":
        content = _midi(source.sheet, options)
    elif said := _voicing_said(options):
        raise SheetError(f"Only a MIDI file is voiced; leave {' and '.join(said)} out for {chosen.name}.")
    elif options.names is not None:
        content = chart_text(source.sheet, Notation(options.names)).encode()
    else:
        content = chosen.write(source.sheet)
    if options.output is None and not chosen.is_text:
        raise SheetError("A MIDI file cannot be printed; say where to save it with -o OUT.mid.")
    if options.output is not None:
        save_bytes(options.output, content)
    if options.json:
        text = content.decode() if chosen.is_text else None
        saved = options.output and str(options.output)
        print(as_json({"format": chosen.name, "output": saved, "text": None if saved else text, **about(source)}))
    elif options.output is None:
        sys.stdout.write(content.decode())
    else:
        print(f"{options.output}: {len(source.sheet.steps)} chords as {chosen.label}.")
    return _told(source)


def _midi(sheet: LeadSheet, options: argparse.Namespace) -> bytes:
    return chord_midi(sheet, _played(sheet, options).notes if _voicing_said(options) else None)


def _voicing_said(options: argparse.Namespace) -> list[str]:
    """Which options of `_add_voicing` the line has."""
    names = ("style", "pattern", *_RULES)
    return [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) is not None]


def _played(sheet: LeadSheet, options: argparse.Namespace) -> VoicedSheet:
    try:
        said = {name: getattr(options, name) for name in _RULES if getattr(options, name) is not None}
        rules = VoicingRules(Style(options.style or Style.CLOSE), **said)
        return voiced(sheet, rules, options.pattern and COMPING_PATTERNS[options.pattern])
    except SheetError:
        raise
    except ValueError as error:
        raise SheetError(f"It cannot be voiced so: {error}.") from error


def _report(source: Source) -> dict[str, Any]:
    return {**sheet_object(replace(source.sheet, melody=())), **about(source)}


def _headline(name: str, source: Source) -> str:
    sheet = source.sheet
    key = "no key found" if sheet.key is None else sheet.key.name
    if source.key_confidence is not None:
        key += f" ({source.key_confidence:.0%})"
    return f"{name}: {key}, {sheet.meter[0]}/{sheet.meter[1]}, {sheet.bpm:g} BPM."


def _pitch_name(sheet: LeadSheet, pitch: int) -> str:
    return (sheet.key or C_MAJOR).spell_pitch(pitch)

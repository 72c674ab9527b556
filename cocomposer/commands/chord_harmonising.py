"""`cocomposer chords harmonise`: chords for the melody or the phrase of a MIDI file, in several ways."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.disk import save_bytes
from cocomposer.commands.chord_sources import Played, Source, about, add_facts, key_asked, played, with_facts
from cocomposer.commands.chord_suggestions import ENDINGS, open_network
from cocomposer.commands.chord_tables import format_of, table
from cocomposer.commands.report import as_json
from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.chord_json import sheet_object
from cocomposer.export.chord_midi import chord_midi, voiced
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.harmonising.harmonising import MOST, Harmonisation, Wishes, harmonise
from cocomposer.harmony.harmonising.melody import top_line
from cocomposer.harmony.harmonising.slots import Bars, Per, bars_of_meter
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_finding import DRUM_CHANNEL
from cocomposer.harmony.names.chart import Step, read_chart, read_name
from cocomposer.harmony.names.symbols import NoChord, UnknownChord
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.foretelling import SongStyle
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.music.ticks import TICKS_PER_BEAT

_KEPT: Final = re.compile(r"(\d+)(?:\.(\d+(?:\.\d+)?))?:(\S+)")
_BARS_MOST: Final = 10_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said of it."""
    parser.add_argument("source", metavar="FILE.mid", type=Path, help="a melody, or a phrase with chords of its own")
    add_facts(parser)
    parser.add_argument(
        "--per", choices=[per.value for per in Per], default="beat", help="how often chords may change (default: beat)"
    )
    parser.add_argument("--top", type=int, default=1, help=f"how many different ways, 1 to {MOST} (default: 1)")
    parser.add_argument("--surprise", type=float, default=0.0, help="0 (the likeliest chords, default) to 1")
    parser.add_argument(
        "--style", choices=[style.name.lower() for style in SongStyle], default="any", help="kind of song"
    )
    parser.add_argument("--ending", choices=ENDINGS, help="cadence (default: as the melody has it)")
    parser.add_argument(
        "--keep", metavar="BAR:CHORD", action="append", default=[], help="a chord that stays, such as 5:Dm7 or 8.3:G7"
    )
    parser.add_argument("--chords", metavar="LINE", help="the chords that the melody has, from its first bar on")
    parser.add_argument(
        "--away",
        type=float,
        default=0.0,
        help="0 to 1: how far to go from --chords; without them from the chords that sound in the file, or of a melody "
        "alone from its plainest harmonisation",
    )
    parser.add_argument("--chord-model", type=Path, help="folder of the next-chord model (default: chords)")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=Path, help="save melody and chords: .mid (voiced), .musicxml, .txt …"
    )


def run(options: argparse.Namespace) -> Source:
    """Print the harmonisations and save the first; what they were made for."""
    _refuse_nonsense(options)
    source = played(options.source, options)
    bars = bars_of_meter(*source.meter)
    network = open_network(options.chord_model)
    found = harmonise(source.notes, bars, network, _wishes(source, bars, options))
    sheets = [_sheet(source, one, options) for one in found]
    if options.output is not None:
        save_bytes(options.output, _content(sheets[0], options.output))
    faults = () if options.chords is None else read_chart(options.chords, key_asked(options)).faults
    told = Source(sheets[0], faults, found[0].key_confidence, source.told)
    if options.json:
        print(as_json(_report(found, sheets, told, options)))
    else:
        _print(found, sheets, options)
    return told


def _refuse_nonsense(options: argparse.Namespace) -> None:
    if not 1 <= options.top <= MOST:
        raise SheetError(f"From 1 to {MOST} harmonisations are made at once, not {options.top}; choose --top so.")
    for name in ("surprise", "away"):
        value = getattr(options, name)
        if not 0 <= value <= 1:
            raise SheetError(f"--{name} lies between 0 and 1, not at {value:g}; choose it so.")
    if options.output is not None:
        format_of(options.output)


def _wishes(source: Played, bars: Bars, options: argparse.Namespace) -> Wishes:
    key = key_asked(options)
    return Wishes(
        count=options.top,
        key=key,
        per=Per(options.per),
        style=SongStyle[options.style.upper()],
        surprise=options.surprise,
        ending=ENDINGS.get(options.ending),
        kept=tuple(sorted((_kept(text, bars, key) for text in options.keep), key=lambda span: span.tick)),
        given=_given(source, bars, key, options),
        away=options.away,
    )


def _kept(text: str, bars: Bars, key: Key | None) -> ChordSpan:
    """ "8.3:G7", from there to the next beat that a chord can change on: the next bar line, or half of the bar."""
    found = _KEPT.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= _BARS_MOST:
        raise SheetError(f"{text!r} keeps no chord; write bar and chord like 5:Dm7, or 8.3:G7 for its third beat.")
    within = round((float(found[2] or 1) - 1) * bars.ticks / bars.pulses)
    if not 0 <= within < bars.ticks:
        raise SheetError(f"A bar has {bars.pulses} beats, so {text!r} lies in none; choose another beat.")
    try:
        chord = read_name(found[3], key)
    except UnknownChord as error:
        raise SheetError(str(error)) from error
    if not isinstance(chord, Chord):
        raise SheetError(f"{found[3]} is no chord that can be kept; leave it out.")
    start = bars.origin + (int(found[1]) - 1) * bars.ticks + within
    return ChordSpan(start, bars.after(start + 1), chord)


def _given(source: Played, bars: Bars, key: Key | None, options: argparse.Namespace) -> tuple[ChordSpan, ...]:
    """The chords that are there: as typed, from the first bar of the melody on, else as they sound.

    Where a melody is all that sounds, they are its plainest harmonisation.
    """
    if options.chords is None:
        if not options.away:
            return ()
        network = open_network(options.chord_model)
        plain = Wishes(key=key, per=Per(options.per), style=SongStyle[options.style.upper()])
        return harmonise(source.notes, bars, network, plain)[0].spans
    chart = read_chart(options.chords, key, Fraction(bars.ticks, TICKS_PER_BEAT))
    first = min(note.onset_tick for note in source.notes if note.channel != DRUM_CHANNEL)
    at = Fraction(bars.before(first) if bars.after(first) - first >= bars.ticks // 2 else bars.after(first))
    spans = []
    for step in chart.steps:
        end = at + step.beats * TICKS_PER_BEAT
        if isinstance(step.chord, Chord) and end > at:
            spans.append(ChordSpan(round(at), round(end), step.chord))
        at = end
    return tuple(spans)


def _sheet(source: Played, found: Harmonisation, options: argparse.Namespace) -> LeadSheet:
    """Melody and chords; silence before the first of them."""
    edges = [Fraction(span.tick, TICKS_PER_BEAT) for span in found.spans]
    edges.append(Fraction(found.spans[-1].end_tick, TICKS_PER_BEAT))
    steps = [Step(NoChord.SILENT, edges[0])] if edges[0] else []
    steps += [
        Step(span.chord or NoChord.SILENT, end - start)
        for span, (start, end) in zip(found.spans, pairwise(edges), strict=True)
    ]
    title = options.source.stem if options.title is None else options.title
    bpm = 60e6 / source.piece.tempos[0][1]
    sheet = LeadSheet(tuple(steps), found.key, source.meter, bpm, title, top_line(source.notes))
    return with_facts(sheet, options)


def _content(sheet: LeadSheet, output: Path) -> bytes:
    name = format_of(output)
    if name == "midi":
        return chord_midi(sheet, voiced(sheet, VoicingRules()).notes)
    return CHORD_FORMATS[name].write(sheet)


def _report(
    found: Sequence[Harmonisation], sheets: Sequence[LeadSheet], source: Source, options: argparse.Namespace
) -> dict[str, Any]:
    return {
        "file": str(options.source),
        "output": options.output and str(options.output),
        **about(source),
        "harmonisations": [
            {
                **sheet_object(replace(sheet, melody=())),
                "key_confidence": one.key_confidence,
                "score": one.nats,
                "chord_tones": one.chord_tones,
                "differs": one.differs,
            }
            for one, sheet in zip(found, sheets, strict=True)
        ],
    }


def _print(found: Sequence[Harmonisation], sheets: Sequence[LeadSheet], options: argparse.Namespace) -> None:
    for number, (one, sheet) in enumerate(zip(found, sheets, strict=True), 1):
        key = one.key.name if one.key_confidence is None else f"{one.key.name} ({one.key_confidence:.0%})"
        facts = [key, f"{one.chord_tones:.0%} of the melody on chord tones"]
        if one.differs is not None:
            facts.append(f"{one.differs:.0%} other chords")
        print(f"{number}: {', '.join(facts)}.")
        for line in table(sheet):
            print(line)
    if options.output is not None:
        print(f"{options.output}: {len(sheets[0].steps)} chords and the melody.")

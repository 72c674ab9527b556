"""Chords for the next-chord network from scored music: songs, hymns, piano pieces and quartets of the corpus.

    nice python -m models.training.chords.analysed --corpus ../shared/corpus --out out/chords/analysed.jsonl

Writes one JSON object a piece, laid out like the corpus' chord sheets, so that `corpus.song_of_row` reads it; long
pieces in parts. Melodies, pieces whose notes do not fit the chords that were heard, and those whose key is not clear
are left out. Each piece is written as soon as it is heard; the whole takes some minutes. How pieces are heard is
`score_hearing`'s.
"""

import argparse
import csv
import json
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.midi_files import MidiFileError, MidiPiece, read_midi_file
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.names.harte import write_harte
from cocomposer.harmony.pitch_class import name_at
from models.training.chords.corpus import ANALYSED, DEFAULT_CORPUS
from models.training.chords.score_hearing import Analysis, HeardChord, analysis_of

SCORES: Final = ("openscore-lieder", "openhymnal", "nifc-polish", "chopin-first-editions", "openscore-quartets")
"""Sources of the corpus that are read, in this order."""
UPBEATS_WRITTEN: Final = frozenset({"openscore-lieder"})
"""Those whose files begin with a short bar where the music begins with an upbeat."""
LEAST_SOUNDING: Final = 1.3
"""Where fewer notes than this sound at a time, the music is a melody, which could be harmonised in many ways."""
LEAST_CHORDS: Final = 8
MOST_CHORDS: Final = 350
"""A longer piece becomes parts: songs have no more chords than this."""
LEAST_FIT: Final = 0.8
"""Share of what is heard that must lie in the chords."""
MOST_SILENT: Final = 0.25
"""Share of the beats that may have no chord."""
LEAST_KEY_CONFIDENCE: Final = 0.5
BARS_A_KEY: Final = 8
"""A piece that changes its key more often on the average has none that was found."""
_MODES: Final = {Mode.MAJOR: "maj", Mode.MINOR: "min"}


def why_not(piece: MidiPiece, analysis: Analysis | None) -> str | None:
    """Why a piece teaches nothing; None where it does."""
    sounding = int((piece.notes[:, 1] - piece.notes[:, 0]).sum())
    if sounding < LEAST_SOUNDING * int(piece.notes[:, 1].max() - piece.notes[0, 0]):
        return "a melody"
    if analysis is None or sum(one.chord is not None for one in analysis.chords) < LEAST_CHORDS:
        return "too short"
    if analysis.fit < LEAST_FIT or analysis.silent > MOST_SILENT:
        return "no clear chords"
    if analysis.key_confidence < LEAST_KEY_CONFIDENCE or analysis.bars < BARS_A_KEY * (len(analysis.keys) - 1):
        return "no clear key"
    return None


def parts_of(analysis: Analysis) -> list[tuple[HeardChord, ...]]:
    """The chords of a piece in parts of at most MOST_CHORDS, each from the first to the last place where one sounds.

    They part where the metre or the key changes nearest to the middle, else on a bar line.
    """
    changes = {section.start for section in analysis.sections} | {tick for tick, _ in analysis.keys}
    waiting, parts = [analysis.chords], []
    while waiting:
        chords = waiting.pop()
        if len(chords) > MOST_CHORDS:
            cut = _cut(chords, changes)
            waiting += [chords[cut:], chords[:cut]]
            continue
        sounding = [place for place, one in enumerate(chords) if one.chord is not None]
        if len(sounding) >= LEAST_CHORDS:
            parts.append(chords[sounding[0] : sounding[-1] + 1])
    return parts


def _cut(chords: tuple[HeardChord, ...], changes: set[int]) -> int:
    """Where to part chords in two."""
    inner = range(LEAST_CHORDS, len(chords) - LEAST_CHORDS)
    at_change = [place for place in inner if any(chords[place - 1].start < t <= chords[place].start for t in changes)]
    on_bars = [place for place in inner if chords[place].on_bar]
    return min(at_change or on_bars or inner, key=lambda place: abs(place - len(chords) // 2))


def music_of(analysis: Analysis, chords: tuple[HeardChord, ...]) -> dict[str, Any]:
    """Key, metre and chords of a part as a chord sheet has them, in quarter notes from the bar line before it."""
    sections = analysis.sections
    quarter = sections[0].ticks_per_quarter
    start, end = chords[0].start, chords[-1].end
    first = max(0, bisect_right([section.start for section in sections], start) - 1)
    origin = start - (start - sections[first].bar) % sections[first].bar_ticks
    number = max(0, bisect_right([tick for tick, _ in analysis.keys], start) - 1)
    key = analysis.keys[number][1]
    later_keys = [(tick, one) for tick, one in analysis.keys[number + 1 :] if tick < end]
    later_sections = [section for section in sections[first + 1 :] if section.start < end]
    written = []
    for one in chords:
        at = bisect_right([tick for tick, _ in later_keys], one.start)
        within = later_keys[at - 1][1] if at else key
        symbol = "N" if one.chord is None else write_harte(one.chord, one.chord.root_place(within))
        written.append([(one.start - origin) / quarter, (one.end - one.start) / quarter, symbol])
    return {
        "key": _key_name(key),
        "key_changes": [[(tick - origin) / quarter, _key_name(one)] for tick, one in later_keys],
        "meter": "{}/{}".format(*sections[first].meter),
        "meter_changes": [[(one.start - origin) / quarter, "{}/{}".format(*one.meter)] for one in later_sections],
        "chords": written,
    }


def _key_name(key: Key) -> str:
    return f"{name_at(key.tonic_place)}:{_MODES[key.mode]}"


def rows_of(corpus: Path, entry: dict[str, str], left_out: Counter[str]) -> Iterator[dict[str, Any]]:
    """The chord sheets of one file of the manifest; why there are none is counted."""
    try:
        piece = read_midi_file(corpus / entry["path"])
    except MidiFileError:
        left_out["not read"] += 1
        return
    analysis = analysis_of(piece, entry["source"] in UPBEATS_WRITTEN)
    reason = why_not(piece, analysis)
    if reason is not None or analysis is None:
        left_out[str(reason)] += 1
        return
    parts = parts_of(analysis)
    for number, chords in enumerate(parts, 1):
        yield {
            "id": entry["path"].removesuffix(".mid") + (f"-{number}" if len(parts) > 1 else ""),
            "title": entry["title"],
            "composer_or_artist": entry["composer"],
            "source": ANALYSED,
            "licence": entry["licence"],
            "split": entry["split"],
            "group": entry["group"],
            **music_of(analysis, chords),
            "midi": entry["path"],
            "upstream": entry["upstream"],
            "fit": round(analysis.fit, 3),
            "key_confidence": round(analysis.key_confidence, 3),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--out", type=Path, required=True, help="such as out/chords/analysed.jsonl")
    parser.add_argument(
        "--sources", nargs="+", choices=SCORES, default=SCORES, metavar="SOURCE", help=", ".join(SCORES)
    )
    options = parser.parse_args()
    try:
        with (options.corpus / "manifest.csv").open(encoding="utf-8", newline="") as table:
            entries = list(csv.DictReader(table))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        with options.out.open("w", encoding="utf-8") as file:
            for source in options.sources:
                began, sheets, chords, left_out = time.monotonic(), 0, 0, Counter[str]()
                of_source = [entry for entry in entries if entry["source"] == source]
                for entry in of_source:
                    for row in rows_of(options.corpus, entry, left_out):
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                        sheets, chords = sheets + 1, chords + len(row["chords"])
                file.flush()
                why = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
                seconds = time.monotonic() - began
                print(
                    f"{source}: {len(of_source)} pieces, {sheets} sheets, {chords} chords in {seconds:.0f} s;"
                    f" left out: {why or 'none'}",
                    flush=True,
                )
    except (OSError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a bundle makes of held-out music in three roles: infill, vary and drums.

    python -m models.training.evaluation.roles --bundle models/live --corpus ../shared/corpus --seeds 50

infill  nats by which the middle that is taken fits better than a plain continuation cut off where the right side
        begins, and what people wrote there (`infilling` tells whether that score prefers the truth).
vary    how like its phrase a variation is by the amount: share of its pitches kept, semitones that its notes moved,
        share of its steps that keep their direction; and the share of its notes in the key heard.
drums   what eight bars under held-out 4/4 music are like beside the Groove performances of the same split, and how many
        of the phrase's heavy accents have kick or snare on them, beside those of another seed's phrase.
"""

import argparse
import json
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.roles.drumming import accents, drummed
from cocomposer.generation.roles.fit import fit
from cocomposer.generation.roles.infilling import infilled, judged
from cocomposer.generation.roles.tasks import Drum, Infill, Vary
from cocomposer.generation.roles.varying import in_key, placed, varied
from cocomposer.generation.timing_leans import BESIDE_GRID, NEAR
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.evaluation.continuations import Seed, seeds_of
from models.training.evaluation.scoring import HeldOut, read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest

AMOUNTS: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
CANDIDATES: Final = (1, 4, 8)
_SEEDS: Final = 50
_PHRASE: Final = 24
_MIDDLE: Final = 16
_SIDE: Final = 64
_BAR: Final = 4 * TICKS_PER_BEAT
_DRUM_BARS: Final = 8
_MOST: Final = 400
_HEAVY: Final = 0.5
_KICKS, _SNARES = (35, 36), (37, 38, 40)
_LOUD: Final = 60
_FEWEST_STROKES: Final = 100
Row = dict[str, float]
Result = TypeVar("Result")


def done(work: Generator[None, None, Result]) -> Result:
    """All of it at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result


def vary_table(composer: Composer, seeds: Sequence[Seed], settings: Settings) -> dict[str, Any]:
    """Means over the seeds by amount, and the share of seeds of whose pitches each larger amount keeps fewer."""
    rows: list[list[Row]] = []
    for seed in seeds:
        phrase = seed.heard[-_PHRASE:]
        first = phrase[-1].onset_tick + 1
        wish = _wish(seed, settings, phrase, first, None)
        again, key = placed(phrase, first, seed.metre), in_key(seed.heard, phrase)
        hearing = Hearing(0, seed.heard, seed.metre)
        rows.append([_likeness(again, done(varied(composer, hearing, wish, Vary(phrase, a))), key) for a in AMOUNTS])
    means = [{name: float(np.mean([row[n][name] for row in rows])) for name in rows[0][0]} for n in range(len(AMOUNTS))]
    falls = [all(here["kept"] > later["kept"] for here, later in pairwise(row)) for row in rows]
    return {"seeds": len(rows), "amounts": AMOUNTS, "means": means, "monotone": float(np.mean(falls))}


def _likeness(phrase: Sequence[Note], again: Sequence[Note], key: NDArray[np.bool_]) -> Row:
    before, after = (np.asarray([note.pitch for note in notes]) for notes in (phrase, again))
    rhythm = [[(note.onset_tick, note.duration_ticks) for note in notes] for notes in (phrase, again)]
    return {
        "kept": float((before == after).mean()),
        "moved": float(np.abs(before - after).mean()),
        "direction": float((np.sign(np.diff(before)) == np.sign(np.diff(after))).mean()),
        "in key": float(key[after].mean()),
        "rhythm": float(rhythm[0] == rhythm[1]),
    }


def infill_table(composer: Composer, seeds: Sequence[Seed], settings: Settings) -> dict[str, Any]:
    """Mean fit, in nats, by how many middles are drawn, and of the true ones; how often the best beats the first."""
    rows: list[Row] = []
    for seed in seeds:
        left, middle, right = seed.heard[-_SIDE:], seed.truth[:_MIDDLE], seed.truth[_MIDDLE:]
        if not right or right[0].onset_tick - middle[0].onset_tick < TICKS_PER_BEAT:
            continue
        wish = _wish(seed, settings, (*left[-_PHRASE:], *right), middle[0].onset_tick, right[0].onset_tick)
        hearing = Hearing(0, left, seed.metre)

        def how_well(notes: Sequence[Note], hearing: Hearing = hearing, wish: Wish = wish, right: Any = right) -> float:
            return fit(done(judged(composer, hearing, wish, notes, right)))

        row = {"people": how_well(middle)}
        for count in CANDIDATES:
            row[str(count)] = how_well(done(infilled(composer, hearing, wish, Infill(right, count), _MOST)))
        rows.append(row)
    better = [row[str(CANDIDATES[-1])] > row[str(CANDIDATES[0])] for row in rows]
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    return {"gaps": len(rows), "fit": means, "better than the first": float(np.mean(better))}


def drum_table(
    composer: Composer, seeds: Sequence[Seed], grooves: Sequence[HeldOut], settings: Settings
) -> dict[str, Any]:
    """10th, 50th and 90th percentile of each measure, of the parts and of people's performances."""
    told = changed(settings, {"style": "drums"})
    fours = [s for s in seeds if s.metre.beat_known and s.metre.ticks_per_bar == _BAR]
    phrases, parts = [], []
    for seed in fours:
        line = seed.metre.bar_tick or 0
        first = line - (_DRUM_BARS - 1) * _BAR
        phrase = [note for note in seed.heard if note.onset_tick >= first]
        wish = _wish(seed, told, phrase, first, first + _DRUM_BARS * _BAR)
        parts.append(
            [
                replace(n, onset_tick=n.onset_tick - first)
                for n in done(drummed(composer, wish, Drum(tuple(phrase)), _MOST))
            ]
        )
        phrases.append([replace(n, onset_tick=n.onset_tick - first) for n in phrase])
    own = [_on_accents(part, phrase) for part, phrase in zip(parts, phrases, strict=True)]
    others = [_on_accents(part, phrase) for part, phrase in zip(parts, [*phrases[1:], phrases[0]], strict=True)]
    people = [_playing(_strokes(piece)) for piece in grooves if len(piece.piece) >= _FEWEST_STROKES]
    return {
        "parts": len(parts), "performances": len(people),
        "machine": _percentiles([_playing(part) for part in parts]), "people": _percentiles(people),
        "accents struck": {"its phrase": float(np.nanmean(own)), "another phrase": float(np.nanmean(others))},
    }  # fmt: skip


def _playing(part: Sequence[Note]) -> Row:
    onset, pitch, touch = np.asarray([(n.onset_tick, n.pitch, n.velocity) for n in part]).T
    near = np.rint(onset / 12) * 12, np.rint(onset / 16) * 16
    off = np.where(BESIDE_GRID[onset % TICKS_PER_BEAT] == np.abs(onset - near[0]), onset - near[0], onset - near[1])
    loud = np.isin(pitch, _SNARES) & (touch > _LOUD)
    back = np.abs((onset + NEAR) % (2 * TICKS_PER_BEAT) - TICKS_PER_BEAT - NEAR) <= NEAR
    return {
        "strokes a beat": len(part) * TICKS_PER_BEAT / max(TICKS_PER_BEAT, int(onset[-1] - onset[0])),
        "velocity": float(touch.mean()),
        "velocity spread": float(touch.std()),
        "ticks off the grid, spread": float(off.std()),
        "loud snares on backbeats": float(back[loud].mean()) if loud.any() else float("nan"),
        "kick share": float(np.isin(pitch, _KICKS).mean()),
        "snare share": float(np.isin(pitch, _SNARES).mean()),
    }


def _strokes(piece: HeldOut) -> list[Note]:
    columns = (piece.piece.onset, piece.piece.pitch, piece.piece.velocity)
    return [Note(round(float(onset)), int(pitch), 1, int(touch)) for onset, pitch, touch in zip(*columns, strict=True)]


def _on_accents(part: Sequence[Note], phrase: Sequence[Note]) -> float:
    """Share of the heavy accents of a phrase that have a kick or a snare."""
    struck = np.asarray([note.onset_tick for note in part if note.pitch in (*_KICKS, *_SNARES)])
    heavy = [tick for tick, weight in accents(phrase).items() if weight >= _HEAVY]
    if not len(struck):
        return 0.0
    return float(np.mean([np.abs(struck - tick).min() <= NEAR for tick in heavy]))


def _percentiles(rows: Sequence[Row]) -> dict[str, list[float]]:
    return {name: np.nanpercentile([row[name] for row in rows], [10, 50, 90]).round(3).tolist() for name in rows[0]}


def _wish(seed: Seed, settings: Settings, phrase: Sequence[Note], first: int, end: int | None) -> Wish:
    wish = Wish(seed.number, settings.seed, first, first, end)
    return shaped(wish, settings, seed.metre, phrase, seed.heard)


def lines(result: dict[str, Any]) -> str:
    """For people."""
    text = []
    if "vary" in result:
        table = result["vary"]
        names = list(table["means"][0])
        text.append(f"{'vary by (' + str(table['seeds']) + ' seeds)':<24}" + "".join(f"{name:>12}" for name in names))
        for amount, row in zip(table["amounts"], table["means"], strict=True):
            text.append(f"{amount:<24}" + "".join(f"{row[name]:>12.3f}" for name in names))
        text += [f"fewer pitches kept with each amount: {table['monotone']:.0%} of seeds", ""]
    if "infill" in result:
        table = result["infill"]
        cells = ", ".join(f"{name} {value:.2f}" for name, value in table["fit"].items())
        text.append(f"infill ({table['gaps']} gaps), mean fit in nats: {cells};")
        text += [f"better than the first: {table['better than the first']:.0%}", ""]
    if "drums" in result:
        table = result["drums"]
        text.append(f"{'drums, 10 / 50 / 90 %':<30}{table['parts']:>14} parts{table['performances']:>16} performances")
        for name, machine in table["machine"].items():
            both = (" / ".join(f"{v:.2f}" for v in column) for column in (machine, table["people"][name]))
            text.append(f"{name:<30}" + "".join(f"{cell:>24}" for cell in both))
        struck = ", ".join(f"{name} {value:.2f}" for name, value in table["accents struck"].items())
        text.append(f"heavy accents with kick or snare: {struck}")
    return "\n".join(text).rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seeds", type=int, default=_SEEDS)
    parser.add_argument("--only", nargs="+", choices=["infill", "vary", "drums"])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    pieces = read_pieces(source for source in read_manifest(asked.corpus) if source.split == asked.split)
    pitched = [piece for piece in pieces if piece.source.kind != "drums"]
    grooves = [p for p in pieces if p.source.kind == "drums" and "_beat_4-4" in p.source.path.name]
    seeds = seeds_of(pitched, choose(pitched, CONTINUED, asked.seeds))
    composer, settings = Composer(OnnxNoteModel(asked.bundle, Provider.CPU)), Settings()
    tables: dict[str, Callable[[], dict[str, Any]]] = {
        "infill": lambda: infill_table(composer, seeds, settings),
        "vary": lambda: vary_table(composer, seeds, settings),
        "drums": lambda: drum_table(composer, seeds, grooves, settings),
    }
    result = {name: table() for name, table in tables.items() if asked.only is None or name in asked.only}
    print(json.dumps(result) if asked.json else lines(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())

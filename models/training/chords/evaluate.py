"""How well a bundle foretells held-out songs, beside the counting models; through the graph that is released.

    python -m models.training.chords.evaluate --bundle models/chords --split valid

The protocol: songs of the official split, chords folded to 12 roots × 8 classes, N and X left out, equal neighbours
merged; the tonic is given, a change of key is honoured one chord late; every chord of a song is foretold, the first as
well; where the next chord begins is given, its length is not, nor, except in the rows that say so, where sections
begin; all chords of all songs count alike. "New" are only the places whose three preceding chords have not yet stood
together in the song.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.chord_model import OnnxChordNetwork
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.inputs import fingerprint, inputs_of, reading_of
from cocomposer.harmony.progressions.mixture import mixture_of
from cocomposer.harmony.progressions.song import Song
from models.training.chords.baselines import counting_models
from models.training.chords.corpus import ANALYSED, DEFAULT_CORPUS, Sheet, new_places, read_sheets, sheets_of
from models.training.chords.figures import figures

Floats = NDArray[np.float64]
MEASURED: Final = ("billboard", "openewld")


def predictions(network: ChordScores, song: Song, style: int, memory: float = 1.0) -> tuple[Floats, Floats]:
    """(probabilities, remembered parts) [n, TOKENS] of one song."""
    inputs = inputs_of([reading_of(song, style)])
    general, strengths = network.scores(inputs)
    mixtures = []
    for place in range(len(song)):
        own = inputs["places"] == place
        mixtures.append(mixture_of(general[:, 0, place], strengths[:, own], inputs["tokens"][own], memory))
    return np.stack([m.probabilities for m in mixtures]), np.stack([m.remembered for m in mixtures])


def evaluate(network: ChordScores, corpus: Path, split: str, analysed: Path | None = None) -> dict[str, Any]:
    """Source → model → figures on all chords and on new places; and how much of Billboard is memory's work.

    `analysed`: what `analysed` wrote, to be measured on too.
    """
    train = [sheet.song for sheet in read_sheets(corpus, "train")]
    counting = counting_models(train, [sheet.song for sheet in read_sheets(corpus, "valid", ("billboard",))])
    result: dict[str, Any] = {}
    measured = {source: read_sheets(corpus, split, (source,)) for source in MEASURED}
    if analysed is not None:
        measured[ANALYSED] = sheets_of(analysed, split)
    for source, sheets in measured.items():
        songs = [sheet.song for sheet in sheets]
        rows = {model.name: [model.predictions(song) for song in songs] for model in counting}
        own = [predictions(network, sheet.song.unmarked(), SongStyle.ANY) for sheet in sheets]
        rows["network with memory"] = [probabilities for probabilities, _ in own]
        rows["its network alone"] = _each(
            sheets, lambda sheet: predictions(network, sheet.song.unmarked(), SongStyle.ANY, 0.0)[0]
        )
        rows["with its style"] = _each(
            sheets, lambda sheet: predictions(network, sheet.song.unmarked(), sheet.style)[0]
        )
        if any(sheet.song.sections.any() for sheet in sheets):
            rows["with its sections"] = _each(sheets, lambda sheet: predictions(network, sheet.song, SongStyle.ANY)[0])
            rows["with both"] = _each(sheets, lambda sheet: predictions(network, sheet.song, sheet.style)[0])
        rows["without timing"] = _each(
            sheets, lambda sheet: predictions(network, sheet.song.with_a_bar_each(), SongStyle.ANY)[0]
        )
        result[source] = {
            "songs": len(songs),
            "models": {
                name: {
                    "all": asdict(figures(found, songs)),
                    "new": asdict(figures(found, songs, new_places)),
                    "without first chords": asdict(figures(found, songs, _not_first)),
                }
                for name, found in rows.items()
            },
            "memory": _memory(own, songs),
            "by song": {
                sheet.name: asdict(figures([probabilities], [sheet.song]))
                for sheet, (probabilities, _) in zip(sheets, own, strict=True)
            },
        }
    return result


def _each(sheets: Sequence[Sheet], foretold: Callable[[Sheet], Floats]) -> list[Floats]:
    return [foretold(sheet) for sheet in sheets]


def _not_first(song: Song) -> NDArray[np.bool_]:
    return np.arange(len(song)) > 0


def _memory(own: Sequence[tuple[Floats, Floats]], songs: Sequence[Song]) -> dict[str, float]:
    """How much the song's own past says: its mean share, its share of what came, and how often it is right alone."""
    shares, of_came, right, mostly = [], [], [], []
    for (probabilities, remembered), song in zip(own, songs, strict=True):
        came = (np.arange(len(song)), song.expected)
        first = probabilities.argmax(axis=1)
        shares.append(remembered.sum(axis=1))
        of_came.append(remembered[came] / probabilities[came])
        by_memory = remembered[np.arange(len(song)), first] > probabilities[np.arange(len(song)), first] / 2
        right.append((first == song.expected) & by_memory)
        mostly.append(by_memory)
    return {
        "mean share of the distribution": float(np.concatenate(shares).mean()),
        "mean share of the probability of what came": float(np.concatenate(of_came).mean()),
        "first suggestions that are mostly remembered": float(np.concatenate(mostly).mean()),
        "chords foretold right by memory": float(np.concatenate(right).mean()),
    }


def table(measured: dict[str, Any]) -> list[str]:
    """A Markdown table of one source."""
    lines = [
        "| model | top-1 | top-3 | perplexity | new: top-1 | top-3 | perplexity |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in measured["models"].items():
        cells = [
            f"{one['top_1']:.1%} | {one['top_3']:.1%} | {one['perplexity']:.2f}" for one in (found["all"], found["new"])
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--analysed", type=Path, help="what `analysed` wrote, to be measured on too")
    options = parser.parse_args()
    network = OnnxChordNetwork(options.bundle, fingerprint())
    measured = evaluate(network, options.corpus, options.split, options.analysed)
    for source, found in measured.items():
        counted = found["models"]["bigram"]
        print(f"\n{source}, {options.split}: {found['songs']} songs, {counted['all']['chords']} chords,"
              f" {counted['new']['chords']} new\n")  # fmt: skip
        print("\n".join(table(found)))
        print(f"\nmemory: {found['memory']}")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Measure a next-chord bundle on the held-out splits and write its metrics.json and MODEL_CARD.md.

    python -m models.training.chords.release --analysed out/chords/analysed.jsonl --bundle models/chords

The test split is looked at here and nowhere else; run it once for a model that is to be released.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from cocomposer.adapters.chord_model import ChordBundle, OnnxChordNetwork
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.progressions.foretelling import ChordScores
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.harmony.progressions.song import Song, Sounding
from cocomposer.harmony.progressions.suggesting import Context, Options, suggest
from cocomposer.harmony.progressions.vocabulary import chord_of
from models.training.chords.corpus import DEFAULT_CORPUS, read_sheets, sheets_of
from models.training.chords.evaluate import evaluate, table

TIMED_PLACES: Final = 10
"""Every so many places of a song are timed."""
TEMPLATE: Final = """\
# {name}

Foretells the next chord of a song: {members} recurrent networks (GRU) of together {weights:.2f} million weights,
smoothed with {smoothed:.0%} of what was counted after the chord before, and beside them a memory of the song so far:
every earlier place that resembles the present one speaks for the chord that came there, as loudly as it was taught
to. Chords are tokens relative to the tonic: 12 roots × maj, min, 7, m7, maj7, sus, dim, aug.

Given: the chords so far with their lengths and tonic, where in its bar the next one begins; where sections begin, mode
and kind of song (pop, standard, loop, classical) where they are known. A call for six suggestions takes one thread of
a CPU {median:.1f} ms (median; 99 of 100 at most {slow:.1f} ms, with a chord that must follow {following:.1f} ms).

Made by `models/training/chords`:

{made_how}

## How well it foretells

Protocol: songs that it has not heard, official split; N and X left out, equal neighbours merged; every chord
counts, the first of a song too; the tonic is given, a change of key is honoured one chord late; where the next
chord begins is given, how long it lasts and where sections begin is not; ties count against it. "New": the three
chords before have not yet stood together in the song. The counting models learnt from the chord sheets, and their
weights were tuned on Billboard's valid split, as the epoch of each network and the share of the counts were.

{figures}

"Its network alone": without memory of the song. "With its style": told that it is a pop song, a standard or
classical, else it is not. "With its sections": told where they begin, not their names. "Without timing": each chord is
said to last a bar. `metrics.json` has the same without first chords. The chords of scores are those that the app
hears in them.

To repeat: `python -m models.training.chords.evaluate --bundle models/{name} --split valid`.

## What it is for, and what not

For suggesting chords in songs. It began with the harmony of scores of the 19th century, as the app hears it, and went
on with American charts of 1958–1991, some songs before 1930, plain loops and few of the scores: of jazz after the
swing it knows little. It knows nothing of melody, words or bass lines, nor tensions beyond the seventh: those are the
business of voicing.

## Trained on

The train split only: {songs}.

| source | licence | credit |
|---|---|---|
| McGill Billboard | CC0-1.0 | J. A. Burgoyne, J. Wild, I. Fujinaga, ISMIR 2011, 633–638 |
| 00sapo/OpenEWLD | public-domain songs; dataset MIT | OpenEWLD, Copyright (c) 2018 00sapo, MIT License |
| ldrolez/free-midi-chords | MIT | Copyright (c) 2019-2026 Ludovic Drolez, MIT License |
| OpenScore/Lieder, OpenScore/StringQuartets | CC0-1.0 | OpenScore Lieder Corpus, OpenScore String Quartets |
| pl-wnifc/humdrum-polish-scores | CC-BY-4.0 | Polish Music Heritage in Open Access, The Fryderyk Chopin Institute (polishscores.org) |
| pl-wnifc/humdrum-chopin-first-editions | CC-BY-4.0 | Chopin Heritage in Open Access, The Fryderyk Chopin Institute (chopinscores.org) |
| mzealey/openhymnal | public domain | Open Hymnal Project |

The chords of the scores were found by `models/training/chords/analysed.py`.

Please keep these credits with the weights.
"""  # noqa: E501 (credits are given as their owners word them)


def latencies(network: ChordScores, songs: Sequence[Song], options: Options) -> list[float]:
    """Milliseconds of the processor that calls for suggestions take, at every tenth place of the songs.

    Not of the clock, which would measure what else runs.
    """
    found = []
    for context in _contexts(songs):
        began = time.process_time()
        suggest(context, network, options)
        found.append((time.process_time() - began) * 1000)
    return found


def _contexts(songs: Sequence[Song]) -> Iterator[Context]:
    for song in songs:
        heard = [
            Sounding(chord_of(token, 0), beat, 0)
            for token, beat in zip(song.seen.tolist(), song.beats.tolist(), strict=False)
        ]
        for place in range(TIMED_PLACES, len(song), TIMED_PLACES):
            yield Context(tuple(heard[:place]), Key(0), float(song.beats[place]))


def card(bundle: ChordBundle, metrics: dict[str, Any], songs: str) -> str:
    """The text of MODEL_CARD.md."""
    figures = []
    for split, source in product(("test", "valid"), metrics["test"]):
        measured = metrics[split][source]
        counted = measured["models"]["bigram"]
        sizes = f"{measured['songs']} songs, {counted['all']['chords']:,} chords, {counted['new']['chords']:,} new"
        memory = "; ".join(f"{name} {share:.0%}" for name, share in measured["memory"].items())
        lines = [f"{source}, split `{split}` ({sizes}):", "", *table(measured), "", f"Memory: {memory}.", ""]
        figures.append("\n".join(lines))
    members = bundle.training["members"]
    made_how = "\n".join(_made_how(made) for made in members)
    return TEMPLATE.format(
        name=bundle.name,
        members=bundle.members,
        weights=bundle.weights / 1e6,
        median=metrics["milliseconds"]["median"],
        slow=metrics["milliseconds"]["99 of 100"],
        following=metrics["milliseconds"]["99 of 100, with a chord that must follow"],
        smoothed=bundle.training["bigram"]["share"],
        made_how=made_how,
        figures="\n".join(figures).rstrip(),
        songs=songs,
    )


def _made_how(made: dict[str, Any]) -> str:
    """One line of the card."""
    shape, recipe, begun = made["shape"], made["recipe"], made.get("begun")
    varied = [
        f"{recipe[name]:.0%} of the songs {how}"
        for name, how in (("begun_later", "begun in their middle"), ("in_triads", "in triads"))
        if recipe[name]
    ]
    sizes = [f"{shape['states']} states", f"dropout {shape['dropout']}", f"{recipe['epochs']} epochs"]
    if begun:
        sizes.append(f"begun with {begun['recipe']['epochs']} epochs with all scores (seed {begun['seed']})")
        sizes.append(f"{recipe['analysed_share']:.0%} of the scores")
    return f"- {', '.join([*sizes, 'seed {}'.format(made['seed']), *varied])}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--analysed", type=Path, help="what `analysed` wrote, if it was learnt from too")
    parser.add_argument("--keep-figures", action="store_true", help="measure the time only, and write the card anew")
    options = parser.parse_args()
    network = OnnxChordNetwork(options.bundle, fingerprint())
    written = options.bundle / "metrics.json"
    metrics: dict[str, Any]
    if options.keep_figures:
        metrics = json.loads(written.read_text(encoding="utf-8"))
    else:
        metrics = {split: evaluate(network, options.corpus, split, options.analysed) for split in ("valid", "test")}
    songs = [sheet.song for sheet in read_sheets(options.corpus, "valid", ("billboard",))]
    plain = latencies(network, songs, Options())
    following = latencies(network, songs, Options(following=Chord(0)))
    metrics["milliseconds"] = {
        "median": float(np.median(plain)),
        "99 of 100": float(np.quantile(plain, 0.99)),
        "99 of 100, with a chord that must follow": float(np.quantile(following, 0.99)),
    }
    written.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    learnt = read_sheets(options.corpus, "train")
    if options.analysed is not None:
        learnt += sheets_of(options.analysed, "train")
    counts = Counter(sheet.source for sheet in learnt)
    text = card(network.bundle, metrics, ", ".join(f"{count} songs of {source}" for source, count in counts.items()))
    (options.bundle / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

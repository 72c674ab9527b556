"""How near harmonised melodies come to the chords that people wrote over them, beside plain rules.

    python -m models.training.chords.harmonising --split valid
    python -m models.training.chords.harmonising --fit

OpenEWLD's lead sheets: the melody is harmonised by the released network without its chords and, unless `--tonic`
gives it, without its key; bars are given, and begin where most of the sheet's chords do. Shares of the time of all
sheets that has chords: same root, same root and class (eight classes), and of the melody's time on a tone of the folded
chord. The rules: the key's first degree throughout; the diatonic triad of each bar with most of the melody's time among
its tones, ties to I, V, IV, then others; and the harmoniser without its ears: network, rhythm and close alone. All are
told the key that the harmoniser found. `--fit` prints the same of other weights, for some sheets of the train split,
whose chords the network was trained on, too.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from cocomposer.adapters.chord_model import OnnxChordNetwork
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.harmonising.fitting import chord_tone_share
from cocomposer.harmony.harmonising.harmonising import Wishes, harmonise
from cocomposer.harmony.harmonising.melody import parts_of
from cocomposer.harmony.harmonising.search import Weights
from cocomposer.harmony.harmonising.slots import Per, Slots, slots_of
from cocomposer.harmony.key import Key, Mode
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.harmony.progressions.vocabulary import chord_of, token_of
from models.training.chords.corpus import DEFAULT_CORPUS
from models.training.chords.melody_fit import MelodySheet, melody_sheets

_MAJOR_TRIADS: Final = ((0, "maj"), (7, "maj"), (5, "maj"), (9, "min"), (2, "min"), (4, "min"), (11, "dim"))
_MINOR_TRIADS: Final = ((0, "min"), (7, "maj"), (5, "min"), (8, "maj"), (3, "maj"), (10, "maj"), (2, "dim"))
"""Degrees of the key, the commonest first."""

FIT_SHEETS: Final = 36
FIT_GRID: Final = tuple(
    (melody, network, readiness, belief)
    for melody, network in ((0.6, 0.7), (0.8, 0.8), (1.0, 1.0), (1.0, 0.8))
    for readiness in (0.4, 0.8)
    for belief in (10.0, 20.0)
)
"""`Weights` that are tried."""


@dataclass
class Tally:
    """Ticks of chords, and beats of melody, all sheets together."""

    ticks: int = 0
    root: int = 0
    kind: int = 0
    beats: float = 0.0
    inside: float = 0.0
    chords: int = 0
    distinct: list[int] = field(default_factory=list)

    def add(self, found: Sequence[ChordSpan], sheet: MelodySheet) -> None:
        """One sheet, harmonised so."""
        for start, end, wanted in sheet.chords:
            for span in found:
                ticks = min(end, span.end_tick) - max(start, span.tick)
                if ticks > 0 and span.chord is not None:
                    self.root += ticks * (span.chord.root == wanted.root)
                    self.kind += ticks * (token_of(span.chord, 0) == token_of(wanted, 0))
            self.ticks += end - start
        slots = _beats(sheet)
        tones = [_tones(found, tick) for tick in slots.edges[:-1]]
        beats = sum(part.beats for part in parts_of(sheet.melody, slots))
        self.beats += beats
        self.inside += beats * chord_tone_share(sheet.melody, slots, tones)
        self.chords += len(found)
        self.distinct.append(len({span.chord for span in found}))

    def row(self) -> dict[str, float]:
        """Shares, and chords a sheet."""
        return {
            "same root": self.root / max(1, self.ticks),
            "same root and class": self.kind / max(1, self.ticks),
            "melody on chord tones": self.inside / max(1e-9, self.beats),
            "chords a sheet": self.chords / max(1, len(self.distinct)),
            "different ones": float(np.mean(self.distinct or [0])),
        }


def _beats(sheet: MelodySheet) -> Slots:
    return slots_of(sheet.chords[0][0], sheet.chords[-1][1], sheet.bars, Per.BEAT)


def _tones(spans: Sequence[ChordSpan], tick: int) -> frozenset[int]:
    sounding = next((span.chord for span in spans if span.tick <= tick < span.end_tick), None)
    return frozenset() if sounding is None else chord_of(token_of(sounding, 0), 0).pitch_classes


def always_tonic(sheet: MelodySheet, key: Key) -> list[ChordSpan]:
    """One chord throughout."""
    chord = Chord(key.tonic, "min" if key.mode is Mode.MINOR else "maj")
    return [ChordSpan(sheet.chords[0][0], sheet.chords[-1][1], chord)]


def best_triads(sheet: MelodySheet, key: Key) -> list[ChordSpan]:
    """The triad of each bar that covers most of it."""
    slots = slots_of(sheet.chords[0][0], sheet.chords[-1][1], sheet.bars, Per.BAR)
    weights = np.zeros((len(slots), 12))
    for part in parts_of(sheet.melody, slots):
        weights[part.slot, part.pitch_class] += part.beats
    triads = [
        Chord((root + key.tonic) % 12, quality)
        for root, quality in (_MINOR_TRIADS if key.mode is Mode.MINOR else _MAJOR_TRIADS)
    ]
    covered = np.stack([weights[:, sorted(chord.pitch_classes)].sum(axis=1) for chord in triads], axis=1)
    return [
        ChordSpan(start, end, triads[int(best)])
        for start, end, best in zip(slots.edges[:-1], slots.edges[1:], covered.argmax(axis=1), strict=True)
    ]


def evaluate(
    sheets: Sequence[MelodySheet], network: ChordScores, wishes: Wishes, give_tonic: bool = False
) -> dict[str, dict[str, float]]:
    """Figures of the harmoniser, of the rules, and of the sheets themselves."""
    names = ("harmonised", "best diatonic triad of each bar", "always the tonic", "the network alone", "the sheets")
    tallies = {name: Tally() for name in names}
    seconds, right_key, busy_for = [], [], []
    for sheet in sheets:
        key = wishes.key
        if give_tonic and sheet.tonic is not None:
            key = Key(sheet.tonic)
        begun, worked = time.perf_counter(), time.process_time()
        (found,) = harmonise(sheet.melody, sheet.bars, network, replace(wishes, key=key))
        took, busy = time.perf_counter() - begun, time.process_time() - worked
        deaf = replace(wishes, key=found.key, weights=replace(wishes.weights, melody=0.0))
        (alone,) = harmonise(sheet.melody, sheet.bars, network, deaf)
        length = (sheet.melody[-1].end_tick - sheet.melody[0].onset_tick) / sheet.bars.ticks
        seconds.append(took * 32 / max(length, 1.0))
        busy_for.append(busy * 32 / max(length, 1.0))
        right_key.append(
            sheet.tonic in {found.key.tonic, found.key.relative.tonic} if sheet.tonic is not None else True
        )
        own = [ChordSpan(*row) for row in sheet.chords]
        rules = best_triads(sheet, found.key), always_tonic(sheet, found.key)
        for name, spans in zip(names, (found.spans, *rules, alone.spans, own), strict=True):
            tallies[name].add(spans, sheet)
    rows = {name: tally.row() for name, tally in tallies.items()}
    rows["of it"] = {
        "sheets": len(sheets),
        "key right or relative": float(np.mean(right_key)),
        "seconds for 32 bars, median": float(np.median(seconds)),
        "seconds for 32 bars, longest": float(np.max(seconds)),
        "of processor time, median": float(np.median(busy_for)),
        "of processor time, longest": float(np.max(busy_for)),
    }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/chords"))
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", choices=("train", "valid", "test"), default="valid")
    parser.add_argument("--tonic", action="store_true", help="give the tonic of the sheet's signature")
    parser.add_argument("--like", choices=[style.name.lower() for style in SongStyle], default="any")
    parser.add_argument("--fit", action="store_true", help=f"other weights, for {FIT_SHEETS} sheets of the train split")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    split = "train" if options.fit else options.split
    sheets = [sheet for sheet in melody_sheets(options.corpus, split) if sheet.chords]
    network = OnnxChordNetwork(options.bundle, fingerprint())
    if options.fit:
        random.Random(1).shuffle(sheets)
        for values in FIT_GRID:
            row = evaluate(sheets[:FIT_SHEETS], network, Wishes(weights=Weights(*values)))["harmonised"]
            print(values, ", ".join(f"{word} {value:.3f}" for word, value in row.items()), flush=True)
        return
    found = evaluate(sheets, network, Wishes(style=SongStyle[options.like.upper()]), options.tonic)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for name, row in found.items():
        print(f"{name}: " + ", ".join(f"{word} {value:.3g}" for word, value in row.items()))


if __name__ == "__main__":
    main()

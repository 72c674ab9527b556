"""How often answers copy: passages of the training music in what a bundle plays, with the guard and without.

    python -m models.training.evaluation.originality --bundle models/live --split valid --seeds 40

Held-out phrases are continued as the product would, and each answer is held against the index of the training music
(`python -m models.training.originality` makes it). The yardstick is what people wrote: the true continuations of the
same phrases, and those of all phrases of the split. A passage that the phrase itself quoted counts for nobody. Printed
are the shares of answers with more than 8, 12 and 16 notes in common with one piece, in notes that count and in all
notes (see `cocomposer.originality`), with 95 % intervals (Wilson 1927), the longest passages with their pieces, and
what the guard costs a note. Drums are left out: they have no tune.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.training_index import INDEX_FILE, open_index
from cocomposer.generation.shaping import Drawing
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.note import Note
from cocomposer.originality.guard import MOST_NOTES, Guard
from cocomposer.originality.index import Index
from cocomposer.originality.overlap import Passage, copied
from cocomposer.ports import NoteModel
from models.training.evaluate import DEFAULT_CORPUS, changes_of
from models.training.evaluation.continuations import Candidate, Seed, composed, seeds_of, true_candidate
from models.training.evaluation.scoring import read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest

ABOVE: Final = (8, 12, 16)
"""Passages of more notes than this are counted."""
_NAMED: Final = 3
"""Longest passages that are named."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one answer shares; `passage` None: no passage of nine notes."""

    seed: int
    passage: Passage | None


def overlaps(index: Index, seeds: Sequence[Seed], play: Candidate) -> list[Overlap]:
    """What each answer to pitched seeds shares with the training music."""
    return [Overlap(seed.number, copied(index, seed.heard, play(seed))) for seed in seeds if seed.pitched]


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z = 1.96
    middle = (hits + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * math.sqrt(hits * (trials - hits) / trials + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def summary(found: Sequence[Overlap]) -> dict[str, Any]:
    """Shares of answers above each length, by notes that count and by all notes; ValueError without answers."""
    if not found:
        raise ValueError("There are no pitched phrases to continue; name another corpus or split.")
    passages = [each.passage for each in found if each.passage is not None]
    table: dict[str, Any] = {"answers": len(found)}
    for measure in ("counted", "notes"):
        table[measure] = {}
        for above in ABOVE:
            hits = sum(getattr(passage, measure) > above for passage in passages)
            table[measure][str(above)] = {"share": hits / len(found), "interval": wilson(hits, len(found))}
    longest = sorted(passages, key=lambda passage: (-passage.counted, -passage.notes))[:_NAMED]
    table["longest"] = [
        asdict(p) | {"work": {n: getattr(p.work, n) for n in p.work.__struct_fields__}} for p in longest
    ]
    return table


class TimedGuard:
    """A guard, and what it cost: seconds to begin each turn and for each note."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.turns: list[float] = []
        self.notes: list[float] = []
        self._spent = 0.0

    def begin(self, heard: Sequence[Note]) -> None:
        begun = time.perf_counter()
        self._guard.begin(heard)
        self.turns.append(time.perf_counter() - begun)
        self._spent = 0.0

    def shape(self, field: str, logits: NDArray[np.float64], drawing: Drawing) -> NDArray[np.float64]:
        begun = time.perf_counter()
        shaped = self._guard.shape(field, logits, drawing)
        self._spent += time.perf_counter() - begun
        return shaped

    def took(self, note: Note) -> None:
        begun = time.perf_counter()
        self._guard.took(note)
        self.notes.append(self._spent + time.perf_counter() - begun)
        self._spent = 0.0

    def cost(self) -> dict[str, float]:
        """Milliseconds."""
        notes, turns = (1e3 * np.asarray(each) for each in (self.notes, self.turns))
        return {
            "note_median_ms": float(np.median(notes)), "note_p99_ms": float(np.quantile(notes, 0.99)),
            "turn_median_ms": float(np.median(turns)), "turn_longest_ms": float(turns.max()),
        }  # fmt: skip


def line(name: str, table: dict[str, Any]) -> str:
    """One row for people."""
    cells = []
    for measure in ("counted", "notes"):
        for above in ABOVE:
            share, (low, high) = table[measure][str(above)]["share"], table[measure][str(above)]["interval"]
            cells.append(f"{100 * share:6.1f} ({100 * low:4.1f}–{100 * high:4.1f})")
    return f"{name:<22}{table['answers']:>6}  " + "".join(f"{cell:>21}" for cell in cells)


def measure(
    model: NoteModel, index: Index, seeds: Sequence[Seed], everywhere: Sequence[Seed], most: int, settings: Settings
) -> dict[str, Any]:
    """The tables of all candidates; `everywhere`: phrases whose true continuations alone are looked at."""
    guard = TimedGuard(Guard(index, most))
    tables = {
        "people, all phrases": summary(overlaps(index, everywhere, true_candidate)),
        "people, same phrases": summary(overlaps(index, seeds, true_candidate)),
        "without guard": summary(overlaps(index, seeds, composed(model, settings))),
        "with guard": summary(overlaps(index, seeds, composed(model, settings, (guard,)))),
    }
    return {"limit": most, "tables": tables, "cost": guard.cost()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("models/live"))
    parser.add_argument("--index", type=Path, help=f"{INDEX_FILE}; by default the bundle's own")
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--everywhere", type=int, default=2000, help="phrases for the people's own figure")
    parser.add_argument(
        "--limit", type=int, default=MOST_NOTES, help="notes that count, at which the guard steers away"
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the musician")
    parser.add_argument("--out", type=Path, help="write the figures as JSON too")
    options = parser.parse_args()
    try:
        settings = changed(Settings(), changes_of(options.set))
        index = open_index(options.bundle) if options.index is None else Index.unpack(options.index.read_bytes())
        if index is None:
            raise ValueError(f"{options.bundle} does not list its training music; run models.training.originality.")
        pieces = read_pieces(s for s in read_manifest(options.corpus) if s.split == options.split)
        seeds, everywhere = (
            seeds_of(pieces, choose(pieces, CONTINUED, count)) for count in (options.seeds, options.everywhere)
        )
        model = OnnxNoteModel(options.bundle, Provider.CPU)
        found = measure(model, index, seeds, everywhere, options.limit, settings)
        if options.out is not None:
            options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    except (BundleError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    heads = [f"{what} > {above}" for what in ("counted", "notes") for above in ABOVE]
    print(f"{'share of answers, %':<22}{'of':>6}  " + "".join(f"{head:>21}" for head in heads))
    for name, table in found["tables"].items():
        print(line(name, table))
    for name, table in found["tables"].items():
        for passage in table["longest"]:
            work = passage["work"]
            print(
                f"{name}: {passage['counted']} of {passage['notes']} notes as in {work['composer']}, {work['title']} "
                f"({work['path']}, {work['licence']})"
            )
    print("guard, ms: " + ", ".join(f"{name} {value:.3f}" for name, value in found["cost"].items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The figures of hearing chords and keys: `python -m cocomposer.bench.chords [CORPUS] [--split valid] [--json]`.

Without a corpus: all chord templates, modulations that were made for it, and what an update takes. With one: OpenEWLD
and Billboard played by our own voicer, as a whole and live, and keys against printed signatures.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from cocomposer.bench import chord_corpus, chord_templates, key_figures, keys
from cocomposer.bench.key_changes import pieces_with_signatures
from cocomposer.bench.known_chords import known_pieces

Figures = dict[str, Any]


def without_corpus() -> Figures:
    """Templates and modulations."""
    return {
        "templates": chord_templates.measure(),
        "templates, closed and open, all inversions": chord_templates.inversions_by_quality(),
        "modulations": key_figures.measure_modulations(),
    }


def with_corpus(corpus: Path, split: str, most: int | None, live: int) -> Figures:
    """Pieces with known chords and signatures. OSError if the corpus is not there."""
    figures: Figures = {}
    for source in ("openewld", "billboard"):
        pieces = list(known_pieces(corpus, source, split, most))
        total, by_quality = chord_corpus.measure_whole(pieces)
        figures[f"{source}, whole"] = total.shares() | {"pieces": len(pieces)}
        ordered = sorted(by_quality.items(), key=lambda item: -item[1].ticks)
        figures[f"{source}, whole, by quality"] = {
            quality: tally.shares() | {"beats": tally.ticks // 48} for quality, tally in ordered
        }
        figures[f"{source}, live"] = _live_figures(chord_corpus.measure_live(pieces[:live]))
    figures["keys, first 8 bars and whole"] = keys.measure(corpus, split)
    for word, changing in (("one signature", False), ("changing signature", True)):
        signed = pieces_with_signatures(corpus, split, most or 40, changing)
        figures[f"keys tracked, {word}"] = key_figures.measure_signed(signed)
    return figures


def _live_figures(tally: chord_corpus.LiveTally) -> Figures:
    waits = np.array(tally.waits or [0.0])
    took = np.array(tally.seconds or [0.0]) * 1e3
    return tally.shown.shares() | {
        "roots shown before the chord ends": tally.found / max(1, tally.chords),
        "beats until the root is shown, median": float(np.median(waits)),
        "beats until the root is shown, 90 %": float(np.quantile(waits, 0.9)),
        "changes shown for each change": tally.changes / max(1, tally.wanted_changes),
        "confidence, share right, beats": tally.reliability(),
        "update ms, median": float(np.median(took)),
        "update ms, 99 %": float(np.quantile(took, 0.99)),
    }


def text(figures: Figures, indent: str = "") -> str:
    """For people."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict) and value and all(isinstance(each, int | float) for each in value.values()):
            lines.append(f"{indent}{name}: " + ", ".join(f"{word} {_number(each)}" for word, each in value.items()))
        elif isinstance(value, dict):
            lines += [f"{indent}{name}", text(value, indent + "  ")]
        elif isinstance(value, list):
            rows = ("/".join(_number(each) for each in row) for row in value)
            lines.append(f"{indent}{name}: " + "  ".join(rows))
        else:
            lines.append(f"{indent}{name}: {_number(value)}")
    return "\n".join(lines)


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--most", type=int, help="pieces of each kind (all)")
    parser.add_argument("--live", type=int, default=12, help="pieces of each source that are played live")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = without_corpus()
    if options.corpus is not None:
        figures |= with_corpus(options.corpus, options.split, options.most, options.live)
    print(json.dumps(figures, indent=2) if options.json else text(figures))


if __name__ == "__main__":
    main()

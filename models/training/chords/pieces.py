"""Lists the songs that the next-chord model learnt from, with their licences, for the bundle.

    python -m models.training.chords.pieces --corpus ../shared/corpus --analysed out/chords/analysed.jsonl \
        --bundle models/chords

Writes pieces.csv: the train split of the chord sheets and of the scores, one song a line.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cocomposer.adapters.training_index import PIECES_FILE
from models.training.chords.corpus import DEFAULT_CORPUS, SOURCES, sheets_of


def rows_of(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """id, composer, title, source and licence of each song of these files that was learnt from."""
    for path in paths:
        learnt = {sheet.name for sheet in sheets_of(path, "train")}
        with path.open(encoding="utf-8") as lines:
            for song in map(json.loads, lines):
                if song["id"] in learnt:
                    yield {
                        "id": song["id"],
                        "composer": song["composer_or_artist"],
                        "title": song["title"],
                        "source": song["source"],
                        "licence": song["licence"],
                    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--analysed", type=Path, help="what `analysed` wrote, if it was learnt from too")
    parser.add_argument("--bundle", type=Path, default=Path("models/chords"))
    options = parser.parse_args()
    try:
        paths = [options.corpus / "chords" / f"{source}.jsonl" for source in SOURCES]
        rows = list(rows_of(paths if options.analysed is None else [*paths, options.analysed]))
        if not rows:
            raise ValueError(f"{options.corpus} has no songs to learn from; name another folder.")
        with (options.bundle / PIECES_FILE).open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    except (OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.bundle / PIECES_FILE}: {len(rows)} songs")
    return 0


if __name__ == "__main__":
    sys.exit(main())

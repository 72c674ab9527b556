"""`cocomposer originality`: the longest passage that a MIDI file shares with the music that the model learnt from."""

import argparse
import sys
from pathlib import Path
from typing import Any

from cocomposer.adapters.midi_takes import read_take
from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.training_index import open_index
from cocomposer.commands.report import as_json
from cocomposer.document.document import Document
from cocomposer.originality.index import LEAST, Work
from cocomposer.originality.overlap import Passage, most_shared


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "originality", help="what a MIDI file shares with the training music", description=__doc__
    )
    parser.add_argument("file", metavar="FILE.mid", type=Path, help="a phrase, an answer or a whole piece")
    parser.add_argument("--bundle", type=Path, default=default_bundle(), help="folder of the model (default: live)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, look, tell."""
    read = read_take(options.file, Document())
    index = open_index(options.bundle)
    if index is None:
        print(f"{options.bundle} does not list its training music; choose another model.", file=sys.stderr)
        return 1
    if read.sentence is not None:
        print(read.sentence, file=sys.stderr)
    notes = sorted(read.take.phrase)
    found = most_shared(index, notes)
    if options.json:
        about = {"file": str(options.file), "notes": len(notes), "pieces": len(index.works)}
        print(as_json({**about, "passage": None if found is None else _object(found)}))
    elif found is None:
        print(f"{options.file}: no passage of {LEAST + 1} notes as in any of {len(index.works):,} training pieces.")
    else:
        work = found.work
        print(
            f"{options.file}: {found.notes} notes in a row ({found.counted} count) as in {work.title} by "
            f"{work.composer or 'unknown'} ({work.path}, {work.licence})."
        )
    return 0


def _object(found: Passage) -> dict[str, Any]:
    piece = {name: getattr(found.work, name) for name in Work.__struct_fields__}
    return {"notes_that_count": found.counted, "notes": found.notes, "piece": piece}

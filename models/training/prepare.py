"""Step 1: read a folder of MIDI files once and pack each split into one file, so that training never parses MIDI.

    python -m models.training.prepare --corpus ../shared/corpus --out out/packed
    python -m models.training.prepare --corpus path/to/my/midi/files --out out/mine

Reads the corpus' layout (manifest.csv), MAESTRO, Lakh and any tree of .mid, .midi and .kar files. A file that cannot
be used is named and skipped; a folder without notes is an error. Writes to OUT train.npz, valid.npz and test.npz,
manifest.csv (what was packed, piece by piece in the order of the arrays) and duplicates.csv (what was found twice).
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from cocomposer.adapters.midi_files import MidiFileError, read_midi_file
from models.training.chord_labels import labels_of
from models.training.duplicates import Link, Sketch, find_links, groups, same_music, sketch
from models.training.folders import read_folder, readable
from models.training.kinds import recognise
from models.training.packing import Spool
from models.training.pieces import Piece, Source, fitting, place
from models.training.splits import SPLITS, split_groups

LEAST_NOTES = 8
"""Shorter files teach nothing."""
PROGRESS_FILES = 1000
"""A line to stderr each time so many files have been read."""


@dataclass(frozen=True, slots=True)
class Read:
    """One file that was read: its place in the spool and what was found out about it."""

    number: int
    source: Source
    sketch: Sketch


def _read(source: Source) -> tuple[Source, Piece, Sketch] | str:
    """A file as a worker reads it, or why it cannot be used."""
    try:
        midi = read_midi_file(source.path)
        if not source.kind:
            source = recognise(midi, source)
        midi = fitting(midi, source)
        piece = place(midi, source)
        if len(piece) < LEAST_NOTES:
            return f"{source.path} has fewer than {LEAST_NOTES} notes; too few to learn from."
        if source.kind != "drums":
            piece = replace(piece, chord=labels_of(piece))
        return source, piece, sketch(midi, source.on_beats, source.kind == "drums")
    except MidiFileError as error:
        return str(error)


def read_all(sources: Sequence[Source], spool: Spool, workers: int) -> Iterator[Read]:
    """Read each file into the spool, in order; those that cannot be used are named on stderr."""
    skipped = 0
    with ProcessPoolExecutor(workers) as pool:
        for count, found in enumerate(pool.map(_read, sources, chunksize=64), 1):
            if isinstance(found, str):
                skipped += 1
                print(f"skipped: {found}", file=sys.stderr)
            else:
                source, piece, its_sketch = found
                yield Read(spool.add(piece), source, its_sketch)
            if count % PROGRESS_FILES == 0:
                print(f"{count:,} of {len(sources):,} files", file=sys.stderr)
    if skipped:
        print(f"{skipped:,} of {len(sources):,} files skipped", file=sys.stderr)


def pack(sources: Sequence[Source], out: Path, workers: int = 2) -> int:
    """Write the pieces of `sources` as they are to `out` (.npz); how many notes it holds. ValueError if none."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="spool-") as scratch, Spool(Path(scratch)) as spool:
        return spool.write([(each.number, each.source) for each in read_all(sources, spool, workers)], out)


@dataclass(frozen=True, slots=True)
class Found:
    """Pieces and what they have in common."""

    pieces: list[Read]
    links: list[Link]
    repeats: dict[int, int]
    """Index of a piece → of the one that it repeats."""

    def kept(self, drop: bool) -> list[Read]:
        return [each for index, each in enumerate(self.pieces) if not (drop and index in self.repeats)]


def find_duplicates(pieces: Sequence[Read]) -> Found:
    """Compare all pieces. Of equal ones the held-out one counts as the original, then the first by path."""
    ranks = {"test": 0, "valid": 1}
    ordered = sorted(pieces, key=lambda each: (ranks.get(each.source.split, 2), each.source.path))
    sketches = [each.sketch for each in ordered]
    links = find_links(sketches)
    return Found(ordered, links, same_music(sketches, links))


def with_splits(found: Found, valid: float, test: float) -> Found:
    """The pieces with a group, and with the split of their group."""
    named: dict[str, int] = {}
    pairs = [(link.first, link.second) for link in found.links] + list(found.repeats.items())
    for index, each in enumerate(found.pieces):
        if each.source.group:
            pairs.append((named.setdefault(each.source.group, index), index))
    roots = groups(len(found.pieces), pairs)
    # Named after its music: a renamed file stays in its split.
    names: dict[int, str] = {}
    for root, each in zip(roots, found.pieces, strict=True):
        names[root] = min(names.get(root, each.sketch.digest), each.sketch.digest)
    splits = split_groups(list(names.values()), valid, test)
    pieces = [
        replace(each, source=replace(each.source, group=names[root], split=splits[names[root]]))
        for root, each in zip(roots, found.pieces, strict=True)
    ]
    return replace(found, pieces=pieces)


def _inside(path: Path, folder: Path) -> str:
    """A path as the tables name it: from the folder on, if it lies there."""
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def write_duplicates(found: Found, folder: Path, drop: bool, out: Path) -> None:
    """A line for each piece that repeats another (share 1) and for each pair of versions."""
    with out.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "split", "like", "its_split", "what", "share", "shared", "dropped"))

        def line(later: int, earlier: int, what: str, share: float, shared: int | str, dropped: bool) -> None:
            one, other = found.pieces[later].source, found.pieces[earlier].source
            names = [_inside(each.path, folder) for each in (one, other)]
            writer.writerow((names[0], one.split, names[1], other.split, what, f"{share:.3f}", shared, int(dropped)))

        for later, earlier in sorted(found.repeats.items()):
            line(later, earlier, "same", 1.0, "", drop)
        for link in found.links:
            if found.repeats.get(link.second) != link.first:
                line(link.second, link.first, "version", link.share, link.shared, False)


def write_manifest(pieces: Sequence[tuple[Read, int]], folder: Path, out: Path) -> None:
    """What was packed, with its numbers of notes; beside the files it makes them a corpus (see `read_manifest`)."""
    columns = "path source licence composer title kind split group notes has_velocity has_pedal on_beats jsb_leak"
    with out.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        for each, notes in pieces:
            s = each.source
            row = (_inside(s.path, folder), s.source, s.licence, s.composer, s.title, s.kind, s.split)
            facts = (int(s.has_velocity), int(s.has_pedal), int(s.on_beats), s.jsb_leak)
            writer.writerow((*row, s.group, notes, *facts))


def prepare(
    folder: Path,
    out: Path,
    *,
    splits: Sequence[str] = SPLITS,
    valid: float = 0.05,
    test: float = 0.05,
    duplicates: str = "auto",
    licence: str = "unknown",
    workers: int = 2,
) -> list[str]:
    """Read `folder` and write `out`; lines for people on what was done.

    `valid` and `test` are the shares held out where the folder names no splits. `duplicates`: "drop" what repeats
    another piece, "keep" it, or "auto": drop, unless the folder names its own splits.
    ValueError or FileNotFoundError with one sentence where there is nothing to pack.
    """
    if out.resolve() == folder.resolve():
        raise ValueError(f"{folder} cannot be read and written at once; give another folder for the arrays.")
    listing = read_folder(folder, licence)
    for sentence in listing.unreadable:
        print(f"skipped: {sentence}", file=sys.stderr)
    sources = [s for s in listing.sources if s.split in splits] if listing.has_splits else listing.sources
    drop = duplicates == "drop" or (duplicates == "auto" and not listing.has_splits)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="spool-") as scratch, Spool(Path(scratch)) as spool:
        pieces = list(read_all(sources, spool, workers))
        if not pieces:
            raise ValueError(
                f"No notes were found in {readable(str(folder))}; choose a folder with MIDI files with music in it."
            )
        found = find_duplicates(pieces)
        if not listing.has_splits:
            found = with_splits(found, valid, test)
        kept = sorted(found.kept(drop), key=lambda each: each.number)
        name = readable(str(folder))
        report = [f"{name} was read as {listing.layout}: {len(pieces):,} of {len(sources):,} files have music."]
        report.append(_sentence_on(found, drop))
        packed = []
        for split in splits:
            mine = [each for each in kept if each.source.split == split]
            (out / f"{split}.npz").unlink(missing_ok=True)
            if mine:
                notes = spool.write([(each.number, each.source) for each in mine], out / f"{split}.npz")
                kinds = Counter(each.source.kind for each in mine)
                told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
                report.append(f"{split}: {len(mine):,} pieces, {notes:,} notes ({told})")
            else:
                told = "; training needs two pieces that are no versions of each other" if split == "valid" else ""
                report.append(f"{split}: nothing{told}")
            packed += [(each, spool.starts[each.number + 1] - spool.starts[each.number]) for each in mine]
    write_manifest(packed, folder, out / "manifest.csv")
    write_duplicates(found, folder, drop, out / "duplicates.csv")
    return report


def _sentence_on(found: Found, drop: bool) -> str:
    def across(pairs: Sequence[tuple[int, int]]) -> int:
        return sum(found.pieces[one].source.split != found.pieces[other].source.split for one, other in pairs)

    repeats = list(found.repeats.items())
    versions = [(link.first, link.second) for link in found.links if found.repeats.get(link.second) != link.first]
    return (
        f"{len(repeats):,} pieces repeat another ({across(repeats):,} of another split) and were"
        f" {'left out' if drop else 'kept'}; {len(versions):,} pairs are versions of each other"
        f" ({across(versions):,} across splits). See duplicates.csv."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"), help="the folder to read")
    parser.add_argument("--out", type=Path, default=Path("out/packed"))
    parser.add_argument("--splits", nargs="+", choices=SPLITS, default=list(SPLITS))
    parser.add_argument("--valid", type=float, default=0.05, help="share held out where the folder names no splits")
    parser.add_argument("--test", type=float, default=0.05, help="likewise")
    parser.add_argument(
        "--duplicates",
        choices=("auto", "drop", "keep"),
        default="auto",
        help="pieces that repeat another; auto: drop them unless the folder names its splits",
    )
    parser.add_argument("--licence", default="unknown", help="of the music, for the manifest, where no table names it")
    parser.add_argument("--workers", type=int, default=2, help="processes that read files")
    options = parser.parse_args()
    try:
        report = prepare(
            options.corpus,
            options.out,
            splits=options.splits,
            valid=options.valid,
            test=options.test,
            duplicates=options.duplicates,
            licence=options.licence,
            workers=options.workers,
        )
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenProcessPool:
        print(
            "A process that read files was killed, probably for its memory; try again with --workers 1.",
            file=sys.stderr,
        )
        return 1
    print("\n".join(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The corpus' valid split as it would be played to us: notes in real seconds, cut into phrases.

Reads any folder with a manifest.csv like the corpus' (columns path, kind, split). Where a phrase ends is chosen
here, once for all rules that are compared; what a rule makes of it is `capture.turn_taking`'s business.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiFileError, read_midi_file
from cocomposer.capture.keys import Keys
from cocomposer.capture.turn_taking import Performance, last_releases, performance_of
from cocomposer.music.message import TimedMessage
from cocomposer.music.note import PlayedNote
from cocomposer.runtime.script import script_of

LEFT_OUT: Final = frozenset({"drums"})
"""Kinds that nobody plays to a pitched answer: a drum's note-off says nothing."""
PHRASE_SECONDS: Final = (8.0, 20.0)
PAUSE_SECONDS: Final = 0.1
"""Between a phrase's last note-off and what follows, if there is such a place."""


@dataclass(frozen=True, slots=True)
class CorpusPiece:
    """One file, played through."""

    name: str
    kind: str
    played: tuple[PlayedNote, ...]
    """In order of onset, all released."""
    performance: Performance


def default_corpus(models: Path) -> Path | None:
    """Where the corpus lies beside a checkout, given its models folder; None on a machine without it."""
    beside = models.parent.parent / "shared" / "corpus"
    return beside if (beside / "manifest.csv").is_file() else None


def files_of(corpus: Path, split: str = "valid") -> list[tuple[Path, str]]:
    """(file, kind) of a split, without the kinds left out. OSError if there is no manifest."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as lines:
        return [
            (corpus / row["path"], row["kind"])
            for row in csv.DictReader(lines)
            if row["split"] == split and row["kind"] not in LEFT_OUT
        ]


def pieces(corpus: Path, most_notes: int | None, most_in_a_piece: int | None, seed: int = 1) -> Iterator[CorpusPiece]:
    """Pieces in seeded random order until `most_notes` notes (None: all), each up to `most_in_a_piece` notes."""
    chance = np.random.default_rng(seed)
    files = files_of(corpus)
    notes = 0
    for number in chance.permutation(len(files)).tolist():
        if most_notes is not None and notes >= most_notes:
            return
        path, kind = files[number]
        try:
            played = played_of(path)[:most_in_a_piece]
        except MidiFileError:
            continue
        notes += len(played)
        whole = performance_of(played)
        ends = phrase_ends(whole, np.random.default_rng((seed, number)))
        yield CorpusPiece(path.name, kind, played, Performance(whole.onsets, whole.releases, ends))


def played_of(path: Path) -> tuple[PlayedNote, ...]:
    """The notes of a file as the keyboard's pairing hears them, moments from the first note on."""
    keys = Keys()
    last = 0.0
    for at_seconds, data in script_of(read_midi_file(path)):
        keys.arrive(TimedMessage(at_seconds, data))
        last = at_seconds
    keys.release_all(last)
    return keys.take()


def phrase_ends(whole: Performance, chance: np.random.Generator) -> NDArray[np.int64]:
    """Indices of last notes of phrases of 8 to 20 s: any real pause in that stretch, by chance; else its longest."""
    onsets = whole.onsets
    ends: list[int] = []
    start, count = 0, len(onsets)
    while True:
        shortest, longest = (onsets[start] + seconds for seconds in PHRASE_SECONDS)
        # The last note of a phrase is one whose successor begins after the shortest and which itself is not too late.
        first = max(start, int(np.searchsorted(onsets, shortest)) - 1)
        beyond = int(np.searchsorted(onsets, longest))
        # What is left at the end of a piece must be worth being called a phrase.
        if beyond >= count or onsets[-1] - onsets[beyond - 1] < PHRASE_SECONDS[0] / 2:
            ends.append(count - 1)
            return np.asarray(ends, dtype=np.int64)
        places = np.arange(first, max(beyond, first + 1))
        released = np.maximum.accumulate(whole.releases[start : places[-1] + 1])[places - start]
        pauses = onsets[places + 1] - released
        real = places[pauses >= PAUSE_SECONDS]
        chosen = int(chance.choice(real)) if len(real) else int(places[np.argmax(pauses)])
        ends.append(chosen)
        start = chosen + 1


class NoPieces(ValueError):
    """There is no piece to hear."""


def joined(parts: Sequence[Performance]) -> Performance:
    """Pieces laid end to end; NoPieces if there is none."""
    if not parts:
        raise NoPieces("there is no piece to hear")
    offsets = np.cumsum([0, *(len(part.onsets) for part in parts)])
    return Performance(
        np.concatenate([part.onsets for part in parts]),
        np.concatenate([part.releases for part in parts]),
        np.concatenate([part.phrase_ends + offset for part, offset in zip(parts, offsets, strict=False)]),
    )


def pauses_after(performance: Performance) -> NDArray[np.float64]:
    """[notes] seconds from the last note-off so far to the next onset of the phrase; infinite after its last note."""
    following = np.append(performance.onsets[1:], np.inf)
    following[performance.phrase_ends] = np.inf
    return np.asarray(following - last_releases(performance))

"""A stand-in for the Continuator (Pachet 2003): no training, only what was played before and how it went on.

The last events are sought in the seed, then in music of the seed's kind; one of the continuations of the longest
match is played with the rhythm, length and touch that it had there, moved to where the music stands. An event is first
told by interval, rhythm and length, then, where nothing matches, by interval alone. After so many events from one
place another one is taken, lest a piece be copied out (compare Papadopoulos, Roy and Pachet 2014). Knows no network
and no files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows, velocity_of
from cocomposer.events.layout import COLUMN, PHASE_UNKNOWN, STYLES, VELOCITY_UNKNOWN
from cocomposer.events.steps import ticks_of
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.baselines.suffix_index import BOUNDARY, SuffixIndex

DRUMS = STYLES.index("drums")
LONGEST_MATCH = 10
"""Events that a match may span; a longer memory only copies."""
LONGEST_RUN = 16
"""Events in a row from one place, if there is any other choice."""
CERTAIN = 2
"""Events that a match must span to be taken before coarser ones are tried."""
REACH = 12
"""Semitones that a continuation may leave the seed's register."""
NOTES_PER_KIND = 1_000_000
"""Notes of each kind of music that are kept: whole pieces, drawn evenly with a fixed seed."""
_REGIONS = 32


def _region(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class of a length: 0 for none, else half octaves, so that loosely played notes of one value agree."""
    return np.where(ticks <= 0, 0, 1 + np.rint(2 * np.log2(np.maximum(ticks, 1))).astype(np.int64)).clip(
        0, _REGIONS - 1
    )


@dataclass(frozen=True, slots=True)
class Memory:
    """Pieces one after another, [notes] each, and an index over each way of telling events apart."""

    pitch: NDArray[np.int64]
    gap: NDArray[np.int64]
    """Ticks since the onset before."""
    duration: NDArray[np.int64]
    """Ticks."""
    velocity: NDArray[np.int64]
    """1–127, 0 unknown."""
    phase: NDArray[np.int64]
    """Tick within the beat, PHASE_UNKNOWN where none is known."""
    is_first: NDArray[np.bool_]
    """Of its piece: continues nothing."""
    views: tuple[SuffixIndex, SuffixIndex]
    """Fine (interval, rhythm, length) and coarse (interval, struck together or not)."""

    @classmethod
    def of(cls, pieces: Sequence[tuple[Rows, NDArray[np.int64]]]) -> "Memory":
        """Index rows [notes, COLUMNS] and onset ticks [notes] of some pieces of one kind."""
        rows = np.concatenate([rows for rows, _ in pieces])
        gap = np.concatenate([np.diff(ticks, prepend=ticks[:1]) for _, ticks in pieces])
        is_first = np.zeros(len(rows), dtype=np.bool_)
        is_first[np.cumsum([0, *(len(piece) for piece, _ in pieces[:-1])])] = True
        pitch, duration = rows[:, COLUMN["pitch"]], ticks_of(rows[:, COLUMN["duration"]])
        # A drum is itself; any other note is told by its distance from the one before, hence in every key.
        relative = np.where(rows[:, COLUMN["style"]] == DRUMS, pitch, np.diff(pitch, prepend=0) + 128)
        coarse = relative * 2 + (gap > 0)
        fine = (coarse * _REGIONS + _region(gap)) * _REGIONS + _region(duration)
        views = tuple(SuffixIndex.of(np.where(is_first, BOUNDARY, view)) for view in (fine, coarse))
        touch = np.asarray([0, *(velocity_of(c) for c in range(1, 1 + int(rows[:, COLUMN["velocity"]].max())))])
        phase = rows[:, COLUMN["phase"]]
        return cls(pitch, gap, duration, touch[rows[:, COLUMN["velocity"]]], phase, is_first, (views[0], views[1]))


class SuffixModel:
    """What followed what, for each kind of music in a corpus; see the module."""

    def __init__(self, memories: dict[int, Memory]) -> None:
        """Memories by index in STYLES, none empty."""
        self._memories = memories

    @classmethod
    def learn(
        cls,
        pieces: Sequence[tuple[Rows, NDArray[np.int64]]],
        styles: Sequence[str],
        notes_per_kind: int = NOTES_PER_KIND,
    ) -> "SuffixModel":
        """Learn pieces, each rows [notes, COLUMNS] and onset ticks [notes], with their kinds (names of STYLES).

        ValueError if no piece has two onsets.
        """
        shuffled = np.random.default_rng(0).permutation(len(pieces))
        chosen: dict[int, list[int]] = {}
        kept: dict[int, int] = {}
        for number in shuffled:
            rows, ticks = pieces[number]
            kind = STYLES.index(styles[number])
            if len(rows) > 1 and ticks[-1] > ticks[0] and kept.get(kind, 0) < notes_per_kind:
                chosen.setdefault(kind, []).append(int(number))
                kept[kind] = kept.get(kind, 0) + len(rows)
        if not chosen:
            raise ValueError("Nothing to learn from; give pieces with at least two onsets.")
        return cls({kind: Memory.of([pieces[n] for n in sorted(numbers)]) for kind, numbers in chosen.items()})

    def memory_for(self, style: int) -> Memory:
        """The memory of a kind of music; of the best known kind that is no drums where it was never met."""
        if style in self._memories:
            return self._memories[style]
        kinds = [kind for kind in self._memories if kind != DRUMS] or [DRUMS]
        return self._memories[max(kinds, key=lambda kind: len(self._memories[kind].pitch))]

    def continuation(
        self, rows: Rows, ticks: NDArray[np.int64], count: int, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """`count` notes after a seed, rows [notes, COLUMNS] with onset ticks [notes]; at least one note.

        Returns int64 [count, 4] in order of (onset, pitch): onset tick (absolute, on the seed's axis), pitch, duration
        in ticks, MIDI velocity 1–127, or 0 (unknown) throughout where the seed's are unknown.
        """
        corpus = self.memory_for(int(rows[0, COLUMN["style"]]))
        walk = _Walk(Memory.of([(rows, ticks)]), corpus, int(rows[0, COLUMN["style"]]) == DRUMS)
        notes = np.empty((count, 4), dtype=np.int64)
        onset = int(ticks[-1])
        for number in range(count):
            gap, pitch, duration, velocity = walk.draw(rng)
            onset += gap
            notes[number] = onset, pitch, duration, velocity
        return notes


class _Walk:
    """One continuation under way: where the music stands, and from which place of which memory it comes."""

    def __init__(self, seed: Memory, corpus: Memory, drums: bool) -> None:
        self._memories = (seed, corpus)
        self._drums = drums
        self._contexts = [view.symbols[-LONGEST_MATCH:] for view in seed.views]
        self._pitch, self._phase = int(seed.pitch[-1]), int(seed.phase[-1])
        known = seed.velocity[seed.velocity > 0]
        self._velocity = int(known[-1]) if len(known) else VELOCITY_UNKNOWN
        self._lowest, self._highest = int(seed.pitch.min()) - REACH, int(seed.pitch.max()) + REACH
        self._source: tuple[Memory, int] | None = None
        self._run = 0

    def draw(self, rng: np.random.Generator) -> tuple[int, int, int, int]:
        """Gap in ticks, pitch, duration in ticks and velocity of the next note."""
        memory, place, pitch = self._choose(rng)
        follows = self._source is not None and self._source[0] is memory and self._source[1] + 1 == place
        self._run = self._run + 1 if follows else 1
        self._source = memory, place
        gap = int(memory.gap[place])
        # The event as it is told here: only after a fresh start does its interval differ from the source's.
        moved = pitch if self._drums else pitch - self._pitch + 128
        coarse = moved * 2 + (gap > 0)
        regions = _region(np.asarray((gap, memory.duration[place])))
        fine = (coarse * _REGIONS + int(regions[0])) * _REGIONS + int(regions[1])
        self._contexts = [
            np.append(context, symbol)[-LONGEST_MATCH:]
            for context, symbol in zip(self._contexts, (fine, coarse), strict=True)
        ]
        self._pitch = pitch
        if self._phase != PHASE_UNKNOWN:
            self._phase = (self._phase + gap) % TICKS_PER_BEAT
        if self._velocity != VELOCITY_UNKNOWN:
            self._velocity = int(memory.velocity[place]) or self._velocity
        return gap, pitch, int(memory.duration[place]), self._velocity

    def _choose(self, rng: np.random.Generator) -> tuple[Memory, int, int]:
        """Memory, place and pitch of the next event: from the longest match of the first memory that has one."""
        for memory, followed in self._matches():
            places = self._playable(memory, followed)
            if len(places):
                place = int(rng.choice(places))
                return memory, place, int(self._pitches(memory, np.asarray(place)))
        for memory in self._memories:
            # Nothing matches: some event that begins later than the last, at the pitch that it had.
            later = np.flatnonzero(memory.gap > 0)
            if len(later):
                place = int(rng.choice(later))
                return memory, place, int(memory.pitch[place])
        raise AssertionError("a memory was learnt from pieces with at least two onsets")

    def _matches(self) -> Iterator[tuple[Memory, NDArray[np.int64]]]:
        """Matches from the most to the least trusted: a memory and the places of what matched."""
        for view, context in enumerate(self._contexts):
            # Of the fine view none: what matches there matches in the coarse one too.
            short = []
            for memory in self._memories:
                found = memory.views[view].places(context, LONGEST_MATCH)
                yield from ((memory, places) for places in reversed(found[CERTAIN - 1 :]))
                short += [(memory, places) for places in reversed(found[: CERTAIN - 1])]
        yield from short

    def _pitches(self, memory: Memory, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The pitches of the events at `places`, moved to where the music stands."""
        if self._drums:
            return memory.pitch[places]
        return np.asarray(self._pitch + memory.pitch[places] - memory.pitch[places - 1])

    def _playable(self, memory: Memory, followed: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places after `followed` whose event may come now; on the beat as it was there, if any is."""
        places = followed[followed + 1 < len(memory.pitch)] + 1
        places = places[~memory.is_first[places]]
        pitches = self._pitches(memory, places)
        places = places[(pitches >= max(0, self._lowest)) & (pitches <= min(127, self._highest))]
        if self._run >= LONGEST_RUN and self._source is not None and self._source[0] is memory:
            places = places[places != self._source[1] + 1]
        in_phase = places[memory.phase[places - 1] == self._phase]
        return in_phase if len(in_phase) and self._phase != PHASE_UNKNOWN else places

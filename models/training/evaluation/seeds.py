"""Which passages are continued: a fixed rule from the pieces of a split, spread over the kinds of music.

The rule looks at file names and lengths only, so the same folder gives the same seeds to every model and every day.
Knows no model.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.training.evaluation.scoring import HeldOut, Ticks

TOGETHER_TICKS: Final = 2
"""Onsets this close (about 20 ms) are one chord, which no cut divides."""
SHARES: Final[Mapping[str, float]] = {
    "performed": 0.2, "score": 0.4, "folk": 0.2, "hymn": 0.05, "leadsheet": 0.05, "drums": 0.1,
}  # fmt: skip
SHARE_OF_ANOTHER_KIND: Final = 0.1


@dataclass(frozen=True, slots=True)
class Rule:
    """How long seed and continuation are: so many notes, and in a short piece at most a share of it."""

    seed_notes: int
    continuation_notes: int
    seed_share: float
    continuation_share: float
    least_continuation: int

    def lengths(self, notes: int) -> tuple[int, int]:
        """(seed, continuation) in a piece of so many notes."""
        seed = min(self.seed_notes, int(notes * self.seed_share))
        return seed, min(self.continuation_notes, int(notes * self.continuation_share))


CONTINUED: Final = Rule(128, 64, 2 / 3, 1 / 3, least_continuation=16)
PREFERRED: Final = Rule(128, 64, 2 / 5, 1 / 5, least_continuation=12)
"""More than a third of the piece stays for wrong continuations."""


@dataclass(frozen=True, slots=True)
class Window:
    """Notes [begin, cut) of a piece are the seed, [cut, end) its true continuation."""

    number: int
    """Which piece, as an index."""
    begin: int
    cut: int
    end: int


def is_boundary(ticks: Ticks, place: int) -> bool:
    """Whether the note at `place` begins after the one before, not together with it."""
    return bool(ticks[place] - ticks[place - 1] > TOGETHER_TICKS)


def windows_of(piece: HeldOut, number: int, rule: Rule) -> list[Window]:
    """All windows of a piece, evenly laid and without overlap; none if it is too short."""
    ticks = piece.passage.ticks
    seed, count = rule.lengths(len(ticks))
    if count < rule.least_continuation:
        return []
    tiles = len(ticks) // (seed + count)
    slack = len(ticks) - tiles * (seed + count)
    # A short piece has one window; where it lies hangs on the file's name, so that not all begin at the beginning.
    shift = zlib.crc32(piece.source.path.name.encode()) % (slack + 1)
    found = []
    for tile in range(tiles):
        begin = shift + tile * (seed + count)
        cuts = range(begin + seed, begin + seed // 2, -1)
        cut = next((place for place in cuts if is_boundary(ticks, place)), None)
        if cut is not None:
            found.append(Window(number, begin, cut, cut + count))
    return found


def quotas(room: Mapping[str, int], count: int) -> dict[str, int]:
    """How many of `count` seeds each kind gives, close to SHARES and never more than it has room for (D'Hondt)."""
    given = dict.fromkeys(sorted(room), 0)
    for _ in range(min(count, sum(room.values()))):
        open_kinds = [kind for kind in given if given[kind] < room[kind]]
        chosen = max(open_kinds, key=lambda kind: SHARES.get(kind, SHARE_OF_ANOTHER_KIND) / (given[kind] + 1))
        given[chosen] += 1
    return given


def choose(pieces: Sequence[HeldOut], rule: Rule, count: int) -> list[Window]:
    """Up to `count` windows: pieces of a kind take turns, in an order that only their names decide."""
    queues: dict[str, list[tuple[int, int, Window]]] = {}
    for number, piece in enumerate(pieces):
        order = zlib.crc32(f"order of {piece.source.path.name}".encode())
        windows = windows_of(piece, number, rule)
        # Middle ones first would all be alike; each piece begins its turn somewhere else.
        for turn in range(len(windows)):
            window = windows[(turn + order) % len(windows)]
            queues.setdefault(piece.source.kind, []).append((turn, order, window))
    wanted = quotas({kind: len(queue) for kind, queue in queues.items()}, count)
    chosen = []
    for kind, queue in sorted(queues.items()):
        ordered = sorted(queue, key=lambda entry: (entry[0], entry[1], entry[2].number))
        chosen += [window for _, _, window in ordered[: wanted[kind]]]
    return chosen

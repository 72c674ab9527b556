"""Infill: what could stand between two passages, both given.

The model hears forwards only. So some middles are drawn as continuations of the left side that end where the right side
begins, each is judged by how well it follows the left side and how well the right side follows it (`fit`), and the best
is taken: the likeliest of a sample from the model, weighed by importance. Knows no jam and no file.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from cocomposer.events.layout import DRAWN_INDEX
from cocomposer.generation.composer import Composer
from cocomposer.generation.key_lean import HEARD_NOTES, KeyLean
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.roles.fit import REST_TICKS, Costs, fit
from cocomposer.generation.roles.tasks import Infill
from cocomposer.generation.roles.work import AT_ONCE, Work, collected, heard
from cocomposer.generation.shaping import Drawing, Logits, Shaper
from cocomposer.music.note import Note

JUDGED: Final = 32
"""Notes of the right side that judge a middle."""


def infilled(
    composer: Composer, hearing: Hearing, wish: Wish, task: Infill, most_notes: int, shapers: Sequence[Shaper] = ()
) -> Work:
    """The notes of the best middle; empty if the model leaves every one of them empty. The sides are not among them.

    `hearing` is the left side; the middle ends where the right side begins, or earlier if the wish says so.
    """
    right = task.right
    end = right[0].onset_tick if wish.end_tick is None else min(wish.end_tick, right[0].onset_tick)
    wish = msgspec.structs.replace(wish, end_tick=end)
    shapers = (*shapers, *([_KeyOfBoth(wish.follow_key, right)] if wish.follow_key else []))
    drawn_by = msgspec.structs.replace(wish, follow_key=0.0)
    best: tuple[Note, ...] = ()
    best_fit = -float("inf")
    for number in range(task.candidates):
        yield from heard(composer, hearing)
        turn = msgspec.structs.replace(drawn_by, turn=wish.turn + number)
        drawn = yield from collected(composer.play(turn, shapers), most_notes)
        middle = _without_collisions(drawn, right)
        if not middle:
            continue
        how_well = fit((yield from judged(composer, hearing, wish, middle, right)))
        if how_well > best_fit:
            best, best_fit = middle, how_well
    return best


def judged(
    composer: Composer, hearing: Hearing, wish: Wish, middle: Sequence[Note], right: Sequence[Note]
) -> Generator[None, None, Costs]:
    """What a middle (not empty) costs between its sides; of the right one the first JUDGED notes judge it."""
    yield from heard(composer, hearing)
    here = yield from _nats(composer, middle, wish, entry=False)
    after = yield from _nats(composer, right[:JUDGED], wish, entry=True)
    yield from heard(composer, hearing)
    moved = [replace(note, onset_tick=note.onset_tick + REST_TICKS) for note in middle]
    later = yield from _nats(composer, moved, wish, entry=False)
    return Costs(here, later, after)


def _nats(composer: Composer, notes: Sequence[Note], wish: Wish, entry: bool) -> Generator[None, None, float]:
    """What they cost together; `entry`: with the onset of the first."""
    total = 0.0
    for number, nats in enumerate(composer.foretell(notes, wish, AT_ONCE)):
        if not number and not entry:
            nats[0, DRAWN_INDEX["onset"]] = 0
        total += float(nats.sum())
        yield
    return total


def _without_collisions(middle: Sequence[Note], right: Sequence[Note]) -> tuple[Note, ...]:
    """A key of the middle that is still down when the right side strikes it comes up first."""
    struck: dict[int, int] = {}
    for note in right:
        struck.setdefault(note.pitch, note.onset_tick)
    return tuple(
        replace(note, duration_ticks=min(note.duration_ticks, struck.get(note.pitch, note.end_tick) - note.onset_tick))
        for note in middle
    )


class _KeyOfBoth:
    """A shaper: the lean towards the key of both sides, not of the left one alone."""

    def __init__(self, strength: float, right: Sequence[Note]) -> None:
        self._lean = KeyLean(strength)
        self._right = right[: HEARD_NOTES // 2]

    def begin(self, heard: Sequence[Note]) -> None:
        """As much of the left side as of the right one."""
        self._lean.begin((*heard[-HEARD_NOTES // 2 :], *self._right))

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean."""
        return self._lean.shape(field, logits, drawing)

    def took(self, note: Note) -> None:
        """What is drawn does not move the key."""

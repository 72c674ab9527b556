"""What a role makes of takes: what to ask the engine for, and the take that the drawn notes become a part of.

Without Qt, and without an engine. How often it is asked, and what came of it, is `ui.asking_again`'s.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec

from cocomposer.document.capture import EARLY_TICKS
from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.jam.inputs import Imagine
from cocomposer.jam.roles import Role
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from ui.presenters.alternatives import CONTEXT_NOTES, PLACES, changes_of, seeds
from ui.presenters.takes import title_of

GAP_BARS: Final = 2
MOST_GAP_BARS: Final = 16
AMOUNT: Final = 0.4
_NEAR: Final = ((0.0, "the same"), (0.25, "nearly the same"), (0.5, "alike"), (0.75, "quite different"))


class Part(StrEnum):
    """Which of a take's two sides is varied."""

    PHRASE = "phrase"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Asking:
    """Some draws of one role, side by side."""

    base: KeptTake
    """What each of them becomes when it is kept, but for the notes that are drawn."""
    title: str
    requests: tuple[Imagine, ...]
    under: bool = False
    """What is drawn sounds along with the take; else it is the take's answer, with what the base has of one."""
    whole: bool = False
    """To be heard and seen with all of the take around it."""
    back_ticks: int = 0
    """What comes lies so much later than it belongs."""


@dataclass(frozen=True, slots=True)
class Place:
    """What all draws of one asking have in common."""

    context: tuple[Note, ...]
    """What went before, on the take's axis."""
    first_request: int
    rounds: int = 0
    """How often it was asked before."""
    moved_ticks: int = 0
    """Added to the engine's ticks gives those of the take."""


def amount_words(amount: float) -> str:
    """How much a phrase is varied, in words."""
    return next((words for most, words in _NEAR if amount <= most), "only the rhythm")


def parts_of(take: KeptTake) -> tuple[Part, ...]:
    """What of a take can be varied."""
    sides = ((Part.PHRASE, take.phrase), (Part.ANSWER, take.answer))
    return tuple(part for part, notes in sides if notes)


def vary(take: KeptTake, part: Part, amount: float, place: Place) -> Asking:
    """Its phrase again behind it, or its answer instead of it, varied by `amount` (0 the same, 1 only the rhythm)."""
    phrase = take.answer if part is Part.ANSWER else take.phrase
    begin = phrase[0].onset_tick
    unit = take.ticks_per_bar if take.beat_known else 1
    length = math.ceil((max(note.end_tick for note in phrase) - EARLY_TICKS - begin) / unit) * unit
    first = begin + max(unit, length)
    heard = phrase if part is Part.PHRASE else tuple(sorted((*take.phrase, *phrase)))
    asked = _requests(take, Role.VARY, heard, (first, first + length + unit), place, amount, (), len(phrase))
    base = msgspec.structs.replace(take, answer=())
    title = f"{title_of(take)} varied: {amount_words(amount)}"
    return Asking(base, title, asked, back_ticks=first - begin if part is Part.ANSWER else 0)


def drums(take: KeptTake, place: Place) -> Asking:
    """Drums under all of it, from bar line to bar line, instead of those that are there."""
    asked = _requests(take, Role.DRUMS, take.notes, _bars_around(take), place)
    return _under(take, take.settings.drums_channel, f"Drums under {title_of(take)}", asked)


def harmonise(take: KeptTake, place: Place) -> Asking:
    """Chords under all of it, instead of those that are there; the first are those that fit best."""
    best = Settings().seed
    ways = tuple(range(best + place.rounds * PLACES, best + (place.rounds + 1) * PLACES))
    asked = _requests(take, Role.HARMONISE, take.notes, _bars_around(take), place, ways=ways)
    return _under(take, take.settings.accompany_chords_channel, f"Chords under {title_of(take)}", asked)


def _under(take: KeptTake, channel: int, title: str, asked: tuple[Imagine, ...]) -> Asking:
    """What comes on this channel (from 1) sounds along with the take; what sounded along on it does not any more."""
    along = tuple(note for note in take.along if note.channel != channel - 1)
    return Asking(msgspec.structs.replace(take, along=along), title, asked, under=True, whole=True)


def fill(left: KeptTake, right: KeptTake, bars: int, place: Place) -> Asking:
    """So many bars between two takes; the right one is laid behind them. Each player's notes stay that player's."""
    first = _bars_around(left)[1]
    end = first + bars * left.ticks_per_bar
    shift = end - _bars_around(right)[0]
    behind = _moved(right.notes, shift)
    asked = _requests(left, Role.INFILL, left.notes, (first, end), place, right=behind)
    base = msgspec.structs.replace(
        left,
        phrase=tuple(sorted((*left.phrase, *_moved(right.phrase, shift)))),
        answer=tuple(sorted((*left.answer, *_moved(right.answer, shift)))),
        along=tuple(sorted((*left.along, *_moved(right.along, shift)))),
    )
    return Asking(base, f"Between {title_of(left)} and {title_of(right)}", asked, whole=True)


def in_order(takes: Sequence[KeptTake]) -> tuple[KeptTake, ...]:
    """Those with notes, by where they begin."""
    return tuple(sorted((take for take in takes if take.notes), key=lambda take: take.notes[0].onset_tick))


def kept_already(document: Document, played: KeptTake) -> KeptTake | None:
    """The take that has this phrase as its own, if it is among those kept."""
    first, count = played.phrase[0].onset_tick, len(played.phrase)
    for take in reversed(document.takes):
        if len(take.phrase) == count and abs(take.phrase[0].onset_tick - first) <= EARLY_TICKS:
            return take
    return None


def _requests(
    take: KeptTake,
    role: Role,
    heard: Sequence[Note],
    span: tuple[int, int],
    place: Place,
    amount: float = AMOUNT,
    right: tuple[Note, ...] = (),
    phrase_notes: int | None = None,
    ways: tuple[int, ...] | None = None,
) -> tuple[Imagine, ...]:
    """`ways`: the seeds, where they do not follow the take's own."""
    before = [note for note in place.context if note.onset_tick < heard[0].onset_tick][-CONTEXT_NOTES:]
    return tuple(
        Imagine(
            request=place.first_request + number,
            heard=(*before, *heard),
            phrase_notes=len(heard) if phrase_notes is None else phrase_notes,
            first_tick=span[0],
            end_tick=span[1],
            beat_known=take.beat_known,
            bar_tick=take.bar_tick,
            beats_per_bar=take.beats_per_bar,
            seed=seed,
            changes=changes_of(take),
            role=role,
            amount=amount,
            right=right,
            moved_ticks=place.moved_ticks,
        )
        for number, seed in enumerate(ways or seeds(take, place.rounds))
    )


def _bars_around(take: KeptTake) -> tuple[int, int]:
    """First tick of its first bar, and the first behind its last; where no beat is known, its notes' own."""
    first, last = take.notes[0].onset_tick, max(note.end_tick for note in take.notes)
    if not take.beat_known:
        return first, last
    bar, line = take.ticks_per_bar, take.bar_tick
    begin = line + (first + EARLY_TICKS - line) // bar * bar
    return begin, line + max(1, math.ceil((last - EARLY_TICKS - line) / bar)) * bar


def _moved(notes: Sequence[Note], ticks: int) -> tuple[Note, ...]:
    return tuple(replace(note, onset_tick=note.onset_tick + ticks) for note in notes)

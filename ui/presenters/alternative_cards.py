"""What the cards of alternative answers say, and the take that one of them becomes when it is kept. Without Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from cocomposer.document.naming import key_and_chords
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.music.note import Note
from ui.presenters.chords import key_in_force
from ui.presenters.chords_wish import ChordWish
from ui.presenters.session import Alternatives, Session
from ui.presenters.takes import density_of, length_of, sounding, title_of

_LETTERED: Final = re.compile(r" [b-z]$")


class State(StrEnum):
    """How far a card is."""

    DRAWING = "drawing"
    READY = "ready"
    FAILED = "failed"
    EMPTY = "empty"
    """It was drawn and has no notes."""


@dataclass(frozen=True, slots=True)
class Card:
    """One place."""

    number: int
    """From 1; Ctrl and this number plays it."""
    state: State
    take: KeptTake | None
    """What it would be if it were kept, without name and place; None while there is nothing to keep."""
    facts: str
    """Key, density and seed; or why there is nothing."""
    kept: bool
    share: float | None
    """How much of it is over while it sounds (0–1), None while it does not."""
    spoken: str
    picture: KeptTake | None = None
    """What is seen of it."""
    answerable: bool = True
    """It can be answered."""
    drawn: tuple[Note, ...] = ()
    """What was drawn for it: all of its answer, or part of it."""


@dataclass(frozen=True, slots=True)
class CardsView:
    """All places of one take's alternatives."""

    take_id: str
    title: str
    cards: tuple[Card, ...]
    waiting: int
    only_gaps: bool
    """Some bars are kept: one place, whose other bars are drawn anew."""


def audition_name(place: int) -> str:
    """How the audition of this place (from 0) is called."""
    return f"alternative {place + 1}"


def parts_of(
    asked: Alternatives, source: KeptTake, drawn: tuple[Note, ...]
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The answer of the take that these notes make, and what sounds along with it."""
    base = asked.base or source
    if asked.under:
        return base.answer, tuple(sorted((*base.along, *drawn)))
    beside = () if asked.base is None else asked.base.answer
    return tuple(sorted((*beside, *drawn))), base.along


def to_hear(asked: Alternatives, source: KeptTake, place: int) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """What is auditioned of one place, and what along with it; nothing while it is not there."""
    drawn = asked.answers.get(place, ())
    if not drawn or not asked.whole:
        return drawn, ()
    answer, along = parts_of(asked, source, drawn)
    return tuple(sorted((asked.base or source).phrase + answer)), along


class CardsPresenter:
    """Makes the view; a place that did not change keeps its take."""

    def __init__(self) -> None:
        self._takes: dict[int, tuple[KeptTake, tuple[Note, ...], KeptTake]] = {}

    def view(self, session: Session, now: float) -> CardsView | None:
        """The cards at `now` (seconds); None while there are none."""
        asked = session.alternatives
        source = None if asked is None else session.document.take(asked.take_id)
        if asked is None or source is None:
            self._takes.clear()
            return None
        heard = sounding(session, now)
        siblings = [take for take in session.document.takes if take.parent == source.id]
        cards = []
        for place in range(len(asked.requests)):
            share = heard.share if heard is not None and heard.name == audition_name(place) else None
            cards.append(self._card(asked, source, place, share, siblings))
        name = title_of(source)
        title = asked.title or (f"Some bars of {name} anew" if asked.kept_bars else f"Other answers to {name}")
        return CardsView(source.id, title, tuple(cards), asked.waiting, bool(asked.kept_bars))

    def _card(
        self,
        asked: Alternatives,
        source: KeptTake,
        place: int,
        share: float | None,
        siblings: Sequence[KeptTake],
    ) -> Card:
        number, failure, answer = place + 1, asked.failures.get(place), asked.answers.get(place)
        if failure is not None:
            return Card(number, State.FAILED, None, failure, False, None, f"Alternative {number} failed: {failure}")
        if answer is None:
            return Card(number, State.DRAWING, None, "", False, None, f"Alternative {number}, drawing")
        if not answer:
            silence = "It stayed silent; draw again."
            return Card(number, State.EMPTY, None, silence, False, None, f"Alternative {number}: {silence}")
        take = self._take(asked, source, place, answer)
        kept = any((one.seed, one.answer, one.along) == (take.seed, take.answer, take.along) for one in siblings)
        facts = " · ".join(part for part in (take.key, density_of(take, answer), f"seed {take.seed}") if part)
        parts = (f"Alternative {number}", length_of(take), facts.replace(" · ", ", "), "kept" if kept else "")
        spoken = ", ".join(part for part in parts if part)
        picture = take if asked.whole else msgspec.structs.replace(take, phrase=(), along=())
        return Card(number, State.READY, take, facts, kept, share, spoken, picture, not asked.under, answer)

    def _take(self, asked: Alternatives, source: KeptTake, place: int, answer: tuple[Note, ...]) -> KeptTake:
        before = self._takes.get(place)
        if before is not None and before[0] is source and before[1] is answer:
            return before[2]
        base, seed = asked.base or source, asked.seeds[place]
        notes, along = parts_of(asked, source, answer)
        key, chords = key_and_chords(
            sorted((*base.phrase, *notes)),
            source.bar_tick,
            source.beats_per_bar,
            before=key_in_force(None, ChordWish(source.key)),
        )
        take = msgspec.structs.replace(
            base,
            id=f"{source.id} {seed}",
            kind=TakeKind.ALTERNATIVE,
            answer=notes,
            along=along,
            seed=seed,
            parent=source.id,
            settings=asked.settings,
            starred=False,
            cut_short=False,
            key=key,
            chords=chords,
        )
        self._takes[place] = (source, answer, take)
        return take


def lettered(source: KeptTake, takes: Sequence[KeptTake]) -> str:
    """The name of the next alternative kept of `source`: "Take 3 b", then c, …; after z by number."""
    own = " ".join(source.name.split()) or f"Take {source.number}"
    stem = _LETTERED.sub("", own) if source.kind is TakeKind.ALTERNATIVE else own
    taken = {take.name for take in takes}
    letters = [chr(code) for code in range(ord("b"), ord("z") + 1)]
    endings = (*letters, *(str(count) for count in range(27, 27 + len(taken) + 1)))
    return next(name for name in (f"{stem} {ending}" for ending in endings) if name not in taken)

"""Jams with takes in them, for tests of the takes: made through the document's own edits."""

import random
from typing import Any

import msgspec

from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake
from cocomposer.document.takes import ChordName, KeptTake, TakeKind
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from ui.presenters.session import Alternatives, Session

BAR = 192


def take(number: int, bars: int = 2, /, **changes: Any) -> KeptTake:
    """Two bars of eighths, answered by two bars, in 4/4 from bar 12 × number on; the same number, the same notes."""
    draw = random.Random(number)
    begin = number * 12 * BAR

    def eighths(first: int) -> tuple[Note, ...]:
        return tuple(
            Note(first + 24 * n, 60 + draw.randrange(13), 20, 40 + draw.randrange(80)) for n in range(8 * bars)
        )

    made = KeptTake(
        id=f"t{number}",
        number=number,
        kind=TakeKind.ANSWER,
        name=f"Take {number}",
        phrase=eighths(begin),
        answer=eighths(begin + bars * BAR),
        bpm=118.0,
        beat_known=True,
        bar_tick=0,
        beats_per_bar=4,
        seed=10 * number,
        settings=Settings(),
        created_at="2026-03-01T20:00:00+00:00",
        key="D minor",
        chords=(ChordName(begin, "Dm"), ChordName(begin + 96, "Dm"), ChordName(begin + BAR, "A7")),
    )
    return msgspec.structs.replace(made, **changes)


def jam(*takes: KeptTake) -> Session:
    """A session whose document holds these."""
    document = Document()
    for one in takes:
        document.edit(AddTake(one))
    return Session(document)


def hear(session: Session, name: str, first_tick: int, at: float = 100.0, seconds: float = 8.0) -> None:
    """An audition of four bars begins."""
    session.take_in(outputs.AuditionBegan(name, at, first_tick, seconds / (4 * BAR), at + seconds))


def alternatives(session: Session, take_id: str, seeds: tuple[int, ...] = (11, 12, 13, 14)) -> Alternatives:
    """Alternatives of a take are being drawn."""
    session.alternatives = Alternatives(take_id, tuple(range(1, len(seeds) + 1)), seeds)
    return session.alternatives

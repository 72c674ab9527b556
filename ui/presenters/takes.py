"""The list of takes in words: what each row says, which is A, which is B, and how far the one that sounds has come.

Without Qt. Rows of takes that did not change stay the same objects, so that a list shows only what is new.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT, seconds_per_tick
from ui.presenters.chords import key_in_force, seen_key
from ui.presenters.chords_wish import ChordWish
from ui.presenters.roll_harmony import seen_name
from ui.presenters.session import Session

KINDS: Final = {
    TakeKind.ANSWER: "answer",
    TakeKind.ALTERNATIVE: "alternative",
    TakeKind.RECORDING: "recording",
    TakeKind.CAPTURED: "captured",
    TakeKind.IMPORTED: "imported",
}
SPILL_TICKS: Final = TICKS_PER_BEAT // 2
"""A note that hangs over a bar line by less does not make another bar."""
NOTHING_YET: Final = "No takes yet.\nPlay a phrase and pause: the answer becomes a take here."
NOTHING_STARRED: Final = "No starred takes.\nStar the ones you like, or show all."


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One take in words."""

    take: KeptTake
    title: str
    facts: str
    """Length, key, tempo."""
    chords: str
    origin: str
    """Where it comes from: kind, seed, parent."""
    badge: str
    """"A" or "B" while two are compared; else empty."""
    spoken: str
    """All of it as a screen reader says it."""


@dataclass(frozen=True, slots=True)
class TakesView:
    """The list, in the order in which it is shown."""

    rows: tuple[TakeRow, ...]
    current: str | None
    """The selected take, if it is among the rows."""
    empty: str
    """What to say where there are no rows; empty if there are some."""
    count: str
    """How many: such as "12", or "3 of 12"."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A take or an alternative that is being heard."""

    name: str
    """As in the audition."""
    tick: float
    """Where it is, on the take's own axis."""
    share: float
    """How much of it is over, 0–1."""


def sounding(session: Session, now: float) -> Sounding | None:
    """What is auditioned at `now` (seconds), None if nothing."""
    heard = session.audition
    if heard is None:
        return None
    gone = now - heard.at_seconds
    whole = max(heard.ends_at_seconds - heard.at_seconds, 1e-9)
    return Sounding(heard.name, heard.tick + gone / heard.seconds_per_tick, min(1.0, max(0.0, gone / whole)))


def along(take: KeptTake, heard: Sounding | None) -> float | None:
    """How far along the take's picture it sounds, 0–1; None if another or none does."""
    if heard is None or heard.name != take.id:
        return None
    first = min((part[0].onset_tick for part in (take.phrase, take.answer, take.along) if part), default=0)
    return min(1.0, max(0.0, (heard.tick - first) / max(1, length_ticks(take))))


def title_of(take: KeptTake) -> str:
    """Its name, with the number where an answer's name does not tell it."""
    name = " ".join(take.name.split()) or f"Take {take.number}"
    told = take.kind is not TakeKind.ANSWER or str(take.number) in name.split()
    return name if told else f"{take.number} · {name}"


def length_of(take: KeptTake) -> str:
    """How long its answer is (of takes without one: all of it), in bars, or in seconds where no beat is known."""
    notes = take.answer if take.answer and take.kind is not TakeKind.RECORDING else take.notes
    if not notes:
        return "empty"
    first, end = notes[0].onset_tick, max(note.end_tick for note in notes)
    if not take.beat_known:
        seconds = (end - first) * seconds_per_tick(take.bpm)
        return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)}:{int(seconds % 60):02d} min"
    bars = max(1, math.ceil((end - first - SPILL_TICKS) / take.ticks_per_bar))
    return f"{bars} bar" if bars == 1 else f"{bars} bars"


def density_of(take: KeptTake, notes: Sequence[Note]) -> str:
    """Notes a beat, or a second where no beat is known."""
    if not notes:
        return "no notes"
    ticks = max(max(note.end_tick for note in notes) - notes[0].onset_tick, TICKS_PER_BEAT)
    if take.beat_known:
        return f"{len(notes) * TICKS_PER_BEAT / ticks:.1f} notes/beat"
    return f"{len(notes) / (ticks * seconds_per_tick(take.bpm)):.1f} notes/s"


class TakesPresenter:
    """Makes the view; remembers rows so that unchanged takes give the very same ones."""

    def __init__(self) -> None:
        self.newest_first = False
        self.only_starred = False
        self._rows: dict[str, tuple[str, str, TakeRow]] = {}

    def view(self, session: Session) -> TakesView:
        """The list as it stands."""
        document = session.document
        takes = document.takes
        shown = [take for take in takes if take.starred or not self.only_starred]
        if self.newest_first:
            shown.reverse()
        kept = self._rows
        self._rows = {}
        rows = tuple(self._row(take, _parent(session, take), _badge(session, take), kept) for take in shown)
        current = session.selected if session.selected in self._rows else None
        count = f"{len(takes)}" if len(shown) == len(takes) else f"{len(shown)} of {len(takes)}"
        empty = "" if rows else (NOTHING_STARRED if takes else NOTHING_YET)
        return TakesView(rows, current, empty, count if takes else "")

    def _row(self, take: KeptTake, parent: str, badge: str, kept: dict[str, tuple[str, str, TakeRow]]) -> TakeRow:
        before = kept.get(take.id)
        if before is not None and before[:2] == (parent, badge) and _same(before[2].take, take):
            self._rows[take.id] = before
            return before[2]
        row = _made(take, parent, badge)
        self._rows[take.id] = (parent, badge, row)
        return row


def _same(a: KeptTake, b: KeptTake) -> bool:
    """Whether a row says the same of both. Notes and chords never change; a document may wrap them anew."""
    if a is b:
        return True
    decided = (a.name, a.starred) == (b.name, b.starred)
    return decided and a.phrase is b.phrase and a.answer is b.answer and a.chords is b.chords


def _made(take: KeptTake, parent: str, badge: str) -> TakeRow:
    title, length = title_of(take), length_of(take)
    tempo = f"{take.bpm:.0f} bpm" if take.beat_known else ""
    chords = _chords(take)
    source = f"after {parent[:1].lower()}{parent[1:]}" if parent else ""
    by_machine = f"seed {take.seed}" if take.answer else ""
    cut = "cut short" if take.cut_short else ""
    facts = _joined(" · ", length, take.key and seen_key(take.key), tempo)
    origin = _joined(" · ", KINDS[take.kind], cut, source, by_machine)
    starred = "starred" if take.starred else ""
    compared = f"compared as {badge}" if badge else ""
    spoken = _joined(
        ", ", title, KINDS[take.kind], length, take.key, starred, tempo, cut, source, compared,
        f"chords {chords}" if chords else "", by_machine,
    )  # fmt: skip
    return TakeRow(take, title, facts, chords, origin, badge, spoken)


def _chords(take: KeptTake) -> str:
    """Names one after another, the same one once."""
    key = key_in_force(None, ChordWish(take.key))
    names = [seen_name(chord.name, key) for chord in take.chords]
    return "  ".join(name for before, name in zip(["", *names], names, strict=False) if name and name != before)


def _parent(session: Session, take: KeptTake) -> str:
    parent = session.document.take(take.parent) if take.parent is not None else None
    return "" if parent is None else title_of(parent)


def _badge(session: Session, take: KeptTake) -> str:
    if session.compared is None:
        return ""
    if take.id == session.compared:
        return "B"
    return "A" if take.id == session.selected else ""


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two takes beside each other on one scale."""

    a: KeptTake
    b: KeptTake
    a_title: str
    b_title: str
    ticks: int
    """Length of the longer one: both pictures are as wide as this."""


def comparison(session: Session) -> Comparison | None:
    """The selected take and the one kept as B; None unless there are two different ones."""
    document = session.document
    a = document.take(session.selected) if session.selected is not None else None
    b = document.take(session.compared) if session.compared is not None else None
    if a is None or b is None or a.id == b.id:
        return None
    return Comparison(a, b, title_of(a), title_of(b), max(length_ticks(a), length_ticks(b)))


def length_ticks(take: KeptTake) -> int:
    """From the first onset to the last end."""
    parts = [part for part in (take.phrase, take.answer, take.along) if part]
    if not parts:
        return 0
    return max(note.end_tick for part in parts for note in part) - min(part[0].onset_tick for part in parts)

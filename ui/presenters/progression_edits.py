"""What can be done with a row of chord cards, as functions from one progression to the next. Pure; knows no widget.

A lock keeps a card's chord from what is done to many at once: chords drawn anew, chords placed with Replace, and a
transposition that leaves locked cards out. What is meant for the card itself (typing, dragging, deleting) is done.
What becomes of the name of a section when cards move is `progression_sections`'.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from cocomposer.document.progression import LONGEST_TICKS, MOST_CARDS, SHORTEST_TICKS, Card, Progression
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.names.chart import section_name
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.names.writing import write_chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from ui.presenters.progression_sections import in_order

FULL = f"A progression has {MOST_CARDS} chords at most; delete some first."


class RowError(ValueError):
    """It cannot be done; one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Change:
    """The progression afterwards."""

    progression: Progression
    what: str
    """What was done, for undo: "move Am7"."""
    selected: tuple[int, ...] = ()
    """Numbers of the cards that are selected then."""


def spelt(chord: Chord | NoChord, key: Key | None) -> str:
    """The symbol that a card holds for it."""
    return write_chord(chord, key=key)


def respelt(card: Card, key: Key | None) -> Card:
    """The same chord, spelt in a key."""
    return card if card.chord is None else msgspec.structs.replace(card, symbol=spelt(card.chord, key))


def inserted(row: Progression, at: int, cards: Sequence[Card], what: str = "") -> Change:
    """These cards before the one numbered `at`. RowError if they are too many."""
    if len(row.cards) + len(cards) > MOST_CARDS:
        raise RowError(FULL)
    at = max(0, min(at, len(row.cards)))
    changed = _with(row, (*row.cards[:at], *cards, *row.cards[at:]))
    return Change(changed, what or f"add {_called(cards)}", tuple(range(at, at + len(cards))))


def exchanged(row: Progression, first: int, end: int, cards: Sequence[Card], what: str) -> Change:
    """These cards in place of those from `first` up to `end`; where a section began, it still does. RowError if they
    are too many.
    """
    sections = [card.section for card in row.cards[first:end]] + [""] * len(cards)
    cards = [
        msgspec.structs.replace(card, section=card.section or before)
        for card, before in zip(cards, sections, strict=False)
    ]
    left = _with(row, (*row.cards[:first], *row.cards[end:]))
    return inserted(left, first, cards, what)


def renamed(row: Progression, number: int, symbol: str, section: str = "") -> Change:
    """Another chord on one card, which keeps its length, its lock and, unless another is said, its section."""
    before = row.cards[number]
    card = msgspec.structs.replace(before, symbol=symbol, section=section or before.section)
    return Change(_put(row, {number: card}), f"change {before.symbol} to {symbol}", (number,))


def removed(row: Progression, numbers: Collection[int]) -> Change:
    """Without these cards; then the one that came to stand in their place is selected."""
    gone = [row.cards[number] for number in sorted(numbers)]
    kept = in_order(row.cards, [number for number in range(len(row.cards)) if number not in numbers])
    place = min(min(numbers, default=0), len(kept) - 1)
    return Change(_with(row, kept), f"delete {_called(gone)}", (place,) if kept else ())


def repeated(row: Progression, numbers: Collection[int]) -> Change:
    """These cards once more, behind the last of them; one alone does not begin its section again."""
    again = [row.cards[number] for number in sorted(numbers)]
    if len(again) == 1:
        again = [msgspec.structs.replace(again[0], section="")]
    return inserted(row, max(numbers, default=-1) + 1, again, f"repeat {_called(again)}")


def moved(row: Progression, numbers: Collection[int], to: int) -> Change:
    """These cards, side by side, before the card that is numbered `to` now (or at the end)."""
    chosen = sorted(numbers)
    others = [number for number in range(len(row.cards)) if number not in numbers]
    first = sum(number < to for number in others)
    cards = in_order(row.cards, [*others[:first], *chosen, *others[first:]], chosen)
    selected = tuple(range(first, first + len(chosen)))
    return Change(_with(row, cards), f"move {_called([row.cards[number] for number in chosen])}", selected)


def resized(row: Progression, numbers: Collection[int], ticks: int) -> Change:
    """These cards with this length, as near as a card can have it."""
    length = max(SHORTEST_TICKS, min(ticks, LONGEST_TICKS))
    changed = {number: msgspec.structs.replace(row.cards[number], ticks=length) for number in numbers}
    what = _called([row.cards[number] for number in sorted(numbers)])
    return Change(_put(row, changed), f"change the length of {what}", tuple(sorted(numbers)))


def locked(row: Progression, numbers: Collection[int], on: bool) -> Change:
    """These cards locked, or not any more."""
    changed = {number: msgspec.structs.replace(row.cards[number], locked=on) for number in numbers}
    what = _called([row.cards[number] for number in sorted(numbers)])
    return Change(_put(row, changed), f"{'lock' if on else 'unlock'} {what}", tuple(sorted(numbers)))


def begun(row: Progression, number: int, name: str) -> Change:
    """A section of this name begins with the card; with an empty name none does."""
    card, name = row.cards[number], section_name(name)
    what = f"begin {name} with {card.symbol}" if name else f"take the section {card.section} away"
    return Change(_put(row, {number: msgspec.structs.replace(card, section=name)}), what, (number,))


def transposed(row: Progression, semitones: int, key: Key | None, also_locked: bool = True) -> Change:
    """All chords so many semitones higher; `key`, in which they are, moves along and stays chosen if it is."""
    aim = None if key is None else key.transposed(semitones).beside(key)
    changed = {
        number: msgspec.structs.replace(card, symbol=spelt(chord.transposed(semitones), aim))
        for number, card in enumerate(row.cards)
        if isinstance(chord := card.chord, Chord) and (also_locked or not card.locked)
    }
    row = _put(row, changed)
    if row.key and aim is not None:
        row = msgspec.structs.replace(row, key=aim.name)
    steps = f"{abs(semitones)} semitone{'' if abs(semitones) == 1 else 's'}"
    return Change(row, f"transpose {'up' if semitones > 0 else 'down'} {steps}")


def transposed_to(row: Progression, key: Key, aim: Key, also_locked: bool = True) -> Change:
    """All chords from one key to another of the same mode, the shorter way."""
    semitones = (aim.tonic - key.tonic + PITCH_CLASSES // 2) % PITCH_CLASSES - PITCH_CLASSES // 2
    change = transposed(row, semitones, key, also_locked)
    progression = msgspec.structs.replace(change.progression, key=aim.name)
    return Change(progression, f"transpose to {aim.name}")


def in_key(row: Progression, key: Key | None) -> Change:
    """The key that the chords are read in: a chosen one, or None for the one that is found."""
    if key is None:
        return Change(msgspec.structs.replace(row, key=""), "let the key be found")
    named = {number: respelt(card, key) for number, card in _read(row)}
    row = msgspec.structs.replace(_put(row, named), key=key.name)
    return Change(row, f"choose the key {key.name}")


def rewritten(row: Progression, cards: Sequence[Card]) -> Change:
    """All cards as somebody typed them; one that stays what it was stays locked. RowError if they are too many."""
    kept = tuple(
        msgspec.structs.replace(card, locked=before.locked) if before.symbol == card.symbol else card
        for card, before in zip(cards, row.cards, strict=False)
    )
    empty = _with(row, ())
    return Change(inserted(empty, 0, (*kept, *cards[len(kept) :])).progression, "write the chords")


def _read(row: Progression) -> list[tuple[int, Card]]:
    """The cards whose chord is known, with their numbers."""
    return [(number, card) for number, card in enumerate(row.cards) if isinstance(card.chord, Chord)]


def _with(row: Progression, cards: tuple[Card, ...]) -> Progression:
    return msgspec.structs.replace(row, cards=cards)


def _put(row: Progression, changed: dict[int, Card]) -> Progression:
    return _with(row, tuple(changed.get(number, card) for number, card in enumerate(row.cards)))


def _called(cards: Sequence[Card]) -> str:
    return cards[0].symbol if len(cards) == 1 else f"{len(cards)} chords"

"""Which chord card bears the name of its section when cards are moved and deleted. Pure; knows cards only.

A section reaches from the card that bears its name up to the next one that does. It keeps its name as long as it has
cards: the name passes to the first of those that stay, and travels only with a section that is moved as a whole.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from cocomposer.document.progression import Card

NAMES: Final = ("Intro", "Verse", "Pre-chorus", "Chorus", "Bridge", "Solo", "Outro", "A", "B", "C")
"""That are offered; any other can be written."""


def in_order(cards: Sequence[Card], order: Sequence[int], moved: Collection[int] = ()) -> tuple[Card, ...]:
    """The cards of these numbers in this order, with their sections. Those that were `moved` stand side by side.

    Cards without a name that are dropped before the first of their own section, or of the row, are its first ones now.
    """
    starts = _starts(cards)
    names: dict[int, str] = {}
    for start in {start for start in starts if start >= 0}:
        own = [number for number in order if starts[number] == start]
        first = next((number for number in own if number not in moved), own[0] if own else None)
        if first is not None:
            names[first] = cards[start].section
    places = [place for place, number in enumerate(order) if number in moved]
    behind = order[places[-1] + 1 :] if places else ()
    unnamed = not any(number in names for number in moved)
    if behind and behind[0] in names and unnamed and (places[0] == 0 or starts[behind[0]] == starts[order[places[0]]]):
        names[order[places[0]]] = names.pop(behind[0])
    return tuple(msgspec.structs.replace(cards[number], section=names.get(number, "")) for number in order)


def _starts(cards: Sequence[Card]) -> list[int]:
    """The number of the card with which each card's section begins; -1 before the first."""
    found, start = [], -1
    for number, card in enumerate(cards):
        start = number if card.section else start
        found.append(start)
    return found

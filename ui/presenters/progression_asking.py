"""What the engine's chord model is asked for the row of cards, and what becomes of its lines. Pure; sends nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import msgspec

from cocomposer.document.progression import Card, Progression, section_starts
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.jam.inputs import LONGEST_GAP, Suggest
from cocomposer.jam.outputs import Suggested, SuggestedLine
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.progression import LINES_SHOWN, gap_of
from ui.presenters.progression_edits import RowError
from ui.presenters.progression_state import Offers

ENDINGS: Final = ("authentic cadence", "plagal cadence", "half cadence", "deceptive cadence")
CADENCE_CHORDS: Final = 2
TRIED_FROM: Final = 16
"""So many lines are looked through for other chords than those that stand there: as many as the search keeps."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for everything that is asked."""

    key: Key | None
    beats_per_bar: int
    style: str = "any"
    """A kind of song."""
    surprise: float = 0.0

    @property
    def bar(self) -> int:
        """Ticks."""
        return self.beats_per_bar * TICKS_PER_BEAT


def fill(
    row: Progression, selected: Sequence[int], count: int, setting: Setting, request: int
) -> tuple[Suggest, Offers]:
    """Chords between the outer two selected cards, in place of what stands between them; `count` new ones, a bar each,
    if nothing does. RowError if there is no such gap.
    """
    if len(selected) < 2:
        raise RowError("Select the two chords around the gap first.")
    gap = gap_of(row, selected)
    if gap is None:
        raise RowError("A locked chord stands between; select the two around what shall be filled.")
    first, end = gap
    between = tuple(card.ticks for card in row.cards[first:end]) or (setting.bar,) * count
    starts = section_starts(row.cards[: first + (first < end)])
    if len(between) > LONGEST_GAP:
        raise RowError(f"At most {LONGEST_GAP} chords are filled in at once; select two that are closer.")
    return (
        _ask(request, row.cards[:first], between, row.cards[end], setting, LINES_SHOWN, sections=starts),
        Offers(first, end, between, (), "fill the gap", row.cards),
    )


def cadence(row: Progression, ending: str, setting: Setting, request: int) -> tuple[Suggest, Offers]:
    """Two chords more, with which the progression ends. RowError if it has not begun."""
    if not any(isinstance(card.chord, Chord) for card in row.cards):
        raise RowError("There are no chords yet that could end; place or type some.")
    place, lengths = len(row.cards), (setting.bar,) * CADENCE_CHORDS
    starts = section_starts(row.cards)
    asked = _ask(request, row.cards, lengths, None, setting, LINES_SHOWN, ending, sections=starts)
    return asked, Offers(place, place, lengths, (), f"end on {_article(ending)} {ending}", row.cards)


class OtherChords:
    """Draws chords that are not locked anew, stretch by stretch; each hears what was decided before it.

    Asked again, it finds still others: it remembers what stood there, until all that is likely was tried.
    """

    def __init__(self) -> None:
        self.failure: str | None = None
        """Why it came to nothing; a sentence."""
        self.cards: tuple[Card, ...] | None = None
        """All cards, once all stretches are drawn."""
        self._decided: list[Card] = []
        self._stretches: list[tuple[int, int]] = []
        self._setting = Setting(None, 4)
        self._request = 0
        self._tried: set[tuple[str, ...]] = set()

    def begin(self, row: Progression, selected: Collection[int], setting: Setting, request: int) -> None:
        """Draw the selected cards anew that are not locked, or all of those. RowError if there is none."""
        chosen = selected or range(len(row.cards))
        free = [n for n in sorted(chosen) if not row.cards[n].locked and isinstance(row.cards[n].chord, Chord)]
        if not free:
            raise RowError("No chord is free to change; unlock one, or place some.")
        self.failure = self.cards = None
        self._decided, self._setting, self._request = list(row.cards), setting, request
        self._stretches = _stretches(free)

    def next_request(self) -> Suggest | None:
        """What to ask for now; None when all is drawn, or it failed."""
        if not self._stretches or self.failure is not None:
            return None
        first, end = self._stretches[0]
        stretch = self._decided[first:end]
        following = self._decided[end] if end < len(self._decided) else None
        lengths = tuple(card.ticks for card in stretch)
        starts = section_starts(self._decided[: first + 1])
        return _ask(
            self._request, self._decided[:first], lengths, following, self._setting, TRIED_FROM, sections=starts
        )

    def take_in(self, came: Suggested) -> bool:
        """Note what came of the last request; whether it was one of ours."""
        if came.request != self._request or not self._stretches or self.failure is not None:
            return False
        if came.failure is not None or not came.lines:
            self.failure = came.failure or "No other chords were found; change or unlock some."
            return True
        first, end = self._stretches.pop(0)
        before = self._decided[first:end]
        line = self._other(tuple(card.symbol for card in before), came.lines)
        self._decided[first:end] = [
            msgspec.structs.replace(card, symbol=symbol) for symbol, card in zip(line, before, strict=True)
        ]
        if not self._stretches:
            self.cards = tuple(self._decided)
        return True

    def _other(self, before: tuple[str, ...], lines: Sequence[SuggestedLine]) -> tuple[str, ...]:
        """The line of most other chords that did not stand there yet; of several the likeliest."""
        self._tried.add(before)
        fresh = [line.symbols for line in lines if line.symbols not in self._tried]
        if not fresh:
            self._tried = {before}
            fresh = [line.symbols for line in lines if line.symbols != before] or [before]
        chosen = max(fresh, key=lambda symbols: sum(a != b for a, b in zip(symbols, before, strict=True)))
        self._tried.add(chosen)
        return chosen


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """(first, end) of neighbours, at most LONGEST_GAP together."""
    found = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        cards = [number for _, number in run]
        found += [(one[0], one[-1] + 1) for one in _parts(cards)]
    return found


def _parts(cards: list[int]) -> list[list[int]]:
    return [cards[first : first + LONGEST_GAP] for first in range(0, len(cards), LONGEST_GAP)]


def _ask(
    request: int,
    before: Sequence[Card],
    lengths: Sequence[int],
    following: Card | None,
    setting: Setting,
    count: int,
    ending: str | None = None,
    *,
    sections: tuple[int, ...],
) -> Suggest:
    """`sections`: numbers of the cards with which one begins, up to the first that is looked for."""
    aim = following if following is not None and isinstance(following.chord, Chord) else None
    return Suggest(
        request=request,
        chords=tuple((card.symbol, card.beats) for card in before),
        key=None if setting.key is None else setting.key.name,
        beats_per_bar=setting.beats_per_bar,
        count=count,
        style=setting.style,
        surprise=setting.surprise,
        following=None if aim is None else aim.symbol,
        gap=len(lengths),
        ending=ending,
        lasting=sum(lengths) / len(lengths) / TICKS_PER_BEAT,
        sections=sections,
    )


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"

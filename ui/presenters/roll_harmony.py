"""What the roll says of harmony: the key, whose scale its rows show, and the chords above it.

Takes bring their names; what is being played the engine tells, and while a progression is given, that is shown from
where it begins. Knows no Qt and no clock.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from cocomposer.document.takes import KeptTake
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.names.writing import Style
from cocomposer.jam.outputs import ChordsChanged, HarmonyChanged
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.chords import key_in_force, read, renamed, shown_key
from ui.presenters.chords_wish import ChordWish
from ui.presenters.progression import row_key
from ui.presenters.roll_time import is_on_the_jam
from ui.presenters.session import Session

LIVE_MOST: Final = 512
"""Chords that are kept of what is no take; an engine tells only the last of them."""


@dataclass(frozen=True, slots=True)
class ChordStretch:
    """A chord by name, with real accidentals."""

    tick: int
    end_tick: int
    name: str
    given: bool = False
    """It was not heard but is the progression's."""


class RollHarmony:
    """Keeps what was told until there is more."""

    def __init__(self) -> None:
        self.key: Key | None = None
        """Of what was played last, or the one that is pinned."""
        self.live: tuple[ChordStretch, ...] = ()
        self._kept: tuple[tuple[KeptTake, ...], tuple[ChordStretch, ...], int] = ((), (), 0)
        self._heard: tuple[object, ...] = ()
        self._given = ChordsChanged()
        self._given_key: Key | None = None
        """In which the cards of the progression are named."""
        self._offset = 0

    def key_of(self, take: KeptTake | None) -> Key | None:
        """The selected take's key; that of what was played last if none is selected or its key is unclear."""
        if take is None or not take.key:
            return self.key
        try:
            return key_named(take.key)
        except ValueError:  # a name from a file
            return self.key

    def hear(self, session: Session) -> None:
        """Take in what the engine told; nothing if there is nothing new."""
        self._given, self._offset = session.chords, session.document.offset_ticks
        self._given_key = row_key(session) if session.chords.slots else None
        heard, wish = session.harmony, session.chord_wish
        key = shown_key(heard, session.suggested, wish)
        if self._heard == (heard, key, self._offset):
            return
        self._heard = heard, key, self._offset
        if key is not None:
            self.key = key
        if heard is not None:
            told = told_stretches(heard, self._offset, self.key)
            before = [one for one in self.live if told and one.end_tick <= told[0].tick]
            self.live = (*before, *told)[-LIVE_MOST:] if told else self.live

    def chords(self, takes: tuple[KeptTake, ...], first_tick: float, end_tick: float) -> tuple[ChordStretch, ...]:
        """The chords of all turns, behind them those of what is no take yet, and from where it begins the progression
        that is given, as far as it lies between two ticks.
        """
        if takes is not self._kept[0]:
            found = [stretch for take in takes if is_on_the_jam(take) for stretch in stretches_of(take)]
            found.sort(key=lambda stretch: stretch.tick)
            self._kept = takes, without_overlap(found), max((s.end_tick for s in found), default=0)
        _, kept, end = self._kept
        later = tuple(stretch for stretch in self.live if stretch.tick >= end)
        heard = kept + later if later else kept
        given = given_stretches(self._given, self._offset, first_tick, end_tick, self._given_key)
        if not given:
            return heard
        begins = self._given.first_tick + self._offset
        before = [stretch for stretch in heard if stretch.tick < begins and stretch.tick < given[0].tick]
        return without_overlap([*before, *given])


@lru_cache(maxsize=2048)
def seen_name(symbol: str, key: Key | None) -> str:
    """A chord spelt in a key, as the chord panel and the cards of the progression show it."""
    return renamed(symbol, key, Style.UNICODE)


def told_stretches(heard: HarmonyChanged, offset: int, key: Key | None) -> list[ChordStretch]:
    """The chords that an engine told, spelt in a key; the one that sounds lasts to the end of its beat at least.

    `offset`: added to the engine's ticks.
    """
    spans = list(heard.spans)
    if heard.chord is not None and not heard.given:
        end = (math.floor(heard.tick / TICKS_PER_BEAT) + 1) * TICKS_PER_BEAT
        if spans and read(spans[-1][2]) == read(heard.chord):
            spans[-1] = (spans[-1][0], max(spans[-1][1], end), spans[-1][2])
        else:
            spans.append((max(spans[-1][1] if spans else 0, end - TICKS_PER_BEAT), end, heard.chord))
    return [
        ChordStretch(tick + offset, end + offset, seen_name(symbol, key)) for tick, end, symbol in spans if end > tick
    ]


def given_stretches(
    given: ChordsChanged, offset: int, first_tick: float, end_tick: float, key: Key | None = None
) -> tuple[ChordStretch, ...]:
    """The progression, round after round, as far as it lies between two ticks of the timeline; silence is a gap.

    Spelt in a key.
    """
    if not given.slots:
        return ()
    ticks = [tick + offset for tick in given.ticks]
    loop = given.loop_ticks
    rounds = range(1)
    if loop:
        rounds = range(
            max(0, math.floor((first_tick - ticks[0]) / loop)), max(0, math.ceil((end_tick - ticks[0]) / loop))
        )
    found = [
        ChordStretch(tick + turn * (loop or 0), end + turn * (loop or 0), seen_name(slot.symbol, key), given=True)
        for turn in rounds
        for slot, tick, end in zip(given.slots, ticks, ticks[1:], strict=False)
        if slot.symbol != NoChord.SILENT and end > tick
    ]
    return tuple(one for one in found if one.end_tick > first_tick and one.tick < end_tick)


def stretches_of(take: KeptTake) -> list[ChordStretch]:
    """A take's chords, each up to the next; the last to the end of its notes."""
    end = max(note.end_tick for note in (*take.phrase, *take.answer))
    key = key_in_force(None, ChordWish(take.key))
    ends = [*(chord.tick for chord in take.chords[1:]), end]
    return [
        ChordStretch(chord.tick, until, seen_name(chord.name, key))
        for chord, until in zip(take.chords, ends, strict=False)
        if until > chord.tick
    ]


def without_overlap(stretches: Sequence[ChordStretch]) -> tuple[ChordStretch, ...]:
    """In order, each cut where the next begins; of those that begin together the later one."""
    kept: list[ChordStretch] = []
    for stretch in stretches:
        while kept and kept[-1].tick >= stretch.tick:
            kept.pop()
        if kept and kept[-1].end_tick > stretch.tick:
            kept[-1] = replace(kept[-1], end_tick=stretch.tick)
        kept.append(stretch)
    return tuple(kept)

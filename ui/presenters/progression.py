"""What the row of chord cards shows: names and numerals in the key, lengths, bar lines, which card sounds. No Qt."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePath
from typing import Final

from cocomposer.document.progression import Card, Progression
from cocomposer.export.chord_midi import blocks
from cocomposer.export.lead_sheet import LeadSheet
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.names.chart import Step, write_chart
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.jam.outputs import ChordsChanged, SuggestedLine
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT, bpm_of
from ui.presenters.chords import key_in_force, renamed, share_words
from ui.presenters.session import Link, Session

LINES_SHOWN: Final = 3
_PARTS: Final = {
    Fraction(1, 4): "¼",
    Fraction(1, 2): "½",
    Fraction(3, 4): "¾",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
}


@dataclass(frozen=True, slots=True)
class CardView:
    """One card."""

    number: int
    """From 0."""
    name: str
    """With real accidentals, spelt in the key."""
    symbol: str
    """As it is typed."""
    numeral: str
    """Empty where no key is known, and for what is no chord."""
    start: int
    ticks: int
    beats: str
    """Its length, for people."""
    section: str
    """That begins with it; empty where none does."""
    locked: bool
    selected: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """One line of chords to choose."""

    text: str
    tip: str


@dataclass(frozen=True, slots=True)
class ProgressionView:
    """All of it; equal views look alike."""

    cards: tuple[CardView, ...] = ()
    ticks_per_bar: int = 4 * TICKS_PER_BEAT
    key: str = ""
    """By name; empty where none is known."""
    key_chosen: bool = False
    chart: str = ""
    """All chords as one line of text."""
    sounds: bool = False
    """They are played."""
    locks: bool = False
    """Answers go by them."""
    strict: bool = False
    loop: bool = True
    replace: bool = False
    also_locked: bool = True
    style: str = ""
    pattern: str | None = None
    channel: int = 2
    sentence: str = ""
    """What could not be read or done."""
    waiting: bool = False
    offers: tuple[OfferView, ...] = ()
    can_fill: bool = False
    connected: bool = False


def view_of(session: Session) -> ProgressionView:
    """As things stand."""
    progression, row = session.document.progression, session.row
    key = row_key(session)
    cards = progression.cards
    selected = row.selected_of(len(cards))
    return ProgressionView(
        cards=card_views(progression, key, selected),
        ticks_per_bar=session.settings.beats_per_bar * TICKS_PER_BEAT,
        key="" if key is None else key.name,
        key_chosen=progression.chosen_key is not None or session.chord_wish.pinned_key is not None,
        chart=chart_of(progression, session.settings.beats_per_bar, key),
        sounds=session.chords.sound and bool(session.chords.slots),
        locks=session.chords.lock and bool(session.chords.slots),
        strict=row.strict,
        loop=row.loop,
        replace=row.replace,
        also_locked=row.also_locked,
        style=progression.style.value,
        pattern=progression.pattern,
        channel=progression.channel,
        sentence=" ".join(row.sentences),
        waiting=row.waiting,
        offers=() if row.offers is None else tuple(_offer(line) for line in row.offers.lines[:LINES_SHOWN]),
        can_fill=gap_of(progression, selected) is not None,
        connected=session.link is Link.JOINED,
    )


def key_of(progression: Progression) -> Key | None:
    """The key that was chosen, else the one that fits the chords; None where there are too few to say."""
    return progression.chosen_key or _found_key(tuple((card.symbol, card.ticks) for card in progression.cards))


@lru_cache(maxsize=64)
def _found_key(cards: tuple[tuple[str, int], ...]) -> Key | None:
    found = find_key(blocks(LeadSheet(_steps([Card(symbol, ticks) for symbol, ticks in cards]))))
    if found is None:
        return None
    # Written as its chords are: Gb Cb Db is Gb major, F# B C# is F# major.
    ways = (found.key, replace(found.key, other_way=True))
    return max(ways, key=lambda way: sum(renamed(symbol, way) == symbol for symbol, _ in cards))


def row_key(session: Session, row: Progression | None = None) -> Key | None:
    """The key in which the cards (of `row`, else those that are there) are named: chosen or pinned, else the one that
    fits them, else what is heard.
    """
    progression, pinned = row or session.document.progression, session.chord_wish.pinned_key
    chosen = progression.chosen_key or (None if pinned is None else key_in_force(None, session.chord_wish))
    return chosen or key_of(progression) or key_in_force(session.harmony, session.chord_wish)


def sheet_of(session: Session) -> LeadSheet:
    """The progression with the jam's bars and tempo, and its title or else the name of its file, to be exported.

    SheetError if it is too long.
    """
    return LeadSheet(
        steps=_steps(session.document.progression.cards),
        key=row_key(session),
        meter=(session.settings.beats_per_bar, 4),
        bpm=round(bpm_now(session), 1),
        title=session.document.title or ("" if session.path is None else PurePath(session.path).stem),
    )


def bpm_now(session: Session) -> float:
    """The tempo of the beat, else the one that was set."""
    if session.beat is not None:
        return bpm_of(session.beat.seconds_per_tick)
    return session.settings.tempo or NOMINAL_BPM


@lru_cache(maxsize=8)
def card_views(progression: Progression, key: Key | None, selected: tuple[int, ...]) -> tuple[CardView, ...]:
    """All cards, named in the key."""
    cards, starts = progression.cards, progression.starts
    chords = [card.chord for card in cards]
    numerals = [""] * len(cards) if key is None else write_numerals(chords, key)
    return tuple(
        _card_view(number, cards[number], chords[number], numerals[number], starts[number], key, number in selected)
        for number in range(len(cards))
    )


def _card_view(
    number: int, card: Card, chord: Chord | NoChord, numeral: str, start: int, key: Key | None, selected: bool
) -> CardView:
    plain = write_chord(chord, key=key)
    numeral = numeral if isinstance(chord, Chord) else ""
    beats = beats_words(card.ticks)
    facts = [f"Chord {number + 1}: {plain}", numeral, f"{beats} beat{'' if card.ticks == TICKS_PER_BEAT else 's'}"]
    facts += [f"begins {card.section}"] * bool(card.section) + ["locked"] * card.locked + ["selected"] * selected
    return CardView(
        number, write_chord(chord, Style.UNICODE, key), plain, numeral, start, card.ticks, beats, card.section,
        card.locked, selected, ", ".join(fact for fact in facts if fact),
    )  # fmt: skip


def beats_words(ticks: int) -> str:
    """A length in beats: "4", "1½", "2.19"."""
    whole, part = divmod(Fraction(ticks, TICKS_PER_BEAT), 1)
    if not part:
        return str(whole)
    if part in _PARTS:
        return f"{whole or ''}{_PARTS[part]}"
    return f"{float(whole + part):.2f}"


@lru_cache(maxsize=8)
def chart_of(progression: Progression, beats_per_bar: int, key: Key | None) -> str:
    """All cards as a line of text that is read as the same cards."""
    return write_chart(_steps(progression.cards), key=key, beats_per_bar=beats_per_bar) if progression.cards else ""


def gap_of(progression: Progression, selected: Sequence[int]) -> tuple[int, int] | None:
    """(first, end) of the cards between the outer two that are selected; None where fewer are, or a locked one stands
    between.
    """
    if len(selected) < 2:
        return None
    first, end = min(selected) + 1, max(selected)
    return None if any(card.locked for card in progression.cards[first:end]) else (first, end)


def sounding_card(session: Session, now: float) -> int | None:
    """The number of the card that the engine plays, or lets the answers go by, at `now`; None if none."""
    grid, playing = session.grid(), session.chords
    if grid is None or not grid.running or not playing.slots:
        return None
    slot = slot_at(playing, grid.tick_at(now))
    cards = session.document.progression.cards
    return slot if slot is not None and slot < len(cards) else None


def slot_at(playing: ChordsChanged, tick: float) -> int | None:
    """The slot that counts at a tick of the jam's; None before the first and behind the last."""
    ticks = playing.ticks
    if tick < ticks[0]:
        return None
    if playing.loop_ticks:
        tick = ticks[0] + (tick - ticks[0]) % playing.loop_ticks
    slot = bisect_right(ticks, tick) - 1
    return slot if slot < len(playing.slots) else None


def _steps(cards: Iterable[Card]) -> tuple[Step, ...]:
    return tuple(Step(card.chord, Fraction(card.ticks, TICKS_PER_BEAT), section=card.section) for card in cards)


def _offer(line: SuggestedLine) -> OfferView:
    return OfferView("  ".join(line.symbols), f"{' '.join(line.numerals)}, probability {share_words(line.probability)}")

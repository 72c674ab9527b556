"""What the engine is asked about the next chord: the song so far as the musician wants it looked at. Knows no Qt.

Whatever was heard begins on a bar line for the model, and the chord that sounds lasts to the end of its bar.
"""

import math
from collections.abc import Sequence
from typing import Final

from cocomposer.document.progression import Card, section_starts
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.jam.inputs import Suggest
from cocomposer.jam.outputs import HarmonyChanged
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.chords import SURE_OF_KEY, key_in_force, read
from ui.presenters.chords_wish import Follows
from ui.presenters.session import Session

CARDS: Final = 8
"""Suggestions that are shown."""
STEPS_OF_A_BEAT: Final = 2
"""Lengths of heard chords are told so exactly: hands are no closer to the beat."""
LONGEST_BARS: Final = 16
"""A chord or a pause that lasted longer is told shorter, by whole bars: songs have no hours of silence."""

Song = tuple[tuple[str, float], ...]
"""(symbol, beats), in order."""


def asked_of(session: Session, request: int = 0) -> Suggest | None:
    """The question that the session leads to; None while there is nothing to go on from."""
    wish = session.chord_wish
    following: str | None = None
    sections: tuple[int, ...] = ()
    if wish.follows is Follows.JAM:
        told = session.harmony
        sure = told is not None and told.key_confidence >= SURE_OF_KEY
        key = key_in_force(told if sure else None, wish)
        song = heard_song(session.harmony, _bar_tick(session), session.settings.beats_per_bar)
    else:
        progression, replace = session.document.progression, session.row.replace
        key = key_in_force(None, wish) or progression.chosen_key
        cards = progression.cards
        selected = session.row.selected_of(len(cards))
        song, following = placed_song(cards, selected, replace)
        # A chord that takes the place of one begins the section that that one began.
        sections = section_starts(cards[: len(song) + (replace and bool(selected))])
    if not song:
        return None
    return Suggest(
        request,
        song,
        None if key is None else key.name,
        session.settings.beats_per_bar,
        CARDS,
        wish.style,
        wish.surprise,
        following=following,
        sections=sections,
    )


def placed_song(cards: Sequence[Card], selected: Sequence[int], replace: bool) -> tuple[Song, str | None]:
    """The cards before the place where the next one goes, and the chord that comes after it, if there is one there.

    It goes behind the last selected card, or behind all; with `replace` in the place of the selected one.
    """
    place = selected[-1] + (not replace) if selected else len(cards)
    after = place + (replace and bool(selected))
    following = cards[after].symbol if after < len(cards) and isinstance(cards[after].chord, Chord) else None
    return tuple((card.symbol, card.beats) for card in cards[:place]), following


def heard_song(harmony: HarmonyChanged | None, bar_tick: int | None, beats_per_bar: int) -> Song:
    """The chords that were heard, from a bar line on (from the first of them where no bar is known).

    The last one, which sounds, is told to the end of its bar, so the next one is looked for on a bar line.
    """
    if harmony is None:
        return ()
    spans = list(harmony.spans)
    if harmony.chord is not None and (not spans or read(spans[-1][2]) != read(harmony.chord)):
        begins = max(spans[-1][1] if spans else 0, _beat_before(harmony.tick))
        spans.append((begins, begins + TICKS_PER_BEAT, harmony.chord))
    if not spans:
        return ()
    bar = beats_per_bar * TICKS_PER_BEAT
    origin = spans[0][0] if bar_tick is None else bar_tick
    first = origin + (spans[0][0] - origin) // bar * bar
    end = first + math.ceil((spans[-1][1] - first) / bar) * bar
    longest = LONGEST_BARS * beats_per_bar
    song = _without_gaps(spans, first, end)
    return tuple(
        (symbol, beats - max(0, math.ceil((beats - longest) / beats_per_bar)) * beats_per_bar) for symbol, beats in song
    )


def _without_gaps(spans: Sequence[tuple[int, int, str]], first: int, end: int) -> Song:
    """Each chord up to the next; a pause of a beat and more is silence."""
    song: list[tuple[str, float]] = []
    begins = first
    for place, (_, its_end, symbol) in enumerate(spans):
        following = spans[place + 1][0] if place + 1 < len(spans) else end
        silent = following - its_end >= TICKS_PER_BEAT and place + 1 < len(spans)
        until = its_end if silent else following
        song.append((symbol, _beats(begins, until)))
        if silent:
            song.append((NoChord.SILENT.value, _beats(until, following)))
        begins = following
    return tuple((symbol, beats) for symbol, beats in song if beats > 0)


def _beats(begins: float, ends: float) -> float:
    """Rounded at both ends, so that the rounding does not add up."""
    step = TICKS_PER_BEAT / STEPS_OF_A_BEAT
    return (round(ends / step) - round(begins / step)) / STEPS_OF_A_BEAT


def _beat_before(tick: float) -> int:
    return int(tick // TICKS_PER_BEAT) * TICKS_PER_BEAT


def _bar_tick(session: Session) -> int | None:
    grid = session.grid()
    return None if grid is None else grid.bar_tick


def last_chord(session: Session) -> str | None:
    """The symbol that the suggested chord comes after."""
    asked = asked_of(session)
    known = [] if asked is None else [symbol for symbol, _ in asked.chords if symbol != NoChord.SILENT]
    return known[-1] if known else None

"""What a role makes of notes that are to be drawn beside the jam: which task, after which hearing, in which bounds.

Pure; what cannot be is a `RoleError` with a sentence for the musician. Knows not how any task is done.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec

from cocomposer.accompaniment.chord_part import rhythm_for
from cocomposer.events.codec import Metre
from cocomposer.generation.given_chords import GivenChords
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.roles.tasks import Drum, Harmonise, Infill, Task, Vary
from cocomposer.jam.settings import DRUMS, Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

MOST_BARS: Final = 64


class Role(StrEnum):
    """What the machine does with what it heard."""

    CONTINUE = "continue"
    """Answer it."""
    INFILL = "infill"
    """Fill the time between it and what comes later."""
    VARY = "vary"
    """Play the phrase again, differently."""
    DRUMS = "drums"
    """Play drums under the phrase."""
    HARMONISE = "harmonise"
    """Play chords under the phrase."""


class RoleError(ValueError):
    """This cannot be drawn; the text is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a front end wants drawn: notes in order, on one tick axis."""

    role: Role
    amount: float
    heard: tuple[Note, ...]
    """Not empty."""
    phrase: tuple[Note, ...]
    """The last of `heard`; not empty."""
    right: tuple[Note, ...]
    first_tick: int
    end_tick: int
    chords: GivenChords = field(default_factory=GivenChords)
    """Those to go by."""
    chord_tones_only: bool = False


def hearing_and_wish(asked: Asked, metre: Metre, settings: Settings) -> tuple[Hearing, Wish, Task | None]:
    """What the composer is to hear and to do; RoleError if that cannot be."""
    task: Task | None = None
    phrase, end = asked.phrase, asked.end_tick
    match asked.role:
        case Role.INFILL:
            task, phrase, end = _infill(asked), (*asked.phrase, *asked.right), asked.right[0].onset_tick
        case Role.VARY:
            if not 0.0 <= asked.amount <= 1.0:
                raise RoleError(f"A phrase cannot be varied by {asked.amount:g}; choose from 0 (the same) to 1.")
            task = Vary(asked.phrase, asked.amount)
        case Role.DRUMS:
            if not metre.beat_known:
                raise RoleError("Drums need a beat; start the DAW's clock, tap it, or set a tempo.")
            settings = changed(settings, {"style": DRUMS, "channel": settings.drums_channel})
            task = Drum(asked.phrase)
        case Role.HARMONISE:
            if not metre.beat_known:
                raise RoleError("Chords under a phrase need a beat; start the DAW's clock, tap it, or set a tempo.")
            settings = changed(settings, {"channel": settings.accompany_chords_channel})
            task = _harmonise(asked.phrase, metre, settings)
    wish = Wish(
        turn=0,
        seed=settings.seed,
        earliest_tick=asked.first_tick,
        first_tick=asked.first_tick,
        end_tick=min(end, asked.first_tick + MOST_BARS * metre.ticks_per_bar),
        # A drum's pitch is no pitch.
        chords=GivenChords() if settings.style == DRUMS else asked.chords,
        chord_tones_only=asked.chord_tones_only,
    )
    wish = shaped(wish, settings, metre, phrase, asked.heard)
    if asked.role is Role.INFILL:
        # Controls measure against what leads to the gap.
        wish = msgspec.structs.replace(wish, phrase_ticks=(asked.phrase[0].onset_tick, asked.first_tick))
    return Hearing(0, asked.heard, metre, wish.style, wish.chords), wish, task


def _harmonise(phrase: tuple[Note, ...], metre: Metre, settings: Settings) -> Harmonise:
    beats = metre.ticks_per_bar // TICKS_PER_BEAT
    length = max(note.end_tick for note in phrase) - phrase[0].onset_tick
    onsets = len({note.onset_tick for note in phrase})
    rhythm = rhythm_for(settings.accompany_rhythm, beats, onsets * TICKS_PER_BEAT / length)
    loudness = sum(note.velocity for note in phrase) / len(phrase) * settings.accompany_volume
    return Harmonise(phrase, rhythm, max(1, min(127, round(loudness))))


def _infill(asked: Asked) -> Infill:
    if not asked.right:
        raise RoleError("There is nothing behind the gap; choose what comes after it too, or let it be continued.")
    if asked.right[0].onset_tick - asked.first_tick < TICKS_PER_BEAT // 4:
        raise RoleError("There is no room between the two sides; leave at least a beat between them.")
    return Infill(asked.right)

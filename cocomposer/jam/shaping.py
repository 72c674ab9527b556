"""How settings, metre and phrase shape what the model shall draw, for the jam's answers and for those drawn beside it.

Pure functions; they know neither turns nor seconds.
"""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from cocomposer.events.codec import Metre
from cocomposer.generation.request import Wish
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

LONGEST_REST_TICKS: Final = 4 * TICKS_PER_BEAT
_MOST_TICKS: Final = 1 << 30


def told_style(settings: Settings) -> str:
    """The kind of music that the composer is told it is; left to its own ears unless one was chosen."""
    return "unknown" if settings.style == "auto" else settings.style


def shaped(wish: Wish, settings: Settings, metre: Metre, phrase: Sequence[Note]) -> Wish:
    """The wish with all that may change while it is played; `phrase` (not empty) is what it answers."""
    lowest, highest = _register(settings, phrase)
    return msgspec.structs.replace(
        wish,
        metre=metre,
        grid=settings.grid,
        style=told_style(settings),
        channel=settings.channel - 1,
        temperature=settings.creativity,
        top_p=settings.top_p,
        # A drum's pitch is no pitch.
        follow_key=0.0 if settings.style == "drums" else settings.follow_key,
        lowest_pitch=lowest,
        highest_pitch=highest,
        longest_rest_ticks=LONGEST_REST_TICKS,
        use_pedal=any(note.pedal > Pedal.UP for note in phrase),
    )


def _register(settings: Settings, phrase: Sequence[Note]) -> tuple[int, int]:
    """Lowest and highest pitch of the answer: not far from the phrase, within the settings."""
    pitches = [note.pitch for note in phrase]
    lowest = max(settings.lowest_pitch, min(pitches) - settings.register_reach)
    highest = min(settings.highest_pitch, max(pitches) + settings.register_reach)
    # A phrase wholly outside the settings' register is answered inside it.
    return (lowest, highest) if lowest <= highest else (settings.lowest_pitch, settings.highest_pitch)


def playable(notes: Sequence[Note]) -> list[Note]:
    """Notes that come from outside (a file, a window), in order; what is no MIDI note is left out."""
    return sorted(
        note
        for note in notes
        if 0 <= note.pitch < 128
        and 0 < note.velocity < 128
        and 0 <= note.channel < 16
        and 0 < note.duration_ticks < _MOST_TICKS
        and abs(note.onset_tick) < _MOST_TICKS
    )


def ceil_to(tick: float, step: int) -> int:
    """The first multiple of `step` at or after `tick`."""
    return math.ceil(tick / step - 1e-9) * step

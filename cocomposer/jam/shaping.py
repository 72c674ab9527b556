"""How settings, metre and phrase shape what the model shall draw, for the jam's answers and for those drawn beside it.

Pure functions; they know neither turns nor seconds.
"""

import math
from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from cocomposer.events.codec import Metre
from cocomposer.generation.controls import Controls
from cocomposer.generation.request import GivenUp, OnsetGrid, Wish
from cocomposer.harmony.key import Mode
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.jam.settings import AUTO, DRUMS, OFF, Settings, locked_scale
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

LONGEST_REST_TICKS: Final = 4 * TICKS_PER_BEAT
KEY_NOTES: Final = 128
"""The key that is heard is that of so many notes heard last."""
_LEADING_TONE: Final = 11
_MOST_TICKS: Final = 1 << 30
_GIVEN_UP: Final[dict[GivenUp, str]] = {
    GivenUp.CHORD: "No tone of the chord fits scale and register here, so other notes sound; widen the register.",
    GivenUp.SCALE: "No note of the scale lies in the register of this answer, so it is left; widen the register.",
    GivenUp.REST: "Too many notes still sound for the next one to come in time; let more notes sound at a time.",
    GivenUp.ENTRY: "The answer enters later because too many notes still sound; let more notes sound at a time.",
}


def told_style(settings: Settings) -> str:
    """The kind of music that the composer is told it is; left to its own ears unless one was chosen."""
    return "unknown" if settings.style == AUTO else settings.style


def given_up_sentences(limits: Collection[GivenUp]) -> list[str]:
    """What is told where limits could not be kept, one sentence each."""
    return [_GIVEN_UP[limit] for limit in sorted(limits)]


def shaped(
    wish: Wish, settings: Settings, metre: Metre, phrase: Sequence[Note], heard: Sequence[Note] | None = None
) -> Wish:
    """The wish with all that may change while it is played; `phrase` (not empty) is what it answers.

    `heard`: all that tells the key, the phrase too; None: the phrase alone. The wish's chords stay, and
    whether it keeps to their tones.
    """
    lowest, highest = _register(settings, phrase)
    # A drum's pitch is no pitch: nothing that is about keys, chords, tunes or their memory is for drums. Nor is a grid,
    # unless timing shall be strict: drummers hit kick and hat a few ticks apart, and in a model that has learnt that
    # from them a grid loses every other kick and snare.
    pitched = settings.style != DRUMS
    return msgspec.structs.replace(
        wish,
        metre=metre,
        grid=settings.grid if pitched or settings.strictness > 0 else OnsetGrid.OFF,
        style=told_style(settings),
        channel=settings.channel - 1,
        temperature=settings.creativity,
        top_p=settings.top_p,
        min_p=settings.min_p,
        controls=_controls(settings, pitched),
        phrase_ticks=(phrase[0].onset_tick, phrase[-1].onset_tick + 1),
        steady=pitched,
        follow_key=settings.follow_key if pitched else 0.0,
        lowest_pitch=lowest,
        highest_pitch=highest,
        longest_rest_ticks=LONGEST_REST_TICKS,
        most_sounding=settings.polyphony,
        scale=_scale(settings, phrase if heard is None else heard) if pitched else (),
        chord_tones_only=(wish.chord_tones_only or settings.chord_lock) and pitched and bool(wish.chords.chords),
        use_pedal=any(note.pedal > Pedal.UP for note in phrase),
        memory=settings.memory if pitched else 0.0,
        files=settings.files if pitched else 0.0,
        guard_notes=settings.guard_notes if settings.guard and pitched else 0,
    )


def _controls(settings: Settings, pitched: bool) -> Controls:
    return Controls(
        density=settings.density,
        register=settings.register if pitched else 0.0,
        length=settings.note_length,
        loudness=settings.loudness,
        strictness=settings.strictness,
        likeness=settings.likeness,
        rhythm=settings.rhythm,
        chord=settings.chord_lean if pitched else 0.0,
    )


def _scale(settings: Settings, heard: Sequence[Note]) -> tuple[int, ...]:
    """The pitch classes to keep to, ascending; all (empty) where nothing is locked or no key is heard yet."""
    if settings.scale == OFF:
        return ()
    if settings.scale != AUTO:
        return locked_scale(settings)
    latest = heard[-KEY_NOTES:]
    found = find_key(latest)
    if found is None:
        return ()
    leading_tone = (found.key.tonic + _LEADING_TONE) % PITCH_CLASSES
    # Minor as it was played: with its leading tone where that was heard.
    raised = found.key.mode is Mode.MINOR and any(note.pitch % PITCH_CLASSES == leading_tone for note in latest)
    return tuple(sorted(found.key.scale | {leading_tone} if raised else found.key.scale))


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

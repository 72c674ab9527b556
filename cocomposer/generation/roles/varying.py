"""Vary: a phrase again with its rhythm, and as many of its notes changed as was asked for.

Onsets and lengths stay. Of the pitches, and with them the dynamics, a share as large as the amount is drawn anew by the
model, which knows all that came before: passing notes first, those that carry the phrase last, and never to the same
pitch. The smaller the amount, the nearer they keep to what they were, and never farther than an octave, or the hands
would run together. Drawn notes lie in the phrase's key. The notes that change for a smaller amount change for a larger
one too. Knows no jam and no file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre, velocity_class
from cocomposer.events.layout import DRAWN, DRAWN_INDEX
from cocomposer.generation.composer import Composer, Revision
from cocomposer.generation.constraints import Mask, on_pitch_classes
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.roles.tasks import Vary
from cocomposer.generation.roles.work import Work, heard
from cocomposer.generation.shaping import Drawing, Logits, Shaper
from cocomposer.harmony.key import Mode
from cocomposer.harmony.key_finding import find_key
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

_CONTEXT: Final = 64
"""Notes heard before the phrase that tell its key beside its own."""
_BEYOND: Final = 4
"""Semitones that drawn notes may go beyond the phrase's register: about a third."""
_NEAR: Final = 0.5
"""Logits a semitone away from what a note was, for an amount near 0; none for 1."""
_SAME_TOUCH: Final = 0.3
"""The same, a class of velocity away."""
_SEMITONES_TO_LEADING_TONE: Final = 11


def varied(composer: Composer, hearing: Hearing, wish: Wish, task: Vary, shapers: Sequence[Shaper] = ()) -> Work:
    """The varied phrase, beginning at the wish's first tick, in the place in the bar that it has."""
    phrase = [
        replace(note, channel=wish.channel)
        for note in placed(task.phrase, _first(wish), wish.metre)
        if wish.end_tick is None or note.onset_tick < wish.end_tick
    ]
    chosen = changing(phrase, wish, task.amount)
    if not chosen:
        return tuple(phrase)
    yield from heard(composer, hearing)
    near = _Near(1.0 - task.amount)
    done: list[Note] = []
    plan = _plan(phrase, chosen, done, in_key([*hearing.notes[-_CONTEXT:], *phrase], phrase), near)
    for note in composer.revise(wish, plan, (*shapers, near)):
        done.append(note)
        yield
    return tuple(done)


def placed(phrase: Sequence[Note], first_tick: int, metre: Metre) -> list[Note]:
    """The phrase (not empty) from `first_tick` on, at its place in the bar, or in the beat where no bar is known."""
    begin = phrase[0].onset_tick
    unit, line = 1, begin
    if metre.beat_known:
        unit = TICKS_PER_BEAT if metre.bar_tick is None else metre.ticks_per_bar
        line = metre.bar_tick or 0
    shift = (first_tick - line) // unit * unit - (begin - line) // unit * unit
    if begin + shift < first_tick:
        shift += unit
    return [replace(note, onset_tick=note.onset_tick + shift) for note in phrase]


def changing(phrase: Sequence[Note], wish: Wish, amount: float) -> frozenset[int]:
    """Which notes change: a share of `amount` (0–1), rounded up; the weightier a note, the later its turn."""
    chance = np.random.default_rng((wish.seed, wish.turn)).random(len(phrase))
    weights = [_weight(note, wish.metre) + 0.5 * (n in (0, len(phrase) - 1)) for n, note in enumerate(phrase)]
    order = np.argsort(np.asarray(weights) + chance, kind="stable")
    return frozenset(order[: int(np.ceil(amount * len(phrase)))].tolist())


def in_key(heard: Sequence[Note], phrase: Sequence[Note]) -> Mask:
    """The pitches [128] that drawn notes may have: those of the key heard, in minor also the leading tone if the phrase
    has it; where no key is heard, the phrase's pitch classes."""
    own = {note.pitch % PITCH_CLASSES for note in phrase}
    found = find_key(heard)
    if found is None:
        return on_pitch_classes(tuple(own))
    classes = set(found.key.scale)
    if found.key.mode is Mode.MINOR:
        classes |= own & {(found.key.tonic + _SEMITONES_TO_LEADING_TONE) % PITCH_CLASSES}
    return on_pitch_classes(tuple(classes))


def _first(wish: Wish) -> int:
    return wish.earliest_tick if wish.first_tick is None else wish.first_tick


def _weight(note: Note, metre: Metre) -> float:
    """How much the phrase hangs on a note."""
    phase, beat = metre.position(note.onset_tick)
    on_bar, on_beat = metre.beat_known and phase == beat == 0, metre.beat_known and phase == 0
    return 0.5 * on_bar + 0.5 * on_beat + 0.5 * (note.duration_ticks >= TICKS_PER_BEAT)


def _plan(
    phrase: Sequence[Note], chosen: frozenset[int], done: Sequence[Note], key: Mask, near: "_Near"
) -> Iterator[Revision]:
    """What is to be drawn anew of each note; `done` grows by it as the notes come out."""
    pitches = np.arange(len(key))
    lowest, highest = min(n.pitch for n in phrase) - _BEYOND, max(n.pitch for n in phrase) + _BEYOND
    touches = velocity_class(np.asarray([note.velocity for note in phrase]))
    touch_classes = np.arange(DRAWN[DRAWN_INDEX["velocity"]].classes)
    touch = (touch_classes >= touches.min()) & (touch_classes <= touches.max())
    for number, note in enumerate(phrase):
        near.was(note)
        if number not in chosen:
            yield note, {}
            continue
        allowed = key & (pitches >= lowest) & (pitches <= highest) & (pitches != note.pitch)
        allowed &= np.abs(pitches - note.pitch) <= PITCH_CLASSES
        if done and done[-1].onset_tick == note.onset_tick:
            allowed &= pitches > done[-1].pitch
        together = [other.pitch for other in phrase[number + 1 :] if other.onset_tick == note.onset_tick]
        if together:
            # Together, notes come in order of pitch: those that are still to come keep their room.
            allowed &= pitches < together[0]
        # A pitch is struck twice only where the phrase does that, or the model would ride on the notes that are kept.
        if done and phrase[number - 1].pitch != note.pitch:
            allowed &= pitches != done[-1].pitch
        if number + 1 < len(phrase) and number + 1 not in chosen:
            allowed &= pitches != phrase[number + 1].pitch
        # Music without dynamics is given none.
        yield note, {"pitch": allowed} | ({} if touches.min() == touches.max() else {"velocity": touch})


class _Near:
    """A shaper: what is drawn keeps near to what the note was."""

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self._leans: dict[str, NDArray[np.float64]] = {}

    def was(self, note: Note) -> None:
        """The next note drawn is this one."""
        for field, weight, place in (
            ("pitch", _NEAR, note.pitch),
            ("velocity", _SAME_TOUCH, int(velocity_class(np.asarray([note.velocity]))[0])),
        ):
            classes = np.arange(DRAWN[DRAWN_INDEX[field]].classes)
            self._leans[field] = -self._strength * weight * np.abs(classes - place)

    def begin(self, heard: Sequence[Note]) -> None:
        """What was heard does not matter."""

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitch and velocity lean."""
        del drawing
        lean = self._leans.get(field)
        return logits if lean is None else logits + lean

    def took(self, note: Note) -> None:
        """Nothing to learn."""

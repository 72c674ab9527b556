"""Drums under a phrase: a groove of the metre is heard first, the model goes on with it as a drummer would.

The groove is made here, from a table and chance, not taken from anybody's playing: without one the model, which learnt
drums from performances that are under way, has no pulse to go on with. What it then plays leans on the accents of the
phrase, laid over the part again and again. Timing and dynamics stay as drawn, but timing that shall be strict is moved
to the grid. Knows no jam and no file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.steps import STEPS
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import Controls
from cocomposer.generation.drum_leans import KEPT, LEFT_OUT, PLACE, STYLE, Places
from cocomposer.generation.given_chords import GivenChords
from cocomposer.generation.request import NO_LIMIT, Hearing, OnsetGrid, Wish
from cocomposer.generation.roles.tasks import Drum
from cocomposer.generation.roles.work import Work, collected, heard
from cocomposer.generation.shaping import Drawing, Logits, Shaper
from cocomposer.generation.timing_leans import NEAR, pattern_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

KICK, SNARE, HAT, RIDE = 36, 38, 42, 51
_KICKS, _SNARES = (35, KICK), (SNARE, 40)
GENERAL_MIDI: Final = range(35, 82)
"""Notes that have a drum in General MIDI."""
_AS_GENERAL_MIDI: Final = {22: 42, 26: 46, 58: 43}
"""Notes of the electronic kit that the corpus was played on which General MIDI lacks or gives to something else: the
edges of the hi-hat, and the rim of the low tom (the table is that of the Groove data set)."""
KIT: Final = frozenset({22, 26, *range(35, 39), *range(40, 54), 55, 57, 58, 59})
"""What is drawn from: drums and cymbals, none of the hand percussion that the corpus has not."""
_OFF_KIT: Final = 30.0
GROOVE_BARS: Final = 2
"""Bars of groove that are heard first."""
_HANDS_AND_FEET: Final = 4
_EARLY: Final = 3
"""So many ticks before its beginning the part may begin: nobody hits a bar line to the tick."""
_LATE_TICKS, _TOUCH = 2.0, 8.0
"""Spread of the groove's timing (20 ms at 120 BPM) and of its velocities: about those of the Groove data set."""
_STROKE: Final = 5
"""Ticks that a stroke is held."""
_LOUD: Final = {KICK: 88, SNARE: 108}
_ON_HAT, _KICK_BETWEEN, _GHOST = 0.7, 0.25, 0.25
"""Chances: eighths on the hat, a kick on an offbeat, a ghost note on a sixteenth."""
ON_ACCENT: Final = 2.5
"""Logits for an onset on an accent of the phrase, times its weight."""
_STRUCK_ON_ACCENT: Final = 2.0
"""The same for kick and snare, once the onset is there."""
_KNOWN_BEATS: Final = frozenset({2, 4})
"""Bars that the model has learnt: nearly all of the corpus' drums are in 4/4."""
_STEPS: Final = np.asarray(STEPS, dtype=np.int64)


def drummed(composer: Composer, wish: Wish, task: Drum, most_notes: int) -> Work:
    """The drum part from the wish's first tick to its end: notes of General MIDI, in order."""
    first = wish.earliest_tick if wish.first_tick is None else wish.first_tick
    metre = wish.metre if wish.metre.bar_tick is not None else Metre(True, first, wish.metre.ticks_per_bar)
    hearing = Hearing(0, groove(metre, first, wish.seed), metre, STYLE)
    yield from heard(composer, hearing)
    controls = wish.controls
    # A hand hits kick and hat a few ticks apart: the model, held to a grid, would lose one of them. So it plays as it
    # likes, and what it played is moved to the grid.
    grid = wish.grid if controls.strictness > 0 else OnsetGrid.OFF
    strictness = controls.strictness if grid is OnsetGrid.OFF else 0.0
    drums = msgspec.structs.replace(
        wish, controls=Controls(density=controls.density, loudness=controls.loudness, strictness=strictness),
        earliest_tick=first - _EARLY, first_tick=None, metre=metre, style=STYLE,
        grid=OnsetGrid.OFF, follow_key=0.0, phrase_ticks=None, lowest_pitch=min(KIT),
        highest_pitch=max(KIT), most_at_once=_HANDS_AND_FEET, most_sounding=NO_LIMIT, sounding_until=(), scale=(),
        chords=GivenChords(), chord_tones_only=False, use_pedal=False,
    )  # fmt: skip
    shapers: list[Shaper] = [_Kit(), _Accents(task.phrase, metre, first)]
    if metre.ticks_per_bar // TICKS_PER_BEAT not in _KNOWN_BEATS:
        shapers.append(Places(metre, leans=_on_pulse(metre)))
    drawn = yield from collected(composer.play(drums, shapers), most_notes)
    if grid is not OnsetGrid.OFF:
        drawn = tuple(on_grid(drawn, grid, first))
    # What is hit so shortly before the end is the next bar's first stroke.
    end = None if wish.end_tick is None else wish.end_tick - _EARLY
    return general_midi((note for note in drawn if end is None or note.onset_tick < end), first)


def groove(metre: Metre, before_tick: int, seed: int) -> tuple[Note, ...]:
    """Bars of a groove that end at `before_tick`, played by a hand; another seed, another groove."""
    rng = np.random.default_rng((seed, before_tick & 0xFFFFFFFF))
    bar = list(_bar_of(metre.ticks_per_bar // TICKS_PER_BEAT, rng))
    notes = set()
    for number in range(-GROOVE_BARS, 0):
        for tick, pitch, velocity in bar:
            late, louder = rng.normal(0.0, (_LATE_TICKS, _TOUCH))
            onset = before_tick + number * metre.ticks_per_bar + tick + round(late)
            loudness = int(np.clip(velocity + louder, 12, 127))
            notes.add(Note(min(onset, before_tick - 1), pitch, _STROKE, loudness))
    return tuple(sorted(notes))


def _bar_of(beats: int, rng: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    """(tick, drum, velocity) of a bar.

    Its pulse, and eighths on the hat or the ride. By chance a kick between the beats, and soft strokes of the snare
    beside the loud ones.
    """
    time_keeper = HAT if rng.random() < _ON_HAT else RIDE
    for beat, drum in enumerate(_pulse(beats)):
        tick = beat * TICKS_PER_BEAT
        yield tick, time_keeper, 74
        yield tick + TICKS_PER_BEAT // 2, time_keeper, 46
        if drum is not None:
            yield tick, drum, _LOUD[drum]
        if rng.random() < _KICK_BETWEEN:
            yield tick + TICKS_PER_BEAT // 2, KICK, 72
        for sixteenth in (1, 3):
            if rng.random() < _GHOST:
                yield tick + sixteenth * TICKS_PER_BEAT // 4, SNARE, 26


def _pulse(beats: int) -> list[int | None]:
    """The drum on each beat of a bar: kick on one, and on the middle of an even bar; snare on the beats between, in an
    odd bar on the last."""
    drums: list[int | None] = [KICK, *(None for _ in range(1, beats))]
    if beats % 2:
        drums[1:] = [*drums[2:], SNARE] if beats > 1 else []
    else:
        drums[1::2] = [SNARE] * (beats // 2)
        if beats > 2:
            drums[beats // 2] = KICK
    return drums


def _on_pulse(metre: Metre) -> NDArray[np.float64]:
    """Logits on kick and snare at the places of a bar, [places, 2]: of the beats they keep to those that the groove has
    them on, between the beats they are free. Else a model that has heard hardly anything but 4/4 lays its backbeat
    across the bars."""
    of_drum = {KICK: (KEPT, -KEPT), SNARE: (-KEPT, KEPT), None: (-KEPT * LEFT_OUT, -KEPT * LEFT_OUT)}
    leans = np.zeros((metre.ticks_per_bar // PLACE, 2))
    for beat, drum in enumerate(_pulse(metre.ticks_per_bar // TICKS_PER_BEAT)):
        leans[beat * TICKS_PER_BEAT // PLACE] = of_drum[drum]
    return leans


def on_grid(played: Iterable[Note], grid: OnsetGrid, first_tick: int) -> Iterator[Note]:
    """Each note at the nearest place of the grid from `first_tick` on; of two as near the later one."""
    places = [tick for tick in range(TICKS_PER_BEAT + 1) if grid.allows(tick % TICKS_PER_BEAT)]
    for note in played:
        beat, off = divmod(note.onset_tick, TICKS_PER_BEAT)
        onset = beat * TICKS_PER_BEAT + min(places, key=lambda place: (abs(place - off), -place))
        while onset < first_tick or not grid.allows(onset % TICKS_PER_BEAT):
            onset += 1
        yield replace(note, onset_tick=onset)


def general_midi(drawn: Iterable[Note], first_tick: int) -> tuple[Note, ...]:
    """Notes as every drum machine reads them, none before `first_tick`; of a drum struck twice at once, the louder."""
    found: dict[tuple[int, int], Note] = {}
    for note in drawn:
        pitch = _AS_GENERAL_MIDI.get(note.pitch, note.pitch)
        if pitch in GENERAL_MIDI:
            stroke = replace(note, onset_tick=max(first_tick, note.onset_tick), pitch=pitch)
            same = found.setdefault((stroke.onset_tick, pitch), stroke)
            if stroke.velocity > same.velocity:
                found[stroke.onset_tick, pitch] = stroke
    return tuple(sorted(found.values()))


class _Kit:
    """A shaper: drums that a kit has. What it lets through all the same is left out at the end."""

    def __init__(self) -> None:
        self._lean = np.where(np.isin(np.arange(128), list(KIT)), 0.0, -_OFF_KIT)

    def begin(self, heard: Sequence[Note]) -> None:
        """The kit is the same whatever was heard."""

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Pitches lean."""
        del drawing
        return logits + self._lean if field == "pitch" else logits

    def took(self, note: Note) -> None:
        """Nothing to learn."""


class _Accents:
    """A shaper: onsets lean to the accents of the phrase, and there kick and snare are struck rather than others."""

    def __init__(self, phrase: Sequence[Note], metre: Metre, first_tick: int) -> None:
        self._weights: NDArray[np.float64] | None = None
        if not phrase:
            return
        pattern, self._origin = pattern_of([note.onset_tick for note in phrase], metre, first_tick)
        self._weights = np.zeros(pattern.length)
        start = phrase[0].onset_tick - (phrase[0].onset_tick - (metre.bar_tick or 0)) % metre.ticks_per_bar
        for tick, weight in accents(phrase).items():
            for beside in range(-NEAR, NEAR + 1):
                place = (tick - start + beside) % pattern.length
                self._weights[place] = max(self._weights[place], weight)
        self._struck = np.isin(np.arange(128), _KICKS + _SNARES) * _STRUCK_ON_ACCENT

    def begin(self, heard: Sequence[Note]) -> None:
        """The accents are the phrase's, not those of what was heard."""

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        """Onsets and pitches lean."""
        if self._weights is None:
            return logits
        if field == "onset":
            ticks = (drawing.last_tick + _STEPS - self._origin) % len(self._weights)
            lean = ON_ACCENT * self._weights[ticks]
            lean[0] = 0.0
            return np.asarray(logits + lean)
        if field == "pitch" and drawing.onset_tick is not None:
            weight = self._weights[(drawing.onset_tick - self._origin) % len(self._weights)]
            return np.asarray(logits + weight * self._struck)
        return logits

    def took(self, note: Note) -> None:
        """Nothing to learn."""


def accents(phrase: Sequence[Note]) -> dict[int, float]:
    """Onset → weight, the heaviest 1: how loud, how long and how full what begins there is, together."""
    amounts: dict[int, float] = {}
    for note in phrase:
        amount = note.velocity / 127 * (0.5 + min(note.duration_ticks, 2 * TICKS_PER_BEAT) / (2 * TICKS_PER_BEAT))
        amounts[note.onset_tick] = amounts.get(note.onset_tick, 0.0) + amount
    heaviest = max(amounts.values(), default=1.0)
    return {tick: amount / heaviest for tick, amount in amounts.items()}
